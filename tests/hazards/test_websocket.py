"""WebSocket sessions: the test sees no difference, and the wire shows each as it happened."""

from __future__ import annotations

import asyncio
import gc
import os
import weakref
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from forks import in_a_child, needs_fork
from frames import Session, assert_shows, said, session
from observer import Packets, messages, why_no_packets
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from mirror import Exchange, Mirror
from mirror.adapters.asgi import AsgiObserver
from mirror.adapters.starlette import MirrorTestClient

needs_packets = pytest.mark.skipif(why_no_packets() is not None, reason=str(why_no_packets()))

Message = MutableMapping[str, Any]


class Boom(Exception):
    pass


async def chat(websocket: WebSocket) -> None:
    """Says everything again."""
    await websocket.accept("chat.v2" if "chat.v2" in websocket.scope["subprotocols"] else None)
    try:
        while True:
            await websocket.send_text(f"you said {await websocket.receive_text()}")
    except WebSocketDisconnect as left:
        websocket.app.state.left = left.code


async def close(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close(int(websocket.path_params["code"]), "because")


async def refuse(websocket: WebSocket) -> None:
    await websocket.close(4403)


async def deny(websocket: WebSocket) -> None:
    await websocket.send_denial_response(PlainTextResponse("not here", 418))


async def never_accept(websocket: WebSocket) -> None:
    raise Boom("never")


async def accept_and_raise(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("before")
    await websocket.receive_text()  # or TestClient itself may lose what was said before
    raise Boom("then")


async def accept_and_return(websocket: WebSocket) -> None:
    await websocket.accept(headers=[(b"x-own", b"1"), (b"Sec-WebSocket-Accept", b"mine")])
    await websocket.send_json({"a": "ü"})


async def tick(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("tick")
    await anyio.sleep_forever()


async def both(websocket: WebSocket) -> None:
    """Listens and speaks at once."""
    await websocket.accept()
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep_forever)
        async for word in websocket.iter_text():
            await websocket.send_text(word)
        group.cancel_scope.cancel()


async def fall_apart(websocket: WebSocket) -> None:
    """Two tasks, both cancelled by the client's leaving, one of which says so in a group of its own."""
    await websocket.accept()
    try:
        await anyio.sleep_forever()
    except anyio.get_cancelled_exc_class() as cancelled:
        raise BaseExceptionGroup("both", [cancelled]) from None


async def uncaught(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()


async def receive_on(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive()
    try:
        await websocket.receive()
    except RuntimeError as error:
        websocket.app.state.error = error


async def page(request: Any) -> PlainTextResponse:
    return PlainTextResponse("page")


ROUTES = [
    WebSocketRoute("/chat", chat),
    WebSocketRoute("/close/{code}", close),
    WebSocketRoute("/refuse", refuse),
    WebSocketRoute("/deny", deny),
    WebSocketRoute("/never", never_accept),
    WebSocketRoute("/raise", accept_and_raise),
    WebSocketRoute("/return", accept_and_return),
    WebSocketRoute("/tick", tick),
    WebSocketRoute("/both", both),
    WebSocketRoute("/apart", fall_apart),
    WebSocketRoute("/uncaught", uncaught),
    WebSocketRoute("/receive", receive_on),
    Route("/page", page),
    Mount("/rooms/{room}", routes=[WebSocketRoute("/chat", chat)]),
]


@pytest.fixture
def client(backend: str, mirrored: Mirror) -> TestClient:
    return TestClient(Starlette(routes=ROUTES), backend=backend)


@pytest.fixture
def packets(mirrored: Mirror) -> Iterator[Packets]:
    if (reason := why_no_packets()) is not None:
        pytest.skip(reason)
    with Packets(mirrored.port) as packets:
        yield packets


def sessions(packets: Packets) -> list[Session]:
    return [session(stream) for stream in packets.streams() if b"HTTP/1.1 101" in stream.received]


def only(mirrored: Mirror, packets: Packets) -> Exchange:
    """The one exchange, a session that the wire shows as it is."""
    (exchange,) = mirrored.exchanges
    (seen,) = sessions(packets)
    assert_shows(seen, exchange)
    assert mirrored.counts.made == mirrored.counts.published == 1
    assert exchange.gateway == "asgi"
    return exchange


def refused(mirrored: Mirror, packets: Packets) -> Exchange:
    """The one exchange, with an ordinary response."""
    (exchange,) = mirrored.exchanges
    (message,) = [message for stream in packets.streams() for message in messages(stream)]
    assert message.status == exchange.response.status
    assert message.response_body == exchange.response.body
    assert mirrored.counts.published == 1
    assert not exchange.messages
    return exchange


# What passes ----------------------------------------------------------------------------------------------------------


def test_a_session_with_a_subprotocol(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with client.websocket_connect("/chat?x=%20y", subprotocols=["chat.v1", "chat.v2"]) as session:
        assert session.accepted_subprotocol == "chat.v2"
        for word in ("one", "zwölf", ""):
            session.send_text(word)
            assert session.receive_text() == f"you said {word}"
        session.close(4001, "enough")
    assert client.app.state.left == 4001
    exchange = only(mirrored, packets)
    assert said(exchange) == [
        ("client", "text", b"one", 0),
        ("server", "text", b"you said one", 0),
        ("client", "text", "zwölf".encode(), 0),
        ("server", "text", "you said zwölf".encode(), 0),
        ("client", "text", b"", 0),
        ("server", "text", b"you said ", 0),
        ("client", "close", b"enough", 4001),
        ("server", "close", b"enough", 4001),
    ]
    assert exchange.request.method == "GET"
    assert exchange.request.target == "/chat?x=%20y"
    assert exchange.request.scheme == "ws"
    assert exchange.response.headers.get("sec-websocket-protocol") == "chat.v2"
    assert exchange.response.complete
    assert exchange.error is None
    assert exchange.route is not None
    assert (exchange.route.template, exchange.route.doc) == ("/chat", "Says everything again.")
    times = [message.time for message in exchange.messages]
    assert times == sorted(times)
    assert exchange.started <= times[0]


def test_the_handshake_is_the_client_s_and_what_it_left_out(
    client: TestClient, mirrored: Mirror, packets: Packets
) -> None:
    with client.websocket_connect("/chat", headers={"X-Own": "1", "Cookie": "a=b"}):
        pass
    fields = only(mirrored, packets).request.headers
    assert fields["X-Own"] == "1"
    assert fields["cookie"] == "a=b"
    assert fields["sec-websocket-key"] == "testserver=="
    assert list(fields)[-1] == ("Upgrade", "websocket")
    assert [name.lower() for name, _ in fields].count("upgrade") == 1


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 4400, 4404, 4499])
def test_a_close_code(client: TestClient, mirrored: Mirror, packets: Packets, code: int) -> None:
    with client.websocket_connect(f"/close/{code}") as session, pytest.raises(WebSocketDisconnect) as caught:
        session.receive_text()
    assert (caught.value.code, caught.value.reason) == (code, "because")
    assert said(only(mirrored, packets)) == [
        ("server", "close", b"because", code),
        ("client", "close", b"because", code),
    ]


def test_an_application_that_returns_closes_normally(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with client.websocket_connect("/return") as session:
        assert session.receive_json() == {"a": "ü"}
    exchange = only(mirrored, packets)
    assert said(exchange)[1:] == [("server", "close", b"", 1000), ("client", "close", b"", 1000)]
    # The server's own fields are the server's.
    assert exchange.response.headers.get_all("sec-websocket-accept") == ["wcWhTl1cy96oNN4tJgA5D6C/YZ8="]
    assert exchange.response.headers["x-own"] == "1"


def test_a_client_that_leaves_while_the_application_is_busy(
    client: TestClient, mirrored: Mirror, packets: Packets
) -> None:
    with client.websocket_connect("/tick") as session:
        assert session.receive_text() == "tick"
        session.send_text("unread")
    exchange = only(mirrored, packets)
    assert said(exchange)[1:] == [
        ("client", "text", b"unread", 0), ("client", "close", b"", 1000), ("server", "close", b"", 1000)
    ]  # fmt: skip
    assert exchange.error is None
    assert exchange.response.complete


def test_an_application_of_two_tasks(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with client.websocket_connect("/both") as session:
        session.send_text("one")
        assert session.receive_text() == "one"
    exchange = only(mirrored, packets)
    assert said(exchange)[2:] == [("client", "close", b"", 1000), ("server", "close", b"", 1000)]
    assert exchange.error is None


def test_a_cancellation_in_a_group_is_one(mirrored: Mirror, packets: Packets) -> None:
    client = TestClient(Starlette(routes=ROUTES))
    with client.websocket_connect("/apart"):
        pass
    exchange = only(mirrored, packets)
    assert said(exchange) == [("client", "close", b"", 1000), ("server", "close", b"", 1000)]
    assert exchange.error is None


def test_the_last_word_of_an_uncaught_disconnect(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/uncaught") as session:
        session.close(4000)
    exchange = only(mirrored, packets)
    assert said(exchange) == [("client", "close", b"", 4000), ("server", "close", b"", 4000)]
    assert exchange.error is not None
    assert exchange.error.startswith("WebSocketDisconnect")


def test_receiving_after_the_close(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with client.websocket_connect("/receive") as session:
        session.close(1000)
    assert "disconnect" in str(client.app.state.error)
    assert len(said(only(mirrored, packets))) == 2


def test_a_session_below_a_mount(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with client.websocket_connect("/rooms/7/chat"):
        pass
    exchange = only(mirrored, packets)
    assert exchange.route is not None
    assert exchange.route.template == "/rooms/{room}/chat"


def test_fastapi_and_a_large_message(mirrored: Mirror, backend: str, packets: Packets) -> None:
    app = FastAPI()

    @app.websocket("/echo")
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_bytes(await websocket.receive_bytes())
        await websocket.close()

    data = os.urandom(1 << 20)
    with TestClient(app, backend=backend).websocket_connect("/echo") as session:
        session.send_bytes(data)
        assert session.receive_bytes() == data
    assert [len(message[2]) for message in said(only(mirrored, packets))] == [1 << 20, 1 << 20, 0, 0]


# What does not come to be ---------------------------------------------------------------------------------------------


def test_a_session_that_is_refused(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect("/refuse"):
        pass
    assert caught.value.code == 4403
    exchange = refused(mirrored, packets)
    assert (exchange.response.status, exchange.response.reason, exchange.error) == (403, "Forbidden", None)


def test_a_denial_response(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with pytest.raises(WebSocketDenialResponse) as caught, client.websocket_connect("/deny"):
        pass
    assert (caught.value.status_code, caught.value.text) == (418, "not here")
    exchange = refused(mirrored, packets)
    assert (exchange.response.status, exchange.response.body) == (418, b"not here")
    assert exchange.response.headers["content-length"] == "8"
    assert exchange.response.complete


def test_a_server_that_never_accepts(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with pytest.raises(Boom), client.websocket_connect("/never"):
        pass
    exchange = refused(mirrored, packets)
    assert (exchange.response.status, exchange.error) == (500, "Boom: never")


def test_a_path_that_no_route_has(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/nowhere"):
        pass
    assert refused(mirrored, packets).response.status in (403, 404)


def test_an_application_that_raises(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with pytest.raises(Boom, match="then"), client.websocket_connect("/raise") as session:
        session.send_text("go")
    exchange = only(mirrored, packets)
    assert said(exchange)[2:] == [("server", "close", b"", 1011), ("client", "close", b"", 1011)]
    assert exchange.error == "Boom: then"


@needs_packets
def test_an_excluded_path(backend: str) -> None:
    with Mirror(exclude="/chat") as mirror, Packets(mirror.port) as packets:
        client = TestClient(Starlette(routes=ROUTES), backend=backend)
        with client.websocket_connect("/chat") as session:
            session.send_text("one")
            assert session.receive_text() == "you said one"
        assert not sessions(packets)
    assert (mirror.counts.made, mirror.counts.ignored) == (1, 1)


# No difference --------------------------------------------------------------------------------------------------------


def test_the_session_holds_the_application_itself(client: TestClient, mirrored: Mirror) -> None:
    session = client.websocket_connect("/chat")
    assert session.app is client.app
    with session:
        assert session.app is client.app
        assert "_run" not in vars(session)
        assert "mirror.exchange" in session.scope
    assert "mirror.exchange" not in session.scope


def test_a_session_that_is_never_entered_leaves_nothing(mirrored: Mirror) -> None:
    client = TestClient(Starlette(routes=ROUTES))
    session, app = weakref.ref(client.websocket_connect("/chat")), weakref.ref(client.app)
    assert session() is None
    del client
    gc.collect()
    assert app() is None
    assert mirrored.counts.made == 0


def test_the_exception_is_the_very_same(mirrored: Mirror, backend: str) -> None:
    boom = Boom("one")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        raise boom

    with pytest.raises(Boom) as caught, TestClient(app, backend=backend).websocket_connect("/"):
        pass
    assert caught.value is boom


def transcript(backend: str) -> list[Any]:
    """All that a test can see of some sessions."""
    client = TestClient(Starlette(routes=ROUTES), backend=backend)
    seen: list[Any] = []
    for path in ("/chat", "/close/4001", "/refuse", "/deny", "/never", "/raise", "/return", "/tick", "/uncaught"):
        try:
            with client.websocket_connect(path, subprotocols=["chat.v2"]) as session:
                seen.append((path, session.accepted_subprotocol, session.extra_headers, sorted(session.scope)))
                if path not in ("/chat", "/uncaught"):  # which say nothing by themselves
                    seen.append(session.receive())
                session.send_text("word")
                if path == "/chat":
                    seen.append(session.receive())
        except Exception as error:
            seen.append((path, type(error), error.args, getattr(error, "code", None)))
    return seen


def test_a_test_sees_what_it_sees_without_a_mirror(backend: str) -> None:
    without = transcript(backend)
    with Mirror() as mirror:
        seen = transcript(backend)
    assert mirror.counts.published == mirror.counts.made == 9
    assert [strip_mark(one) for one in seen] == without


def strip_mark(seen: Any) -> Any:
    return (*seen[:3], [key for key in seen[3] if key != "mirror.exchange"]) if is_scope(seen) else seen


def is_scope(seen: Any) -> bool:
    return isinstance(seen, tuple) and isinstance(seen[3], list)


# Several --------------------------------------------------------------------------------------------------------------


def test_two_sessions_interleaved_and_one_within(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with client:
        with client.websocket_connect("/chat?1") as one, client.websocket_connect("/chat?2") as two:
            for word in ("a", "b"):
                one.send_text(word)
                two.send_text(word.upper())
                assert two.receive_text() == f"you said {word.upper()}"
                assert one.receive_text() == f"you said {word}"
            with client.websocket_connect("/return") as three:
                three.receive_text()
        assert mirrored.counts.published == 3
    seen = {one.target: one for one in sessions(packets)}
    for exchange in mirrored.exchanges:
        assert_shows(seen[exchange.request.target.encode()], exchange)


def test_sessions_in_threads(mirrored: Mirror, packets: Packets, backend: str) -> None:
    app = Starlette(routes=ROUTES)

    def talk(number: int) -> None:
        with TestClient(app, backend=backend).websocket_connect(f"/chat?{number}") as session:
            for word in range(5):
                session.send_text(f"{number}-{word}")
                assert session.receive_text() == f"you said {number}-{word}"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(talk, range(24)))
    seen = {one.target: one for one in sessions(packets)}
    assert len(seen) == mirrored.counts.published == 24
    for exchange in mirrored.exchanges:
        assert_shows(seen[exchange.request.target.encode()], exchange)


def test_requests_beside_a_session_are_mirrored(client: TestClient, mirrored: Mirror) -> None:
    with client.websocket_connect("/chat") as session:
        assert client.get("/page").text == "page"
        session.send_text("still here")
        assert session.receive_text() == "you said still here"
    assert mirrored.counts.published == 2


@needs_packets
def test_the_swapped_client(backend: str) -> None:
    with Mirror(attach=False) as mirror, Packets(mirror.port) as packets:
        client = MirrorTestClient(Starlette(routes=ROUTES), mirror=mirror, backend=backend)
        with client.websocket_connect("/chat") as session:
            assert session.app is client.app
        assert_shows(sessions(packets)[0], mirror.exchanges[0])


def test_both_ways_of_attaching_make_one_exchange(mirrored: Mirror, backend: str) -> None:
    client = MirrorTestClient(AsgiObserver(Starlette(routes=ROUTES), mirrored.recorder), backend=backend)
    with client.websocket_connect("/chat"):
        pass
    assert mirrored.counts.made == 1


# The end of the mirror ------------------------------------------------------------------------------------------------


@needs_packets
def test_a_session_left_open_is_finished_with_the_mirror(backend: str) -> None:
    client = TestClient(Starlette(routes=ROUTES), backend=backend)
    mirror = Mirror().start()
    with Packets(mirror.port) as packets:
        with client.websocket_connect("/chat") as session:
            session.send_text("one")
            session.receive_text()
            mirror.close()
            session.send_text("two")
            assert session.receive_text() == "you said two"
        (exchange,) = mirror.history()
        assert_shows(sessions(packets)[0], exchange)
    assert not exchange.response.complete
    assert said(exchange) == [("client", "text", b"one", 0), ("server", "text", b"you said one", 0)]
    assert (mirror.counts.made, mirror.counts.published) == (1, 1)


def test_a_session_outlives_the_test_that_began_it(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    """A fixture of a module may hold one."""
    with client.websocket_connect("/chat") as session:
        mirrored.recorder.settle()
        session.send_text("one")
        session.receive_text()
    assert len(said(only(mirrored, packets))) == 4


@needs_fork
def test_a_forked_child_does_not_touch_a_session(client: TestClient, mirrored: Mirror, packets: Packets) -> None:
    with client.websocket_connect("/chat") as session:
        session.send_text("one")
        session.receive_text()

        def work() -> None:
            for call in list(mirrored.recorder.live):
                call.finish(complete=False)
            assert not mirrored.recorder.live
            assert mirrored.counts.published == 0

        in_a_child(work)
        session.send_text("two")
        assert session.receive_text() == "you said two"
    assert len(said(only(mirrored, packets))) == 6


# Applications without a framework -------------------------------------------------------------------------------------


def drive(
    mirrored: Mirror, app: Callable[..., Awaitable[None]], *events: Message, **scope: Any
) -> tuple[list[Message], Exchange]:
    """Call an application with a scope that says little, and with these events; they end with a cancellation."""
    given: list[Message] = []
    waiting = list(events)

    async def receive() -> Message:
        if not waiting:
            raise asyncio.CancelledError
        return waiting.pop(0)

    async def send(message: Message) -> None:
        given.append(message)

    async def call() -> None:
        whole = {"type": "websocket", "path": "/", "headers": [], **scope}
        try:
            await AsgiObserver(app, mirrored.recorder)(whole, receive, send)
        except asyncio.CancelledError:
            pass

    asyncio.run(call())
    return given, mirrored.exchanges[-1]


async def mute(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})
    while True:
        await receive()


def test_a_scope_without_fields_makes_a_handshake(mirrored: Mirror, packets: Packets) -> None:
    _, exchange = drive(mirrored, mute, {"type": "websocket.disconnect", "code": 1001})
    names = [name for name, _ in exchange.request.headers]
    assert names == ["Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"]
    assert_shows(sessions(packets)[0], exchange)
    assert said(exchange) == [("client", "close", b"", 1001), ("server", "close", b"", 1001)]


def test_fields_of_a_complete_handshake_stay_as_they_are(mirrored: Mirror, packets: Packets) -> None:
    fields = [
        (b"host", b"a"), (b"connection", b"keep-alive, Upgrade"), (b"upgrade", b"WebSocket"),
        (b"sec-websocket-version", b"13"), (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ=="),
    ]  # fmt: skip
    _, exchange = drive(mirrored, mute, headers=fields)
    assert exchange.request.headers.raw == tuple(fields)
    assert exchange.response.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert_shows(sessions(packets)[0], exchange)


@pytest.mark.parametrize("code", [1006, 1015])
def test_a_client_that_was_lost_has_said_no_close(mirrored: Mirror, packets: Packets, code: int) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        await receive()

    _, exchange = drive(mirrored, app, {"type": "websocket.disconnect", "code": code})
    assert_shows(sessions(packets)[0], exchange)
    assert not exchange.messages
    assert not exchange.response.complete


@pytest.mark.parametrize("event", [{}, {"code": 1005}, {"code": None, "reason": None}])
def test_a_client_that_closes_without_a_code(mirrored: Mirror, packets: Packets, event: Message) -> None:
    _, exchange = drive(mirrored, mute, {"type": "websocket.disconnect", **event})
    assert_shows(sessions(packets)[0], exchange)
    assert said(exchange) == [("client", "close", b"", 0), ("server", "close", b"", 0)]


def test_a_client_that_cancels_without_a_word_was_lost(mirrored: Mirror, packets: Packets) -> None:
    _, exchange = drive(mirrored, mute, {"type": "websocket.receive", "text": "one"})
    assert_shows(sessions(packets)[0], exchange)
    assert said(exchange) == [("client", "text", b"one", 0)]
    assert not exchange.response.complete
    assert exchange.error == "CancelledError"


def test_an_application_that_says_nothing_is_a_500(mirrored: Mirror, packets: Packets) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    _, exchange = drive(mirrored, app, {"type": "websocket.connect"})
    assert refused(mirrored, packets).response.status == 500
    assert exchange.error == "the application returned without accepting the session or refusing it"


def test_events_of_every_shape(mirrored: Mirror, packets: Packets) -> None:
    buffer = bytearray(b"first")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept", "headers": iter([(b"x-a", b"1"), (b"x-b", b"2")])})
        await send({"type": "websocket.send", "bytes": buffer})
        buffer[:] = b"other"
        await send({"type": "websocket.send", "bytes": memoryview(b"view"), "text": None})
        await send({"type": "websocket.send", "bytes": b"", "text": "both"})
        await send({"type": "websocket.send", "text": "\ud800 alone"})
        await send({"type": "websocket.send"})
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.something", "text": "unheard of"})
        await send({"type": "websocket.close", "code": None, "reason": None})
        await send({"type": "websocket.send", "text": "after"})
        await send({"type": "websocket.close"})

    given, exchange = drive(mirrored, app)
    assert len(given) == 11
    assert list(given[0]["headers"]) == [(b"x-a", b"1"), (b"x-b", b"2")]
    assert said(exchange) == [
        ("server", "binary", b"first", 0),
        ("server", "binary", b"view", 0),
        ("server", "binary", b"", 0),
        ("server", "text", b"\xed\xa0\x80 alone", 0),
        ("server", "close", b"", 1000),
        ("client", "close", b"", 1000),
        ("server", "text", b"after", 0),
    ]
    (seen,) = sessions(packets)
    assert seen.messages[3] == ("server", "text", "\ufffd\ufffd\ufffd alone".encode(), 0)
    assert seen.messages == [*said(exchange)[:3], seen.messages[3], *said(exchange)[4:6]]
    assert dict(seen.response_headers)[b"x-b"] == b"2"
    assert mirrored.counts.remarks == {
        "a WebSocket event that could not be read: ValueError: neither text nor bytes": 1,
        "a WebSocket text that is not UTF-8": 1,
        "a WebSocket message behind a close frame (text): left out": 1,
    }


def test_a_refusal_with_a_body_in_pieces(mirrored: Mirror, packets: Packets) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.http.response.start", "status": 401, "headers": iter([(b"x-a", b"1")])})
        await send({"type": "websocket.http.response.body", "body": b"no", "more_body": True})
        await send({"type": "websocket.http.response.body", "body": b"pe"})
        await receive()

    _, exchange = drive(mirrored, app)
    assert refused(mirrored, packets).response.chunks == (b"no", b"pe")
    assert exchange.response.status == 401
    assert exchange.response.headers["x-a"] == "1"
    assert exchange.response.complete
    assert exchange.error is None
