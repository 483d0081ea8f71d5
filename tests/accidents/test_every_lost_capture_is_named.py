"""Of several captures that could not be had, only the first was named."""

from __future__ import annotations

from pathlib import Path

from factories import make_exchange

from mirror.recorder import Recorder
from mirror.store.captures import Captures
from mirror.store.jsonl import JsonlStore


def test_each_is_named_once(tmp_path: Path) -> None:
    captures = Captures([str(tmp_path / name) for name in ("one.jsonl", "two.jsonl", "good.jsonl", "three.har")], None)
    for store in captures._stores[:2]:
        assert isinstance(store, JsonlStore)
        store.close()
    recorder = Recorder([captures])
    recorder.record(make_exchange())
    recorder.record(make_exchange())
    assert recorder.counts.failures == {
        f"{tmp_path}/one.jsonl has been closed; {tmp_path}/two.jsonl has been closed": 2
    }
    assert captures.close() == []


def test_also_those_that_could_not_be_had(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    paths = [tmp_path / "file" / "one.jsonl", tmp_path / "file" / "two.jsonl"]
    recorder = Recorder([Captures(map(str, paths), None)])
    recorder.record(make_exchange())
    (reason,) = recorder.counts.failures
    assert [reason.count(str(path)) for path in paths] == [1, 1]
