"""``password: X`` was replaced in a text and stayed in a string of JSON, unless a ``=`` stood in it as well; short
credentials stayed behind ``Bearer``; and what a program puts a value in the place of (``token=%s``) was replaced."""

from __future__ import annotations

import json

import pytest
from factories import make_exchange, make_request, make_response

from mirror.exchange import WebSocketMessage
from mirror.redact.redactor import Redactor


def everywhere(text: str) -> list[str]:
    """What becomes of a text in a string of JSON, in a body of text, in a message and in a report."""
    of_json = make_response(200, json.dumps({"log": text}).encode(), headers=[("Content-Type", "application/json")])
    of_text = make_response(200, text.encode(), headers=[("Content-Type", "text/plain")])
    message = WebSocketMessage("server", "text", text.encode(), 1.0)
    redactor = Redactor(key=b"k")
    first = redactor.redact(make_exchange(None, of_json, messages=(message,)))
    second = redactor.redact(make_exchange(None, of_text))
    return [
        json.loads(first.response.body)["log"],
        second.response.body.decode(),
        first.messages[0].data.decode(),
        Redactor(key=b"k").text(text),
    ]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("x password: Hunter-22x9 y", "Hunter-22x9"),
        ("pw=hunter2x9 token: hunter3x9", "hunter3x9"),
        ("Authorization: Bearer abcdef", "abcdef"),
        ("sent Authorization: Bearer abc123def to it", "abc123def"),
        ("{'Authorization': 'Bearer abc123'}", "abc123"),
        ("authorization=ApiKey abcdefgh", "abcdefgh"),
        ("saw Bearer Ws-Bear-13 there", "Ws-Bear-13"),
        ("a@b.example,password:Zk9", "Zk9"),
    ],
)
def test_what_is_secret_is_so_in_all(text: str, secret: str) -> None:
    found = everywhere(text)
    assert len(set(found)) == 1
    assert secret not in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "Bearer token required",
        "Use Bearer OAuth2 or RFC6750",
        "Authorization: Bearer credentials required",
        'WWW-Authenticate: Bearer realm="shop", error="invalid_token"',
        "token: expired",
        'log.warning("cannot log in: token=%s", token)',
        'log.warning("password=%(password)s, pin: %r", values)',
        'f"token={token!r} password: {user.password}"',
        '"password={}".format(x)',
        '"password": "%s", "token": "{0}"',
        'INFO {"cookies":[],"tokens":["',
        "password: []",
    ],
)
def test_what_is_none_stays_in_all(text: str) -> None:
    assert everywhere(text) == [text] * 4


def test_a_token_among_subprotocols_behind_its_scheme() -> None:
    for text in ("bearer.Zk9Hunter, chat", "chat,base64url.bearer.authorization.k8s.io.Zk9Hunter"):
        request = make_request("GET", "/ws", headers=[("Sec-WebSocket-Protocol", text)])
        new = Redactor().redact(make_exchange(request)).request.headers["sec-websocket-protocol"]
        assert "Zk9Hunter" not in new
        assert new.partition("Zk9")[0].startswith(text.partition("Zk9")[0])
    kept = make_exchange(make_request("GET", "/ws", headers=[("Sec-WebSocket-Protocol", "graphql-ws, token.v1")]))
    assert Redactor().redact(kept) is kept


def test_what_was_overwritten_in_binary_data_is_no_token() -> None:
    body = b"token\t0-----BEGIN PRIVATE KEY-----\0"
    exchange = make_exchange(None, make_response(200, body, headers=[("Content-Type", "image/png")]))
    redactor = Redactor()
    once = redactor.redact(exchange)
    assert once.response.body == b"token\t0" + b"x" * (len(body) - 7)
    assert redactor.redact(once) is once
