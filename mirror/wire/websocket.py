"""A WebSocket session on the wire: each message as the frames of RFC 6455, while the session goes on.

As with ordinary exchanges (see connection) the publisher's thread drives both ends: what one end writes it reads at the
other, and what arrives must be the message that was sent. Frames are made and parsed by ``wsproto``, a connection of
its for each end; the client's are masked, the server's are not.

A message of more than FRAME bytes goes out in fragments of that size (a text is cut between characters: there are
proxies that decode each fragment by itself), and the other end is read between them, because one thread can wait at
one end only.

What a frame cannot hold is mended and remarked, as in ``message``: text that is not UTF-8 (U+FFFD for what is none), a
close code that must not or cannot be sent (no code instead), more than 125 bytes of a ping, a pong or a reason (cut),
anything behind a close frame but the other side's (left out; wsproto writes none).

Nothing is said that the exchange does not say: where it has no close frames the connection ends without. The server
closes the connection first (section 7.1.1), but for a session without a close frame, which a client has left.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from wsproto.connection import CLIENT, SERVER, Connection, ConnectionState
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from mirror.clock import CLOCK
from mirror.errors import WireError
from mirror.exchange import Exchange, WebSocketMessage
from mirror.wire.connection import DONTWAIT, STEP, Loop
from mirror.wire.sockets import PATIENCE, Socket, poll, set_timeouts

FRAME: Final = 32 * 1024
CONTROL: Final = 125  # bytes, at most, in a control frame (RFC 6455 section 5.5)
REASON: Final = CONTROL - 2

# Unbound methods of the C class: see mirror.wire.sockets.
_send = Socket.send
_recv = Socket.recv


class WebSocketSession:
    """One session on one connection; ``leave(lost)`` is called once, when nothing more will be sent on it.

    ``remarks`` are those on the handshake. Behind a proxy (``proxied``) messages take longer to arrive, and a proxy
    that has seen one side close closes the other itself.
    """

    def __init__(
        self, loop: Loop, leave: Callable[[bool], None], remarks: Sequence[str] = (), *, proxied: bool = False
    ) -> None:
        self._client = End(loop.client, Connection(CLIENT))
        self._server = End(loop.echo, Connection(SERVER))
        self._leave: Callable[[bool], None] | None = leave
        self._remarks = set(remarks)
        self._proxied = proxied

    def send(self, message: WebSocketMessage) -> Sequence[str]:
        """Put one message on the wire, and read it at the other end. Raises OSError or WireError.

        After that the session is over: half a message may be under way, and nothing can follow it.
        """
        if self._leave is None:
            raise WireError("the WebSocket session was lost before")
        source, target = self._client, self._server
        if message.sender == "server":
            source, target = target, source
        try:
            if source.said_close or (target.said_close and message.kind != "close"):
                self._remarks.add(f"a WebSocket message behind a close frame ({message.kind}): left out")
                return ()
            message, mends = sendable(message)
            self._remarks.update(mends)
            if message.kind == "close":
                source.said_close = True
                if self._proxied and target.said_close:
                    self._answer_close(source, target, message)
                    return ()
            deadline = CLOCK.tick() + PATIENCE + len(message.data) / 2**22
            for event in events(message):
                carry(source, target, source.protocol.send(event), deadline)
            arrived = target.take(message, deadline, self._proxied)
            if arrived != Arrived(message.kind, message.data, message.code):
                raise WireError(f"a WebSocket message ({message.kind}) arrived altered")
        except BaseException:
            self._end(lost=True)
            raise
        return ()

    def _answer_close(self, source: End, target: End, message: WebSocketMessage) -> None:
        """The second close frame, through a proxy that may have answered for this side already."""
        try:
            for event in events(message):
                carry(source, target, source.protocol.send(event), CLOCK.tick() + PATIENCE)
            target.take(message, CLOCK.tick() + PATIENCE, proxied=True)
        except (OSError, WireError):
            if target.protocol.state is not ConnectionState.CLOSED:
                self._remarks.add("proxy: a WebSocket close frame was not answered")

    def finish(self, exchange: Exchange) -> Sequence[str]:
        """End the connection; returns the remarks on the whole session, each once. Raises WireError if it was lost."""
        if self._leave is None:
            raise WireError("the WebSocket session was lost before")
        closing, waiting = (self._server, self._client) if self._server.said_close else (self._client, self._server)
        try:
            closing.sock.close()
            set_timeouts(waiting.sock, 1.0)
            while _recv(waiting.sock, STEP):
                pass
        except OSError:
            pass  # a proxy has been faster, or slower than is worth waiting for: all messages have arrived before
        self._end(lost=False)
        return sorted(self._remarks)

    def _end(self, *, lost: bool) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave(lost)


class Arrived(msgspec.Struct, frozen=True):
    """What came out of the frames at the other end."""

    kind: str
    data: bytes
    code: int = 0


class End:
    """One end of the connection: its socket, its state of the protocol, and what has arrived there."""

    __slots__ = ("_arrived", "_parts", "protocol", "said_close", "sock")

    def __init__(self, sock: Socket, protocol: Connection) -> None:
        self.sock = sock
        self.protocol = protocol
        self.said_close = False
        self._parts: list[bytes] = []
        self._arrived: list[Arrived] = []

    def feed(self, data: bytes) -> None:
        """Parse bytes that have come. Raises WireError at the end of the connection."""
        if not data:
            raise WireError("the connection of a WebSocket session was closed in the middle of it")
        self.protocol.receive_data(data)
        for event in self.protocol.events():
            self._note(event)

    def _note(self, event: Event) -> None:
        if isinstance(event, TextMessage | BytesMessage):
            self._parts.append(event.data.encode() if isinstance(event.data, str) else bytes(event.data))
            if event.message_finished:
                kind = "text" if isinstance(event, TextMessage) else "binary"
                self._arrived.append(Arrived(kind, b"".join(self._parts)))
                self._parts.clear()
        elif isinstance(event, Ping | Pong):
            self._arrived.append(Arrived("ping" if isinstance(event, Ping) else "pong", bytes(event.payload)))
        elif isinstance(event, CloseConnection):
            if self.protocol.state is ConnectionState.OPEN:  # the parser's way of saying that these are no frames
                raise WireError(f"the bytes of a WebSocket session arrived as no frames: {event.reason}")
            code = 0 if event.code == 1005 else int(event.code)
            self._arrived.append(Arrived("close", (event.reason or "").encode(), code))

    def take(self, expected: WebSocketMessage, deadline: float, proxied: bool) -> Arrived:
        """The next message, waited for. A proxy's own pings and pongs are passed over. Raises WireError."""
        while True:
            while self._arrived:
                arrived = self._arrived.pop(0)
                if not proxied or arrived.kind == expected.kind or arrived.kind not in ("ping", "pong"):
                    return arrived
            if CLOCK.tick() > deadline:
                raise WireError("a WebSocket message did not arrive in time")
            try:
                self.feed(_recv(self.sock, STEP))
            except BlockingIOError:
                raise WireError("a WebSocket message did not arrive in time") from None


def carry(source: End, target: End, data: bytes, deadline: float) -> None:
    """Write the bytes at one end, reading at the other what is there already."""
    view = memoryview(data)
    while view:
        try:
            view = view[_send(source.sock, view, DONTWAIT) :]
        except BlockingIOError:
            both = poll()
            both.register(source.sock, select.POLLOUT)
            both.register(target.sock, select.POLLIN)
            both.poll(1000 * PATIENCE)
        if CLOCK.tick() > deadline:
            raise WireError("a WebSocket message could not be written in time")
        try:
            target.feed(_recv(target.sock, STEP, DONTWAIT))
        except BlockingIOError:
            pass


# Messages as frames ---------------------------------------------------------------------------------------------------


def sendable(message: WebSocketMessage) -> tuple[WebSocketMessage, Sequence[str]]:
    """The message as frames can carry it, and what had to be mended for that."""
    kind, data, code = message.kind, message.data, message.code
    mends: list[str] = []
    if kind in ("text", "close"):
        whole = data.decode("utf-8", "replace").encode()
        if whole != data:
            mends.append(f"a WebSocket {'text' if kind == 'text' else 'close reason'} that is not UTF-8")
            data = whole
    if kind == "close":
        if code and not may_be_sent(code):
            mends.append(f"the WebSocket close code {code}, which no frame may carry: sent without a code")
            code = 0
        if data and not code:
            mends.append("a WebSocket close reason left out: there is no place for it without a code")
            data = b""
    if kind not in ("text", "binary") and len(data) > (room := REASON if kind == "close" else CONTROL):
        mends.append(f"a WebSocket {kind} with more than {room} bytes: cut")
        data = data[: cut(data, 0, room) if kind == "close" else room]
    return WebSocketMessage(message.sender, kind, data, message.time, code), mends


def framed(messages: Iterable[WebSocketMessage]) -> Sequence[WebSocketMessage]:
    """The messages of a session that goes on the wire whole, as frames carry them."""
    closed: set[str] = set()
    carried = []
    for message in messages:
        if message.sender in closed or (closed and message.kind != "close"):
            continue
        if message.kind == "close":
            closed.add(message.sender)
        carried.append(sendable(message)[0])
    return carried


def may_be_sent(code: int) -> bool:
    """Whether a close frame may carry that code, and parsers take it (RFC 6455 section 7.4; the registry it founds).

    1014 (Bad Gateway) is registered, but wsproto, and mitmproxy with it, takes it for a broken frame.
    """
    return code in (1000, 1001, 1002, 1003) or 1007 <= code <= 1013 or 3000 <= code <= 4999


def events(message: WebSocketMessage) -> Iterator[Event]:
    """The frames of a message, in wsproto's words."""
    kind, data = message.kind, message.data
    if kind == "ping":
        yield Ping(payload=data)
    elif kind == "pong":
        yield Pong(payload=data)
    elif kind == "close":
        # wsproto's types want a code, its frames do not: None is a close frame without one.
        code: Any = message.code or None
        yield CloseConnection(code=code, reason=data.decode() if code else None)
    else:
        start = 0
        while True:
            end = min(start + FRAME, len(data))
            if kind == "text":
                end = cut(data, start, end)
                yield TextMessage(data=data[start:end].decode(), message_finished=end == len(data))
            else:
                yield BytesMessage(data=data[start:end], message_finished=end == len(data))
            if end == len(data):
                return
            start = end


def cut(data: bytes, start: int, end: int) -> int:
    """The last boundary between characters of UTF-8 that is not behind ``end``."""
    while start < end < len(data) and data[end] & 0xC0 == 0x80:
        end -= 1
    return end
