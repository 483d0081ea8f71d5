"""Names in other languages, and values that had none of the digits or letters by which they were known."""

from __future__ import annotations

import base64
import json

import pytest
from factories import make_exchange, make_request, make_response

from mirror.redact.redactor import Redactor

JSON = [("Content-Type", "application/json")]


@pytest.mark.parametrize(
    "name", ["contraseña", "Contraseña", "wachtwoord", "nuevaContraseña", "lösenord", "密码", "пароль"]
)
def test_passwords_in_other_languages(name: str) -> None:
    body = json.dumps({name: "Zq7!morning"}).encode()
    assert (
        b"morning" not in Redactor().redact(make_exchange(make_request("POST", "/", body, headers=JSON))).request.body
    )


@pytest.mark.parametrize(
    "words",
    ["Basic dXNlcjMxODpGeWdFRVJEaiFOejJR", "Bearer rcQHndwYmibejZpejBRIpCQIWQUdKHEP"],
)
def test_credentials_without_digits(words: str) -> None:
    body = json.dumps({"said": f"sent {words}"}).encode()
    redacted = Redactor().redact(make_exchange(None, make_response(200, body, headers=JSON)))
    assert words.encode() not in redacted.response.body


@pytest.mark.parametrize("words", ["Bearer AuthenticationFailedForUser", "Basic authentication-required"])
def test_words_behind_a_scheme(words: str) -> None:
    exchange = make_exchange(None, make_response(200, json.dumps({"said": words}).encode(), headers=JSON))
    assert Redactor().redact(exchange) is exchange


@pytest.mark.parametrize(
    ("name", "value"), [("phone", "0141 2817527"), ("pin", "6107"), ("cvv", "830"), ("otp", "123456")]
)
def test_digits_in_base64_and_percent_encoding(name: str, value: str) -> None:
    redactor = Redactor()
    inside = [base64.b64encode(value.encode()).decode(), value.replace(" ", "%20")]
    for one in inside:
        exchange = make_exchange(make_request("POST", "/", json.dumps({name: one}).encode(), headers=JSON))
        once = redactor.redact(exchange)
        assert one.encode() not in once.request.body
        assert redactor.redact(once) is once


def test_a_cookie_is_redacted_once() -> None:
    redactor = Redactor()
    for number in range(40):
        value = f"%7B%22password%22:%22pässw{number}rd%22%7D".encode().decode("latin-1")
        exchange = make_exchange(None, make_response(200, b"", headers=[("Set-Cookie", f"prefs={value}; Path=/")]))
        once = redactor.redact(exchange)
        assert redactor.redact(once) is once


def test_a_secret_in_a_cookie_is_the_one_in_json() -> None:
    redactor = Redactor()
    secret = "Blue!Sky/9a b"
    body = json.dumps({"secret": secret}).encode()
    cookie = ("Set-Cookie", "secret=Blue%21Sky%2F9a%20b; Path=/")
    response = redactor.redact(make_exchange(None, make_response(200, body, headers=[*JSON, cookie]))).response
    assert response.headers.get("set-cookie") == f"secret={json.loads(response.body)['secret']}; Path=/"


@pytest.mark.parametrize(
    "value", ["2017-05-23T03%3A04%3A26Z", "%E2%82%AC797.054%2C57", "%3Cp%3Eover%20cup%20fox%3C%2Fp%3E"]
)
def test_percent_encoding_is_no_disorder(value: str) -> None:
    exchange = make_exchange(make_request("GET", "/", headers=[("Cookie", f"seen={value}")]))
    assert Redactor().redact(exchange) is exchange


@pytest.mark.parametrize("name", ["nextPageToken", "next_token", "page_token", "continuationToken", "sync-token"])
def test_where_a_list_goes_on_is_no_secret(name: str) -> None:
    body = json.dumps({name: "eyJvIjogNzc2fQ=="}).encode()
    exchange = make_exchange(None, make_response(200, body, headers=JSON))
    assert Redactor().redact(exchange) is exchange


def test_a_link_under_the_name_of_a_number() -> None:
    body = json.dumps({"phone": "https://x.io/f?sp=r&sig=G1SO00xEtd7aLbq1%2FIO6fiQ%2FhnYy79DUZiNJhh2o7Ts%3D"}).encode()
    made = Redactor().redact(make_exchange(None, make_response(200, body, headers=JSON))).response.body
    assert json.loads(made)["phone"].startswith("https://x.io/f?sp=r&sig=")


def test_a_body_replaced_whole_says_the_same_when_it_is_read_again() -> None:
    redactor = Redactor()
    fields = [("Content-Type", "text/xml; charset=cp037")]
    once = redactor.redact(make_exchange(None, make_response(200, b"<a>broken", headers=fields)))
    assert redactor.redact(once) is once
