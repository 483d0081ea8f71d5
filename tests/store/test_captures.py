"""Several files at once, and some that cannot be had."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from factories import make_exchange

from mirror import Exchange
from mirror.errors import CaptureError
from mirror.recorder import Recorder
from mirror.store.capture import open_store, read
from mirror.store.captures import Captures


def test_every_file_has_every_exchange_redacted_once(tmp_path: Path) -> None:
    class Redactor:
        calls = failures = 0

        def unnamed(self, exchange: Exchange) -> Exchange:
            self.calls += 1
            return msgspec.structs.replace(exchange, error="redacted")

        def named(self, exchange: Exchange) -> Exchange:
            return msgspec.structs.replace(exchange, test=self.name(exchange.test or ""))

        def is_open(self, text: str) -> bool:
            return "[" in text

        def name(self, text: str) -> str:
            return text.upper()

    redactor = Redactor()
    paths = [tmp_path / "one.jsonl", tmp_path / "two.har"]
    captures = Captures(map(str, paths), redactor)
    captures.write(make_exchange(test="test_a"))
    assert captures.tell("test_a", "passed") == []
    assert captures.close() == captures.close() == []
    assert redactor.calls == 1
    for path in paths:
        (exchange,) = read(path)
        assert (exchange.error, exchange.test, exchange.outcome) == ("redacted", "TEST_A", "passed")


def test_a_file_that_cannot_be_had_costs_the_others_nothing(tmp_path: Path) -> None:
    busy = open_store(tmp_path / "busy.jsonl")
    captures = Captures([str(tmp_path / "busy.jsonl"), str(tmp_path / "good.jsonl")], None)
    recorder = Recorder([captures])
    recorder.record(make_exchange())
    recorder.record(make_exchange())
    assert recorder.counts.failures == {
        f"{tmp_path}/busy.jsonl cannot be written: another run is writing it; name another file": 2
    }
    captures.close()
    busy.close()
    assert len(list(read(tmp_path / "good.jsonl"))) == 2


def test_an_archive_that_cannot_be_written_at_the_end_is_told_and_its_parts_stay(tmp_path: Path) -> None:
    captures = Captures([str(tmp_path / "capture.har")], None)
    captures.write(make_exchange())
    (tmp_path / "capture.har").mkdir()
    (problem,) = captures.close()
    assert "capture.har is a directory" in problem
    assert len(list(read(tmp_path / "capture.har.partial.jsonl"))) == 1


def test_an_outcome_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    captures = Captures([str(tmp_path / "capture.jsonl")], None)
    captures._stores[0].close()
    with pytest.raises(CaptureError, match="has been closed"):
        captures.write(make_exchange())
    assert captures.tell("test_a", "passed") == [
        f"an outcome is missing in a capture: {tmp_path}/capture.jsonl has been closed"
    ]
