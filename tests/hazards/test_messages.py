"""Messages that contradict themselves; statuses, methods, fields and hosts that are hard on a client of the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from werkzeug.test import Client, EnvironBuilder

from mirror import Mirror

Fields = list[tuple[str, str]]


class Answer:
    """What both applications answer: any status, fields and body."""

    def __init__(self, status: int = 200, fields: Fields | None = None, body: bytes = b"") -> None:
        self.status = status
        self.fields = fields or []
        self.body = body

    def wsgi(self, environ: Any, start_response: Any) -> list[bytes]:
        start_response(f"{self.status} Reason", self.fields)
        return [self.body]

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.fields]
        await send({"type": "http.response.start", "status": self.status, "headers": fields})
        await send({"type": "http.response.body", "body": self.body})


def by_wsgi(answer: Answer, method: str = "GET", target: str = "/") -> tuple[int, bytes]:
    response = Client(answer.wsgi).open(target, method=method)
    return response.status_code, response.data


def by_asgi(answer: Answer, method: str = "GET", target: str = "/") -> tuple[int, bytes]:
    response = TestClient(answer.asgi).request(method, target)
    return response.status_code, response.content


@pytest.fixture(params=[by_wsgi, by_asgi], ids=["wsgi", "asgi"])
def call(request: pytest.FixtureRequest, mirrored: Mirror, wire: list[bytes]) -> Any:
    """Calls an application, and then another: the wire has to be in order for the one that follows."""
    yield request.param
    request.param(Answer(200, [("Content-Length", "5")], b"after"))
    assert wire[-1].startswith(b"HTTP/1.1 200 ")
    assert wire[-1].endswith(b"\r\n\r\nafter")


Call = Callable[..., tuple[int, bytes]]


# Status and methods --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [123, 199, 299, 499, 599, 999])
def test_a_status_without_a_name(status: int, call: Call, wire: list[bytes]) -> None:
    assert call(Answer(status, [("Content-Length", "0")]))[0] == status
    assert wire[1].startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("length", ["0", "123"])
def test_a_length_where_no_body_is(status: int, length: str, call: Call, wire: list[bytes]) -> None:
    assert call(Answer(status, [("Content-Length", length)])) == (status, b"")
    assert wire[1].lower().endswith(b"content-length: %b\r\n\r\n" % length.encode())


def test_a_length_in_an_answer_to_head(call: Call, wire: list[bytes], mirrored: Mirror) -> None:
    assert call(Answer(200, [("Content-Length", "7")]), "HEAD") == (200, b"")
    assert wire[1].lower().endswith(b"content-length: 7\r\n\r\n")
    assert not mirrored.counts.remarks


@pytest.mark.parametrize("method", ["QUERY", "PURGE", "CONNECT", "MK_COL", "TRACE", "M-SEARCH"])
def test_a_method(method: str, call: Call, wire: list[bytes]) -> None:
    assert call(Answer(200, [("Content-Length", "4")], b"text"), method) == (200, b"text")
    assert wire[0].startswith(method.encode() + b" / HTTP/1.1\r\n")


# Bodies against headers -----------------------------------------------------------------------------------------------


def test_content_length_zero_on_a_request_with_a_body(mirrored: Mirror, wire: list[bytes]) -> None:
    client = TestClient(Answer(body=b"text").asgi)
    client.post("/", content=b"body", headers={"Content-Length": "0"})
    assert b"content-length: 4\r\n" in wire[0].lower()
    assert wire[0].endswith(b"\r\n\r\nbody")
    assert mirrored.counts.remarks == {"request framing: Content-Length: 0 before a body of 4 bytes": 1}


def test_chunked_on_a_plain_complete_request_body(mirrored: Mirror, wire: list[bytes]) -> None:
    builder = EnvironBuilder("/", method="POST", data=b"body", headers={"Transfer-Encoding": "chunked"})
    Client(Answer(body=b"text").wsgi).open(builder)
    assert wire[0].count(b"Transfer-Encoding") + wire[0].count(b"Content-Length") == 1
    assert wire[0].endswith((b"\r\n\r\nbody", b"\r\n\r\n4\r\nbody\r\n0\r\n\r\n"))
    assert mirrored.counts.published == 1


def test_chunked_on_a_plain_complete_response(call: Call, wire: list[bytes]) -> None:
    call(Answer(200, [("Transfer-Encoding", "chunked")], b"text"))
    assert wire[1].endswith(b"\r\n\r\n4\r\ntext\r\n0\r\n\r\n")


@pytest.mark.parametrize("length", ["2", "400", "-1", "four", ""])
def test_a_wrong_length_in_a_response(length: str, call: Call, wire: list[bytes], mirrored: Mirror) -> None:
    call(Answer(200, [("Content-Length", length)], b"text"))
    assert wire[1].lower().endswith(b"content-length: 4\r\n\r\ntext")
    assert mirrored.counts.remarks == {f"response framing: {named(call)}: {length} before a body of 4 bytes": 1}


def named(call: Call) -> str:
    return "content-length" if call is by_asgi else "Content-Length"


# Headers -------------------------------------------------------------------------------------------------------------


def test_repeated_request_fields(mirrored: Mirror, wire: list[bytes]) -> None:
    fields = [("Content-Type", "text/plain"), ("Content-Type", "text/html"), ("X-Empty", ""), ("X-Long", "x" * 8000)]
    TestClient(Answer().asgi).post("/", headers=fields, content=b"body")
    assert [wire[0].count(b"%b: %b\r\n" % (name.encode(), value.encode())) for name, value in fields] == [1, 1, 1, 1]
    assert mirrored.exchanges[0].request.headers.get_all("content-type") == ["text/plain", "text/html"]


def test_repeated_response_fields(call: Call, wire: list[bytes]) -> None:
    fields = [("Set-Cookie", f"c{number}=1; Path=/") for number in range(20)]
    fields += [("Link", "</a>"), ("Link", "</b>"), ("Vary", "Accept"), ("Vary", "Cookie"), ("X-Empty", "")]
    fields += [("X-Long", "x" * 8000), ("Content-Length", "0")]
    call(Answer(200, fields))
    _, *lines = wire[1].removesuffix(b"\r\n\r\n").split(b"\r\n")
    assert [line.lower() for line in lines] == [f"{name}: {value}".lower().encode() for name, value in fields]


@pytest.mark.parametrize(
    "host", ["ec2.us-east-1.amazonaws.com", "[::1]", "[2001:db8::1]:8080", "x.localhost:5000", "no-such-host.invalid"]
)
def test_a_host_is_told_and_never_looked_up(host: str, wire: list[bytes], mirrored: Mirror) -> None:
    TestClient(Answer().asgi, base_url=f"http://{host}").get("/")
    Client(Answer().wsgi).get("/", base_url=f"http://{host}")
    assert [message.lower().count(b"host: %b\r\n" % host.encode()) for message in wire[::2]] == [1, 1]
    assert [exchange.request.authority for exchange in mirrored.exchanges] == [host, host]


async def tell_path(request: Request) -> Response:
    return Response(str(request.url))


def test_base_urls_with_a_path(wire: list[bytes], mirrored: Mirror) -> None:
    app = Starlette(routes=[Mount("/v1", routes=[Route("/orders", tell_path)])])
    assert TestClient(app, base_url="http://shop/v1").get("orders").text == "http://shop/v1/orders"
    Client(Answer().wsgi).get("/orders", base_url="http://shop/v1/")
    assert [message.partition(b" HTTP/1.1")[0] for message in wire[::2]] == [b"GET /v1/orders"] * 2
    assert mirrored.exchanges[0].route is not None
    assert mirrored.exchanges[0].route.template == "/v1/orders"


def test_root_path_and_script_name(wire: list[bytes], mirrored: Mirror) -> None:
    app = Starlette(routes=[Route("/orders", tell_path)])
    TestClient(app, root_path="/api").get("/api/orders")
    Client(Answer().wsgi).get("/orders", environ_overrides={"SCRIPT_NAME": "/api"})
    assert [message.partition(b" HTTP/1.1")[0] for message in wire[::2]] == [b"GET /api/orders"] * 2
    assert mirrored.counts.published == 2


def test_an_async_client_with_a_root_path(mirrored: Mirror, backend: str) -> None:
    import anyio

    app = Starlette(routes=[Route("/orders", tell_path)])

    async def call() -> int:
        transport = httpx2.ASGITransport(app, root_path="/api")
        async with httpx2.AsyncClient(transport=transport, base_url="http://shop") as client:
            return (await client.get("/api/orders?x=%2F")).status_code

    assert anyio.run(call, backend=backend) == 200
    assert mirrored.exchanges[0].request.target == "/api/orders?x=%2F"
