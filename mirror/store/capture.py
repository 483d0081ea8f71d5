"""Captures by their names: ``.jsonl`` is mirror's own format, ``.har`` an HTTP Archive."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from mirror.errors import CaptureError
from mirror.exchange import Exchange, KnownRoute
from mirror.store.jsonl import JsonlStore, read_jsonl
from mirror.store.locking import is_busy, move_aside
from mirror.store.reading import Reading, evidently, opened
from mirror.store.remote import Source
from mirror.whole import written_whole


class Store(Protocol):
    """A file that takes exchanges, and how the tests that made them ended."""

    path: Path

    def write(self, exchange: Exchange) -> Sequence[str]: ...

    def tell(self, test: str, outcome: str) -> None: ...

    def know(self, routes: tuple[KnownRoute, ...]) -> None: ...

    def close(self) -> None: ...

    def abandon(self) -> None: ...


class HarStore:
    """A sink whose exchanges are an archive when it is closed.

    Until then they stand in a JSONL file beside it, whose name it adds ``.partial.jsonl`` to. It is what is left where
    the process is killed: ``mirror convert`` makes an archive of it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()  # a test may change the directory
        partial = partial_of(path)
        keep_aside(partial)
        self._partial = JsonlStore(partial, called=path)
        self._closed = False
        self.write = self._partial.write
        self.tell = self._partial.tell
        self.know = self._partial.know  # an archive does not hold them

    def close(self) -> None:
        """Write the archive. May be called twice. Raises CaptureError; then the other file stays."""
        if self._closed:
            return
        self._closed = True
        partial = self._partial.path
        try:
            if (gone := self._partial.gone()) is not None:
                raise CaptureError(f"{self.path} cannot be written: {gone}")
            reading = Reading(keep_going=True)
            try:
                write_out(self.path, read_jsonl(partial, reading))
            except CaptureError as error:
                raise CaptureError(f"{error}; its exchanges stay in {partial.name}, for 'mirror convert'") from None
            if reading.skipped:
                raise CaptureError(f"{self.path} lacks what cannot be read: {reading.problems[0]}; see {partial.name}")
            partial.unlink()
        finally:
            self._partial.abandon()  # last, because it unlocks: another run would begin the file anew

    def abandon(self) -> None:
        """In a forked child: the files are the parent's."""
        self._closed = True
        self._partial.abandon()


def partial_of(path: Path) -> Path:
    """Where the exchanges of an archive stand until the end of its run."""
    return path.with_name(f"{path.name}.partial.jsonl")


# How a HAR begins, whatever it is called.
ARCHIVE = re.compile(rb'\{\s*"log"\s*:')


def keep_aside(partial: Path) -> None:
    """Give what a killed run has left another name: a second run must not take it away unread."""
    if partial.is_file():
        for number in range(1, 1000):
            aside = partial.with_name(f"{partial.name.removesuffix('.jsonl')}.{number}.jsonl")
            if not aside.exists():
                with suppress(OSError):
                    move_aside(partial, aside)
                return


def open_store(path: Path, redacted: str = "") -> Store:
    """A store for a file, by its name; ``redacted`` as in JsonlStore. Raises CaptureError where it cannot be had."""
    if path.suffix.lower() == ".har":
        return HarStore(path)
    return JsonlStore(path, redacted=redacted)


def read(path: Source | str, reading: Reading | None = None) -> Iterator[Exchange]:
    """The exchanges of a capture, whichever format it has. Raises CaptureError."""
    path = Path(path) if isinstance(path, str) else path
    reading = reading or Reading()
    reading.redacted = ""
    with opened(path) as file:
        begin = file.read(4096).removeprefix(BOM_UTF8).lstrip(b" \t\r\n")
    if not begin:
        raise CaptureError(f"{path} is empty: this is no capture")
    if (why := evidently(begin)) is not None:
        kind = "HAR" if path.suffix.lower() == ".har" else "capture of mirror's"
        raise CaptureError(f"{path}: this is no {kind}: {why}")
    named = path.suffix.lower() == ".jsonl" and not ARCHIVE.match(begin)
    if named or begin.startswith((b'{"type":', b'{"type" :')):
        return read_jsonl(path, reading)
    from mirror.store.har_reader import read_har

    return read_har(path, reading)


def save(
    path: Path | str,
    exchanges: Iterable[Exchange],
    progress: Callable[[int], None] | None = None,
    known: Iterable[tuple[KnownRoute, ...]] = (),
    redacted: str = "",
) -> int:
    """Write a capture, whole or not at all; returns the number of its exchanges. Raises CaptureError.

    A folder that is missing is made. ``known`` are routes of applications, asked for when the exchanges are written; an
    archive does not hold them. ``redacted`` is by which rules all that was redacted (mirror.redact.rules.Rules.digest).
    """
    path = Path(path)
    if is_busy(path) or (path.suffix.lower() == ".har" and is_busy(partial_of(path))):
        raise CaptureError(f"{path} cannot be written: a run is writing it; name another file")
    return write_out(path, exchanges, progress, known, redacted)


def write_out(
    path: Path,
    exchanges: Iterable[Exchange],
    progress: Callable[[int], None] | None = None,
    known: Iterable[tuple[KnownRoute, ...]] = (),
    redacted: str = "",
) -> int:
    """``save`` for the run itself that is writing it."""
    if path.is_dir():
        raise CaptureError(f"{path} is a directory: name a file in it")
    if path.exists() and not path.is_file():
        raise CaptureError(f"{path} is no ordinary file: name another")
    if path.suffix.lower() not in (".jsonl", ".har"):
        raise CaptureError(f"{path}: a capture is called .jsonl (mirror's own) or .har")
    if path.suffix.lower() == ".har":
        from mirror.store.har import write_har

        return write_har(path, exchanges, progress)
    number = 0
    try:
        with written_whole(path) as new:
            store = JsonlStore(new, called=path, redacted=redacted)
            try:
                for exchange in exchanges:
                    store.write(exchange)
                    number += 1
                    if progress is not None:
                        progress(number)
                for routes in known:
                    store.know(routes)
                store.close()
            finally:
                store.abandon()
    except OSError as error:
        raise CaptureError(f"{path} cannot be written: {error.strerror or error}; name another file") from None
    return number
