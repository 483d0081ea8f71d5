"""``mirror verify`` reads the capture twice: it told what it skipped there twice, and counted it twice."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from factories import make_exchange

from mirror.cli.verify import command
from mirror.store.capture import save


def test_what_is_skipped_is_told_once(tmp_path: Path) -> None:
    save(tmp_path / "agent.jsonl", [make_exchange(id="a-1")])
    save(tmp_path / "suite.jsonl", [make_exchange(id="a-1")])
    with (tmp_path / "suite.jsonl").open("a") as file:
        file.write('{"type":"exchange",oops\n')
    run = CliRunner().invoke(
        command, [str(tmp_path / "suite.jsonl"), "--against", str(tmp_path / "agent.jsonl"), "--keep-going"]
    )
    assert run.exit_code == 0
    assert run.stderr.count("suite.jsonl line 3") == 1
    assert "mirror: 1 skipped" in run.stderr


def test_an_empty_capture_is_not_told_to_have_been_seen(tmp_path: Path) -> None:
    save(tmp_path / "suite.jsonl", [])
    save(tmp_path / "agent.jsonl", [make_exchange()])
    run = CliRunner().invoke(command, [str(tmp_path / "suite.jsonl"), "--against", str(tmp_path / "agent.jsonl")])
    assert run.exit_code == 3
    assert "shows every exchange" not in run.output
