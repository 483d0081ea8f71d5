"""Where secrets stood that nobody looked for: tables by their file's name, validators' paths, links in mails."""

from __future__ import annotations

import json

import pytest
from factories import make_exchange, make_request, make_response

from mirror.redact.redactor import Redactor

SECRET = "Zk4!mQ9vXw2"


def redacted(media_type: str, body: str | bytes) -> bytes:
    """The body of a response after redaction, which is redacted once."""
    data = body.encode() if isinstance(body, str) else body
    redactor = Redactor()
    once = redactor.redact(make_exchange(None, make_response(200, data, headers=[("Content-Type", media_type)])))
    assert redactor.redact(once) is once
    return once.response.body


@pytest.mark.parametrize("media_type", ["application/octet-stream", "application/vnd.ms-excel", "text/plain"])
def test_a_table_by_the_name_of_its_file(media_type: str) -> None:
    head = f'Content-Disposition: form-data; name="up"; filename="users.csv"\r\nContent-Type: {media_type}'
    made = redacted("multipart/form-data; boundary=o", f"--o\r\n{head}\r\n\r\nid,password\r\n1,{SECRET}\r\n--o--\r\n")
    assert SECRET.encode() not in made
    assert b"id,password\r\n1,redacted-" in made


@pytest.mark.parametrize("name", ["path", "property", "attribute"])
def test_what_a_validator_refused(name: str) -> None:
    assert SECRET.encode() not in redacted(
        "application/json", json.dumps({"errors": [{name: "password", "value": SECRET}]})
    )


@pytest.mark.parametrize("line", [f"password: &p {SECRET}", f"password: !!str {SECRET}"])
def test_anchors_and_tags(line: str) -> None:
    assert SECRET.encode() not in redacted("application/yaml", f"{line}\nx: 1\n")


def test_options_of_a_command() -> None:
    assert SECRET.encode() not in redacted("text/plain", f"ran: load --password={SECRET} --fast")


def test_utf_16_that_nobody_announced() -> None:
    assert SECRET not in redacted("text/plain", f"password={SECRET} ok".encode("utf-16")).decode("utf-16")


@pytest.mark.parametrize(
    "target",
    [
        "/reset/MQ/bx1k2m-ab12ab12ab12ab12ab12ab12ab12ab12/",
        "/unsubscribe/q8Zr2LmX0aVn5TtB7cYd",
        "/invites/q8Zr2LmX0aVn5TtB7cYd",
        "/bot171112130:AAdO3LIx5oJfnS37DQkdLLZ4vJohqwyur0i/sendMessage",
    ],
)
def test_links_in_mails(target: str) -> None:
    made = Redactor().redact(make_exchange(make_request("GET", target))).request.target
    longest = max(target.split("/"), key=len)
    assert longest not in made


@pytest.mark.parametrize("name", ["two_factor_code", "2fa_code", "verifyCode", "reset_code"])
def test_codes(name: str) -> None:
    assert b"739153" not in redacted("application/json", json.dumps({name: "739153"}))
    assert b"SUMMER" in redacted("application/json", json.dumps({name: "SUMMER"}))


@pytest.mark.parametrize(
    "name", ["wifi_psk", "consumerKey", "aes_key", "dbpass", "userpass", "pswd", "hasło", "rootpw"]
)
def test_more_names(name: str) -> None:
    assert b"q8Zr2LmX" not in redacted(
        "application/json", json.dumps({name: "q8Zr2LmX0aVn5TtB7cYd"}, ensure_ascii=False)
    )
