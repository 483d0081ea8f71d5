"""The WebSocket side of the ASGI observer (the specification's ``websocket`` scope, version 2.x).

A session becomes one exchange: the handshake, and the messages of both sides in the order in which the other side took
them. ASGI speaks in events where a wire has frames, and leaves out what a server does by itself. That is put back:

    websocket.accept                     the 101 of RFC 6455 section 4.2.2, with its Sec-WebSocket-Accept
    websocket.disconnect, taken          the client's close frame, and the server's in answer (section 5.5.1: same code)
    websocket.close                      the server's close frame, and the client's in answer
    the application returns, still open  the same with code 1000
    the application raises, still open   the same with code 1011
    websocket.disconnect, code 1005      a close frame without a code: that is what 1005 stands for (section 7.1.5)
    ... code 1006 or 1015                no close frame: the connection was lost, and ends like that
    websocket.close before the accept    an ordinary response 403, as servers answer
    websocket.http.response.*            an ordinary response: the one that the application gave
    nothing before the end, or a raise   an ordinary response 500

A client that ends a session while the application does something else cancels it. What it had sent by then, its
``websocket.disconnect`` as well, is looked up where it waits to be taken; where that cannot be seen the connection was
lost. There is no event for a ping: the servers answer those by themselves.
"""

from __future__ import annotations

import base64
import hashlib
import os
import threading
from collections.abc import MutableMapping
from typing import Any, Literal, cast

from mirror.adapters.asgi import (
    PHRASES,
    AsgiObserver,
    Message,
    Receive,
    Scope,
    Send,
    fields_of,
    request_fields,
    request_target,
)
from mirror.adapters.gateway import MARK, SERVER_ERROR, as_bytes
from mirror.adapters.routes import asgi_route
from mirror.counts import describe
from mirror.exchange import Exchange, Request, Response, WebSocketMessage
from mirror.headers import Headers
from mirror.recorder import LiveSession, Recorder

# What a server appends to a client's key before it hashes it (RFC 6455 section 1.3).
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

NORMAL, NO_CODE, LOST, TLS_LOST, INTERNAL_ERROR = 1000, 1005, 1006, 1015, 1011

# What a server answers for an application that closes a session before it accepted it (ASGI: "must return a 403").
FORBIDDEN = Response(403, PHRASES[403], Headers(((b"Content-Length", b"0"),)))

# Fields of the 101 that are the server's own to write.
OWN_FIELDS = frozenset({b"upgrade", b"connection", b"sec-websocket-accept"})

Fields = tuple[tuple[bytes, bytes], ...]


async def observe(observer: AsgiObserver, scope: Scope, receive: Receive, send: Send) -> None:
    """Call the application for one session, and record it."""
    try:
        call = WebSocketCall(observer, scope, receive, send)
    except Exception as failure:
        observer.recorder.lose(f"the handshake could not be read: {describe(failure)}")
        return await observer.app(scope, receive, send)
    try:
        await observer.app(scope, call.receive, call.send)
    except BaseException as error:
        call.ended(error)
        raise
    call.ended(None)


class WebSocketCall:
    """One call of the application: its handshake, and the messages so far.

    Between its accept and its end it stands among the recorder's ``live`` sessions, so that a mirror that is closed can
    finish it; that may come from another thread than the session's.
    """

    def __init__(self, observer: AsgiObserver, scope: Scope, receive: Receive, send: Send) -> None:
        self._recorder: Recorder = observer.recorder
        self._started = self._recorder.tick()
        self._key = self._recorder.new_id()
        self._test = self._recorder.test
        self._receive = receive
        self._send = send
        self._scope = scope
        self._root_path = str(scope.get("root_path", ""))
        sent = observer.sent
        fields = handshake_fields(request_fields(scope, sent).raw)
        target = sent.target if sent is not None else request_target(scope)
        self._request = Request("GET", target, Headers(fields), (), scope.get("scheme", "ws"))
        self._response: Response | None = None
        self._body: list[bytes] = []
        self._live: LiveSession | None = None
        self._messages: list[WebSocketMessage] = []
        self._closed: set[str] = set()
        self._over = False
        # May be taken again by its thread: see mirror.recorder.
        self._lock = threading.RLock()
        scope[MARK] = self._key

    # What the application takes and gives --------------------------------------------------------------------------

    async def receive(self) -> Message:
        message = await self._receive()
        self._guard(message, self._taken)
        return message

    async def send(self, message: Message) -> None:
        if hasattr(message.get("headers"), "__next__"):  # an iterator of fields, which could be read once
            message["headers"] = list(message["headers"])
        await self._send(message)
        self._guard(message, self._given)

    def _guard(self, message: Message, look: Any) -> None:
        """Whatever cannot be read of a message costs that message, and neither the session nor the test."""
        try:
            with self._lock:
                look(message["type"], message)
        except Exception as failure:
            self._recorder.remark(f"a WebSocket event that could not be read: {describe(failure)}")

    def _taken(self, kind: str, message: Message) -> None:
        """The application has taken what the client sent."""
        if self._live is None:
            return
        if kind == "websocket.receive":
            self._say("client", *payload(message))
        elif kind == "websocket.disconnect":
            code = message.get("code", NO_CODE)
            if code in (LOST, TLS_LOST):
                self._closed.update(("client", "server"))  # nothing is said any more, by neither of them
            else:
                self._close("client", 0 if code in (NO_CODE, None) else int(code), message.get("reason"))

    def _given(self, kind: str, message: Message) -> None:
        """The client has taken what the application sent."""
        if kind == "websocket.accept":
            if self._live is None and self._response is None:
                self._accept(message)
        elif kind == "websocket.send":
            if self._live is not None:
                self._say("server", *payload(message))
        elif kind == "websocket.close":
            if self._live is not None:
                code = message.get("code", NORMAL)
                self._close("server", NORMAL if code is None else int(code), message.get("reason"))
            elif self._response is None:
                self._response = FORBIDDEN
        elif self._live is not None:
            return  # a refusal that comes too late, which servers do not send
        elif kind == "websocket.http.response.start":
            status = int(message["status"])
            fields = tuple(fields_of(message))
            self._response = Response(status, PHRASES.get(status, ""), Headers(fields), (), Headers(), False)
        elif kind == "websocket.http.response.body" and self._response is not None:
            body = as_bytes(message.get("body") or b"")
            chunks = (*self._response.chunks, body) if body else self._response.chunks
            self._response = Response(
                self._response.status,
                self._response.reason,
                self._response.headers,
                chunks,
                Headers(),
                not message.get("more_body", False),
            )

    def _accept(self, message: Message) -> None:
        # Not complete until both have said that they close.
        self._response = Response(101, PHRASES[101], Headers(accepting(self._request, message)), complete=False)
        self._live = self._recorder.open(self._exchange(None))
        self._recorder.live.add(self)

    def _say(self, sender: Literal["client", "server"], kind: Any, data: bytes, code: int = 0) -> None:
        if self._over or self._live is None:
            return
        recorder = self._recorder
        message = WebSocketMessage(sender, kind, data, recorder.epoch + recorder.tick(), code)
        self._messages.append(message)
        self._live.send(message)

    def _close(self, sender: Literal["client", "server"], code: int, reason: Any) -> None:
        """A close frame, and the other side's in answer: it carries the same (RFC 6455 section 5.5.1)."""
        if self._closed:
            return  # that this side closes has been said: as the answer to the other
        data = encoded(reason or "")
        other: Literal["client", "server"] = "server" if sender == "client" else "client"
        for side in (sender, other):
            self._closed.add(side)
            self._say(side, "close", data, code)
        if self._response is not None:
            self._response = Response(101, self._response.reason, self._response.headers)

    # The end --------------------------------------------------------------------------------------------------------

    def ended(self, error: BaseException | None) -> None:
        """The application has returned or raised."""
        self._scope.pop(MARK, None)
        try:
            with self._lock:
                why = None if error is None else describe(error)
                if self._live is None:
                    self._recorder.record(self._refusal(why, error))
                    return
                if error is not None and is_cancellation(error):
                    for message in untaken(self._receive) if not self._closed else ():
                        self._guard(message, self._taken)
                    if self._closed:
                        why = (
                            None  # the client had ended the session; what it does with the rest of the call is no error
                        )
                elif not self._closed:
                    self._close("server", NORMAL if error is None else INTERNAL_ERROR, "")
                self._finish(why)
        except Exception as failure:
            self._recorder.lose(f"the session could not be read: {describe(failure)}")

    def finish(self, *, complete: bool) -> None:
        """Record what there is of the session: the mirror is being closed."""
        try:
            with self._lock:
                self._finish(None)
        except Exception as failure:
            self._recorder.lose(f"the session could not be read: {describe(failure)}")

    def _finish(self, why: str | None) -> None:
        if self._over or self._live is None:
            return
        self._over = True
        self._recorder.live.discard(self)
        self._live.finish(self._exchange(why))

    def _refusal(self, why: str | None, error: BaseException | None) -> Exchange:
        """The exchange of a session that was not accepted."""
        if self._response is None:
            self._response = SERVER_ERROR
            why = why or "the application returned without accepting the session or refusing it"
        elif error is not None and is_cancellation(error):
            why = None  # the client has its answer and waits for nothing else
        return self._exchange(why)

    def _exchange(self, why: str | None) -> Exchange:
        recorder = self._recorder
        return Exchange(
            self._key,
            self._request,
            self._response or SERVER_ERROR,
            "asgi",
            recorder.epoch + self._started,
            recorder.tick() - self._started,
            asgi_route(self._scope, self._root_path),
            why,
            self._test,
            tuple(self._messages),
        )


# The handshake --------------------------------------------------------------------------------------------------------


def handshake_fields(fields: Fields) -> Fields:
    """The fields of a handshake request: those given, and what must stand in one but was left out.

    A scope of the type ``websocket`` is an upgraded request whatever its fields say, and in-process clients leave some
    out (Starlette's TestClient: Upgrade). Without them the request is no handshake to anybody (RFC 6455 section 4.2.1).
    """
    said = {name.lower(): value for name, value in fields}
    more: list[tuple[bytes, bytes]] = []
    if b"websocket" not in said.get(b"upgrade", b"").lower():
        more.append((b"Upgrade", b"websocket"))
    if not any(name.lower() == b"connection" and b"upgrade" in value.lower() for name, value in fields):
        more.append((b"Connection", b"Upgrade"))
    if b"sec-websocket-key" not in said:
        more.append((b"Sec-WebSocket-Key", base64.b64encode(os.urandom(16))))
    if b"sec-websocket-version" not in said:
        more.append((b"Sec-WebSocket-Version", b"13"))
    return (*fields, *more)


def accepting(request: Request, message: MutableMapping[str, Any]) -> Fields:
    """The fields of the 101: the server's, the chosen subprotocol, then the application's own."""
    key = (request.headers.get("sec-websocket-key") or "").strip().encode("latin-1")
    subprotocol = message.get("subprotocol")
    chosen = ((b"Sec-WebSocket-Protocol", as_bytes(subprotocol)),) if subprotocol else ()
    return (
        (b"Upgrade", b"websocket"),
        (b"Connection", b"Upgrade"),
        (b"Sec-WebSocket-Accept", accept_value(key)),
        *chosen,
        *[field for field in fields_of(message) if field[0].lower() not in OWN_FIELDS],
    )


def accept_value(key: bytes) -> bytes:
    """Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455 section 4.2.2, step 5.4)."""
    return base64.b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest())


# Events ---------------------------------------------------------------------------------------------------------------


def payload(message: MutableMapping[str, Any]) -> tuple[Literal["text", "binary"], bytes]:
    """A message's kind and bytes. Where an event has both of text and bytes, servers send the bytes."""
    data = message.get("bytes")
    if data is not None:
        return "binary", as_bytes(data)
    text = message.get("text")
    if text is None:
        raise ValueError("neither text nor bytes")
    return "text", encoded(text)


def encoded(text: Any) -> bytes:
    """UTF-8, also of what is no text: lone surrogates are kept, for the wire to mend and to report."""
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else as_bytes(text)


def is_cancellation(error: BaseException) -> bool:
    """Whether an exception is asyncio's or trio's word for "nobody wants this any more", or the call was dropped."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_cancellation, error.exceptions))
    return type(error).__name__ in ("CancelledError", "Cancelled", "GeneratorExit")


def untaken(receive: Receive) -> list[Message]:
    """What the client has sent that the application did not take, in a call that is over.

    TestClient's ``receive`` is that of an anyio stream, or (older versions of it) reads from a queue of its session's;
    of any other nothing is known.
    """
    owner = getattr(receive, "__self__", None)
    queue = getattr(owner, "_receive_queue", None)
    take = getattr(owner, "receive_nowait", None) or getattr(queue, "get_nowait", None)
    messages: list[Message] = []
    while take is not None:
        try:
            messages.append(cast("Message", take()))
        except Exception:  # there is no more, and each kind of stream says so in its own way
            break
    return messages
