"""WebSocket sessions as an observer saw them, read by hand after RFC 6455: none of mirror's code, nor wsproto's."""

from __future__ import annotations

import struct
from typing import NamedTuple

import h11
from observer import Fields, Stream

from mirror import Exchange
from mirror.exchange import WebSocketMessage

OPCODES = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}

# (sender, kind, data, code)
Said = tuple[str, str, bytes, int]


class Frame(NamedTuple):
    final: bool
    opcode: str
    masked: bool
    payload: bytes


class Session(NamedTuple):
    """The two heads, the messages in the order in which their last bytes came, and each side's frames."""

    target: bytes
    headers: Fields
    status: int
    reason: bytes
    response_headers: Fields
    messages: list[Said]
    client: list[Frame]
    server: list[Frame]


def session(stream: Stream) -> Session:
    """The session of one connection. Raises where its bytes are anything else."""
    server = h11.Connection(h11.SERVER)
    server.receive_data(bytes(stream.sent))
    request = server.next_event()
    assert isinstance(request, h11.Request), request
    assert server.next_event() == h11.EndOfMessage()
    client = h11.Connection(h11.CLIENT)
    client.send(request)
    client.send(h11.EndOfMessage())
    client.receive_data(bytes(stream.received))
    response = client.next_event()
    assert isinstance(response, h11.InformationalResponse), response

    sides = {True: Side("client"), False: Side("server")}
    messages = [message for client_s, data in stream.turns for message in sides[client_s].read(data)]
    assert not sides[True].rest
    assert not sides[False].rest
    return Session(
        request.target,
        tuple(request.headers.raw_items()),
        response.status_code,
        response.reason,
        tuple(response.headers.raw_items()),
        messages,
        sides[True].frames,
        sides[False].frames,
    )


class Side:
    """What one side says: a head, then frames."""

    def __init__(self, sender: str) -> None:
        self.sender = sender
        self.rest = b""
        self.frames: list[Frame] = []
        self._head = True
        self._parts: list[Frame] = []

    def read(self, data: bytes) -> list[Said]:
        self.rest += data
        if self._head:
            _, end, rest = self.rest.partition(b"\r\n\r\n")
            if not end:
                return []
            self._head, self.rest = False, rest
        said: list[Said] = []
        while (frame := self._frame()) is not None:
            self.frames.append(frame)
            said += self._message(frame)
        return said

    def _frame(self) -> Frame | None:
        data = self.rest
        if len(data) < 2:
            return None
        assert data[0] & 0x70 == 0, "a reserved bit"
        size, place = data[1] & 0x7F, 2
        if size == 126:
            place = 4
            size = struct.unpack_from("!H", data, 2)[0] if len(data) >= place else 0
        elif size == 127:
            place = 10
            size = struct.unpack_from("!Q", data, 2)[0] if len(data) >= place else 0
        masked = bool(data[1] & 0x80)
        key = data[place : place + 4] if masked else bytes(4)
        place += 4 * masked
        if len(data) < place + size:
            return None
        payload, self.rest = data[place : place + size], data[place + size :]
        if any(key):
            long = (key * (size // 4 + 1))[:size]
            payload = (int.from_bytes(payload, "big") ^ int.from_bytes(long, "big")).to_bytes(size, "big")
        return Frame(bool(data[0] & 0x80), OPCODES[data[0] & 0x0F], masked, payload)

    def _message(self, frame: Frame) -> list[Said]:
        assert frame.masked is (self.sender == "client")
        if frame.opcode in ("close", "ping", "pong"):
            assert frame.final
            assert len(frame.payload) <= 125
            if frame.opcode == "close" and frame.payload:
                return [(self.sender, "close", frame.payload[2:], struct.unpack_from("!H", frame.payload)[0])]
            return [(self.sender, frame.opcode, frame.payload, 0)]
        assert (frame.opcode == "continuation") is bool(self._parts)
        self._parts.append(frame)
        if not frame.final:
            return []
        kind, data = self._parts[0].opcode, b"".join(part.payload for part in self._parts)
        self._parts.clear()
        if kind == "text":
            data.decode()
        return [(self.sender, kind, data, 0)]


def said(exchange: Exchange) -> list[Said]:
    """An exchange's messages as the wire has to show them."""
    return [(message.sender, message.kind, message.data, message.code) for message in exchange.messages]


def assert_shows(seen: Session, exchange: Exchange, added: Fields = ()) -> None:
    """The wire shows the session, and nothing else but the fields added to its handshake."""
    assert seen.target.decode() == exchange.request.target
    assert seen.headers == (*exchange.request.headers.raw, *added)
    assert (seen.status, seen.reason) == (101, b"Switching Protocols")
    assert seen.response_headers == exchange.response.headers.raw
    assert seen.messages == said(exchange)


def say(sender: str, kind: str, data: bytes = b"", code: int = 0) -> WebSocketMessage:
    return WebSocketMessage(sender, kind, data, 1.0, code)  # type: ignore[arg-type]
