"""WebSocket sessions are as without mirror, and counted as ignored."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from mirror import Mirror


async def chat(websocket: WebSocket) -> None:
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
    raise LookupError("boom")


async def receive_on(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive()
    try:
        await websocket.receive()
    except RuntimeError as error:
        websocket.app.state.error = error


async def page(request: Any) -> PlainTextResponse:
    return PlainTextResponse("page")


@pytest.fixture
def client(backend: str, mirrored: Mirror) -> TestClient:
    routes = [
        WebSocketRoute("/chat", chat),
        WebSocketRoute("/close/{code}", close),
        WebSocketRoute("/refuse", refuse),
        WebSocketRoute("/deny", deny),
        WebSocketRoute("/never", never_accept),
        WebSocketRoute("/receive", receive_on),
        Route("/page", page),
    ]
    return TestClient(Starlette(routes=routes), backend=backend)


@pytest.fixture(autouse=True)
def ignored(mirrored: Mirror) -> Any:
    """Each test has one WebSocket session; it is told, and nothing else is made of it."""
    yield
    assert mirrored.counts.ignores == {"a WebSocket session, which is not mirrored yet": 1}
    assert mirrored.counts.made == mirrored.counts.published + 1


def test_a_session_with_a_subprotocol(client: TestClient) -> None:
    with client.websocket_connect("/chat", subprotocols=["chat.v1", "chat.v2"]) as session:
        assert session.accepted_subprotocol == "chat.v2"
        for word in ("one", "two"):
            session.send_text(word)
            assert session.receive_text() == f"you said {word}"
        session.close(4001)
    assert client.app.state.left == 4001


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 4400, 4404, 4499])
def test_a_close_code(client: TestClient, code: int) -> None:
    with client.websocket_connect(f"/close/{code}") as session, pytest.raises(WebSocketDisconnect) as caught:
        session.receive_text()
    assert (caught.value.code, caught.value.reason) == (code, "because")


def test_a_session_that_is_refused(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect("/refuse"):
        pass
    assert caught.value.code == 4403


def test_a_denial_response(client: TestClient) -> None:
    with pytest.raises(WebSocketDenialResponse) as caught, client.websocket_connect("/deny"):
        pass
    assert (caught.value.status_code, caught.value.text) == (418, "not here")


def test_a_server_that_never_accepts(client: TestClient) -> None:
    with pytest.raises(LookupError), client.websocket_connect("/never"):
        pass


def test_receiving_after_the_close(client: TestClient) -> None:
    with client.websocket_connect("/receive") as session:
        session.close(1000)
    assert "disconnect" in str(client.app.state.error)


def test_requests_beside_a_session_are_mirrored(client: TestClient, mirrored: Mirror) -> None:
    with client.websocket_connect("/chat") as session:
        assert client.get("/page").text == "page"
        session.send_text("still here")
        assert session.receive_text() == "you said still here"
    assert mirrored.counts.published == 1
