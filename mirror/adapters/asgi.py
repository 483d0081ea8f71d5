"""The ASGI observer: an application around an application (ASGI 3.0) that sees every call and changes none.

Messages are copied when they pass (an application may use one buffer for all its chunks) and kept when the client has
taken them, so that a stream that the client stopped reading ends with the last chunk it saw. The exchange is recorded
when the application returns or raises. Every client waits for that before its call returns, and a background task's
failure still belongs to the exchange. Nothing is awaited but the application and the client: what an application
raises, cancellation included, goes on as the very same object. (WebSocket sessions: see websocket.)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from mirror.adapters.gateway import MARK, SERVER_ERROR, as_bytes, quote_rest
from mirror.adapters.known import meet_router
from mirror.adapters.routes import asgi_route
from mirror.counts import describe
from mirror.exchange import Exchange, Request, Response
from mirror.headers import Headers
from mirror.recorder import Recorder

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Sent(msgspec.Struct, frozen=True):
    """What only the client knows of its request.

    ``target`` as it was written; ``names`` are the names of the header fields in their own case; ``body`` is None where
    the client makes it while the application reads.
    """

    target: str
    names: tuple[bytes, ...] = ()
    body: bytes | None = None


class AsgiObserver:
    """Wraps an ASGI application: every call of it becomes an exchange in ``recorder``.

    An observer that a client's call goes through is the ``outermost``; any other lets pass what one further out has
    marked.
    """

    __slots__ = ("app", "outermost", "recorder", "sent")

    def __init__(
        self, app: Application, recorder: Recorder, sent: Sent | None = None, *, outermost: bool = False
    ) -> None:
        self.app = app
        self.recorder = recorder
        self.sent = sent
        self.outermost = outermost

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind not in ("http", "websocket") or (MARK in scope and not self.outermost):
            return await self.app(scope, receive, send)
        if kind == "websocket":
            from mirror.adapters.websocket import observe  # which imports this module

            return await observe(self, scope, receive, send)
        try:
            call = AsgiCall(self, scope, receive, send)
        except Exception as failure:
            self.recorder.lose(f"the request could not be read: {describe(failure)}")
            return await self.app(scope, receive, send)
        try:
            await self.app(scope, call.receive if call.body is None else receive, call.send)
        except BaseException as error:
            call.finish(error)
            raise
        call.finish()


class AsgiCall:
    """One call of the application: its request, and what it has answered so far."""

    __slots__ = (
        "_application", "_fields", "_key", "_receive", "_recorder", "_response_fields", "_root_path", "_scope", "_send",
        "_sent", "_started", "_test", "_trailers", "_unfinished", "body", "chunks", "received", "status",
    )  # fmt: skip

    def __init__(self, observer: AsgiObserver, scope: Scope, receive: Receive, send: Send) -> None:
        self._application = observer.app
        self._recorder = observer.recorder
        self._started = self._recorder.tick()
        self._key = self._recorder.new_id()
        self._test = self._recorder.test
        self._sent = observer.sent
        self._receive = receive
        self._send = send
        self._scope = scope
        self._root_path = str(scope.get("root_path", ""))
        self.body = self._sent.body if self._sent is not None else None
        self.received: list[bytes] = []
        self.status: int | None = None
        self.chunks: list[bytes] = []
        self._trailers: list[tuple[bytes, bytes]] = []
        self._unfinished = True
        scope[MARK] = self._key
        self._fields = request_fields(scope, self._sent)

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and (body := message.get("body")):
            self.received.append(as_bytes(body))
        return message

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.body":
            data = as_bytes(message.get("body") or b"")
            last = not message.get("more_body", False)
            await self._send(message)
            if data:
                self.chunks.append(data)
            self._unfinished = not last
        elif kind == "http.response.start":
            status = message["status"]
            fields = self._fields_of(message)
            await self._send(message)
            self.status = status
            self._response_fields = fields
        elif kind == "http.response.trailers":
            fields = self._fields_of(message)
            await self._send(message)
            self._trailers.extend(fields)
        else:
            await self._send(message)

    def _fields_of(self, message: Message) -> list[tuple[bytes, bytes]]:
        try:
            return fields_of(message)
        except Exception as failure:  # fields of no shape that we know; the client may know it
            self._recorder.remark(f"header fields that could not be read: {describe(failure)}")
            return []

    def finish(self, error: BaseException | None = None) -> None:
        # The scope may be used for another call.
        self._scope.pop(MARK, None)
        try:
            exchange = self._build(error)
        except Exception as failure:
            self._recorder.lose(f"the exchange could not be read: {describe(failure)}")
            return
        meet_router(self._recorder, self._scope, self._root_path, self._application)
        self._recorder.record(exchange)

    def _build(self, error: BaseException | None) -> Exchange:
        scope = self._scope
        method = scope["method"]
        chunks = tuple(self.received) if self.body is None else (self.body,) if self.body else ()
        target = self._sent.target if self._sent is not None else request_target(scope)
        request = Request(method, target, self._fields, chunks, scope.get("scheme", "http"))
        why = None if error is None else describe(error)
        if self.status is None:
            response = SERVER_ERROR
            why = why or "the application returned without a response"
        else:
            response = Response(
                int(self.status),
                PHRASES.get(self.status, ""),
                Headers(tuple(self._response_fields)),
                () if method == "HEAD" else tuple(self.chunks),
                Headers(tuple(self._trailers)),
                not self._unfinished,
            )
        recorder = self._recorder
        return Exchange(
            self._key,
            request,
            response,
            "asgi",
            recorder.epoch + self._started,
            recorder.tick() - self._started,
            asgi_route(scope, self._root_path),
            why,
            self._test,
        )


def fields_of(message: MutableMapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """The header fields of a scope or a message.

    They may come as an iterator, which can be read once: then a list takes its place, for whoever reads them next.
    """
    fields = message.get("headers", ())
    if hasattr(fields, "__next__"):
        fields = message["headers"] = list(fields)
    elif isinstance(fields, Mapping):
        fields = fields.items()
    return [(as_bytes(name), as_bytes(value)) for name, value in fields]


def request_fields(scope: Scope, sent: Sent | None) -> Headers:
    """The header fields as the application sees them, with the names in the case in which the client wrote them."""
    fields = fields_of(scope)
    if sent is not None and len(sent.names) == len(fields):
        fields = [
            (own if own.lower() == name else name, value) for own, (name, value) in zip(sent.names, fields, strict=True)
        ]
    if not any(name.lower() == b"host" for name, _ in fields):
        host, port = scope.get("server") or ("localhost", None)
        fields.insert(0, (b"Host", f"{host}:{port}".encode("latin-1") if port else str(host).encode("latin-1")))
    return Headers(tuple(fields))


def request_target(scope: Scope) -> str:
    path = scope.get("raw_path") or str(scope.get("path", "")).encode("utf-8", "surrogatepass")
    query = scope.get("query_string", b"")
    target = path + b"?" + query if query else path
    return quote_rest(target or b"/")
