"""Lines of captures: a byte was counted from the begin of its string, a status of -1 was taken, the outcome of a test
that is called "request" was passed over, and an error named a file that nobody had asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange, make_response

from mirror.errors import CaptureError
from mirror.store import jsonl
from mirror.store.capture import open_store, read, save
from mirror.store.record import encode, to_record

HEAD = b'{"type":"capture","version":1}\n'


def line(**members: object) -> bytes:
    return encode(to_record(make_exchange(**members)))  # type: ignore[arg-type]


def test_the_byte_is_that_of_the_line(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    broken = line(test="test_a").replace(b"test_a", b"te\xff")
    path.write_bytes(HEAD + broken)
    with pytest.raises(CaptureError, match=rf"line 2: invalid UTF-8 at byte {broken.index(0xFF)} "):
        list(read(path))


@pytest.mark.parametrize("status", [-1, 0, 99, 1000])
def test_a_status_has_three_digits(status: int, tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_bytes(HEAD + line(response=make_response(200)).replace(b'"status":200', b'"status":%d' % status))
    with pytest.raises(CaptureError, match=r"line 2: .*status"):
        list(read(path))
    # What cannot be read is not written either.
    store = open_store(tmp_path / "new.jsonl")
    with pytest.raises(CaptureError, match=f"the status {status} does not have three digits"):
        store.write(make_exchange(response=make_response(status)))
    store.close()
    assert list(read(tmp_path / "new.jsonl")) == []


def test_the_outcome_of_a_test_called_request(tmp_path: Path) -> None:
    store = open_store(tmp_path / "kept.jsonl")
    store.write(make_exchange(test="request"))
    store.tell("request", "passed")
    store.close()
    assert [each.outcome for each in read(tmp_path / "kept.jsonl")] == ["passed"]


@pytest.mark.parametrize("name", ["kept.jsonl", "kept.har"])
def test_an_error_names_the_file_that_was_asked_for(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LONGEST", 10)
    if name.endswith(".jsonl"):
        with pytest.raises(CaptureError, match=r"/kept\.jsonl: an exchange of .* too long for a line"):
            save(tmp_path / name, [make_exchange()])
    store = open_store(tmp_path / name)
    with pytest.raises(CaptureError, match=rf"/{name}: an exchange of .* too long for a line"):
        store.write(make_exchange())
    store.close()
