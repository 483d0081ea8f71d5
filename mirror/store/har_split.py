"""The entries of an HTTP Archive, one at a time, as they stand in the file.

An archive is one JSON document of any size. Here the way to ``log.entries`` is followed, and what stands between the
entries is looked at; what is in an entry (and in anything else) is passed over by its brackets and strings, and for
others to read. So it takes the memory of the largest entry, a broken entry does not cost those behind it, and nothing
here is recursive. An entry beyond a limit is not kept.

Rejected: ijson. Its fast backend dies of a deeply nested document (the process, not the call), reads a large string
anew for every block of it, and tells no more than that something is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

BLOCK = 1 << 20
SPACE = re.compile(rb"[ \t\r\n]*+")
WORD = re.compile(rb'[^ \t\r\n\[\]{},:"]*+')
STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]', re.DOTALL)
REST_OF_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
SHOWN = 100  # bytes of a key or a version


class Cut(ValueError):
    """The document ends too early."""


class Archive(NamedTuple):
    """What is told of the whole: the version, once it has been seen, and whether there are entries."""

    version: str | None
    entries: bool


class Fault(NamedTuple):
    """What is no JSON between the entries, and where (in bytes from the begin)."""

    why: str
    place: int


def split(file: BinaryIO, longest: int) -> Iterator[bytearray | Archive | Fault]:
    """The elements of log.entries; before the first of them, and at the end, what is known of the archive.

    Of an element that is longer than ``longest`` there is more than that, and not all. What is wrong before the entries
    is told behind the first Archive. Raises Cut where the document is not closed.
    """
    archive = Archive(None, False)
    early: list[Fault] = []
    try:
        for found in parts_of(Document(file), longest):
            if isinstance(found, Archive):
                archive = found
                yield found
                yield from early
                early.clear()
            elif archive.entries:
                yield found
            elif isinstance(found, Fault) and not early:
                early.append(found)
    except Cut:
        if not archive.entries:
            yield archive
        raise


def parts_of(document: Document, longest: int) -> Iterator[bytearray | Archive | Fault]:
    version: str | None = None
    found = False
    for key in document.members() if document.peek() == b"{" else ():
        if isinstance(key, Fault):
            yield key
        elif key != b'"log"' or document.peek() != b"{":
            document.value(0)
        else:
            for key in document.members():
                if isinstance(key, Fault):
                    yield key
                elif key == b'"version"':
                    version = document.value(SHOWN).strip(b'"').decode("utf-8", "replace")
                elif key != b'"entries"' or document.peek() != b"[":
                    document.value(0)
                else:
                    if found:
                        yield document.fault("log.entries stands there twice")
                    found = True
                    yield Archive(version, True)
                    for fault in document.items():
                        yield fault or document.value(longest)
    if found and document.peek():
        yield document.fault("there is more behind the end of the document")
    yield Archive(version, found)


class Document:
    """A file with JSON, of which one block is held."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._before = file.tell()  # bytes in front of the block
        self._block = b""
        self._place = 0

    def fault(self, why: str) -> Fault:
        return Fault(why, self._before + self._place)

    def peek(self) -> bytes:
        """The next byte that is no blank, none at the end."""
        while True:
            self._place = SPACE.match(self._block, self._place).end()  # type: ignore[union-attr]
            if self._place < len(self._block):
                return self._block[self._place : self._place + 1]
            if not self._more():
                return b""

    def members(self) -> Iterator[bytes | Fault]:
        """Stand at the value of each member of an object in turn (it is to be taken then); yields the keys."""
        for fault in self._between(b"}"):
            if fault is not None:
                yield fault
                continue
            key = bytes(self.value(SHOWN))
            if self.peek() == b":":
                self._place += 1
            else:
                yield self.fault("a colon is missing")
            if key[:1] != b'"':
                yield self.fault("a key is no string")
            if self.peek() in (b",", b"]", b"}", b":"):
                yield self.fault("a value is missing")
            else:
                yield key

    def items(self) -> Iterator[Fault | None]:
        """Stand at each item of a list in turn (it is to be taken then)."""
        return self._between(b"]")

    def _between(self, closing: bytes) -> Iterator[Fault | None]:
        """Go from one bracket to the other: None where there is something to be taken."""
        self._place += 1
        before = b""  # a comma, or something that was taken
        while (byte := self.peek()) != closing:
            if not byte:
                raise Cut("the document ends in the middle")
            if byte in b",:]}":
                if byte != b"," or before != b"x":
                    yield self.fault(f"{byte.decode()!r} has no place there")
                self._place += 1
                if byte == b",":
                    before = byte
                elif byte == b"]" and closing == b"}":  # the wrong bracket, but one that closes
                    return
            else:
                if before == b"x":
                    yield self.fault("a comma is missing")
                yield None
                before = b"x"
        if before == b",":
            yield self.fault("a comma stands before the closing bracket")
        self._place += 1

    def value(self, longest: int) -> bytearray:
        """The next value as it stands; of a longer one the first bytes, one more than ``longest``."""
        value = bytearray()
        bare = self.peek() not in (b'"', b"{", b"[")
        depth, quoted = 0, False
        while True:
            begin = self._place
            if bare:
                self._place = WORD.match(self._block, begin).end()  # type: ignore[union-attr]
                ended = self._place < len(self._block)
            else:
                depth, quoted = self._pass(depth, quoted)
                ended = not (depth or quoted)
            value += memoryview(self._block)[begin : min(self._place, begin + longest + 1 - len(value))]
            if ended:
                return value
            if not self._more():
                if bare:
                    return value
                raise Cut("the document ends in the middle")

    def _pass(self, depth: int, quoted: bool) -> tuple[int, bool]:
        """Pass over a value as far as the block has it: how deep it is open then, and whether in a string."""
        block = self._block
        place = self._place
        if quoted:
            self._place = place = REST_OF_STRING.match(block, place).end()  # type: ignore[union-attr]
            if block[place : place + 1] != b'"':  # the block ends in it, or behind half an escape
                return depth, True
            self._place = place = place + 1
            if not depth:
                return 0, False
        for match in STRING_OR_BRACKET.finditer(block, place):
            token = match[0]
            if token == b'"':
                self._place = REST_OF_STRING.match(block, match.end()).end()  # type: ignore[union-attr]
                return depth, True
            if len(token) == 1:
                depth += 1 if token in b"{[" else -1
            if not depth:
                self._place = match.end()
                return 0, False
        self._place = len(block)
        return depth, False

    def _more(self) -> bool:
        """Go on to the next block, with what of this one has not been passed."""
        block = self._file.read(BLOCK)
        self._before += self._place
        self._block = self._block[self._place :] + block
        self._place = 0
        return bool(block)
