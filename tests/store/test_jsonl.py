"""Captures as JSON Lines: what is in the file, what survives, what is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange
from mirror.errors import CaptureError
from mirror.store.capture import HarStore, open_store, read, save
from mirror.store.jsonl import JsonlStore
from mirror.store.reading import LONGEST, Reading


def loaded(path: Path, keep_going: bool = False, longest: int = LONGEST) -> tuple[list[Exchange], Reading]:
    reading = Reading(keep_going, longest=longest)
    return list(read(path, reading)), reading


def test_a_line_says_what_the_documentation_says(tmp_path: Path) -> None:
    store = JsonlStore(tmp_path / "capture.jsonl")
    store.write(make_exchange(make_request("POST", "/orders?page=2", b'{"a": 1}'), make_response(201, b"\xff")))
    store.tell("tests/test_orders.py::test_list", "passed")
    store.close()
    head, exchange, outcome = map(json.loads, (tmp_path / "capture.jsonl").read_text("utf-8").splitlines())
    assert head["type"] == "capture"
    assert head["version"] == 1
    assert head["creator"].startswith("mirror ")
    assert exchange["type"] == "exchange"
    assert exchange["request"] == {
        "method": "POST", "target": "/orders?page=2", "headers": [["Host", "testserver"]], "body": ['{"a": 1}'],
    }  # fmt: skip
    assert exchange["response"]["body"] == [{"base64": "/w=="}]
    assert outcome == {"type": "outcome", "test": "tests/test_orders.py::test_list", "outcome": "passed"}


def test_an_exchange_has_the_outcome_that_was_told_later(tmp_path: Path) -> None:
    store = JsonlStore(tmp_path / "capture.jsonl")
    store.write(make_exchange(test="test_a"))
    store.write(make_exchange(test="test_b"))
    store.tell("test_b", "failed")
    store.tell("test_a", "passed")
    store.close()
    assert [exchange.outcome for exchange in read(store.path)] == ["passed", "failed"]


def test_a_process_that_is_killed_in_the_middle_of_a_line_loses_that_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "capture.jsonl"
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from factories import make_exchange\n"
        "from mirror.store.jsonl import JsonlStore\n"
        "store = JsonlStore(Path(sys.argv[1]))\n"
        "for _ in range(100): store.write(make_exchange())\n"
        "def half(fd, data):\n"
        "    os.write(fd, bytes(data)[:40])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "store._write = half\n"
        "store.write(make_exchange())\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", program, str(path)], env=environment)
    assert killed.returncode == -signal.SIGKILL
    exchanges, reading = loaded(path)
    assert len(exchanges) == 100
    assert reading.skipped == 1
    assert reading.problems == [f"{path} line 102: the last line has no end: the process that wrote it was killed"]


def test_a_line_that_could_not_be_written_whole_is_taken_back(tmp_path: Path) -> None:
    store = JsonlStore(tmp_path / "capture.jsonl")
    store.write(make_exchange())
    real = store._write
    room = [10]

    def full(fd: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(28, "No space left on device")
        written = real(fd, bytes(data)[: room[0]])
        room[0] -= written
        return written

    store._write = full  # type: ignore[method-assign]
    with pytest.raises(OSError, match="No space left"):
        store.write(make_exchange())
    store._write = real  # type: ignore[method-assign]
    store.write(make_exchange())
    store.close()
    exchanges, reading = loaded(store.path)
    assert len(exchanges) == 2
    assert not reading.skipped


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_full_disk_is_an_oserror(tmp_path: Path) -> None:
    store = JsonlStore(tmp_path / "capture.jsonl")
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, store._fd)
    os.close(full)
    store._truncate = lambda fd, size: None  # type: ignore[method-assign]
    with pytest.raises(OSError, match="No space left"):
        store.write(make_exchange())
    store.abandon()


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    store = JsonlStore(tmp_path / "capture.jsonl")
    made = [make_exchange(make_request("POST", "/", bytes([65 + number]) * 100_000)) for number in range(8)]
    threads = [
        threading.Thread(target=lambda each=each: [store.write(each) for _ in range(20)])  # type: ignore[misc]
        for each in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    exchanges = list(read(store.path))
    assert len(exchanges) == 160
    assert all(exchanges.count(each) == 20 for each in made)


def test_a_file_that_another_run_writes_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path / "capture.jsonl")
    store.write(make_exchange())
    with pytest.raises(
        CaptureError, match=r"capture\.jsonl cannot be written: another run is writing it; name another"
    ):
        open_store(tmp_path / "capture.jsonl")
    store.close()
    assert len(list(read(store.path))) == 1
    open_store(tmp_path / "capture.jsonl").close()
    assert list(read(store.path)) == []


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    for name in ("capture.jsonl", "capture.har"):
        store = open_store(tmp_path / name)
        store.close()
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_a_store_that_was_closed_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path / "capture.jsonl")
    store.close()
    store.close()
    with pytest.raises(CaptureError, match="has been closed"):
        store.write(make_exchange())


def test_an_archive_is_there_when_it_is_closed_and_its_parts_before(tmp_path: Path) -> None:
    store = HarStore(tmp_path / "capture.har")
    exchange = make_exchange(test="test_a")
    store.write(exchange)
    store.tell("test_a", "passed")
    assert not store.path.exists()
    assert len(list(read(tmp_path / "capture.har.partial.jsonl"))) == 1
    store.close()
    store.close()
    (saved,) = read(store.path)
    assert (saved.id, saved.outcome) == (exchange.id, "passed")
    assert [each.name for each in tmp_path.iterdir()] == ["capture.har"]


def test_a_failed_save_leaves_what_was_there(tmp_path: Path) -> None:
    def broken() -> object:
        yield make_exchange()
        raise CaptureError("boom")

    for name in ("capture.jsonl", "capture.har"):
        path = tmp_path / name
        save(path, [make_exchange()])
        before = path.read_bytes()
        with pytest.raises(CaptureError, match="boom"):
            save(path, broken())  # type: ignore[arg-type]
        assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["capture.har", "capture.jsonl"]


# What may be in a file that is called a capture -----------------------------------------------------------------------

HEAD = b'{"type":"capture","version":1}\n'
GOOD = (
    b'{"type":"exchange","id":"a-1","request":{"method":"GET","target":"/","headers":[]},'
    b'"response":{"status":200,"headers":[]},"gateway":"wsgi","started":1.0,"elapsed":0.5}\n'
)
AROUND = GOOD.split(b'"GET"')

BROKEN = {
    "no JSON": b"{nonsense\n",
    "cut": GOOD[:50] + b"\n",
    "not an object": b"[]\n",
    "an unknown type": b'{"type":"flow"}\n',
    "invalid UTF-8": AROUND[0] + b'"G\xffT"' + AROUND[1],
    "a lone surrogate": AROUND[0]
    + b'"\\ud800"'
    + AROUND[1].replace(b'"headers":[]', b'"headers":[],"body":["\\ud800"]', 1),
    "a member missing": GOOD.replace(b'"elapsed":0.5', b'"more":1'),
    "NaN": GOOD.replace(b"0.5", b"NaN"),
    "infinity": GOOD.replace(b"0.5", b"Infinity"),
    "a huge number": GOOD.replace(b"0.5", b"1e999"),
    "deep nesting": GOOD.replace(b'"GET"', b"[" * 200_000),
    "a key twice": GOOD.replace(b'"elapsed":0.5', b'"elapsed":0.5,"elapsed":0.6'),
    "a key twice inside": GOOD.replace(b'"status":200', b'"status":200,"status":500'),
    "base64 that is none": GOOD.replace(b'"target":"/"', b'"target":"/","body":[{"base64":"!"}]'),
    "a header field of one": GOOD.replace(b'"headers":[]', b'"headers":[["a"]]', 1),
    "a header field beyond ISO-8859-1": GOOD.replace(b'"headers":[]', '"headers":[["a","\u20ac"]]'.encode(), 1),
    "a status that is no number": GOOD.replace(b"200", b'"OK"'),
    "NUL bytes": b"\0" * 1000 + b"\n",
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_named_or_passed_over(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "capture.jsonl"
    path.write_bytes(HEAD + GOOD + line + GOOD)
    with pytest.raises(CaptureError, match=r"capture\.jsonl line 3: .*\(--keep-going reads the rest\)"):
        loaded(path)
    exchanges, reading = loaded(path, keep_going=True)
    assert len(exchanges) == 2
    assert reading.skipped == 1
    assert "line 3: " in reading.problems[0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"hello\n", "line 1: this is no capture of mirror's"),
        (GOOD, "line 1: the first line of a capture says its version"),
        (b'{"type":"capture","version":2}\n', "version 2 of the format; this mirror reads 1: update mirror"),
        (b'{"type":"capture","version":0}\n', "there is no version 0"),
        (b'{"type":"capture"}\n', "missing required field `version`"),
        (b'{"type":"capture","version":1', "line 1: this is no capture"),
    ],
)
@pytest.mark.parametrize("keep_going", [False, True])
def test_a_file_that_is_no_capture(content: bytes, why: str, keep_going: bool, tmp_path: Path) -> None:
    path = tmp_path / "capture.jsonl"
    path.write_bytes(content)
    with pytest.raises(CaptureError) as caught:
        loaded(path, keep_going)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.jsonl")
    for name, why in ((".", "is a directory"), ("none.jsonl", "No such file"), ("fifo.jsonl", "no ordinary file")):
        with pytest.raises(CaptureError, match=why):
            loaded(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "capture.jsonl").write_bytes(HEAD)
    (tmp_path / "capture.jsonl").chmod(0)
    with pytest.raises(CaptureError, match="Permission denied"):
        loaded(tmp_path / "capture.jsonl")


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    open_store(tmp_path / "some" / "where" / "capture.jsonl").close()
    assert list(read(tmp_path / "some" / "where" / "capture.jsonl")) == []


@pytest.mark.parametrize("name", ["file/capture.jsonl", "file/capture.har", ".", "fifo.jsonl"])
def test_a_place_that_cannot_be_written(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "fifo.jsonl")
    with pytest.raises(CaptureError):
        open_store(tmp_path / name)
    with pytest.raises(CaptureError):
        save(tmp_path / name, [])


def test_a_line_longer_than_any(tmp_path: Path) -> None:
    path = tmp_path / "capture.jsonl"
    path.write_bytes(HEAD + GOOD + b"x" * (3 << 20) + b"\n" + GOOD)
    with pytest.raises(CaptureError, match="line 3: longer than"):
        loaded(path, longest=1 << 16)
    exchanges, reading = loaded(path, keep_going=True, longest=1 << 16)
    assert (len(exchanges), reading.skipped) == (2, 1)


def test_many_problems_are_counted_and_some_told(tmp_path: Path) -> None:
    path = tmp_path / "capture.jsonl"
    path.write_bytes(HEAD + b"broken\n" * 1000)
    exchanges, reading = loaded(path, keep_going=True)
    assert (exchanges, reading.skipped, len(reading.problems)) == ([], 1000, 20)
