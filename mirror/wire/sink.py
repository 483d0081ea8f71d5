"""The sink that puts exchanges on the wire, and WebSocket sessions while they go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from mirror.errors import ProxyError, WireError
from mirror.exchange import Exchange, Request, carries_no_body
from mirror.headers import Headers
from mirror.wire.connection import Loop
from mirror.wire.handover import Handover, Switching
from mirror.wire.message import Fields, Message, write_request, write_response
from mirror.wire.pending import Expected, Pending
from mirror.wire.proxy import CLOSE, Proxy, Reply, no_passage
from mirror.wire.server import UNKNOWN, EchoServer
from mirror.wire.sockets import PATIENCE, set_timeouts, tune

if TYPE_CHECKING:
    from mirror.wire.websocket import WebSocketSession


class Wire(msgspec.Struct, frozen=True):
    """How exchanges reach the echo.

    ``proxy`` is None for the publisher's own connections. ``mode`` says what kind of proxy it is.
    ``correlation_header`` is the name of the field that carries the exchange's ID, or None to send none.
    """

    proxy: Proxy | None = None
    mode: Literal["reverse", "forward"] = "reverse"
    correlation_header: str | None = None


class WireSink:
    """Publishes each exchange before ``write`` returns. Raises OSError or MirrorError where it could not."""

    def __init__(self, server: EchoServer, pending: Pending, wire: Wire) -> None:
        self.server = server
        self.pending = pending
        self.wire = wire
        self._header = wire.correlation_header.encode("ascii") if wire.correlation_header else None

    def write(self, exchange: Exchange) -> Sequence[str]:
        """Put one exchange on the wire; returns what could not be written as it stood.

        A WebSocket session that is over is played from its beginning to its end.
        """
        if exchange.response.status == 101 and is_session(exchange):
            session = self.open(exchange)
            for one in exchange.messages:
                session.send(one)
            return session.finish(exchange)
        request = exchange.request
        response = write_response(exchange.response, request.method)
        added: Fields = ((self._header, exchange.id.encode()),) if self._header else ()
        if self.wire.proxy is not None:
            return self._write_through(self.wire.proxy, exchange, response, added)
        # Both ends of the publisher's own connection know which exchange is under way; nobody has to ask for it.
        message = write_request(request, None, added)
        self.server.connections.exchange(message, response)
        return (*message.mends, *response.mends)

    def open(self, exchange: Exchange) -> WebSocketSession:
        """A WebSocket session on a connection of its own; its handshake has made its trip."""
        from mirror.wire.websocket import WebSocketSession  # and wsproto: for those alone who have sessions

        request, proxy = exchange.request, self.wire.proxy
        response = write_response(exchange.response, request.method)
        added: Fields = ((self._header, exchange.id.encode()),) if self._header else ()
        target = self.server.absolute(request.target) if proxy and self.wire.mode == "forward" else None
        handshake = write_request(request, target, added)
        mends = (*handshake.mends, *response.mends)
        if proxy is not None:
            with proxy.turn:
                loop = self.server.join(self._upgrade(proxy, exchange, handshake, response))
        else:
            loop = self.server.join()
            try:
                loop.exchange(handshake, response)
            except BaseException:
                self.server.leave(loop)
                raise

        def leave(lost: bool) -> None:
            self.server.leave(loop)
            if proxy is not None:
                proxy.session_ended(lost=lost)

        return WebSocketSession(loop, leave, mends, proxied=proxy is not None)

    def _upgrade(self, proxy: Proxy, exchange: Exchange, handshake: Message, response: Message) -> Loop:
        """The client's connection to the proxy, and the proxy's to the echo, when the handshake is over."""
        handover = Handover()
        switching = Switching(response.blocks, response.size, response.mends, True, handover=handover)
        self.pending.put(exchange.id, Expected(exchange.request.method, exchange.request.target, switching))
        try:
            client = proxy.upgrade(handshake)
            try:
                echo = handover.wait(PATIENCE)
            except BaseException as error:
                client.close()
                proxy.session_ended(lost=True)
                if isinstance(error, WireError):
                    raise ProxyError(
                        f"the proxy {proxy.address} did not pass the WebSocket handshake on to the echo"
                    ) from None
                raise
        except BaseException:
            handover.give_up()
            raise
        finally:
            self.pending.discard(exchange.id)
            handover.close()
        set_timeouts(echo, PATIENCE)
        tune(echo)
        return Loop(client, echo)

    def _write_through(self, proxy: Proxy, exchange: Exchange, response: Message, added: Fields) -> Sequence[str]:
        request = exchange.request
        reason = no_passage(request.method, exchange.response.status)
        if reason is not None:
            raise ProxyError(reason)
        target = self.server.absolute(request.target) if self.wire.mode == "forward" else None
        message = write_request(closing(request), target, (CLOSE, *added))
        with proxy.turn:
            reply = self._trip(proxy, exchange, message, response)
        return (*message.mends, *response.mends, *altered(exchange, reply))

    def _trip(self, proxy: Proxy, exchange: Exchange, message: Message, response: Message) -> Reply:
        request = exchange.request
        self.pending.put(exchange.id, Expected(request.method, request.target, response))
        try:
            reply = proxy.trip(message, request.method, response.size)
            if exchange.id in self.pending and reply.status >= 500:
                # Once more: Optic takes a port number that the system gives out twice for a loop, now and then.
                reply = proxy.trip(message, request.method, response.size)
            if exchange.id in self.pending:
                raise ProxyError(
                    f"the proxy {proxy.address} answered {reply.status} itself: the request never came to the echo"
                )
            if reply.status == 404 and reply.body.startswith(UNKNOWN) and exchange.response.status != 404:
                raise ProxyError("another request to the echo port took the response: the proxy's own found none")
            return reply
        finally:
            self.pending.discard(exchange.id)


def is_session(exchange: Exchange) -> bool:
    """Whether a 101 begins a WebSocket session (there are other protocols to switch to)."""
    return (exchange.response.headers.get("upgrade") or "").strip().lower() == "websocket"


def closing(request: Request) -> Request:
    """The request without a Connection field of its own: its connection serves this one exchange."""
    fields = [field for field in request.headers.raw if field[0].lower() != b"connection"]
    return msgspec.structs.replace(request, headers=Headers(tuple(fields)))


def altered(exchange: Exchange, reply: Reply) -> list[str]:
    """What the proxy made of the response, compared with what the application gave."""
    response = exchange.response
    changes: list[str] = []
    if reply.status != response.status:
        changes.append(f"proxy: status {response.status} came back as {reply.status}")
    if not carries_no_body(exchange.request.method, response.status) and reply.body != response.body:
        changes.append("proxy: the body came back altered")
    return changes
