"""Names and values that a hostile tester found: some that are secret and stayed, some that are not and went."""

from __future__ import annotations

import json
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror.redact.redactor import Redactor

JSON = [("Content-Type", "application/json")]


def answered(value: Any) -> str:
    exchange = make_exchange(None, make_response(200, json.dumps(value).encode(), headers=JSON))
    return Redactor().redact(exchange).response.body.decode()


@pytest.mark.parametrize(
    "value",
    [
        {"pass": 12, "fail": 3, "pin": 13, "sin": 0.5, "tan": 12, "token": 4, "max_token": 4096, "max_tokens": 128000},
        {"api_keys": 3, "password_resets": 12345, "passwords": 123456, "pin": 1.5, "password": 12.5},
        {"pwd": "/home/me", "credentials": "include", "passwordless": "email", "boarding_pass": "Gate 4, seat 12A"},
        {"forgot_password": "/accounts/forgot", "license_key": "MIT", "jwt": "RS256", "hmac": "HMAC-SHA256-v1"},
        {"tokens": ["if", "else"], "credentials": "same-origin"},
        {"password": "required"},
        {"password": "incorrect"},
        {"password": ["This field is required."]},
        {"message": {"password": "It is too short"}, "errors": {"password": ["is too weak", "Choose another one"]}},
    ],
)
def test_what_is_no_secret(value: Any) -> None:
    assert json.loads(answered(value)) == value


@pytest.mark.parametrize(
    "value", ["Tomorrow is another day", "It must match my heart", "correct horse battery", "/Xq9z/hunter"]
)
def test_passphrases(value: str) -> None:
    assert value not in answered({"password": value})


def test_a_passphrase_below_a_message() -> None:
    assert "horse" not in answered({"message": {"password": "correct horse battery"}})


@pytest.mark.parametrize(
    "text", ["    password: str", "token: expired", "password: required", "self.password == other"]
)
def test_no_assignment(text: str) -> None:
    assert Redactor().text(text) == text


@pytest.mark.parametrize(
    "name",
    """pw psw senha mot_de_passe tokenString token_str token_b64 secret_base64 secret_key_base hmac_key passkey mnemonic
    wallet_mnemonic seed_phrase security_answer access_code device_code basic_auth auth_header apitoken jwt_string
    secret_data password_text password_input password_field""".split(),
)
def test_names(name: str) -> None:
    assert "Zq9hunter7x" not in answered({name: "Zq9hunter7x"})


@pytest.mark.parametrize("value", [{"pin": 4711}, {"otp": 123456}, {"cvv": 123}, {"tan": 482913}, {"password": 987654}])
def test_numbers(value: dict[str, int]) -> None:
    (number,) = value.values()
    assert str(number) not in answered(value)


def test_the_code_of_oauth() -> None:
    for target in ("/cb?code=SplxlOBe&state=xyz", "/t?grant_type=authorization_code&code=SplxlOBe"):
        assert "SplxlOBe" not in Redactor().redact(make_exchange(make_request("GET", target))).request.target
    target = "/coupons?code=WELCOME&page=1"
    assert Redactor().redact(make_exchange(make_request("GET", target))).request.target == target


HASH = "kQ3xV9-fLw2Zr8TbYc1UeM5nHpD"


@pytest.mark.parametrize(
    "token",
    [f"NDI.awHDTg.{HASH}", f"WzEsMl0.{HASH}", f".eJyrVkrLz1eyUkpKLFKqBQAv0AUt.awHDTg.{HASH}", f"WzEsMl0.awHDTg.{HASH}"],
)
def test_what_itsdangerous_signs(token: str) -> None:
    for text in (token, f"see {token} there", f"it={token}"):
        new = answered({"note": text})
        assert HASH not in new
        assert token[:7] not in new
    assert "redacted-" in Redactor().text(token)


def test_an_account_whose_country_is_hexadecimal() -> None:
    new = json.loads(answered({"a": "DE89370400440532013000", "b": "DE89 3704 0044 0532 0130 00"}))
    assert new["a"].startswith("DE")
    assert new["a"] == new["b"].replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "password   = 'hunter9ZYXW'",
        "PASSWORD      = hunter9ZYXW",
        "db:\n  password:      hunter9ZYXW\n",
        "db:\n  password: hunterZYXW\n",
        "password=ab,hunterZYXW",
        "password=ab(hunterZYXW)",
        "password=ab&hunterZYXW",
        'x = {"password":"ab\\"hunterZYXW"}; y = 1',
    ],
)
def test_assignments_in_texts(text: str) -> None:
    assert "ZYXW" not in Redactor().text(text)
    exchange = make_exchange(None, make_response(200, text.encode(), headers=[("Content-Type", "text/javascript")]))
    if "      " not in text and "\n" not in text:
        assert b"ZYXW" not in Redactor().redact(exchange).response.body


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="a"\r\nA:x' + b" " * 150_000 + b"x\r\n\r\n1\r\n--b--\r\n",
        ),
        ("application/graphql", b"{a(b:" + b'"\\' * 150_000 + b")}"),
        ("application/json", json.dumps({"query": "{a(b:" + '"\\' * 150_000 + ")}"}).encode()),
        ("application/json", json.dumps({"value": [{"value": "abcdef", "name": "password"}] * 20_000}).encode()),
        ("text/plain", b"token=" + b"a," * 75_000),
        ("text/plain", b"aa=b,!" * 30_000),
    ],
)
def test_time(content_type: str, body: bytes) -> None:
    exchange = make_exchange(None, make_response(200, body, headers=[("Content-Type", content_type)]))
    assert Redactor().redact(exchange).response.body
