"""What mirror wrote and could not read again, or read as something else, or did not say that it had lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from factories import make_exchange, make_request, make_response

from mirror import media
from mirror.cli.verify import command as verify
from mirror.errors import CaptureError
from mirror.store import jsonl
from mirror.store.capture import HarStore, read, save
from mirror.store.captures import Captures
from mirror.store.jsonl import JsonlStore


def entry(**members: Any) -> dict[str, Any]:
    return {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "time": 1,
        "request": {"method": "GET", "url": "http://a/x", "headers": []},
        "response": {"status": 200, "statusText": "OK", "headers": [], "content": {"text": "hi"}},
    } | members


def archive(path: Path, text: str) -> Path:
    path.write_text(f'{{"log":{{"version":"1.2","creator":{{"name":"x","version":"1"}},"entries":[{text}]}}}}')
    return path


def test_an_id_that_ran_twice_has_two_outcomes(tmp_path: Path) -> None:
    store = JsonlStore(tmp_path / "a.jsonl")
    for number, outcome in enumerate(["failed", "passed", "skipped"]):
        store.write(make_exchange(id=str(number), test="test_a"))
        store.tell("test_a", outcome)
    store.write(make_exchange(id="3", test="test_a"))
    store.close()
    assert [each.outcome for each in read(store.path)] == ["failed", "passed", "skipped", "skipped"]


def test_outcomes_survive_another_writer_of_json(tmp_path: Path) -> None:
    store = JsonlStore(tmp_path / "a.jsonl")
    store.write(make_exchange(test="test_a"))
    store.tell("test_a", "failed")
    store.close()
    lines = [json.dumps(json.loads(line)) for line in store.path.read_text().splitlines()]
    (tmp_path / "b.jsonl").write_text("\n".join(lines) + "\n")
    assert [each.outcome for each in read(tmp_path / "b.jsonl")] == ["failed"]


def test_lone_surrogates_in_an_archive(tmp_path: Path) -> None:
    one = entry(_mirror={"test": "t\ud800", "started": 1, "elapsed": 1})
    one["response"]["statusText"] = "\ud801"
    source = archive(tmp_path / "a.har", json.dumps(one))
    for name in ("b.har", "c.jsonl"):
        assert save(tmp_path / name, read(source)) == 1
        assert [each.test for each in read(tmp_path / name)] == ["t\\ud800"]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(entry()).replace('"time": 1', '"time": 1e999'),
        json.dumps(entry(_mirror={"started": 7})).replace("7", "1e999"),
        json.dumps(entry(_webSocketMessages=[{"type": "send", "opcode": 1, "data": "", "time": 7}])).replace(
            '"time": 7', '"time": 1e999'
        ),
        json.dumps(entry(_mirror={"scheme": "no scheme"})),
    ],
)
@pytest.mark.parametrize("name", ["b.har", "b.jsonl"])
def test_what_was_written_can_be_read(text: str, name: str, tmp_path: Path) -> None:
    source = archive(tmp_path / "a.har", text)
    assert save(tmp_path / name, read(source)) == 1
    assert len(list(read(tmp_path / name))) == 1


def test_a_number_beyond_all_numbers_is_told(tmp_path: Path) -> None:
    message = {"type": "receive", "opcode": 8, "data": "", "time": 1, "_code": 7}
    source = archive(tmp_path / "a.har", json.dumps(entry(_webSocketMessages=[message])).replace("7}", "1e999}"))
    with pytest.raises(CaptureError, match="entry 1: no entry of HAR"):
        list(read(source))


def test_an_exchange_that_no_line_can_hold_is_a_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LONGEST", 5000)
    store = HarStore(tmp_path / "a.har")
    store.write(make_exchange(id="1"))
    with pytest.raises(CaptureError, match="too long for a line"):
        store.write(make_exchange(make_request("POST", "/", b"x" * 6000), id="2"))
    store.close()
    assert [each.id for each in read(tmp_path / "a.har")] == ["1"]


def test_an_archive_that_lacks_something_leaves_what_it_was_made_of(tmp_path: Path) -> None:
    store = HarStore(tmp_path / "a.har")
    store.write(make_exchange(id="1"))
    partial = tmp_path / "a.har.partial.jsonl"
    with partial.open("a") as file:
        file.write('{"type":"exchange"}\n')
    with pytest.raises(CaptureError, match="lacks what cannot be read"):
        store.close()
    assert partial.exists()
    assert [each.id for each in read(tmp_path / "a.har")] == ["1"]


def test_a_codec_of_source_code_is_no_charset() -> None:
    for name in ("unicode_escape", "unicode-escape", "raw_unicode_escape", "UTF-7"):
        assert media.codec(f"text/plain; charset={name}") is None
        assert media.text_of(b"\\d", name) == ("\\d", "utf-8")


def test_whatever_goes_wrong_at_the_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captures = Captures([str(tmp_path / "a.har")], None)
    captures.write(make_exchange())

    def broken(*_: object) -> int:
        raise RuntimeError("an exchange that nobody has thought of")

    monkeypatch.setattr("mirror.store.capture.write_out", broken)
    assert captures.close() == [
        f"{tmp_path / 'a.har'} cannot be written: RuntimeError: an exchange that nobody has thought of"
    ]


@pytest.mark.parametrize("name", ["new/a.har", "new/a.jsonl"])
def test_a_folder_that_is_missing_is_made(name: str, tmp_path: Path) -> None:
    assert save(tmp_path / name, [make_exchange()]) == 1
    assert (tmp_path / name).is_file()


@pytest.mark.parametrize("seen", [2, 3])
def test_what_verify_skips_is_counted_once(seen: int, tmp_path: Path) -> None:
    made = [make_exchange(make_request("GET", f"/{number}"), make_response(200, b"x")) for number in range(3)]
    save(tmp_path / "a.jsonl", made)
    save(tmp_path / "b.jsonl", made[:seen])
    with (tmp_path / "a.jsonl").open("a") as file:
        file.write('{"type":"exchange", bad}\n')
    run = CliRunner().invoke(
        verify, [str(tmp_path / "a.jsonl"), "--against", str(tmp_path / "b.jsonl"), "--keep-going"]
    )
    assert run.exit_code == (seen < 3)
    assert "1 skipped" in run.output


def test_a_line_of_the_command_says_it(tmp_path: Path) -> None:
    one = entry()
    one["response"]["statusText"] = "G\ud800"
    source = archive(tmp_path / "a.har", json.dumps(one))
    run = subprocess.run(
        [sys.executable, "-m", "mirror", "convert", str(source), str(tmp_path / "b.har")],
        capture_output=True,
        text=True,
    )
    assert (run.returncode, "Traceback" in run.stderr) == (0, False)
