"""Captures as JSON Lines: written one record at a time, each at once, so that a killed process loses none of them (but
those that are held before they come here, until the name of their test is decided: see mirror.store.naming).

The file is begun anew by each run and then only appended to. Each line leaves in one write to a descriptor in append
mode; where that fails half way (a full disk), what is there of the line is cut off again, so that the next one starts
on a line of its own. A process that is killed in the middle of a write leaves a last line without an end: readers pass
over it, and say so.

Two runs cannot write one file (see mirror.store.locking).
"""

from __future__ import annotations

import json
import os
import threading
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from mirror.clock import CLOCK
from mirror.errors import CaptureError
from mirror.exchange import Exchange, KnownRoute, in_utf_8
from mirror.store.locking import open_anew
from mirror.store.reading import LONGEST, Reading, opened
from mirror.store.record import (
    LEAST_STATUS,
    MOST_STATUS,
    VERSION,
    Header,
    Line,
    Outcome,
    Record,
    Routes,
    encode,
    from_record,
    to_record,
)
from mirror.store.remote import Source

PIECE = 1 << 20

FIRST = '{"type":"capture","version":1, ...}'

OUTCOME = b'{"type":"outcome",'

UNTOLD = (None,)

Outcomes = tuple[str] | deque[str]
"""How a test ended, in turn where it ran more than once."""

_decode = msgspec.json.Decoder(Line).decode


class JsonlStore:
    """A sink that appends exchanges to a file. Raises CaptureError where the file cannot be had.

    ``called`` is the name by which errors know it, where it is written under another; ``redacted`` tells readers by
    which rules everything that comes was redacted (mirror.redact.rules.Rules.digest).
    """

    # Tests replace functions of the os module (pyfakefs, mocks); these are the real ones.
    _write = staticmethod(os.write)
    _truncate = staticmethod(os.ftruncate)
    _fstat = staticmethod(os.fstat)
    _stat = staticmethod(os.stat)

    def __init__(self, path: Path, called: Path | None = None, redacted: str = "") -> None:
        self.path = path.absolute()  # a test may change the directory
        self._called = called or self.path
        self._lock = threading.RLock()
        self._size = 0
        self._fd = open_anew(path, called)
        try:
            self._append(encode(Header(VERSION, creator(), now(), redacted)))
        except OSError as error:
            self.abandon()
            raise CaptureError(f"{called or path} cannot be written: {error.strerror}") from None

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        """Append one exchange. Raises OSError where the disk is full, CaptureError where no line can hold it."""
        status = exchange.response.status
        if not LEAST_STATUS <= status <= MOST_STATUS:
            raise CaptureError(f"{self._called}: the status {status} does not have three digits (RFC 9110 section 15)")
        line = in_utf_8(exchange, lambda each: encode(to_record(each)))
        if len(line) > LONGEST:
            raise CaptureError(f"{self._called}: an exchange of {len(line) >> 20} MiB is too long for a line")
        self._append(line)
        return ()

    def tell(self, test: str, outcome: str) -> None:
        """Append how a test ended."""
        self._append(in_utf_8(Outcome(test, outcome), encode))

    def know(self, routes: tuple[KnownRoute, ...]) -> None:
        """Append the routes of an application."""
        self._append(in_utf_8(Routes(routes), encode))

    def _append(self, data: bytes) -> None:
        with self._lock:
            if self._fd < 0:
                raise CaptureError(f"{self._called} has been closed")
            view = memoryview(data)
            try:
                while view:
                    view = view[self._write(self._fd, view) :]
            except BaseException:
                with suppress(OSError):  # what was wrong before is what is to be told
                    self._truncate(self._fd, self._size)
                raise
            self._size += len(data)

    def abandon(self) -> None:
        """Let go of the descriptor. In a forked child the lock is the parent's as long as that has it open."""
        with self._lock:
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1

    def close(self) -> None:
        """Close the file. May be called twice. Raises CaptureError where what was written is not there any more."""
        with self._lock:
            gone = self.gone()
            self.abandon()
        if gone is not None:
            raise CaptureError(f"{self.path} is lost: {gone}")

    def gone(self) -> str | None:
        """Who has it that the open file is not the one of that name: what has been written goes with it."""
        if self._fd < 0:
            return None
        try:
            same = os.path.samestat(self._fstat(self._fd), self._stat(self.path))
        except OSError:
            return f"somebody has removed {self.path.name} during the run"
        return None if same else f"somebody has replaced {self.path.name} during the run"


@cache
def creator() -> str:
    try:
        return f"mirror {version('mirror-http')}"
    except PackageNotFoundError:
        return "mirror"


def now() -> str:
    """The date-time, in RFC 3339, of a clock that no test has frozen."""
    return datetime.fromtimestamp(CLOCK.epoch + CLOCK.tick(), UTC).isoformat(timespec="seconds")


def read_jsonl(path: Source, reading: Reading) -> Iterator[Exchange]:
    """The exchanges of a capture, in the order in which they were recorded, each with its test's outcome.

    A test of that name may have run more than once (two suites that publish to one hub): an exchange has the first
    outcome that is told behind it, and where none is, the last before.

    Raises CaptureError that names the line. Constant memory, but for the outcomes.
    """
    with opened(path) as file:
        outcomes: dict[str, Outcomes] = {}
        if reading.outcomes:
            outcomes = outcomes_of(read_outcomes(file, reading.longest))
            file.seek(0)
        first = True
        for number, data in lines(file, path, reading):
            if number == 1:
                data = data.removeprefix(BOM_UTF8)
            place = f"{path} line {number}"
            if not data.endswith(b"\n") and not first:
                reading.note(place, "the last line has no end: the process that wrote it was killed")
                return
            try:
                line = decode(data)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                if first:
                    why = f"this is no capture of mirror's: {explain(error)}; its first line is {FIRST}"
                    raise CaptureError(f"{place}: {why}") from None
                reading.skip(place, explain(error))
                continue
            if isinstance(data, bytearray):  # a long one, not to be held beside what is made of it
                data.clear()
            if first:
                check_version(line, place)
                first = False
            if isinstance(line, Header):  # in the middle that of a capture that was put behind another
                reading.redacted = line.redacted if line.creator == creator() else ""
            elif isinstance(line, Record):
                try:
                    exchange = from_record(line, outcomes.get(line.test or "", UNTOLD)[0])
                except ValueError as error:
                    reading.skip(place, explain(error))
                else:
                    del line
                    yield exchange
                    del exchange
            elif isinstance(line, Routes):
                reading.know(line.routes)
            elif isinstance(line, Outcome):
                several = outcomes.get(line.test)
                if isinstance(several, deque) and len(several) > 1:
                    several.popleft()
        if first:
            raise CaptureError(f"{path} is empty: this is no capture of mirror's")


def lines(file: BinaryIO, path: Source, reading: Reading) -> Iterator[tuple[int, bytes | bytearray]]:
    """The lines and their numbers."""
    for number, data in enumerate(bounded(file, reading.longest), start=1):
        if data is None:
            reading.skip_long(f"{path} line {number}")
        elif data and not data.isspace():
            yield number, data


def bounded(file: BinaryIO, longest: int) -> Iterator[bytes | bytearray | None]:
    """The lines, None for one that is too long: it takes no more memory than the longest that is not.

    A long one is gone when the next is asked for, whoever holds it.
    """
    while piece := file.readline(PIECE):
        if len(piece) < PIECE or piece.endswith(b"\n"):
            yield piece if len(piece) <= longest else None
            continue
        line = bytearray()
        while piece and len(line) <= longest:
            line += piece
            piece = b"" if line.endswith(b"\n") else file.readline(PIECE)
        if len(line) <= longest:
            yield line
            line.clear()
            continue
        line.clear()
        while piece and not piece.endswith(b"\n"):
            piece = file.readline(PIECE)
        yield None


def decode(data: bytes | bytearray) -> Line:
    """One line. Raises ValueError (msgspec's and json's are) that says where in the line it cannot be read."""
    try:
        line: Line = _decode(data)
    except (UnicodeDecodeError, msgspec.DecodeError):  # msgspec up to 0.22, and since then
        data.decode("utf-8")  # raises it with its place in the line; msgspec's is that in a string, or none
        raise
    # What mirror has written comes out as it went in. Anything else may say a thing twice, which msgspec lets pass.
    if encode(line) != data:
        json.loads(data, object_pairs_hook=unique, parse_constant=refuse)
    return line


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object. Raises ValueError for one that stands there twice."""
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"the key {name!r} stands there twice")
            seen.add(name)
    return members


def refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON (RFC 8259 section 6)")


def check_version(line: Line, place: str) -> None:
    if not isinstance(line, Header):
        raise CaptureError(f"{place}: the first line of a capture says its version; this one does not")
    version = f"version {line.version!s:.40}"
    if line.version > VERSION:
        raise CaptureError(f"{place}: {version} of the format; this mirror reads {VERSION}: update mirror")
    if line.version < 1:
        raise CaptureError(f"{place}: there is no {version} of the format")


def read_outcomes(file: BinaryIO, longest: int) -> Iterator[Outcome]:
    """How each test ended: told after its exchanges, so read before them."""
    for data in bounded(file, longest):
        # What mirror writes is known by its beginning. Other tools may write the members in another way.
        if data is not None and (data.startswith(OUTCOME) or (b'"outcome"' in data and b'"request"' not in data)):
            try:
                line = decode(data)
            except (msgspec.MsgspecError, ValueError, RecursionError):
                continue  # told when it is read in its turn
            if isinstance(line, Outcome):
                yield line


def outcomes_of(told: Iterable[Outcome]) -> dict[str, Outcomes]:
    """How each test ended, each time that it did. Most do once, and as many others: they share what says so."""
    outcomes: dict[str, Outcomes] = {}
    shared: dict[str, tuple[str]] = {}
    for one in told:
        before = outcomes.get(one.test)
        if before is None:
            outcomes[one.test] = shared.setdefault(one.outcome, (one.outcome,))
        elif isinstance(before, deque):
            before.append(one.outcome)
        else:
            outcomes[one.test] = deque((*before, one.outcome))
    return outcomes


def explain(error: Exception) -> str:
    """An error of a decoder in one line."""
    if isinstance(error, UnicodeDecodeError):
        return f"invalid UTF-8 at byte {error.start}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error).partition("\n")[0] or type(error).__name__
