"""Exchanges for reports: a small shop, and what hostile captures hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from factories import make_exchange, make_request, make_response

from mirror import Exchange, Route, WebSocketMessage
from mirror.report.collection import Collection, Limits
from mirror.report.data import data
from mirror.report.page import save

JSON = [("Content-Type", "application/json")]


def shop() -> list[Exchange]:
    """Calls of three operations, a WebSocket session, a preflight; a test that failed."""
    place, order = (
        Route("/orders", "orders.place", "Place an order.\n\nAnd more."),
        Route("/orders/<int:order_id>", "orders.show"),
    )
    made = [
        make_exchange(
            make_request("POST", "/orders", b'{"sku":"teapot","big":12345678901234567890}', headers=JSON),
            make_response(201, b'{"id":1,"total_cents":1500}', headers=JSON, reason="Created"),
            route=place, test="tests/test_orders.py::test_place", outcome="passed",
        ),
        make_exchange(
            make_request("POST", "/orders", b'{"sku":1}', headers=JSON),
            make_response(422, b'{"detail":"no such thing"}', headers=JSON, reason="Unprocessable Entity"),
            route=place, test="tests/test_orders.py::test_refused", outcome="failed",
        ),
        make_exchange(
            make_request("GET", "/orders/1?verbose=1"),
            make_response(200, b'{"id":1,"total_cents":1500}', headers=JSON),
            route=order, test="tests/test_orders.py::test_place", outcome="passed", elapsed=0.0125,
        ),
        make_exchange(
            make_request("HEAD", "/orders/1"), make_response(200, headers=JSON), route=order,
            test="tests/test_orders.py::test_head", outcome="passed",
        ),
        make_exchange(
            make_request("GET", "/chat"), make_response(101, reason="Switching Protocols"),
            route=Route("/chat", "chat"),
            messages=(
                WebSocketMessage("client", "text", b'{"say":"hello"}', 1e9 + 4.5),
                WebSocketMessage("server", "close", b"bye", 1e9 + 5, 1000),
            ),
        ),
        make_exchange(make_request("OPTIONS", "/orders", headers=[("Access-Control-Request-Method", "POST")])),
    ]  # fmt: skip
    return [
        Exchange(**{**fields(each), "id": f"id-{place}", "started": 1e9 + place}) for place, each in enumerate(made)
    ]


def fields(exchange: Exchange) -> dict[str, Any]:
    return {name: getattr(exchange, name) for name in exchange.__struct_fields__}


BREAKING = "</script><img src=x onerror=\"document.title='broken out'\"><!-- <script> ]]> @@raw@@"
BREAKING += " \u2028\u2029 & \udc80 \U0001f600"


def hostile() -> list[Exchange]:
    """What breaks out of a page that is careless, in every place that an exchange has."""
    text = BREAKING.encode("utf-8", "surrogatepass")
    plain = BREAKING.encode("ascii", "replace").decode()
    at = "/a/</script><img%20src=x%20onerror=document.title='broken%20out'>"
    bodies = {
        "application/json": [
            json.dumps({BREAKING: BREAKING}).encode(), b'{"a":NaN,"b":-Infinity,"c":1e999}', text, b"[" * 5000, b"",
            b"{", b'{"a": "\\ud800"}', b'{"__proto__":{"x":1},"constructor":2}',
        ],
        "text/html": [text, b"<script>document.title='broken out'</script>"],
        "text/plain; charset=utf-16": [b"\xff\xfe<\0/\0"],
        "application/octet-stream": [bytes(range(256)) * 100],
        "application/x-www-form-urlencoded": [b"a=%3C%2Fscript%3E&b=%FF"],
        "multipart/form-data; boundary=</script>": [
            b"--</script>\r\nContent-Disposition: form-data\r\n\r\n</script>\r\n--</script>--"
        ],
        plain: [text],
    }  # fmt: skip
    made = []
    for kind, each in bodies.items():
        for body in each:
            headers = [("Content-Type", kind), ("X-Break", plain)]
            made.append(
                make_exchange(
                    make_request("POST", at, body, headers=headers),
                    make_response(200, body, headers=headers, reason=plain, trailers=[("X-T", plain)], complete=False),
                    id=BREAKING, test=f"t.py::{BREAKING}", outcome=BREAKING, error=BREAKING,
                    route=Route("/a/<name>", f"{BREAKING}.x", BREAKING), started=float(len(made)),
                    messages=(),
                )
            )  # fmt: skip
    made.append(
        make_exchange(
            make_request("GET", "/ws"), make_response(101),
            started=1e30, id="ws", test="constructor", outcome="__proto__",
            messages=(
                WebSocketMessage("client", "text", text, 0.5), WebSocketMessage("server", "binary", b"\0" * 9, 1.0)
            ),
        )
    )  # fmt: skip
    made.append(make_exchange(make_request("</SCRIPT>", "*"), make_response(999, b"?"), id="m", started=0.0))
    return made


def shapes() -> Iterator[Exchange]:
    """Bodies of every kind: a tree, a map, GraphQL, events, lines, a file."""

    def tree(depth: int) -> dict[str, Any]:
        return {"id": depth, "replies": [tree(depth - 1) for _ in range(2)] if depth else []}

    query = {"query": "query Books($n: Int) { books(first: $n) { id } }", "variables": {"n": 3}}
    upload = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n\x89PNG\xff\r\n--b--\r\n'
    bodies: list[tuple[str, bytes, str, bytes]] = [
        ("", b"", "application/json", json.dumps(tree(4)).encode()),
        ("", b"", "application/json", json.dumps({f"k-{k}": {"n": k} for k in range(60)}).encode()),
        ("application/json", json.dumps(query).encode(), "application/json", b'{"data":{"books":[{"id":1}]}}'),
        ("", b"", "text/event-stream", b'event: tick\ndata: {"a":1}\n\nevent: tock\ndata: {"a":2}\n\n'),
        ("", b"", "application/x-ndjson", b'{"a":1}\n{"b":[]}\n'),
        ("multipart/form-data; boundary=b", upload, "image/png", b"\x89PNG\xff"),
    ]
    for n, (sent, body, got, answer) in enumerate(bodies * 3):
        said = [("Content-Type", sent)] if sent else []
        yield make_exchange(
            make_request("POST" if body else "GET", f"/s{n % 6}", body, headers=said),
            make_response(200, answer, headers=[("Content-Type", got)]),
            route=Route("/graphql" if n % 6 == 2 else f"/s{n % 6}", f"s{n % 6}"), id=f"s-{n}",
        )  # fmt: skip


def many(number: int) -> Iterator[Exchange]:
    """Calls of 50 operations."""
    for n in range(number):
        body = json.dumps(
            {"id": n, "word": f"word-{n}-end", "lines": [{"sku": f"S-{n}-{k}"} for k in range(20)]}
        ).encode()
        yield make_exchange(
            make_request("POST", f"/things{n % 50}/{n}", body, headers=JSON),
            make_response(404 if n % 10 == 0 else 200, body, headers=JSON),
            route=Route(f"/things{n % 50}/{{thing_id}}", f"thing{n % 50}.make"), id=f"id-{n}", started=float(n),
            test=f"tests/test_things.py::test_{n // 5}", outcome="failed" if n % 500 == 0 else "passed",
        )  # fmt: skip


def collected(exchanges: Iterable[Exchange], limits: Limits = Limits()) -> Collection:  # noqa: B008 (it is immutable)
    collection = Collection(limits)
    for exchange in exchanges:
        collection.add(exchange)
    return collection


def data_of(exchanges: Iterable[Exchange], limits: Limits = Limits()) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: B008
    """The index and the raw exchanges, as a browser reads them."""
    index, raw = data(collected(exchanges, limits), "API")
    return json.loads(json.dumps(index)), json.loads(json.dumps(raw))


def written(path: Path, exchanges: Iterable[Exchange], title: str = "API") -> Path:
    save(path, collected(exchanges), title)
    return path
