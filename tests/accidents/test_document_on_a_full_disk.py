"""Accident: ``mirror learn -o -`` said nothing where standard output had no room for all of the document, if it was not
buffered (PYTHONUNBUFFERED): what one write does not take is lost there."""

from __future__ import annotations

import io
import sys

import pytest

from mirror.cli.learn import print_whole


class Narrow(io.RawIOBase):
    """Takes ten bytes at a time, and of all no more than there is room for."""

    def __init__(self, room: int) -> None:
        self.taken = b""
        self._room = room

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(memoryview(data))[: min(10, self._room - len(self.taken))]  # type: ignore[arg-type]
        if not part:
            raise OSError(28, "No space left on device")
        self.taken += part
        return len(part)


def printed_to(raw: Narrow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "utf-8", write_through=True))  # type: ignore[type-var]
    print_whole("x" * 95)


def test_all_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = Narrow(1000)
    printed_to(raw, monkeypatch)
    assert raw.taken == b"x" * 95


def test_what_has_no_room_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match="No space"):
        printed_to(Narrow(50), monkeypatch)
