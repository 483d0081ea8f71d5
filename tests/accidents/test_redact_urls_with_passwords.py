"""Passwords in URLs: with what should end an authority in them, within a query, in binary data, in names of tests."""

from __future__ import annotations

import pytest
from factories import make_exchange, make_request, make_response

from mirror.redact.detectors import url_passwords
from mirror.redact.redactor import Redactor

TEXT = [("Content-Type", "text/plain")]


@pytest.mark.parametrize("url", ["redis://:ab#cD3x@cache:6379/0", "amqps://u:ab?cD3x@mq/vh"])
def test_a_password_with_a_hash_or_a_question_mark(url: str) -> None:
    password = url.partition("://")[2].partition(":")[2].partition("@")[0]
    redacted = Redactor().redact(make_exchange(None, make_response(200, f"at {url} now".encode(), headers=TEXT)))
    assert password.encode() not in redacted.response.body
    assert redacted.response.body.endswith(url.partition("@")[2].encode() + b" now")


def test_a_port_is_no_password() -> None:
    body = b"see https://shop.example:8080?to=@anna and http://h.example:80/@anna"
    exchange = make_exchange(None, make_response(200, body, headers=TEXT))
    assert Redactor().redact(exchange) is exchange


@pytest.mark.parametrize(
    "url", ["postgresql%3A%2F%2Fapp%3ApW12x%40db.internal%2Fshop", "http%3A%2F%2Fu%3ApW12x%40x.io"]
)
def test_a_url_in_a_query_is_redacted_once(url: str) -> None:
    redactor = Redactor()
    once = redactor.redact(
        make_exchange(make_request("GET", f"/go?to=http%3A%2F%2Fx.io%2F%3Fat%3D{url}&next=http://x.io/?a={url}"))
    )
    assert "pW12x" not in once.request.target
    assert "user-" not in once.request.target, "the placeholder and the host are no e-mail address"
    assert redactor.redact(once) is once


def test_binary_data_and_names_of_tests() -> None:
    url = "mongodb://svc:ytBWsOaQ_GWZ9@cluster0.mongodb.net/"
    png = b"\x89PNG\0\1" + url.encode() + b"\0\xff"
    exchange = make_exchange(None, make_response(200, png, headers=[("Content-Type", "image/png")]))
    exchange = Redactor().redact(exchange)
    assert b"ytBWsOaQ" not in exchange.response.body
    assert len(exchange.response.body) == len(png)
    assert not list(url_passwords(exchange.response.body.decode("latin-1"))), "a scan finds nothing more"
    name = Redactor().name(f"tests/test_a.py::test_b[{url}-https://x.io/?token=a1b2c3d4e5]")
    assert "ytBWsOaQ" not in name
    assert "a1b2c3d4e5" not in name
    assert name.endswith("]")
