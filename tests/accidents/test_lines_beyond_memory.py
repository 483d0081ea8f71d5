"""A line of 2 GiB took 3 to 4 GiB of memory, and an entry of an archive had no limit at all.

The limit belongs to a reading: as a constant of two modules it was patched by this test, and stayed so in the one that
was imported between the two patches.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from factories import make_exchange

from mirror.errors import CaptureError
from mirror.store.capture import read, save
from mirror.store.reading import LONGEST, Reading

LIMIT = 8 << 20


def capture(path: Path, size: int) -> Path:
    """A capture of two exchanges, and between them a string of null bytes."""
    save(path, [make_exchange(id="1"), make_exchange(id="2")])
    *head, last = path.read_bytes().splitlines(keepends=True)
    begin, end = b'{"x":"', b'"}\n'
    if path.suffix == ".har":
        *head, second, last = [*head, last]
        begin, end, last = b'{"x":"', b'"},\n', second + last
    with path.open("wb") as file:
        file.write(b"".join(head) + begin)
        file.seek(size, 1)
        file.write(end + last)
    return path


@pytest.mark.parametrize("name", ["kept.jsonl", "kept.har"])
def test_one_beyond_the_limit_takes_no_more_than_the_limit(name: str, tmp_path: Path) -> None:
    path = capture(tmp_path / name, 20 * LIMIT)
    with pytest.raises(CaptureError, match="longer than 8 MiB"):
        list(read(path, Reading(longest=LIMIT)))
    reading = Reading(keep_going=True, longest=LIMIT)
    tracemalloc.start()
    try:
        ids = [each.id for each in read(path, reading)]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (ids, reading.skipped) == (["1", "2"], 1)
    assert most < 2 * LIMIT


def test_two_bodies_of_a_hundred_mebibytes_are_below_it() -> None:
    assert LONGEST > 2 * (100 << 20) * 4 // 3 + (16 << 20)
