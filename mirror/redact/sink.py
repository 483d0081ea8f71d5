"""A sink in front of another, which sees no secrets."""

from __future__ import annotations

from collections.abc import Sequence

from mirror.exchange import Exchange, WebSocketMessage
from mirror.recorder import LiveSink, Session
from mirror.redact.redactor import Redactor
from mirror.redact.values import Replaced


class RedactedSink:
    """Hands on what is left of exchanges when they are redacted (``--mirror-redact all``): nothing on a wire names the
    test."""

    def __init__(self, sink: LiveSink, redactor: Redactor) -> None:
        self._sink = sink
        self._redactor = redactor

    def write(self, exchange: Exchange) -> Sequence[str]:
        return self._sink.write(self._redactor.unnamed(exchange))

    def open(self, exchange: Exchange) -> Session:
        said: Replaced = {}
        return RedactedSession(self._sink.open(self._redactor.unnamed(exchange, said)), self._redactor, said)


class RedactedSession:
    """A WebSocket session without its secrets. ``said`` is what was replaced in its handshake."""

    def __init__(self, session: Session, redactor: Redactor, said: Replaced) -> None:
        self._session = session
        self._redactor = redactor
        self._said = said

    def send(self, message: WebSocketMessage) -> Sequence[str]:
        return self._session.send(self._redactor.message(message, self._said))

    def finish(self, exchange: Exchange) -> Sequence[str]:
        return self._session.finish(self._redactor.unnamed(exchange))
