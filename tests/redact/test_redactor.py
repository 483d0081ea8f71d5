"""What stands in an exchange after redaction: forms kept, framing mended, everything else untouched."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from base64 import b64decode, urlsafe_b64decode
from typing import Any

import pytest
from factories import make_exchange, make_headers, make_request, make_response

from mirror import Exchange
from mirror.exchange import Response, WebSocketMessage
from mirror.redact.placeholders import is_made_iban, is_placeholder, luhn, only_digits
from mirror.redact.redactor import Redactor

JSON = ("Content-Type", "application/json")


def redacted(value: Any) -> Any:
    exchange = make_exchange(None, make_response(200, json.dumps(value).encode(), headers=[JSON]))
    return json.loads(Redactor().redact(exchange).response.body)


def answered(body: bytes, *headers: tuple[str, str], **rest: Any) -> Response:
    return Redactor(key=b"k").redact(make_exchange(None, make_response(200, body, headers=headers, **rest))).response


def asked(*headers: tuple[str, str], target: str = "/") -> Exchange:
    return Redactor(key=b"k").redact(make_exchange(make_request("GET", target, headers=headers)))


# Placeholders ---------------------------------------------------------------------------------------------------------


def test_the_forms_of_placeholders() -> None:
    new = redacted(
        {
            "email": "a.b@shop.example",
            "password": "hunter2",
            "pin": "1234",
            "pin_number": 7,
            "otp": 123456,
            "secret": 12.5,
            "phone": "+49 (170) 123-4567",
            "mobile": 4917012345678,
            "card": "4111 1111 1111 1111",
            "card_number": 4111111111111111,
            "iban": "DE89 3704 0044 0532 0130 00",
            "token": "550e8400-e29b-41d4-a716-446655440000",
            "api_key": "0123456789ABCDEF0123456789ABCDEF",
            "webhook_secret": "https://hooks.example/x",
        }
    )
    assert re.fullmatch(r"user-[0-9a-f]{12}@redacted\.example\.com", new["email"])
    assert re.fullmatch(r"redacted-[0-9a-f]{12}", new["password"])
    assert new["pin"] == "9999"
    assert new["pin_number"] == 7
    assert new["otp"] == 999999
    assert new["secret"] == 12.5
    assert re.fullmatch(r"\+99 \(9\d\d\) \d{3}-\d{4}", new["phone"])
    assert len(str(new["mobile"])) == 13
    assert re.fullmatch(r"9999 \d{4} \d{4} \d{4}", new["card"])
    for number in (only_digits(new["card"]), str(new["card_number"])):
        assert luhn(number[:-1]) == number[-1]
    assert is_made_iban(new["iban"])
    assert re.fullmatch(r"DE\d\d 999\d \d{4} \d{4} \d{4} \d\d", new["iban"])
    assert re.fullmatch(r"facade00-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", new["token"])
    assert re.fullmatch(r"FACADE00[0-9A-F]{24}", new["api_key"])
    assert re.fullmatch(r"https://redacted\.example\.com/[0-9a-f]{12}", new["webhook_secret"])
    assert all(is_placeholder(str(value)) for name, value in new.items() if name not in ("pin_number", "secret"))


def test_a_jwt_stays_one() -> None:
    token = (
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTQyIiwibmFtZSI6IlplZCIsImV4cCI6MTcwMDAwMDAwMCwicm9sZXMiOlsiYSJdfQ.c2lnbmVk"
    )
    new = redacted({"access_token": token})["access_token"]
    header, claims, signature = (urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in new.split("."))
    assert json.loads(header) == {"alg": "HS256"}
    found = json.loads(claims)
    assert (found["exp"], found["roles"]) == (1700000000, ["a"])
    assert is_placeholder(found["sub"])
    assert is_placeholder(found["name"])
    assert signature.startswith(b"redacted-")


def test_what_is_answered_and_what_is_sent_stay_the_same() -> None:
    redactor = Redactor()
    login = redactor.redact(make_exchange(None, make_response(200, b'{"access_token":"q1w2e3r4t5y6"}', headers=[JSON])))
    then = redactor.redact(make_exchange(make_request("GET", "/", headers=[("Authorization", "Bearer q1w2e3r4t5y6")])))
    assert then.request.headers["authorization"] == f"Bearer {json.loads(login.response.body)['access_token']}"


@pytest.mark.parametrize(
    "words", ["Winter is coming 2024", "Correct horse battery staple", "hunter2 is not long", "none shall pass"]
)
def test_a_passphrase_is_no_message(words: str) -> None:
    assert is_placeholder(redacted({"password": words})["password"])
    assert is_placeholder(redacted({"user": {"newPassword": [words]}})["user"]["newPassword"][0])


# Fields ---------------------------------------------------------------------------------------------------------------


def test_authorization() -> None:
    basic = asked(("Authorization", "Basic dXNlcjpwYXNz")).request.headers["authorization"]
    user, password = b64decode(basic.removeprefix("Basic ")).decode().split(":")
    assert is_placeholder(user)
    assert is_placeholder(password)
    digest = asked(
        (
            "Authorization",
            'Digest username="bob", realm="r", nonce="n1", uri="/x", qop=auth, nc=00000001, response="abc"',
        )
    ).request.headers["authorization"]
    assert re.fullmatch(
        r'Digest username="redacted-\w+", realm="r", nonce="redacted-\w+", uri="/x", qop=auth, nc=00000001, '
        r'response="redacted-\w+"',
        digest,
    )
    scope = "AKIAABCDEFGHIJKLMNOP/20260101/us-east-1/s3/aws4_request"
    aws = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=f0"
    new = asked(("Authorization", aws)).request.headers["authorization"]
    assert re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=redacted-\w+/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, "
        r"Signature=redacted-\w+",
        new,
    )
    assert is_placeholder(asked(("Authorization", "just-a-token")).request.headers["authorization"])
    assert asked(("WWW-Authenticate", 'Basic realm="shop"')).request.headers["www-authenticate"] == 'Basic realm="shop"'


def test_cookies_keep_names_and_attributes() -> None:
    set_cookie = (
        "session=eyJ1IjoxfQ.Zx.sig_sig_sig_sig_sig_sig_sig; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; HttpOnly"
    )
    headers = make_headers(
        ("Set-Cookie", set_cookie), ("Set-Cookie", "theme=dark; Path=/"), ("Set-Cookie", "sid=; Max-Age=0")
    )
    exchange = make_exchange(None, Response(200, "OK", headers))
    new = [value for _, value in Redactor().redact(exchange).response.headers]
    assert re.fullmatch(r"session=redacted-\w+; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; HttpOnly", new[0])
    assert new[1:] == ["theme=dark; Path=/", "sid=; Max-Age=0"]


def test_a_token_among_subprotocols() -> None:
    new = asked(("Sec-WebSocket-Protocol", "graphql-ws, bearer, q1w2e3")).request.headers["sec-websocket-protocol"]
    assert re.fullmatch(r"graphql-ws, bearer, redacted-\w+", new)


def test_targets() -> None:
    target = asked(target="/u/a%40b.org/x;jsessionid=q1w2e3r4t5?a=1&token=t%2Ft&b=#f").request.target
    assert re.fullmatch(
        r"/u/user-\w+@redacted\.example\.com/x;jsessionid=redacted-\w+\?a=1&token=redacted-\w+&b=#f", target
    )
    assert asked(target="//a%2Fb?x=%7e&&y").request.target == "//a%2Fb?x=%7e&&y"
    verify = asked(target="/verify-email/x9K2mQ7vL4pR8sT1w").request.target
    assert re.fullmatch(r"/verify-email/redacted-\w+", verify)
    assert asked(target="/verify/order-12345").request.target == "/verify/order-12345"
    assert re.fullmatch(
        r"/password-reset/tokens/redacted-\w+", asked(target="/password-reset/tokens/a1b2c3d4e5").request.target
    )


# Bodies ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coding", "pack", "unpack"),
    [("gzip", gzip.compress, gzip.decompress), ("deflate", zlib.compress, zlib.decompress)],
)
def test_a_coded_body_stays_coded(coding: str, pack: Any, unpack: Any) -> None:
    body = pack(b'{"password": "q1w2e3"}')
    new = answered(body, JSON, ("Content-Encoding", coding), ("Content-Length", str(len(body))))
    assert re.fullmatch(rb'\{"password": "redacted-\w+"\}', unpack(new.body))
    assert new.headers["content-length"] == str(len(new.body))
    assert new.headers["content-encoding"] == coding


@pytest.mark.parametrize(
    ("content_type", "encoding", "body"),
    [
        ("application/json", "", b'{"password": '),
        ("application/json", "", b'{"password": "\xff\xfe"}'),
        ("application/json", "br-unknown", b"abc"),
        ("application/json", "gzip", b"abc"),
        ("application/xml", "", b"<a><b></a>"),
        ("application/xml", "", b'<!DOCTYPE a [<!ENTITY e "s3cr3t">]><a>&e;</a>'),
        ("multipart/form-data; boundary=x", "", b"no boundary here"),
        ("multipart/form-data", "", b"--x\r\n\r\na\r\n--x--\r\n"),
        ("application/msgpack", "", b"\x81\xa8password\xa6q1w2e3"),
        ("application/grpc", "", b"\0\0\0\0\x05hello"),
    ],
)
def test_a_body_that_cannot_be_read_is_replaced_whole(content_type: str, encoding: str, body: bytes) -> None:
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    new = answered(body, *headers, *([("Content-Encoding", encoding)] if encoding else []))
    assert re.search(rb"redacted-[0-9a-f]{12}", new.body)
    assert body not in new.body
    assert new.headers.get("content-encoding") is None
    assert new.headers["content-length"] == str(len(new.body))
    if content_type == "application/json":
        assert is_placeholder(json.loads(new.body))


def test_secrets_in_binary_are_overwritten_in_place() -> None:
    body = b"\x89PNG\r\n\x1a\n\0\0tEXt\0mail alice.b@shop.example \xff" + bytes(range(256)) * 4
    new = answered(body, ("Content-Type", "image/png"), ("Content-Length", str(len(body))))
    assert new.body == body.replace(b"alice.b@shop.example", b"x" * 20)
    clean = make_exchange(None, make_response(200, bytes(range(256)) * 99, headers=[("Content-Type", "image/png")]))
    assert Redactor().redact(clean) is clean


def test_a_digest_of_the_body_is_made_anew() -> None:
    body = b'{"password":"q1w2e3"}'
    new = answered(
        body, JSON, ("Digest", "sha-256=x"), ("Content-Digest", "sha-512=:eA==:"), ("Repr-Digest", "odd=:eA==:")
    )
    made = b64decode(new.headers["digest"].partition("=")[2])
    assert made == hashlib.sha256(new.body).digest()
    assert new.headers["content-digest"].startswith("sha-512=:")
    assert new.headers.get("repr-digest") is None


def test_chunks_stay_where_nothing_was_found() -> None:
    chunks = (b'[{"a":1},\n', b'{"pass', b'word":"q1w2e3"},\n', b'{"b":2},', b"3]")
    exchange = make_exchange(None, make_response(200, *chunks, headers=[JSON]))
    new = Redactor().redact(exchange).response
    assert new.chunks[0] == chunks[0]
    assert new.chunks[-2:] == chunks[-2:]
    events = (b"data: 1\n\n", b'data: {"token":"q1w2e3"}\n\n', b"data: 3\n\n", b'data: {"token":"r4t5"}\n\n')
    stream = make_exchange(None, make_response(200, *events, headers=[("Content-Type", "text/event-stream")]))
    made = Redactor().redact(stream).response.chunks
    assert [len(chunk) > 9 for chunk in made] == [False, True, False, True]
    assert made[::2] == events[::2]


def test_messages_of_a_session() -> None:
    messages = (
        WebSocketMessage("client", "text", b'{"token":"q1w2e3r4"}', 1.0),
        WebSocketMessage("server", "ping", b"a.b@c.org " * 12, 2.0),
        WebSocketMessage("server", "binary", b"\0\1\2", 3.0),
        WebSocketMessage("server", "close", b"bye", 4.0, 1000),
    )
    new = Redactor().redact(make_exchange(messages=messages)).messages
    assert b"q1w2e3r4" not in new[0].data
    assert len(new[1].data) <= 125
    assert b"a.b@c.org" not in new[1].data
    assert new[2:] == messages[2:]


def test_settings() -> None:
    text = "# a\nuser: bob\ndb:\n  password: hunter  # old\n  token: 'a b'\n  secret: |\n    x1\n    y2\n"
    text += '- api_key = "abc"\nport: 1\n'
    new = answered(text.encode(), ("Content-Type", "application/yaml")).body.decode()
    assert re.fullmatch(
        r"# a\nuser: bob\ndb:\n"
        r"  password: redacted-\w+  # old\n  token: 'redacted-\w+'\n  secret: \|\n    redacted-\w+\n"
        r'- api_key = "redacted-\w+"\nport: 1\n',
        new,
    )


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('password = "a # b\\" c" # old', r'password = "redacted-\w+" # old'),
        ("password: 'it''s # x'", r"password: 'redacted-\w+'"),
        ('password = ""', 'password = ""'),
        ("password=#x1y2z3", r"password=redacted-\w+"),
        ('password: "x1" y2  # z', r"password: redacted-\w+  # z"),
        ("password: &main x1y2", r"password: &main redacted-\w+"),
        ("password: x1y2\r", r"password: redacted-\w+\r"),
    ],
)
@pytest.mark.parametrize("kind", ["application/yaml", "application/toml", "text/x-java-properties"])
def test_where_the_value_of_a_setting_ends(kind: str, line: str, wanted: str) -> None:
    assert re.fullmatch(wanted, answered(line.encode(), ("Content-Type", kind)).body.decode())


def test_short_numbers_say_nothing() -> None:
    assert redacted({"pin": ["0000", "0042", "1234"], "otp": [1, 7, 42, 123456]}) == {
        "pin": ["9999"] * 3,
        "otp": [1, 7, 42, 999999],
    }


# Texts ----------------------------------------------------------------------------------------------------------------


def test_a_text_has_nothing_that_was_found_before() -> None:
    redactor = Redactor()
    redactor.redact(make_exchange(None, make_response(200, b'{"password":"corr\'ect h\\u00f6rse"}', headers=[JSON])))
    for text in (
        "E  assert 'corr\\'ect hörse' == 'x'",
        "corr'ect hörse",
        "corr%27ect%20h%C3%B6rse",
        '"corr\'ect h\\u00f6rse"',
    ):
        new = redactor.text(text)
        assert "redacted-" in new, text
        assert not re.search(r"h(ö|%C3%B6|\\u00f6)rse", new)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("login(password='q1w2e3', n=1)", r"login\(password='redacted-\w+', n=1\)"),
        ("{'api_key': 'abc123', 'b': 2}", r"\{'api_key': 'redacted-\w+', 'b': 2\}"),
        (r"'line\nAuthorization: Bearer abcdef123456\n'", r"'line\\nAuthorization: Bearer redacted-\w+\\n'"),
        ("E ValueError: token: expired", "E ValueError: token: expired"),
        ("client.post('/x', token=token)", r"client\.post\('/x', token=token\)"),
        (
            "FAILED tests/test_a.py::test_password - assert 1 == 2",
            "FAILED tests/test_a.py::test_password - assert 1 == 2",
        ),
        ('{"password": "q1w2e3', r'\{"password": "redacted-\w+'),
        (
            r"INFO body={\"password\": \"q1w2e3\", \"n\": 1}",
            r'INFO body=\{\\"password\\": \\"redacted-\w+\\", \\"n\\": 1\}',
        ),
        ("postgresql://u:s3cr3t@db/x", r"postgresql://u:redacted-\w+@db/x"),
    ],
)
def test_texts(text: str, wanted: str) -> None:
    assert re.fullmatch(wanted, Redactor().text(text))
