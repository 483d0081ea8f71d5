"""Bodies that redaction replaces whole are all the same to ``mirror verify``; it did not say how many there were."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from factories import make_exchange, make_request

from mirror.cli.verify import command
from mirror.exchange import Exchange
from mirror.store.capture import save


def packed(body: bytes) -> Exchange:
    fields = (("Content-Type", "application/x-protobuf"),)
    return make_exchange(make_request("POST", "/rpc", body, headers=fields), id="a-1")


def test_they_are_counted(tmp_path: Path) -> None:
    clean = make_exchange(make_request("GET", "/"), id="a-2")
    save(tmp_path / "suite.jsonl", [packed(b"\x08\x01"), packed(b"\x08\x01"), clean])
    save(tmp_path / "agent.jsonl", [packed(b"\x08\x02"), packed(b"\x08\x02"), clean])
    arguments = [str(tmp_path / "suite.jsonl"), "--against", str(tmp_path / "agent.jsonl")]
    run = CliRunner().invoke(command, arguments)
    assert run.exit_code == 0
    assert "2 with a body that redaction replaces whole" in run.output
    run = CliRunner().invoke(command, [*arguments, "--json"])
    assert json.loads(run.stdout)["uncompared"] == 2


def test_nothing_is_said_where_all_was_compared(tmp_path: Path) -> None:
    save(tmp_path / "suite.jsonl", [make_exchange(id="a-1")])
    run = CliRunner().invoke(command, [str(tmp_path / "suite.jsonl"), "--against", str(tmp_path / "suite.jsonl")])
    assert run.exit_code == 0
    assert "replaces whole" not in run.output
