"""Places in which a hostile tester hid secrets, and found them again."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from factories import make_exchange, make_request, make_response

from mirror.redact.redactor import Redactor

SECRET = "Zq9hunter7xKw"
HIDDEN = b64encode(json.dumps({"password": SECRET}).encode()).decode()
FORM = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/xml", f"<a><password><value>{SECRET}</value></password></a>"),
        ("application/xml", f"<a><password><text kind='x'>{SECRET}</text></password></a>"),
        ("application/xml", f"<dict><key>password</key><string>{SECRET}</string></dict>"),
        (
            "text/xml",
            f"<struct><member><name>password</name><value><string>{SECRET}</string></value></member></struct>",
        ),
        ("text/html", f"<input type=password value={SECRET}>"),
        ("text/html", f"<input value='{SECRET}' type='password' id='x'>"),
        ("application/json", json.dumps({"password": {"x": SECRET}})),
        ("application/json", json.dumps({"password": {"x": [{"y": SECRET}]}})),
        ("application/json", json.dumps({"password": [[SECRET, SECRET]]})),
        ("application/json-patch+json", json.dumps([{"op": "replace", "path": "/password", "value": SECRET}])),
        ("application/json-patch+json", json.dumps([{"value": SECRET, "path": "/user/password", "op": "add"}])),
        ("application/json", json.dumps({"name": "password", "value": SECRET})),
        ("application/json", json.dumps([{"value": SECRET, "name": "password"}])),
        ("application/json", json.dumps({"value": [SECRET, {"x": SECRET}], "name": "password"})),
        ("application/json", json.dumps({"grant_type": "authorization_code", "code": SECRET})),
        (FORM, f'--b\r\nContent-Disposition: form-data;\r\n name="password"\r\n\r\n{SECRET}\r\n--b--\r\n'),
        (FORM, f'--b\r\nContent-Disposition: form-data; Name="password"\r\n\r\n{SECRET}\r\n--b--\r\n'),
        (FORM, f"--b\r\nContent-Disposition: form-data; name*=UTF-8''pass%77ord\r\n\r\n{SECRET}\r\n--b--\r\n"),
        (
            FORM,
            f'--b\r\nContent-Disposition: form-data; name="password"; filename="p.txt"\r\n\r\n{SECRET}\r\n--b--\r\n',
        ),
        ("text/plain", f"payload={HIDDEN}"),
        ("text/plain", f"sent payload={HIDDEN}, then left"),
        ("application/xml", f'<!DOCTYPE a SYSTEM "http://u:{SECRET}@h.example/a.dtd"><a/>'),
        ("text/csv", f"# users of today\nname,password\nbob,{SECRET}\n"),
    ],
)
def test_hidden_in_a_body(content_type: str, body: str) -> None:
    redactor = Redactor()
    exchange = make_exchange(None, make_response(200, body.encode(), headers=[("Content-Type", content_type)]))
    new = redactor.redact(exchange)
    text = new.response.body.decode()
    assert SECRET not in text
    assert HIDDEN not in text
    assert redactor.redact(new) is new
    assert redactor.blank(new) == redactor.blank(exchange)
    if content_type.startswith("application/json"):
        assert json.loads(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Custom", f"password: {SECRET}"),
        ("Host", f"u:{SECRET}@shop.example"),
        ("Set-Cookie", "id=q8Xk2LmP0vRt7Yw; Path=/"),
        ("Set-Cookie", "id=s%3Aq8Xk2LmP0vRt7Yw.HmQ; Path=/; HttpOnly"),
    ],
)
def test_hidden_in_a_field(name: str, value: str) -> None:
    new = Redactor().redact(make_exchange(make_request("GET", "/", headers=[(name, value)])))
    assert not any(part in new.request.headers[name] for part in (SECRET, "q8Xk2LmP0vRt7Yw"))


def test_a_number_before_its_name() -> None:
    body = b'{"value": 471123, "name": "pin"}'
    exchange = make_exchange(None, make_response(200, body, headers=[("Content-Type", "application/json")]))
    assert Redactor().redact(exchange).response.body == body.replace(b"471123", b"999999")


def test_what_is_no_secret_beside_them() -> None:
    for content_type, body in (
        ("application/json", json.dumps({"name": "Bob", "value": "blue"})),
        (
            "application/json",
            json.dumps([{"value": "blue", "name": "color"}, {"op": "add", "path": "/a", "value": "b"}]),
        ),
        ("application/json", json.dumps({"password": {"type": "string", "minLength": 8}})),
        ("application/xml", "<dict><key>color</key><string>blue</string></dict>"),
        ("text/html", "<input type=text value=blue>"),
        ("text/csv", "# users\nname,color\nbob,blue\n"),
    ):
        exchange = make_exchange(None, make_response(200, body.encode(), headers=[("Content-Type", content_type)]))
        assert Redactor().redact(exchange) is exchange
    for field in (("Set-Cookie", "id=42; Path=/"), ("Set-Cookie", "lang=en-GB; Path=/"), ("Host", "shop.example:80")):
        exchange = make_exchange(make_request("GET", "/", headers=[field]))
        assert Redactor().redact(exchange) is exchange


def test_a_changed_cell_keeps_the_quoting_of_the_others() -> None:
    body = f'name,password,note\r\n"bob",{SECRET},"a ""b"""\r\n"eve","{SECRET}",\r\nx\ty,,""\r\n'
    exchange = make_exchange(None, make_response(200, body.encode(), headers=[("Content-Type", "text/csv")]))
    new = Redactor(key=b"k").redact(exchange).response.body.decode()
    assert SECRET not in new
    made = new.split(",")[3]
    assert new == body.replace(SECRET, made)
