"""What a hub remembers of each connection: who it is, what it has said, which WebSocket sessions of it go on."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mirror.clock import CLOCK
from mirror.errors import HubError
from mirror.exchange import Exchange, WebSocketMessage
from mirror.recorder import LiveSession, Recorder
from mirror.wire.hub_protocol import FRAME_LIMIT, TELLING, Finished, Frames, Opened, Sent, Telling
from mirror.wire.sockets import Socket


class Live:
    """A WebSocket session that goes on, and what has been said in it."""

    def __init__(self, session: LiveSession, exchange: Exchange) -> None:
        self.session = session
        self.exchange = exchange
        self.messages: list[WebSocketMessage] = []


class Link:
    """One connection. ``ledger`` counts what came over it; None as long as it has not said its token, and its name.
    ``has_left``: it has said that this was all."""

    def __init__(self, sock: Socket) -> None:
        self.sock = sock
        self.name = ""
        self.has_left = False
        self.since = CLOCK.tick()
        self.frames = Frames(FRAME_LIMIT)
        self.ledger: Recorder | None = None
        self.live: dict[int, Live] = {}
        self.news = False
        self.answer = 0
        self.unsent = b""

    def follow(self, told: Opened | Sent | Finished, ledger: Recorder, recorder: Recorder) -> None:
        """An event of a WebSocket session, for the recorder; its end counts in the ledger. Raises HubError."""
        live = self.live.get(told.key)
        if isinstance(told, Opened):
            if live is not None:
                raise HubError("a WebSocket session that has begun already")
            self.live[told.key] = Live(recorder.open(told.exchange), told.exchange)
        elif live is None:
            what = "a message" if isinstance(told, Sent) else "the end"
            raise HubError(f"{what} of no WebSocket session")
        elif isinstance(told, Sent):
            live.messages.append(told.message)
            live.session.send(told.message)
        else:
            del self.live[told.key]
            end(ledger, live, told.exchange, told.loss, told.remarks)

    def end_sessions(self) -> None:
        """The connection has gone, and with it what goes on."""
        while self.live:
            _, live = self.live.popitem()
            if self.ledger is not None:
                end(self.ledger, live, live.exchange, "its process was gone before the WebSocket session had ended")


def end(ledger: Recorder, live: Live, exchange: Exchange, loss: str | None, remarks: Sequence[str] = ()) -> None:
    """Finish a session, with its messages where the exchange has none, and count it."""
    if live.messages and not exchange.messages:
        exchange = msgspec.structs.replace(exchange, messages=tuple(live.messages))
    live.session.finish(exchange, loss, remarks)
    ledger.count(live.session.loss, live.session.remarks)


def decode(payload: bytes) -> Telling:
    """A frame of a process's. Raises HubError."""
    try:
        return TELLING.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise HubError(f"a frame that is not understood ({error})") from None
