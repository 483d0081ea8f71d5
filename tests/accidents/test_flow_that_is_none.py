"""A value that is no flow was told in the words of Python, not in those of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror.errors import CaptureError
from mirror.store.reading import Reading
from mirror.verify.seen import read_seen


@pytest.mark.parametrize("value", [b"5:hello,", b"4:true!", b"0:]", b"1:7#"])
def test_it_is_told_as_none(tmp_path: Path, value: bytes) -> None:
    (tmp_path / "flows").write_bytes(value)
    with pytest.raises(CaptureError, match="flows flow 1: this is no flow of mitmproxy's"):
        list(read_seen(tmp_path / "flows", Reading()))
    reading = Reading(keep_going=True)
    assert list(read_seen(tmp_path / "flows", reading)) == []
    assert reading.skipped == 1
