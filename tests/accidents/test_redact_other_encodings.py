"""Secrets stayed in JSON that was sent as a form (``curl -d``), in percent-encoding that leaves slashes as they are
(that of Python's ``quote``) or writes blanks as plus, and in base64 that is broken into lines."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from factories import make_exchange, make_request, make_response

from mirror.redact.redactor import Redactor

BCRYPT = "$2b$12$/./cccccccccccccccccccOabcdefghijk/mnopqrstuvwxyzABCDEFGH"
HOOK = "https://hooks.slack.com/services/T12345678/B12345678/abcdEFGH12345678ijklMNOP"
AZURE = "AccountKey=" + base64.b64encode(b"\xff\xfe\xfd" * 21 + b"a").decode()
LINES = "\n".join(f"MIIEabc/def+{line:02}" + "Q" * 49 for line in range(5))
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{LINES}\n-----END RSA PRIVATE KEY-----\n"


@pytest.mark.parametrize("secret", [BCRYPT, HOOK, AZURE, PEM])
@pytest.mark.parametrize("encode", [quote, quote_plus, lambda text: base64.encodebytes(text.encode()).decode()])
def test_they_are_found(secret: str, encode: object) -> None:
    written = encode(secret)  # type: ignore[operator]
    body = json.dumps({"it": written, "more": f"see {written} there"}).encode()
    exchange = make_exchange(response=make_response(200, body, headers=[("Content-Type", "application/json")]))
    redactor = Redactor()
    new = redactor.redact(exchange)
    told = json.loads(new.response.body)
    assert written not in told["it"]
    assert written not in told["more"]
    assert redactor.redact(new) == new


@pytest.mark.parametrize(
    "body",
    [
        {"user": "bob", "password": "x&Tr0ub4dor"},
        {"user": "bob", "password": "a=b&c hunter2hunter2"},
        {"note": "+491761234567"},
        {"note": "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b27hyYfDfjmIDjhRKFxpXEhBs0"},
    ],
)
def test_json_that_is_called_a_form(body: dict[str, str]) -> None:
    fields = [("Content-Type", "application/x-www-form-urlencoded")]
    exchange = make_exchange(make_request("POST", "/", json.dumps(body).encode(), headers=fields))
    told = json.loads(Redactor().redact(exchange).request.body)
    (secret,) = [name for name in body if name != "user"]
    assert told.keys() == body.keys()
    assert told[secret] not in body[secret]
    assert not set(body[secret].split("&")) & set(told[secret].split("&"))


def test_a_form_that_begins_like_json() -> None:
    fields = [("Content-Type", "application/x-www-form-urlencoded")]
    exchange = make_exchange(make_request("POST", "/", b"{a=1&password=hunter2hunter2", headers=fields))
    assert b"hunter2" not in Redactor().redact(exchange).request.body
