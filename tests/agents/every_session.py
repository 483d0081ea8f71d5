"""A suite of WebSocket sessions that knows nothing of mirror; it is copied into a folder of its own and run there."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect


async def again(websocket):
    """Says everything again."""
    await websocket.accept(next(iter(websocket.scope["subprotocols"]), None), headers=[(b"x-room", b"7")])
    while (message := await websocket.receive())["type"] == "websocket.receive":
        await websocket.send({**message, "type": "websocket.send"})


async def close(websocket):
    await websocket.accept()
    await websocket.close(int(websocket.path_params["code"]), websocket.query_params.get("reason", ""))


async def refuse(websocket):
    await websocket.close(4403)


async def deny(websocket):
    await websocket.send_denial_response(PlainTextResponse("not here", 418))


async def push(websocket):
    await websocket.accept()
    for number in range(30):
        await websocket.send_json({"number": number, "text": "é" * number})
    await websocket.send_bytes(bytes(range(256)) * 400)
    await websocket.receive()
    raise LookupError("boom")


async def fail(websocket):
    await websocket.accept()
    raise LookupError("boom")


async def page(request):
    return PlainTextResponse("page")


routes = [
    WebSocketRoute("/again", again),
    WebSocketRoute("/close/{code}", close),
    WebSocketRoute("/refuse", refuse),
    WebSocketRoute("/deny", deny),
    WebSocketRoute("/push", push),
    WebSocketRoute("/fail", fail),
    Route("/page", page),
]
client = TestClient(Starlette(routes=routes))

TEXTS = ["one", "Grüße, 世界 🌍", "", '{"json": [1, 2]}', "x" * 125, "x" * 126, "x" * 65536, "€" * 50_000]
BLOBS = [b"\x00\x01\xff", bytes(range(256)), b"", b"\x00" * 65535, bytes(range(256)) * 4096]


@pytest.mark.parametrize("text", TEXTS, ids=len)
def test_text(text):
    with client.websocket_connect("/again?a=%20b", subprotocols=["chat.v2", "chat.v1"]) as session:
        session.send_text(text)
        assert session.receive_text() == text


@pytest.mark.parametrize("blob", BLOBS, ids=len)
def test_binary(blob):
    with client.websocket_connect("/again", headers={"Authorization": "Bearer t"}) as session:
        session.send_bytes(blob)
        assert session.receive_bytes() == blob


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1008, 1011, 3000, 4999])
def test_close(code):
    with (
        client.websocket_connect(f"/close/{code}?reason=gr%C3%BCn") as session,
        pytest.raises(WebSocketDisconnect) as caught,
    ):
        session.receive_text()
    assert (caught.value.code, caught.value.reason) == (code, "grün")


def test_close_by_the_client():
    with client.websocket_connect("/again") as session:
        session.close(4001, "that's it")


def test_two_at_once_and_a_request():
    with client.websocket_connect("/again?1") as one, client.websocket_connect("/again?2") as two:
        for word in "abc":
            one.send_text(word)
            two.send_json({word: 1})
            assert client.get("/page").text == "page"
            assert two.receive_json() == {word: 1}
            assert one.receive_text() == word


def test_refused():
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/refuse"):
        pass


def test_denied():
    with pytest.raises(WebSocketDenialResponse), client.websocket_connect("/deny"):
        pass


def test_pushed_and_raised():
    with pytest.raises(LookupError), client.websocket_connect("/push") as session:
        assert [session.receive_json()["number"] for _ in range(30)] == list(range(30))


def test_failed():
    with pytest.raises(LookupError), client.websocket_connect("/fail"):
        pass
