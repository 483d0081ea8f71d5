"""A password of the request stood in clear in its response as base64, in hexadecimal digits, and with the escapes of a
repr of text or bytes."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange
from mirror.redact.placeholders import is_placeholder
from mirror.redact.redactor import Redactor

JSON = [("Content-Type", "application/json")]
TEXT = [("Content-Type", "text/plain")]
SPELLINGS: dict[str, Callable[[str], str]] = {
    "base64": lambda value: b64encode(value.encode()).decode(),
    "urlsafe": lambda value: urlsafe_b64encode(value.encode()).decode(),
    "unpadded": lambda value: urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "hex": lambda value: value.encode().hex(),
    "HEX": lambda value: value.encode().hex().upper(),
    "ascii": lambda value: ascii(value)[1:-1],
    "bytes": lambda value: repr(value.encode())[2:-1],
    "repr": lambda value: repr(value)[1:-1],
    "latin": lambda value: repr(value.encode("latin-1", "replace"))[2:-1],
}
VALUES = ["Simple-8801-x", "Zürich-8802-x", 'O\'Neil "8803" ü', "Pw~?>>>ÿÿ8804", "112233", "back\\slash-8805-ü"]


def answered(value: str, body: bytes, headers: list[tuple[str, str]]) -> Exchange:
    request = make_request("POST", "/", json.dumps({"password": value}).encode(), headers=JSON)
    return make_exchange(request, make_response(422, body, headers=headers))


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("value", VALUES)
def test_none_is_left(value: str, spelling: str) -> None:
    spelled = SPELLINGS[spelling](value)
    for text in (f"dbg {spelled}", f"dbg '{spelled}'!", spelled):
        for body, headers in (
            (json.dumps({"error": text}).encode(), JSON),
            (json.dumps({"error": text}, ensure_ascii=False).encode(), JSON),
            (text.encode(), TEXT),
            (f"<p>{text}</p>".encode(), [("Content-Type", "text/html")]),
            (b"", [("X-Error", text if text.isascii() else "none")]),
        ):
            exchange = answered(value, body, headers)
            redactor = Redactor(key=b"k")
            new = redactor.redact(exchange)
            told = new.response.body.decode() + str(new.response.headers.get("x-error"))
            assert spelled not in told
            assert json.dumps(spelled)[1:-1] not in told
            assert redactor.redact(new) is new
            assert redactor.blank(new) == redactor.blank(exchange)


def test_what_was_encoded_stays_of_its_form() -> None:
    value = "Simple-8801-x"
    error = {"a": b64encode(value.encode()).decode(), "b": value.encode().hex(), "c": value.encode().hex().upper()}
    new = json.loads(Redactor().redact(answered(value, json.dumps(error).encode(), JSON)).response.body)
    assert all(map(is_placeholder, new.values()))
    assert new["a"].startswith("cmVkYWN0ZWQt")
    assert (new["b"][:8], new["c"][:8]) == ("facade00", "FACADE00")
    assert (len(new["b"]), len(new["c"])) == (26, 26)


@pytest.mark.parametrize("text", ["53696d706c65", "U2ltcGxlLTg4", "SIMPLE-8801-X", "c2ltcGxlLTg4MDEteA=="])
def test_what_is_something_else_stays(text: str) -> None:
    exchange = answered("Simple-8801-x", json.dumps({"a": text}).encode(), JSON)
    assert Redactor().redact(exchange).response is exchange.response


def test_many_secrets_cost_no_more_than_one() -> None:
    values = [f"{number:03d}-Pw-{number * 7}" for number in range(250)]
    looked = [b64encode(values[249].encode()).decode(), values[0].encode().hex(), values[100]]
    body = json.dumps({"text": ["lorem ipsum " * 1000, *looked]}).encode()
    request = make_request("POST", "/", json.dumps({"password": values}).encode(), headers=JSON)
    new = Redactor().redact(make_exchange(request, make_response(422, body, headers=JSON))).response.body.decode()
    assert not [each for each in looked if each in new]
