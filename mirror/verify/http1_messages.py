"""HTTP/1.1 messages off the bytes that one end of a connection sends (RFC 9112 section 2), gaps among them or not."""

from __future__ import annotations

import re
from collections import deque
from typing import NamedTuple

from mirror.exchange import NONE
from mirror.headers import Headers

END = re.compile(rb"\r?\n\r?\n")
# No message has more bytes than these have digits for.
LENGTH = re.compile(r"[0-9]{1,18}")
HEX = re.compile(rb"[0-9A-Fa-f]{1,16}(?![0-9A-Fa-f])")
LARGEST_HEAD = 1 << 20
LONGEST_LINE = 8192  # of those by which a message is found behind a gap
REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [!-~\x80-\xff]+ HTTP/1\.[01]")
STATUS_LINE = re.compile(rb"HTTP/1\.[01] [1-9][0-9]{2}( [\t -~\x80-\xff]*)?")


class Unreadable(ValueError):
    """Bytes that are no HTTP/1.1."""


class Message(NamedTuple):
    """A message, and when its first byte came: seconds since the Unix epoch, and its place among all packets."""

    start: bytes
    headers: Headers
    chunks: tuple[bytes, ...]
    trailers: Headers
    time: float
    order: int


class Head(NamedTuple):
    """The header section of a message, where it ends, and what it says of the body's framing."""

    start: bytes
    headers: Headers
    end: int
    is_chunked: bool
    length: str | None


class Mark(NamedTuple):
    """Where in a direction's bytes those of a packet begin; ``turn``: the other side has sent the packet before it."""

    offset: int
    time: float
    order: int
    turn: bool


class Direction:
    """The bytes that one end has sent, and the messages that have come out of them.

    ``begins`` is what the first line of a message looks like; by it the next one is found when bytes have been lost.
    Of a message that comes in many pieces nothing is looked at twice: what is known of it stays until it is over.
    """

    def __init__(self, begins: re.Pattern[bytes]) -> None:
        self.buffer = bytearray()
        self.enough = 1  # bytes before which another look is of no use
        self.lost = False
        self._begins = begins
        self._base = 0  # the offset of the buffer's first byte
        self._marks: deque[Mark] = deque()
        self._looked = 0  # bytes in which no header section ends
        self._head: Head | None = None
        self._body: Chunked | None = None

    @property
    def mark(self) -> Mark:
        """The packet that holds the first byte of the buffer."""
        while len(self._marks) > 1 and self._marks[1].offset <= self._base:
            self._marks.popleft()
        return self._marks[0]

    def feed(self, data: bytes, time: float, order: int, turn: bool) -> None:
        if not self.buffer:
            self._marks.clear()
        self._marks.append(Mark(self._base + len(self.buffer), time, order, turn))
        self.buffer += data

    def gap(self) -> None:
        """Bytes have been lost here; what has not become a message never will."""
        self._drop(len(self.buffer))
        self._marks.clear()
        self.lost = True

    def skip(self) -> None:
        """Leave the next message out."""
        _ = self.mark
        self._marks.popleft()
        self.enough = 1
        self.lost = True

    def found(self) -> bool:
        """Whether it is known where the next message begins.

        Behind a gap that is a packet that begins like a message, and follows one of the other side: each side waits for
        the other with its messages, and anywhere else a body may look like anything.
        """
        while self.lost and self._marks:
            if not self._marks[0].turn:
                self._marks.popleft()
                continue
            begin = self._marks[0].offset - self._base
            line, end, _ = bytes(self.buffer[begin : begin + LONGEST_LINE]).partition(b"\r\n")
            if end and self._begins.fullmatch(line):
                # The end of a body may look like the beginning of a method.
                for mark in self._marks:
                    inside = mark.offset - self._base - begin
                    if inside > len(line):
                        break
                    if mark.turn and self._begins.fullmatch(line, inside):
                        begin += inside
                        line = line[inside:]
                self._drop(begin)
                self.lost = False
            elif not end and len(line) < LONGEST_LINE:
                self._drop(begin)
                return False
            else:
                self._marks.popleft()
        if self.lost:
            self._drop(len(self.buffer))
        return not self.lost

    def _drop(self, size: int) -> None:
        del self.buffer[:size]
        self._base += size
        self.enough = 1
        self._looked = 0
        self._head = self._body = None

    def take(self, empty: bool, answer: bool, ended: bool = False) -> Message | None:
        """The next message, None where it has not come whole. ``empty``: its header section is all there is of it."""
        buffer = self.buffer
        if not self.found():
            return None
        if len(buffer) < self.enough and not ended:
            return None
        if self._head is None:
            self._head = self._find_head()
        head = self._head
        if head is None:
            return None
        chunks: tuple[bytes, ...] | None = ()
        trailers, end = NONE, head.end
        if not empty:
            if head.is_chunked:
                body = self._body = self._body or Chunked(head.end)
                if body.read(buffer):
                    chunks, trailers, end = tuple(body.chunks), Headers(tuple(body.trailers)), body.place
                else:
                    chunks = None
                self.enough = body.enough
            elif head.length is not None:
                if not LENGTH.fullmatch(head.length.strip()):
                    raise Unreadable("a Content-Length that is no number of bytes")
                end += int(head.length)
                self.enough = end
                chunks = None if len(buffer) < end else (bytes(buffer[head.end : end]),) if end > head.end else ()
            elif answer:  # the body ends with the connection
                end = len(buffer)
                chunks = (bytes(buffer[head.end :]),) if ended and end > head.end else () if ended else None
        if chunks is None:
            return None
        mark = self.mark
        self._drop(end)
        return Message(head.start, head.headers, chunks, trailers, mark.time, mark.order)

    def _find_head(self) -> Head | None:
        """The header section that the buffer begins with, None where it has not come whole."""
        buffer = self.buffer
        found = END.search(buffer, max(self._looked - 3, 0), LARGEST_HEAD)  # the blank line may have come in two
        if found is None:
            if len(buffer) > LARGEST_HEAD:
                raise Unreadable("a header section of more than 1 MiB")
            self._looked = len(buffer)
            return None
        start, *fields = bytes(buffer[: found.start()]).replace(b"\r\n", b"\n").split(b"\n")
        headers = Headers(tuple(map(field, fields)))
        coding = (headers.get("transfer-encoding") or "").lower()
        return Head(start, headers, found.end(), coding.endswith("chunked"), headers.get("content-length"))


def field(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon:
        raise Unreadable("a header field without a colon")
    return name, value.strip(b" \t")


class Chunked:
    """A chunked body, read as it comes (RFC 9112 section 7.1): its chunks and trailers so far.

    ``place`` is where in the buffer the next line or chunk begins; as long as that has not ``enough`` bytes, another
    look is of no use.
    """

    def __init__(self, begin: int) -> None:
        self.chunks: list[bytes] = []
        self.trailers: list[tuple[bytes, bytes]] = []
        self.place = self.enough = begin
        self._looked = begin  # where the line that has not come whole is searched on for its end
        self._length: int | None = None  # of the chunk that begins at that place; None: its size is not known yet

    def read(self, buffer: bytearray) -> bool:
        """Read on; whether the body is whole. Raises Unreadable."""
        while self._length != 0:
            if self._length is None:
                line = self._line(buffer)
                if line is None:
                    return False
                size = HEX.match(line)
                if size is None:
                    raise Unreadable("a chunk without a size")
                self._length = int(size[0], 16)
            else:
                end = self.place + self._length
                self.enough = end + 2
                if len(buffer) < self.enough:
                    return False
                self.chunks.append(bytes(buffer[self.place : end]))
                self.place = self._looked = self.enough
                self._length = None
        while line := self._line(buffer):
            self.trailers.append(field(line))
        return line is not None

    def _line(self, buffer: bytearray) -> bytes | None:
        """The next line, None where it has not come whole."""
        end = buffer.find(b"\r\n", self._looked)
        if end < 0:
            self.enough = len(buffer) + 1
            self._looked = max(len(buffer) - 1, self._looked)  # the line break may have come in two
            return None
        line = bytes(buffer[self.place : end])
        self.place = self._looked = end + 2
        return line
