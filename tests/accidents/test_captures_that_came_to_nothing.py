"""Captures that were lost without a word: a full disk at the start, a changed directory, two runs on one archive, a
FIFO, a name given twice, half a character, an exchange after the end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from factories import make_exchange

from mirror.errors import CaptureError
from mirror.store.capture import HarStore, open_store, read, save, write_out
from mirror.store.captures import Captures
from mirror.store.jsonl import JsonlStore


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_disk_that_is_full_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(JsonlStore, "_write", staticmethod(full))
    before = len(os.listdir("/proc/self/fd"))
    captures = Captures([str(tmp_path / "kept.jsonl")], None)
    assert captures.missing == [f"{tmp_path}/kept.jsonl cannot be written: No space left on device"]
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_test_that_changes_the_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store(Path("kept.har"))
    store.write(make_exchange())
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    store.close()
    assert len(list(read(tmp_path / "kept.har"))) == 1


def test_an_archive_whose_parts_were_taken_away(tmp_path: Path) -> None:
    store = HarStore(tmp_path / "kept.har")
    (tmp_path / "kept.har.partial.jsonl").unlink()
    with pytest.raises(CaptureError, match=r"somebody has removed kept\.har\.partial\.jsonl"):
        store.close()


def test_a_second_run_while_the_first_makes_its_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = HarStore(tmp_path / "kept.har")
    first.write(make_exchange())
    real = write_out

    def slow(path: Path, exchanges: object) -> int:
        with pytest.raises(CaptureError, match="another run is writing it"):
            HarStore(tmp_path / "kept.har")
        return real(path, exchanges)  # type: ignore[arg-type]

    monkeypatch.setattr("mirror.store.capture.write_out", slow)
    first.close()
    assert len(list(read(tmp_path / "kept.har"))) == 1


def test_what_a_killed_run_has_left_is_kept(tmp_path: Path) -> None:
    killed = HarStore(tmp_path / "kept.har")
    killed.write(make_exchange(id="precious"))
    killed.abandon()
    store = HarStore(tmp_path / "kept.har")
    store.close()
    assert [each.id for each in read(tmp_path / "kept.har.partial.1.jsonl")] == ["precious"]


def test_a_conversion_onto_a_file_that_a_run_writes(tmp_path: Path) -> None:
    store = open_store(tmp_path / "kept.jsonl")
    with pytest.raises(CaptureError, match="a run is writing it"):
        save(tmp_path / "kept.jsonl", [])
    store.close()


def test_a_name_given_twice(tmp_path: Path) -> None:
    captures = Captures([f"{tmp_path}/kept.jsonl", f"{tmp_path}/./kept.jsonl"], None)
    captures.write(make_exchange())
    assert captures.close() == []
    assert len(list(read(tmp_path / "kept.jsonl"))) == 1


def test_half_a_character(tmp_path: Path) -> None:
    captures = Captures([str(tmp_path / "kept.jsonl"), str(tmp_path / "kept.har")], None)
    captures.write(make_exchange(error="ValueError: boom \udc80", test="test[\ud800]"))
    captures.tell("test[\ud800]", "passed")
    assert captures.close() == []
    for name in ("kept.jsonl", "kept.har"):
        (exchange,) = read(tmp_path / name)
        assert (exchange.error, exchange.test, exchange.outcome) == (
            "ValueError: boom \\udc80", "test[\\ud800]", "passed",
        )  # fmt: skip


def test_an_exchange_after_the_end(tmp_path: Path) -> None:
    captures = Captures([str(tmp_path / "kept.jsonl")], None)
    captures.close()
    with pytest.raises(CaptureError, match="after the captures were finished"):
        captures.write(make_exchange())


def test_a_file_that_everybody_could_read(tmp_path: Path) -> None:
    (tmp_path / "kept.jsonl").touch(0o644)
    open_store(tmp_path / "kept.jsonl").close()
    assert (tmp_path / "kept.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_byte_order_mark(tmp_path: Path) -> None:
    save(tmp_path / "kept.jsonl", [make_exchange()])
    (tmp_path / "kept.jsonl").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "kept.jsonl").read_bytes())
    assert len(list(read(tmp_path / "kept.jsonl"))) == 1


def test_a_websocket_session_has_its_scheme_again(tmp_path: Path) -> None:
    from factories import make_response

    from mirror import Headers, Request

    exchange = make_exchange(Request("GET", "/chat", Headers(((b"Host", b"[::1"),)), (), "ws"), make_response(101))
    save(tmp_path / "kept.har", [exchange])
    assert list(read(tmp_path / "kept.har")) == [exchange]
