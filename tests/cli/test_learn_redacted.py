"""A capture that says it was redacted by these very rules is not redacted again before it is learned from."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import make_exchange, make_request, make_response

from mirror.cli.main import mirror as verbs
from mirror.redact.redactor import Redactor
from mirror.store.capture import read, save
from mirror.store.reading import Reading

ZOE = "zoe@example.com"
SENT = f'{{"mail": "{ZOE}", "password": "hunter-2000"}}'.encode()


def capture(path: Path, body: bytes = SENT) -> Path:
    fields = (("Content-Type", "application/json"),)
    request = make_request("POST", "/people", body, headers=fields)
    save(path, [make_exchange(request, make_response(201, body, headers=fields), test="test_a")])
    return path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(verbs, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def redactions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """How often exchanges are redacted."""
    monkeypatch.chdir(tmp_path)
    seen: list[str] = []
    whole = Redactor.unnamed

    def unnamed(self: Redactor, exchange: object, *rest: object) -> object:
        seen.append("redacted")
        return whole(self, exchange, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Redactor, "unnamed", unnamed)
    return seen


def learned(source: str) -> str:
    run("learn", source, "-o", "a.yaml", "--no-evidence")
    text = Path("a.yaml").read_text()
    Path("a.yaml").unlink()
    assert ZOE not in text
    assert "hunter" not in text
    return text


def test_redacted_once(redactions: list[str]) -> None:
    capture(Path("raw.jsonl"))
    run("convert", "raw.jsonl", "clean.jsonl")
    redactions.clear()
    once = learned("clean.jsonl")
    assert redactions == []
    Path("unsaid.jsonl").write_text(Path("clean.jsonl").read_text().replace('"redacted":"', '"of":"', 1))
    assert learned("unsaid.jsonl") == once
    assert redactions


def test_what_is_not_known_to_be_redacted_is_redacted(redactions: list[str]) -> None:
    """Not redacted at all; by other rules; by another version; with what was put behind it."""
    capture(Path("raw.jsonl"))
    learned("raw.jsonl")
    run("convert", "raw.jsonl", "asked.jsonl", "--redact", "none")
    learned("asked.jsonl")
    run("convert", "raw.jsonl", "clean.jsonl")
    text = Path("clean.jsonl").read_text()
    Path("older.jsonl").write_text(text.replace('"creator":"mirror ', '"creator":"mirror 0.0.', 1))
    Path("more.jsonl").write_text(text + Path("raw.jsonl").read_text())
    for source in ("older.jsonl", "more.jsonl"):
        redactions.clear()
        learned(source)
        assert redactions
    Path("pyproject.toml").write_text('[tool.mirror.redact]\nkeys = ["title"]\n')
    redactions.clear()
    learned("clean.jsonl")
    assert redactions


@pytest.mark.parametrize("header", ["\ufeff{first}", '{{"type":"capture","version":"x"}}\n', '{{"type":"excha{first}'])
def test_what_is_behind_a_line_that_cannot_be_read(redactions: list[str], header: str) -> None:
    """It may have been the beginning of another capture."""
    capture(Path("raw.jsonl"))
    run("convert", "raw.jsonl", "clean.jsonl")
    first, rest = Path("raw.jsonl").read_text().split("\n", 1)
    text = Path("clean.jsonl").read_text() + header.format(first=f"{first}\n") + rest
    Path("more.jsonl").write_text(text)
    result = CliRunner().invoke(verbs, ["learn", "more.jsonl", "-o", "-", "--keep-going"])
    assert ZOE not in result.output
    assert "hunter" not in result.output


def test_a_detector_may_find_anything(redactions: list[str]) -> None:
    Path("pyproject.toml").write_text('[tool.mirror.redact]\ndetectors = ["finders:find"]\n')
    Path("finders.py").write_text("def find(text):\n    return []\n")
    capture(Path("raw.jsonl"))
    run("convert", "raw.jsonl", "clean.jsonl")
    redactions.clear()
    learned("clean.jsonl")
    assert redactions


def test_a_run_says_it(tmp_path: Path) -> None:
    from flask import Flask

    from mirror import Mirror

    app = Flask("site")
    app.add_url_rule("/", "home", lambda: ZOE)
    told = {}
    for redact in ("store", "none"):
        path = tmp_path / f"{redact}.jsonl"
        with Mirror(capture=[path], redact=redact):
            app.test_client().get("/")
        reading = Reading()
        assert len(list(read(path, reading))) == 1
        told[redact] = reading.redacted
    assert told["none"] == ""
    assert len(told["store"]) == 16
