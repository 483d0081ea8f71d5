"""FastAPI's 422 repeats what it refuses: a password that was replaced in the request stood in clear in its response."""

from __future__ import annotations

import json

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange
from mirror.redact.redactor import Redactor

JSON = [("Content-Type", "application/json")]


def redacted(sent: bytes, answer: bytes, kind: str = "application/json", target: str = "/") -> Exchange:
    headers = [("Content-Type", kind), ("Content-Length", str(len(answer)))]
    exchange = make_exchange(
        make_request("POST", target, sent, headers=JSON), make_response(422, answer, headers=headers)
    )
    redactor = Redactor()
    new = redactor.redact(exchange)
    assert redactor.redact(new) == new
    assert new.response.headers["content-length"] == str(len(new.response.body))
    return new


@pytest.mark.parametrize("value", ["shorty", "Hunter2cana", 99887766, ["a-Secret-9", "b"]])
def test_what_pydantic_refuses(value: object) -> None:
    sent = json.dumps({"password": value, "name": "joe"}).encode()
    errors = [
        {"type": "string_too_short", "loc": ["body", "password"], "msg": "too short", "input": value},
        {"type": "x", "loc": ["body", "name"], "msg": "too short", "input": "joe"},
    ]
    told = json.loads(redacted(sent, json.dumps({"detail": errors}).encode()).response.body)["detail"]
    assert told[0]["input"] != value
    assert type(told[0]["input"]) is type(value)
    assert told[0]["loc"] == ["body", "password"]
    assert told[1] == errors[1]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b'{"error": "Invalid credentials: Hunter2cana"}', "application/json"),
        (b'{"propertyPath": "password", "invalidValue": "Hunter2cana"}', "application/json"),
        (b"<p>Wrong password Hunter2cana for joe</p>", "text/html"),
    ],
)
def test_what_others_repeat(answer: bytes, kind: str) -> None:
    new = redacted(b'{"password": "Hunter2cana"}', answer, kind)
    assert b"Hunter2cana" not in new.response.body
    assert json.loads(new.request.body)["password"].encode() in new.response.body


def test_what_a_query_held() -> None:
    new = redacted(b"{}", b'{"detail": "no key Zk9-Hunter2cana"}', target="/?api_key=Zk9-Hunter2cana")
    assert b"Hunter2cana" not in new.response.body


def test_words_stay_where_they_are() -> None:
    answer = b'{"username": "password", "hint": "the password is secret"}'
    assert redacted(b'{"password": "username"}', answer).response.body == answer
