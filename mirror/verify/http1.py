"""HTTP/1.1 off the bytes of a connection (RFC 9112), as an observer reads it who can ask nobody.

More is let pass than a server would: what is observed has been said, and is to be told rather than refused.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mirror.exchange import Exchange, Request, Response, carries_no_body
from mirror.verify.http1_messages import REQUEST_LINE, STATUS_LINE, Direction, Message, Unreadable

if TYPE_CHECKING:
    from mirror.verify.websocket_frames import Session


# The beginning of a status line, as far as its status.
ANSWER = re.compile(rb"HTTP/1\.[0-9] [0-9]{3}")


class Asked(NamedTuple):
    """A request that waits for its response, and its place among all packets."""

    request: Request
    order: int


class Conversation:
    """A connection, listened to: ``feed`` gives the exchanges that are whole by then.

    The n-th response answers the n-th request, as long as nothing is lost. Behind a gap the first response answers the
    last request that came before it (nobody pipelines, it is assumed), and from there they count on. What may have
    been lost with its counterpart is left out: ``unpaired`` counts it. ``more_requests`` has to be set while packets
    of the client are held back.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.unpaired = 0
        self.more_requests = False
        self._session: Session | None = None
        self._asked = Direction(REQUEST_LINE)
        self._answered = Direction(STATUS_LINE)
        self._waiting: deque[Asked | None] = deque()  # None: here requests may be lost
        self._counting = True
        self._heard = 0  # the place of the last packet of the client's
        self._number = 0
        self._interim: Message | None = None

    def feed(
        self, from_client: bool, data: bytes, time: float, order: int = 0, turn: bool = True
    ) -> Iterator[Exchange]:
        """Take what one end has sent: in the packet of that place among all, behind one of the other end's or not.

        Raises Unreadable.
        """
        if self._session is not None:
            self._session.feed("client" if from_client else "server", data, time)
            return
        if from_client:
            self._heard = order
        (self._asked if from_client else self._answered).feed(data, time, order, turn)
        yield from self._listen(False)

    def gap(self, from_client: bool) -> None:
        """Bytes of one end are missing here."""
        if self._session is not None:
            self._session.cut("client" if from_client else "server")
        elif from_client:
            self._asked.gap()
            self._waiting.append(None)
        else:
            self._answered.gap()
            self._counting = False
            self._interim = None

    def end(self) -> Iterator[Exchange]:
        """The connection has ended. Raises Unreadable."""
        if self._session is not None:
            yield self._session.exchange
            return
        yield from self._listen(True)
        if self._session is not None:  # the handshake was the last that came
            yield self._session.exchange
        elif self._interim is not None and self._waiting and self._waiting[0] is not None:
            yield self._answer(self._waiting[0].request, self._interim)

    def _listen(self, ended: bool) -> Iterator[Exchange]:
        while (message := self._asked.take(empty=False, answer=False)) is not None:
            self._waiting.append(Asked(request(message), message.order))
        while self._waiting and self._answered.found():
            if self._waiting[0] is None:
                self._waiting.popleft()
                self._counting = False
                continue
            begin = bytes(self._answered.buffer[:12])
            if len(begin) < 12:
                return
            if not ANSWER.fullmatch(begin):
                raise Unreadable("an answer that is no HTTP/1.1")
            if not self._counting:
                if self.more_requests and self._answered.mark.order > self._heard:
                    return
                self._find_asked()
                continue
            asked = self._waiting[0].request
            status = int(begin[9:])
            message = self._answered.take(carries_no_body(asked.method, status), answer=True, ended=ended)
            if message is None:
                return
            if 100 <= status < 200 and status != 101:
                self._interim = message  # the final one follows, if the connection goes on
                continue
            self._interim = None
            exchange = self._answer(asked, message)
            if status == 101:
                self._upgrade(exchange, message.time)
                return
            yield exchange

    def _find_asked(self) -> None:
        """Behind a gap: put what the next response answers at the head of those that wait, or leave it out."""
        order = self._answered.mark.order
        before, last, sure = 0, 0, False
        for place, asked in enumerate(self._waiting):
            if asked is None:
                sure = False
            elif asked.order < order:
                before, last, sure = before + 1, place, True
            else:
                break
        if sure:
            for _ in range(last):
                self._waiting.popleft()
            self.unpaired += before - 1
            self._counting = True
        else:
            self.unpaired += 1
            self._answered.skip()

    def _upgrade(self, handshake: Exchange, time: float) -> None:
        """From here on the connection speaks WebSocket; the exchange is told at its end, with its messages."""
        from mirror.verify.websocket_frames import Session

        self._session = session = Session(handshake)
        session.feed("server", bytes(self._answered.buffer), time)
        if self._asked.lost:
            session.cut("client")
        session.feed("client", bytes(self._asked.buffer), time)

    def _answer(self, asked: Request, message: Message) -> Exchange:
        status = int(message.start[9:12])
        self._waiting.popleft()
        self._number += 1
        return Exchange(
            f"{self.name}-{self._number}",
            asked,
            Response(status, message.start[13:].decode("latin-1"), message.headers, message.chunks, message.trailers),
            "http",
            message.time,
            0.0,
        )


def request(message: Message) -> Request:
    parts = message.start.split(b" ")
    if len(parts) != 3 or not parts[2].startswith(b"HTTP/1."):
        raise Unreadable("a request that is no HTTP/1.1")
    return Request(parts[0].decode("latin-1"), parts[1].decode("latin-1"), message.headers, message.chunks)
