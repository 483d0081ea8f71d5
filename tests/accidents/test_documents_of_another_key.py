"""Placeholders, which are others in every run, stood in documents: in names of tests and endpoints, in choices that
refusals name, in events, in examples of forms. So a document that was learned twice was another one each time."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import msgspec
import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange, Route
from mirror.exchange import KnownRoute
from mirror.openapi.document import openapi
from mirror.openapi.model import Model
from mirror.redact.redactor import Redactor

VALUES = {
    "mail": "joan.p@shop.example",
    "key": "ghp_AbCdEf0123456789abcdef0123456789abcd",
    "card": "4111111111111111",
    "account": "DE89370400440532013000",
    "phone": "+4917012345678",
    "url": "https://bob:hunter22xx@shop.example/x",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2JieSJ9.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
}


def called(answer: object = None, sent: bytes = b"", kind: str = "", status: int = 200, **rest: object) -> Exchange:
    headers = [("Content-Type", kind)] if kind else []
    said = make_response(status, json.dumps(answer or {}).encode(), headers=[("Content-Type", "application/json")])
    made = {"gateway": "wsgi", "route": Route("/c", "c"), "test": "t.py::t"} | rest
    return make_exchange(make_request("POST", "/c", *filter(None, [sent]), headers=headers), said, **made)


def refused(value: str) -> Exchange:
    said = f"'{value}' or 'b'"
    wrong = {"type": "enum", "loc": ["query", "who"], "msg": f"Input should be {said}", "ctx": {"expected": said}}
    return called({"detail": [wrong]}, status=422)


def wrong(where: str, value: str) -> Exchange:
    sent = json.dumps({value: {"x": 1}}).encode() if where == "body" else b""
    detail = [{"type": "int_parsing", "loc": [where, value], "msg": "x"}]
    return called({"detail": detail}, sent, "application/json", 422)


def unrouted(target: str, answer: object = None) -> Exchange:
    return msgspec.structs.replace(called(answer, route=None), request=make_request("GET", target), gateway="http")


def part(value: str) -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\n' + value.encode() + b"\r\n--b--\r\n"


CARRIERS: dict[str, Callable[[str], Exchange | KnownRoute]] = {
    "test": lambda value: called(test=f"t.py::t[{value}-ok]"),
    "endpoint": lambda value: called(route=Route("/c", f"a {value}")),
    "docstring": lambda value: called(route=Route("/c", "c", f"Mail {value} now.")),
    "refusal": refused,
    "event": lambda value: called(sent=f'event: {value}\ndata: {{"a":1}}\n\n'.encode(), kind="text/event-stream"),
    "multipart": lambda value: called(sent=part(value), kind="multipart/form-data; boundary=b"),
    "tag": lambda value: KnownRoute("/u", "GET", "u", f"Mail {value}.", (), (f"t {value}",)),
    "title": lambda value: KnownRoute("/u", "GET", "u", title=f"t {value}", version=f"v {value}"),
    "refused member": lambda value: wrong("body", value),
    "refused parameter": lambda value: wrong("query", value),
    "refused field": lambda value: wrong("header", value),
    "refused by name": lambda value: called(
        {"errors": {"json": {value: ["Not a valid integer."]}}},
        json.dumps({value: "x"}).encode(),
        "application/json",
        422,
    ),
    "path": lambda value: unrouted(f"/users/{quote(value, safe='')}/orders", {"name": value}),
    "echo": lambda value: unrouted("/things/111111", {value: 111111, "z": 1}),
    "key": lambda value: called({value: 1, "z": 2}),
}


def learned(made: Exchange | KnownRoute, key: bytes) -> str:
    model, redactor = Model(), Redactor(key=key)
    model.add(redactor.redact(called()))
    if isinstance(made, Exchange):
        model.add(redactor.named(redactor.redact(made)))
    else:
        model.know((KnownRoute("/c", "POST", "c"), redactor.known_route(made)))
    return json.dumps(openapi(model.settled()[""]))


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS.keys())
def test_are_the_same(carrier: Callable[[str], Exchange | KnownRoute], value: str) -> None:
    made = carrier(value)
    assert learned(made, b"one") == learned(made, b"another")
    assert value not in learned(made, b"one")
