"""``mirror scan`` walked the records of a capture, not its exchanges: a secret in a compressed body was not seen."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import make_exchange, make_request, make_response

from mirror.cli.scan import command
from mirror.exchange import Exchange
from mirror.store.capture import save

CARD = "4539 1488 0343 6467"


def exchanges() -> Iterator[Exchange]:
    body = json.dumps({"password": "Hunter-2-hunter"}).encode()
    fields = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))
    yield make_exchange(make_request("POST", "/packed", gzip.compress(body), headers=fields))
    yield make_exchange(make_request("POST", "/cut", b'{"api_key": "k3', b'y-9912-ab"}', headers=fields[:1]))
    text = f"für {CARD}".encode("latin-1")
    plain = (("Content-Type", "text/plain; charset=iso-8859-1"),)
    yield make_exchange(make_request("GET", "/text"), make_response(200, text, headers=plain))
    part = b'--b\r\nContent-Disposition: form-data; name="pin_code"\r\n\r\n48213\r\n--b--\r\n'
    form = (("Content-Type", "multipart/form-data; boundary=b"),)
    yield make_exchange(make_request("POST", "/form", part, headers=form))
    yield make_exchange(make_request("POST", "/bare", b'{"password": "told-1-only"}', headers=fields[:1]))
    yield make_exchange(make_request("GET", "/clean"), make_response(200, gzip.compress(b'{"a": 1}'), headers=fields))


@pytest.mark.parametrize("name", ["run.jsonl", "run.har"])
def test_secrets_in_encoded_bodies_are_found_once(name: str, tmp_path: Path) -> None:
    save(tmp_path / name, exchanges())
    run = CliRunner().invoke(command, ["--json", str(tmp_path / name)], standalone_mode=False)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.return_value == 1
    halves = [row for row in rows if (row["kind"], row["hint"]) == ("api-key", "")]
    assert len(halves) == (name == "run.jsonl")  # where chunks are kept, one half of the key stands in the text
    assert sorted((row["kind"], row["hint"]) for row in rows if row not in halves) == [
        ("api-key", "k3"),
        ("card", "45"),
        ("password", "Hu"),
        ("password", "to"),
        ("pin", ""),
    ]
    encoded = [row["place"] for row in rows if row["line"] == 0]
    assert "exchange 1.password" in encoded
    assert "Hunter" not in run.output


def test_a_redacted_capture_has_none(tmp_path: Path) -> None:
    from mirror.redact.redactor import Redactor

    save(tmp_path / "run.jsonl", map(Redactor().redact, exchanges()))
    run = CliRunner().invoke(command, [str(tmp_path / "run.jsonl")], standalone_mode=False)
    assert (run.return_value, run.output) == (0, "")


def test_what_is_permitted_in_its_place_is_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the text of a capture a value's place has other names above it than in its body."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.mirror.redact]\nallow.paths = ["catalog.contact", "query.q"]\n')
    fields = (("Content-Type", "application/json"),)
    body = b'{"catalog": {"contact": "shop@example.com"}, "by": "zoe@example.com"}'
    save(tmp_path / "run.jsonl", [make_exchange(make_request("POST", "/?q=ann@example.com", body, headers=fields))])
    run = CliRunner().invoke(command, ["run.jsonl"], standalone_mode=False)
    assert run.return_value == 1
    assert run.output.count("email") == 1
    assert "(zo...)" in run.output


def test_what_a_detector_could_not_look_at_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that raises left its value unread, and the scan ended as if it were clean."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scanrules.py").write_text("def find(text): raise ValueError\n")
    (tmp_path / "pyproject.toml").write_text('[tool.mirror.redact]\ndetectors = ["scanrules:find"]\n')
    (tmp_path / "mail.json").write_text('{"mail": "zoe@shop.test"}')
    run = CliRunner().invoke(command, ["mail.json"], standalone_mode=False)
    assert run.return_value == 1
    assert "unread (zo...)" in run.output
