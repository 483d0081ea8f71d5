"""What a test process and a hub say to each other: bytes and values, no I/O.

One TCP connection for each process. The process begins with a line, ``mirror-hub/1 TOKEN NAME``; everything after it,
in both directions, is frames: four bytes of length (big-endian) and as many bytes of MessagePack, one of the values
below. The hub answers the line with Welcome or Refused. Then the process tells what it has: exchanges, counts of what
never became one, the events of WebSocket sessions; at its end, that this was all (Left). The hub says now and then
what it has taken (Taken, in all since the connection began), and once for each Ask, when everything before it has been
taken.

Values are validated when they are decoded, and nothing is ever unpickled. Lengths are bounded, and a frame is read as
its bytes come: a length alone reserves nothing.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Annotated, Final, NamedTuple
from urllib.parse import unquote

import msgspec

from mirror.address import Address
from mirror.counts import Counts
from mirror.errors import HubError
from mirror.exchange import Exchange, KnownRoute, WebSocketMessage, in_utf_8

GREETING: Final = b"mirror-hub/1 "
# The first line of a connection is no longer than that.
HELLO_LIMIT: Final = 512
# The longest frame. An exchange that is larger cannot be handed over; it counts as failed.
FRAME_LIMIT: Final = 256 * 1024 * 1024
# What a hub answers is short: reasons are bounded in number, not in length.
ANSWER_LIMIT: Final = 4 * 1024 * 1024

# A token is anything that can stand in a URL before the @, and long enough not to be guessed.
TOKEN: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=%-]{8,200}")

PREFIX = struct.Struct(">I")
Number = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class HubAddress(NamedTuple):
    """Where a hub is, and what it wants to hear. Its text does not hold the token."""

    host: str
    port: int
    token: str

    def __str__(self) -> str:
        return str(Address(self.host, self.port))

    @property
    def url(self) -> str:
        """What MIRROR_HUB is set to."""
        return f"http://{self.token}@{self}"


def parse_hub(url: str) -> HubAddress:
    """A hub's URL in the form that mirror.config has checked. Raises HubError, which does not repeat the token."""
    token, _, rest = url.partition("://")[2].rpartition("@")
    host, _, port = rest.rstrip("/").rpartition(":")
    if not port.isdecimal() or not 0 < int(port) <= 65535:
        raise HubError("MIRROR_HUB: a port is a number from 1 to 65535: write http://TOKEN@HOST:PORT")
    if not TOKEN.fullmatch(token):
        raise HubError("MIRROR_HUB: this cannot be the token of a hub: copy the line that 'mirror serve' prints")
    return HubAddress(unquote(host.strip("[]")), int(port), token)


# From the process to the hub -----------------------------------------------------------------------------------------


class Handed(msgspec.Struct, frozen=True, tag="exchange"):
    """An exchange, why it is lost all the same (a hook raised, say), and what was remarked on it."""

    exchange: Exchange
    loss: str | None = None
    remarks: tuple[str, ...] = ()


class Counted(msgspec.Struct, frozen=True, tag="counted"):
    """What never became an exchange, or came after it: numbers by reason."""

    failures: dict[str, Number] = {}
    ignores: dict[str, Number] = {}
    remarks: dict[str, Number] = {}


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """A WebSocket session begins; ``key`` is its number on this connection."""

    key: int
    exchange: Exchange


class Sent(msgspec.Struct, frozen=True, tag="sent"):
    """A message of a WebSocket session, of either side."""

    key: int
    message: WebSocketMessage


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """A WebSocket session is over. Where the exchange has no messages, they are those that were sent."""

    key: int
    exchange: Exchange
    loss: str | None = None
    remarks: tuple[str, ...] = ()


class Concluded(msgspec.Struct, frozen=True, tag="concluded"):
    """A test is over, and how it ended."""

    test: str
    outcome: str


class Known(msgspec.Struct, frozen=True, tag="known"):
    """All routes of an application."""

    routes: tuple[KnownRoute, ...]


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Tell me when everything before this has been taken."""

    serial: int


class Left(msgspec.Struct, frozen=True, tag="left"):
    """This was all: the connection ends here, and its process has not vanished."""


# From the hub to the process -----------------------------------------------------------------------------------------


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """The token was right. ``url``: where the echo listens; ``routes``: whether the hub keeps those of applications."""

    url: str
    routes: bool = True


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Why the hub does not take this connection."""

    reason: str


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """What the hub has taken on this connection, and what became of it. ``answer`` is the last Ask before it."""

    counts: Counts
    answer: int = 0


Telling = Handed | Counted | Opened | Sent | Finished | Concluded | Known | Ask | Left
Answer = Welcome | Refused | Taken

ENCODER = msgspec.msgpack.Encoder()
TELLING: msgspec.msgpack.Decoder[Telling] = msgspec.msgpack.Decoder(Telling)
ANSWER: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def frame(value: Telling | Answer, limit: int = FRAME_LIMIT) -> bytes:
    """A value as bytes for the connection. Raises HubError where it is larger than ``limit`` or cannot be written."""
    try:
        data = in_utf_8(value, ENCODER.encode)
    except (msgspec.MsgspecError, OverflowError, TypeError, UnicodeError) as error:
        raise HubError(f"an exchange cannot be handed over: {error}") from None
    if len(data) > limit:
        raise HubError(f"an exchange is larger than a hub takes ({limit // 2**20} MiB)")
    return PREFIX.pack(len(data)) + data


def hello(token: str, name: str) -> bytes:
    """The line with which a process begins."""
    plain = re.sub(r"[^!-~]", "-", name)[:100] or "-"
    return GREETING + f"{token} {plain}\n".encode("ascii")


class Hello(NamedTuple):
    token: bytes
    name: str


def read_hello(line: bytes) -> Hello | None:
    """The first line of a connection without its end; None where it is not one of ours."""
    parts = line.removeprefix(GREETING).split(b" ")
    if not line.startswith(GREETING) or len(parts) != 2 or not line.isascii():
        return None
    return Hello(parts[0], parts[1].decode("ascii"))


class Frames:
    """Takes bytes as they come, gives out the frames that are whole. ``limit`` bounds a frame's length."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def line(self) -> bytes | None:
        """The first line, taken out; None where it has not ended yet. Raises HubError where it is too long."""
        end = self._buffer.find(b"\n", 0, HELLO_LIMIT)
        if end < 0:
            if len(self._buffer) >= HELLO_LIMIT:
                raise HubError("a first line that is too long")
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def __iter__(self) -> Iterator[bytes]:
        """The frames that are whole, taken out. Raises HubError where one is announced that is too long."""
        position = 0
        try:
            while len(self._buffer) - position >= 4:
                (size,) = PREFIX.unpack_from(self._buffer, position)
                if size > self.limit:
                    raise HubError(f"a frame of {size} bytes was announced; the longest has {self.limit}")
                if len(self._buffer) - position - 4 < size:
                    return
                position += 4 + size
                yield bytes(memoryview(self._buffer)[position - size : position])
        finally:
            del self._buffer[:position]
