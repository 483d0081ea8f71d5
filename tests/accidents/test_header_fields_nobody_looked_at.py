"""Secrets stood in parts of header fields that were kept as they are: the URI of Digest, the attributes of a cookie, a
name, a part of Cookie without a value. And a cookie of base64 was redacted inside, looked random then, and was replaced
whole when it was redacted again."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange
from mirror.redact.redactor import Redactor

KEY = "ghp_aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2"
PARTS = ("S3cr3t", "alice", "bob", "4111", "aB3dE5")


def sent(name: str, value: str) -> Exchange:
    fields = [(name, value)]
    return make_exchange(make_request("GET", "/", headers=fields), make_response(200, headers=fields))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", 'Digest realm="r", uri="/files?access_token=S3cr3tTok3nValue99&user=alice@shop.example"'),
        ("Authorization", 'Digest realm="bob@corp.example", uri="/", scope="4111111111111111"'),
        ("Set-Cookie", f"a=b; Path=/u/{KEY}/x"),
        ("Cookie", f"{KEY}; a=b"),
        ("Cookie", "alice@shop.example=1; alice.smith%40shop.example=2"),
    ],
)
def test_are_looked_at(name: str, value: str) -> None:
    redactor = Redactor()
    once = redactor.redact(sent(name, value))
    for message in (once.request, once.response):
        new = message.headers.get(name.lower()) or ""
        assert not any(part in new for part in PARTS)
        assert [each for each in new if each in ';,="'] == [each for each in value if each in ';,="']
    assert redactor.redact(once) == once


def test_attributes_stay() -> None:
    value = "theme=dark; Path=/; Domain=.shop.example; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly"
    assert Redactor().redact(sent("Set-Cookie", value)).response.headers.get("set-cookie") == value


@pytest.mark.parametrize("member", ["password", "email", "fax"])
def test_a_cookie_of_base64_is_redacted_once(member: str) -> None:
    redactor = Redactor()
    for number in range(60):
        said = json.dumps({member: {"email": f"zoe{number}@shop.example"}.get(member, "0517 64222341"), "n": number})
        exchange = sent("Cookie", f"prefs={urlsafe_b64encode(said.encode()).decode().rstrip('=')}")
        once = redactor.redact(exchange)
        assert once != exchange
        assert redactor.redact(once) == once
        assert redactor.blank(once) == redactor.blank(exchange)
