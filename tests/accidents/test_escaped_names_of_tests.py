"""pytest writes what is not ASCII in the names of tests as escapes: there a password stood in captures as it was, and
a part of an address was left."""

from __future__ import annotations

import json

import pytest
from factories import make_exchange, make_request
from runs import run

from mirror.redact.redactor import Redactor
from mirror.store.capture import read

SUITE = r"""
import pytest
from flask import Flask

app = Flask("login")

@app.post("/l")
def login():
    return {"a": 1}

@pytest.mark.parametrize(
    "pw",
    ["Grün-7705-x", "pässwörd-ünicode-9", "Pass-☃-7706", "Emoji-😀-7707", "Back\\xslash-ü-7708",
     "Zürich's-7709".encode(), "Two\nLines-ü-7710"],
)
def test_id(pw):
    app.test_client().post("/l", data={"password": pw})

@pytest.mark.parametrize("mail", ["zoë@shop.example", "ø.zoë@shop.example"])
def test_mail(mail):
    app.test_client().get("/")

@pytest.mark.parametrize("word", ["Zürich-Oerlikon"])
def test_plain(word):
    app.test_client().get("/")
"""


def test_they_are_in_no_capture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    run(pytester, "--mirror", "--mirror-capture=r.jsonl").assert_outcomes(passed=10)
    names = [(exchange.test or "").partition("::")[2] for exchange in read(pytester.path / "r.jsonl")]
    for name in names[:7]:
        assert name.startswith("test_id[redacted-")
        assert len(name) == len("test_id[redacted-0123456789ab]")
    for name in names[7:9]:
        assert name.startswith("test_mail[user-")
        assert name.endswith("@redacted.example.com]")
    assert names[9] == r"test_plain[Z\xfcrich-Oerlikon]"


@pytest.mark.parametrize(
    ("name", "new"),
    [
        (
            r"test[zo\xeb@shop.example-\u2603-\U0001f600]",
            r"test[user-000000000000@redacted.example.com-\u2603-\U0001f600]",
        ),
        (r"test[a\\xebc-mail@shop.example]", r"test[a\\user-000000000000@redacted.example.com]"),
        (r"tést[\xe9-Grün-7705-x]", r"tést[\xe9-redacted-000000000000]"),
    ],
)
def test_what_is_no_secret_stays_as_it_was_written(name: str, new: str) -> None:
    redactor = Redactor(blank=True)
    body = json.dumps({"password": "Grün-7705-x"}).encode()
    redactor.redact(make_exchange(make_request("POST", "/", body, headers=[("Content-Type", "application/json")])))
    found = redactor.name(name)
    assert found == new
    assert redactor.name(found) == found


@pytest.mark.parametrize(
    "name", [r"test[\ud800-\xff-\x00]", "test[\\", r"test[\U00110000-\xfF-\x9]", r"\xeb", r"t[\\\xeb"]
)
def test_odd_names_stay(name: str) -> None:
    assert Redactor().name(name) == name
