"""The umask was read by setting it, while another thread might be making a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mirror.whole import umask, written_whole


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_it_is_read_without_being_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o027)
    try:
        with monkeypatch.context() as patched:
            patched.delattr("os.umask")
            assert umask() == 0o027
            with written_whole(tmp_path / "new", private=False) as new:
                new.write_text("x")
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(before)
