"""WebSocket sessions by way of a proxy, and all that it may do to them."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest
from frames import said, session
from observer import Tee
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from mirror import Exchange, Mirror
from mirror.wire.proxy import GIVE_UP_AFTER


async def chat(scope: Any, receive: Any, send: Any) -> None:
    websocket = WebSocket(scope, receive, send)
    await websocket.accept()
    try:
        while (word := await websocket.receive_text()) != "bye":
            await websocket.send_text(word * 2)
        await websocket.close(4000, "bye")
    except WebSocketDisconnect:
        pass


def talk(*words: str, path: str = "/chat") -> None:
    with TestClient(chat).websocket_connect(path) as session:
        for word in words:
            session.send_text(word)
            if word != "bye":
                assert session.receive_text() == word * 2


def alike(exchange: Exchange, tee: Tee) -> None:
    """The proxy has seen the session; which of two close frames came first it cannot always tell."""
    (stream,) = tee.streams()
    seen = session(stream)
    assert sorted(seen.messages[-2:]) == sorted(said(exchange)[-2:])
    assert seen.messages[:-2] == said(exchange)[:-2]


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("words", [("one", "zwölf"), ("one", "bye"), (), ("x" * 3_000_000,)])
def test_a_session_through_a_proxy(mode: Any, words: tuple[str, ...]) -> None:
    tee = Tee()
    with tee, Mirror(proxy=tee.url, proxy_mode=mode) as mirror:
        tee.forward_to(mirror.port)
        talk(*words)
        assert mirror.counts.published == mirror.counts.made == 1, mirror.counts
        assert not mirror.counts.remarks
        assert len(mirror.pending) == 0
        (exchange,) = mirror.exchanges
        url = mirror.url
    alike(exchange, tee)
    target = session(tee.streams()[0]).target.decode()
    assert target == ("/chat" if mode == "reverse" else f"{url}/chat")


def test_the_correlation_header_finds_the_session() -> None:
    tee = Tee()
    with tee, Mirror(proxy=tee.url, correlation_header="X-Correlation") as mirror:
        tee.forward_to(mirror.port)
        talk("one")
        assert mirror.counts.published == 1
        (exchange,) = mirror.exchanges
    assert dict(session(tee.streams()[0]).headers)[b"X-Correlation"] == exchange.id.encode()


def test_sessions_beside_each_other_and_beside_exchanges() -> None:
    tee = Tee()
    with tee, Mirror(proxy=tee.url) as mirror:
        tee.forward_to(mirror.port)
        with TestClient(chat).websocket_connect("/chat?1") as one:
            one.send_text("a")
            talk("b", path="/chat?2")
            assert one.receive_text() == "aa"
        assert mirror.counts.published == 2
    assert {session(stream).target for stream in tee.streams()} == {b"/chat?1", b"/chat?2"}


def test_what_a_proxy_alters_is_a_loss() -> None:
    """The messages are compared; a session that a proxy rewrites is not the one that was to be shown."""
    tee = Tee(alter=lambda data: data.replace(b"aa", b"bb"))
    losses: list[str] = []
    with tee, Mirror(proxy=tee.url, on_loss=losses.append) as mirror:
        tee.forward_to(mirror.port)
        talk("a", "b")
        assert mirror.counts.failed == mirror.counts.made == 1
    assert losses == ["a WebSocket message (text) arrived altered"]


# Proxies that do not speak WebSocket ----------------------------------------------------------------------------------


class Scripted:
    """A proxy that does something of its own with each connection on which something is said."""

    def __init__(self, act: Callable[[socket.socket], None]) -> None:
        self.requests = 0
        self._act = act
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._open: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            if connection.recv(1 << 16):
                self.requests += 1
                self._act(connection)


SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


def hang_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Five seconds each are for proxies that are slow, not for those that are silent on purpose."""
    with monkeypatch.context() as patch:
        for name in ("proxy.REPLY_PATIENCE", "sink.PATIENCE", "websocket.PATIENCE"):
            patch.setattr(f"mirror.wire.{name}", 2.0)
        yield


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda connection: connection.sendall(b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n"), "answered 502"),
        (lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), "answered 200"),
        (lambda connection: connection.sendall(b"\x00 what?\r\n\r\n"), "something else than HTTP"),
        (hang_up, "closed the connection without an answer"),
        (lambda connection: None, "did not answer in time (a WebSocket handshake)"),
        # It switches by itself, and nobody is there to speak to.
        (lambda connection: connection.sendall(SWITCHING), "did not pass the WebSocket handshake on to the echo"),
    ],
)
def test_a_proxy_that_does_not_speak_websocket(act: Any, reason: str) -> None:
    losses: list[str] = []
    with Scripted(act) as proxy, Mirror(proxy=proxy.url, on_loss=losses.append) as mirror:
        talk("one", "two")
        assert mirror.counts.failed == mirror.counts.made == 1
        assert len(mirror.pending) == 0
    assert reason in losses[0]


def test_such_a_proxy_is_given_up_for_sessions_alone() -> None:
    with Scripted(hang_up) as proxy, Mirror(proxy=proxy.url, on_loss=lambda loss: None) as mirror:
        for _ in range(GIVE_UP_AFTER + 2):
            talk("one")
        assert proxy.requests == GIVE_UP_AFTER
        assert mirror.counts.failed == GIVE_UP_AFTER + 2
        assert f"was given up for WebSocket after {GIVE_UP_AFTER} lost sessions" in " ".join(mirror.counts.failures)


@pytest.mark.usefixtures("impatient")
def test_a_proxy_that_swallows_messages_costs_one_wait() -> None:
    """The handshake passes, then nothing does."""
    losses: list[str] = []
    ports: list[int] = []
    echoes: list[socket.socket] = []

    def pass_the_handshake(client: socket.socket) -> None:
        echo = socket.create_connection(("127.0.0.1", ports[0]))
        echoes.append(echo)
        echo.sendall(HANDSHAKE)
        client.sendall(echo.recv(1 << 16))

    with Scripted(pass_the_handshake) as proxy, Mirror(proxy=proxy.url, on_loss=losses.append) as mirror:
        ports.append(mirror.port)
        talk("one", "two", "three")
        assert mirror.counts.failed == mirror.counts.made == 1
    for echo in echoes:
        echo.close()
    assert losses == ["a WebSocket message did not arrive in time"]


HANDSHAKE = (
    b"GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: testserver==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


# Strangers ------------------------------------------------------------------------------------------------------------


def test_a_stranger_s_handshake_is_answered_like_any_request() -> None:
    with Mirror(attach=False) as mirror, socket.create_connection(("127.0.0.1", mirror.port)) as stranger:
        stranger.sendall(HANDSHAKE)
        assert stranger.recv(1 << 16).startswith(b"HTTP/1.1 404 ")


def test_a_stranger_that_takes_a_session_costs_that_session() -> None:
    """It asks for the same path while the proxy thinks; then it says something of its own."""
    losses: list[str] = []
    strangers: list[socket.socket] = []
    ports: list[int] = []

    def be_overtaken(client: socket.socket) -> None:
        for _ in range(2):  # the stranger, then the proxy itself
            echo = socket.create_connection(("127.0.0.1", ports[0]))
            strangers.append(echo)
            echo.sendall(HANDSHAKE)
            answer = echo.recv(1 << 16)
        strangers[0].sendall(b"\xff" * 100)
        client.sendall(answer)

    with Scripted(be_overtaken) as proxy, Mirror(proxy=proxy.url, on_loss=losses.append) as mirror:
        ports.append(mirror.port)
        talk("one")
        assert mirror.counts.failed == mirror.counts.made == 1
        assert len(mirror.pending) == 0
    for stranger in strangers:
        stranger.close()
    assert losses[0].endswith("answered 404 to a WebSocket handshake")


@pytest.mark.parametrize(
    ("bytes_", "reason"),
    [
        (b"\xff" * 100, "arrived as no frames"),
        (b"\x81\x05hello", "arrived as no frames"),  # a client that does not mask
        (b"\x81\x85\x00\x00\x00\x00hello", "arrived altered"),
        (b"\x88\x80\x00\x00\x00\x00", "arrived altered"),
        (b"", "closed in the middle"),
    ],
)
def test_a_proxy_that_says_something_of_its_own(bytes_: bytes, reason: str) -> None:
    losses: list[str] = []
    ports: list[int] = []

    def speak(client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", ports[0])) as echo:
            echo.sendall(HANDSHAKE)
            client.sendall(echo.recv(1 << 16))
            client.recv(1 << 16)
            echo.sendall(bytes_)

    with Scripted(speak) as proxy, Mirror(proxy=proxy.url, on_loss=losses.append) as mirror:
        ports.append(mirror.port)
        talk("one", "two")
        assert mirror.counts.failed == mirror.counts.made == 1
        assert not mirror.recorder.live
    assert reason in losses[0]


# Slow ones ------------------------------------------------------------------------------------------------------------


def shuttle(client: socket.socket, echo: socket.socket, pause: float) -> None:
    """Pass on what comes, after a pause each time, until one end closes."""
    while True:
        for ready in select.select([client, echo], [], [])[0]:
            data = ready.recv(1 << 20)
            if not data:
                return
            time.sleep(pause)
            (echo if ready is client else client).sendall(data)


@pytest.mark.parametrize("size", [1, 8_000_000])
def test_a_slow_proxy_is_waited_for(size: int) -> None:
    ports: list[int] = []

    def pass_on_slowly(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", ports[0])) as echo:
            echo.sendall(HANDSHAKE)
            client.sendall(echo.recv(1 << 16))
            time.sleep(0.2)
            shuttle(client, echo, 0.02)

    with Scripted(pass_on_slowly) as proxy, Mirror(proxy=proxy.url) as mirror:
        ports.append(mirror.port)
        talk("x" * size)
        assert mirror.counts.published == mirror.counts.made == 1, mirror.counts


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("size", [1, 16_000_000])
def test_a_proxy_that_stops_reading_is_not_waited_for_long(size: int) -> None:
    ports: list[int] = []
    losses: list[str] = []
    echoes: list[socket.socket] = []

    def stop_reading(client: socket.socket) -> None:
        echoes.append(echo := socket.create_connection(("127.0.0.1", ports[0])))
        echo.sendall(HANDSHAKE)
        client.sendall(echo.recv(1 << 16))

    with Scripted(stop_reading) as proxy, Mirror(proxy=proxy.url, on_loss=losses.append) as mirror:
        ports.append(mirror.port)
        talk("x" * size, "more")
        assert mirror.counts.failed == mirror.counts.made == 1, mirror.counts
    for echo in echoes:
        echo.close()
    assert "in time" in losses[0]


@pytest.mark.usefixtures("impatient")
def test_a_proxy_that_does_not_answer_a_close_frame_is_remarked() -> None:
    ports: list[int] = []

    def keep_the_answer(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", ports[0])) as echo:
            echo.sendall(HANDSHAKE)
            client.sendall(echo.recv(1 << 16))
            echo.sendall(client.recv(1 << 16))  # the client's close frame

    with Scripted(keep_the_answer) as proxy, Mirror(proxy=proxy.url) as mirror:
        ports.append(mirror.port)
        talk()
        assert mirror.counts.published == mirror.counts.made == 1, mirror.counts
        assert mirror.counts.remarks == {"proxy: a WebSocket close frame was not answered": 1}
