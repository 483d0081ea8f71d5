"""Archives that are no JSON between their entries were read without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange

from mirror.errors import CaptureError
from mirror.store.capture import read, save
from mirror.store.reading import Reading


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    save(tmp_path / "whole.har", [make_exchange(id=str(number)) for number in range(3)])
    return (tmp_path / "whole.har").read_bytes().rstrip()


@pytest.mark.parametrize(
    ("instead", "of", "why", "skipped"),
    [
        (b"}\n{", b"},\n{", "a comma is missing", 1),
        (b"},,\n{", b"},\n{", "',' has no place there", 1),
        (b"[,\n{", b"[\n{", "',' has no place there", 1),
        (b"},\n]}}", b"}\n]}}", "a comma stands before the closing bracket", 1),
        (b"}}},\n{", b"}},\n{", "'}' has no place there", 1),
        (b"\n]]]", b"\n]}}", "']' has no place there", 2),
        (b"\n]}}garbage", b"\n]}}", "there is more behind the end", 1),
        (b'\n]}}{"log":{"entries":[]}}', b"\n]}}", "there is more behind the end", 1),
        (b'\n],"entries":[]}}', b"\n]}}", "log.entries stands there twice", 1),
        (b'\n],"x" 1}}', b"\n]}}", "a colon is missing", 1),
        (b'\n],"x":}}', b"\n]}}", "a value is missing", 1),
        (b"\n],x:1}}", b"\n]}}", "a key is no string", 1),
        (b'{"log" {"version":"1.2"},"log":{', b'{"log":{', "a colon is missing", 1),
    ],
)
def test_it_is_an_error_with_its_place(
    whole: bytes, instead: bytes, of: bytes, why: str, skipped: int, tmp_path: Path
) -> None:
    path = tmp_path / "broken.har"
    assert of in whole
    path.write_bytes(whole.replace(of, instead, 1))
    with pytest.raises(CaptureError, match=r"broken\.har behind entry \d: no JSON: .*\(byte \d+\)") as caught:
        list(read(path))
    assert why in str(caught.value)
    reading = Reading(keep_going=True)
    assert [each.id for each in read(path, reading)] == ["0", "1", "2"]
    assert reading.skipped == skipped


def test_a_string_over_many_blocks(whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a block ends: in a key, an escape, a number."""
    path = tmp_path / "blocks.har"
    path.write_bytes(whole.replace(b'{"log":{', b'{"\\"\\\\":["}\\\\\\"",[]],"log":{"n":-12.5e3,"t":true,', 1) + b" \n")
    for size in range(1, 12):
        monkeypatch.setattr("mirror.store.har_split.BLOCK", size)
        assert [each.id for each in read(path)] == ["0", "1", "2"]
