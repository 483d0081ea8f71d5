"""A queue was kept for each test of a capture, of 760 bytes, to read how it had ended: a capture of 200,000 tests took
250 MB to convert."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

from mirror.store.capture import read

TESTS = 4_000


def test_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    said = {"method": "GET", "target": "/", "headers": []}, {"status": 200, "headers": []}
    with path.open("w") as file:
        file.write('{"type":"capture","version":1}\n')
        for number in range(TESTS):
            test, exchange = f"t::{number}", {"id": str(number), "gateway": "wsgi", "started": 0, "elapsed": 0}
            row = {"type": "exchange", **exchange, "request": said[0], "response": said[1], "test": test}
            file.write(
                json.dumps(row) + "\n" + json.dumps({"type": "outcome", "test": test, "outcome": "passed"}) + "\n"
            )
    exchanges = read(path)
    tracemalloc.start()
    try:
        assert next(exchanges).outcome == "passed"
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert sum(1 for each in exchanges if each.outcome == "passed") == TESTS - 1
    assert held < 300 * TESTS + 200_000 + (1 << 20)  # the buffer of the file is of 1 MiB


def test_of_a_test_that_ran_twice_each_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    row = {"type": "exchange", "id": "1", "gateway": "wsgi", "started": 0, "elapsed": 0, "test": "t"}
    row |= {"request": {"method": "GET", "target": "/", "headers": []}, "response": {"status": 200, "headers": []}}
    told = [{"type": "outcome", "test": "t", "outcome": outcome} for outcome in ("failed", "passed", "skipped")]
    lines = [{"type": "capture", "version": 1}, row, told[0], row, told[1], row, told[2], row]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert [each.outcome for each in read(path)] == ["failed", "passed", "skipped", "skipped"]
