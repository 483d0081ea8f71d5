"""A number that outlives the process that counts.

A worker that is killed takes along what it had not handed over. How much that was is known from what it had made,
which it writes to a file of eight bytes that it shares with its controller: no system call, and the kernel keeps it
whatever becomes of the worker. The file has no name any more as soon as both have it open.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Self

SIZE = 8


class SharedCounter:
    """A count that two processes see. ``make`` it in the one, ``join`` it by its path in the other."""

    def __init__(self, fd: int, path: str) -> None:
        try:
            self._map = mmap.mmap(fd, SIZE)
        finally:
            os.close(fd)
        self._cells = memoryview(self._map).cast("Q")
        self.path = path

    @classmethod
    def make(cls) -> Self:
        """A counter at 0, in a new file. Raises OSError."""
        fd, path = tempfile.mkstemp(prefix="mirror-", suffix=".count")
        try:
            os.ftruncate(fd, SIZE)
        except OSError:
            os.close(fd)
            os.unlink(path)
            raise
        return cls(fd, path)

    @classmethod
    def join(cls, path: str) -> Self:
        """The counter that another process has made; its file's name is removed. Raises OSError or ValueError."""
        counter = cls(os.open(path, os.O_RDWR), path)
        counter.unlink()
        return counter

    @property
    def value(self) -> int:
        return self._cells[0]

    @value.setter
    def value(self, number: int) -> None:
        self._cells[0] = number

    def unlink(self) -> None:
        """Remove the file's name; who has it open goes on."""
        with suppress(OSError):
            Path(self.path).unlink()

    def close(self) -> None:
        """Let go of it, and of the file if nobody has joined. May be called twice."""
        self.unlink()
        self._cells.release()
        self._map.close()
