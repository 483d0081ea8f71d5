"""Reading what may be broken: what is skipped, and whether to go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from mirror.errors import CaptureError
from mirror.exchange import KnownRoute
from mirror.store.remote import Remote, Source

# A hostile file of many broken records must not fill the memory: the first are told, all are counted.
TOLD = 20

BUFFER = 1 << 20

LONGEST = 384 << 20  # bytes of one exchange as text: two bodies of 100 MiB in base64, and a third

# What files are mistaken for captures, by their first bytes, and what is to be done about it.
MISTAKEN = (
    (b"\x1f\x8b", "it is compressed: gunzip it first"),
    (b"(\xb5/\xfd", "it is compressed: decompress it with zstd first"),
    (b"PK\x03\x04", "it is a ZIP archive: unzip it first"),
    (b"\xff\xfe", "it is UTF-16: convert it to UTF-8 first"),
    (b"\xfe\xff", "it is UTF-16: convert it to UTF-8 first"),
    (b"{\0", "it is UTF-16: convert it to UTF-8 first"),
    (b"\0{", "it is UTF-16: convert it to UTF-8 first"),
    (b"\0", "it begins with null bytes: it was not written to its end, or is no text at all"),
)


class Reading:
    """One reading of captures. ``skipped`` counts what could not be read, ``problems`` says the first of it in words
    (and of what was odd and read all the same).
    ``known`` are the routes of the applications that have been come across so far, those of each together. ``redacted``
    is by which rules of this very version of mirror the exchanges that come now were redacted, as far as that is told.

    With ``keep_going`` what cannot be read is skipped; without, the first of it raises CaptureError. Without
    ``outcomes`` nobody asks how the tests ended: that stands behind the exchanges, so it takes a pass of its own.
    An exchange of more than ``longest`` bytes cannot be read.
    """

    def __init__(self, keep_going: bool = False, outcomes: bool = True, longest: int = LONGEST) -> None:
        self.keep_going = keep_going
        self.outcomes = outcomes
        self.longest = longest
        self.skipped = 0
        self.problems: list[str] = []
        self.redacted = ""
        self.known: list[tuple[KnownRoute, ...]] = []
        self._known: set[tuple[KnownRoute, ...]] = set()

    def know(self, routes: tuple[KnownRoute, ...]) -> None:
        """A capture holds the routes of an application."""
        if routes not in self._known:
            self._known.add(routes)
            self.known.append(routes)

    def skip(self, place: str, why: str) -> None:
        """A part cannot be read. Raises CaptureError where the reading does not go on."""
        if not self.keep_going:
            raise CaptureError(f"{place}: {why} (--keep-going reads the rest)")
        self.redacted = ""  # it may have been the beginning of another capture
        self.note(place, why)

    def skip_long(self, place: str) -> None:
        """A part is longer than ``longest``. Raises CaptureError where the reading does not go on."""
        self.skip(place, f"longer than {self.longest >> 20} MiB, as no capture has it")

    def note(self, place: str, why: str) -> None:
        """A part cannot be read, and that is no reason to stop."""
        self.skipped += 1
        self.remark(place, why)

    def remark(self, place: str, what: str) -> None:
        """Something is wrong with a part that was read all the same."""
        if len(self.problems) < TOLD:
            self.problems.append(f"{place}: {what}")


@contextmanager
def opened(path: Source) -> Iterator[BinaryIO]:
    """The file, to be read. Raises CaptureError that says why it cannot be."""
    with path.open(BUFFER) if isinstance(path, Remote) else opened_here(path) as file:
        try:
            yield file
        except OSError as error:
            raise CaptureError(f"{path} cannot be read: {error.strerror or error}") from None


def opened_here(path: Path) -> BinaryIO:
    try:
        if path.is_dir():
            raise CaptureError(f"{path} is a directory: name a file in it")
        if path.exists() and not path.is_file():
            raise CaptureError(f"{path} is no ordinary file: copy what it gives into one")
        return path.open("rb", buffering=BUFFER)
    except OSError as error:
        raise CaptureError(f"{path} cannot be read: {error.strerror or error}") from None


def evidently(begin: bytes) -> str | None:
    """What a file is that begins so and is no capture, where that is evident."""
    return next((why for magic, why in MISTAKEN if begin.startswith(magic)), None)
