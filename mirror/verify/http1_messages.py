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


class Mark(NamedTuple):
    """Where in a direction's bytes those of a packet begin; ``turn``: the other side has sent the packet before it."""

    offset: int
    time: float
    order: int
    turn: bool


class Direction:
    """The bytes that one end has sent, and the messages that have come out of them.

    ``begins`` is what the first line of a message looks like; by it the next one is found when bytes have been lost.
    """

    def __init__(self, begins: re.Pattern[bytes]) -> None:
        self.buffer = bytearray()
        self.enough = 1  # bytes before which another look is of no use
        self.lost = False
        self._begins = begins
        self._base = 0  # the offset of the buffer's first byte
        self._marks: deque[Mark] = deque()

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

    def take(self, empty: bool, answer: bool, ended: bool = False) -> Message | None:
        """The next message, None where it has not come whole. ``empty``: its header section is all there is of it."""
        buffer = self.buffer
        if not self.found():
            return None
        if len(buffer) < self.enough and not ended:
            return None
        found = END.search(buffer, 0, LARGEST_HEAD)
        if found is None:
            if len(buffer) > LARGEST_HEAD:
                raise Unreadable("a header section of more than 1 MiB")
            return None
        lines = bytes(buffer[: found.start()]).replace(b"\r\n", b"\n").split(b"\n")
        headers = Headers(tuple(map(field, lines[1:])))
        begin = found.end()
        chunks: tuple[bytes, ...] | None = ()
        trailers, end = NONE, begin
        if not empty:
            coding = (headers.get("transfer-encoding") or "").lower()
            length = headers.get("content-length")
            if coding.endswith("chunked"):
                chunks, trailers, end = chunked(buffer, begin)
            elif length is not None:
                if not LENGTH.fullmatch(length.strip()):
                    raise Unreadable("a Content-Length that is no number of bytes")
                end = begin + int(length)
                self.enough = end
                chunks = None if len(buffer) < end else (bytes(buffer[begin:end]),) if end > begin else ()
            elif answer:  # the body ends with the connection
                end = len(buffer)
                chunks = (bytes(buffer[begin:]),) if ended and end > begin else () if ended else None
        if chunks is None:
            return None
        mark = self.mark
        self._drop(end)
        return Message(lines[0], headers, chunks, trailers, mark.time, mark.order)


def field(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon:
        raise Unreadable("a header field without a colon")
    return name, value.strip(b" \t")


def chunked(buffer: bytearray, begin: int) -> tuple[tuple[bytes, ...] | None, Headers, int]:
    """The chunks of a body that begins there, its trailers and its end; None for the chunks where it is not whole."""
    chunks: list[bytes] = []
    place = begin
    while True:
        line_end = buffer.find(b"\r\n", place)
        if line_end < 0:
            return None, NONE, begin
        size = HEX.match(bytes(buffer[place:line_end]))
        if size is None:
            raise Unreadable("a chunk without a size")
        length = int(size[0], 16)
        place = line_end + 2
        if length == 0:
            break
        if len(buffer) < place + length + 2:
            return None, NONE, begin
        chunks.append(bytes(buffer[place : place + length]))
        place += length + 2
    trailers: list[tuple[bytes, bytes]] = []
    while True:
        line_end = buffer.find(b"\r\n", place)
        if line_end < 0:
            return None, NONE, begin
        line = bytes(buffer[place:line_end])
        place = line_end + 2
        if not line:
            return tuple(chunks), Headers(tuple(trailers)), place
        trailers.append(field(line))
