"""The messages of a WebSocket session off the bytes of its connection (RFC 6455), both directions overheard."""

from __future__ import annotations

from typing import Literal

import msgspec
from wsproto.connection import CLIENT, SERVER, Connection
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage
from wsproto.utilities import RemoteProtocolError

from mirror.exchange import Exchange, WebSocketMessage

Sender = Literal["client", "server"]


class Session:
    """Feed it what either side sends after the 101; ``exchange`` has the messages that were whole by then."""

    def __init__(self, handshake: Exchange) -> None:
        self._handshake = handshake
        self._messages: list[WebSocketMessage] = []
        # What a client sends is read by a server, and the other way round.
        self._readers = {"client": Connection(SERVER), "server": Connection(CLIENT)}
        self._parts: dict[str, list[bytes]] = {"client": [], "server": []}
        self._broken: set[Sender] = set()

    def feed(self, sender: Sender, data: bytes, time: float) -> None:
        """Take bytes of one side. What is no WebSocket any more ends the session."""
        if sender in self._broken or not data:
            return
        reader = self._readers[sender]
        try:
            reader.receive_data(data)
            for event in reader.events():
                self._take(sender, event, time)
        except RemoteProtocolError:
            self._broken |= {"client", "server"}

    def cut(self, sender: Sender) -> None:
        """Bytes of one side are missing: no later frame of it can be told."""
        self._broken.add(sender)

    def _take(self, sender: Sender, event: Event, time: float) -> None:
        if isinstance(event, TextMessage | BytesMessage):
            parts = self._parts[sender]
            parts.append(event.data.encode("utf-8") if isinstance(event.data, str) else bytes(event.data))
            if event.message_finished:
                kind: Literal["text", "binary"] = "text" if isinstance(event, TextMessage) else "binary"
                self._messages.append(WebSocketMessage(sender, kind, b"".join(parts), time))
                parts.clear()
        elif isinstance(event, CloseConnection):
            reason = (event.reason or "").encode("utf-8")
            self._messages.append(WebSocketMessage(sender, "close", reason, time, int(event.code or 0)))
        elif isinstance(event, Ping | Pong):
            kind_of: Literal["ping", "pong"] = "ping" if isinstance(event, Ping) else "pong"
            self._messages.append(WebSocketMessage(sender, kind_of, bytes(event.payload), time))

    @property
    def exchange(self) -> Exchange:
        return msgspec.structs.replace(self._handshake, messages=tuple(self._messages))
