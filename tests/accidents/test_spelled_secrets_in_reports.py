"""Reports of failures held passwords of the run as bytes, with escapes, line by line, in percent-encoding, in HTML and
in base64, where only other spellings of them were known."""

from __future__ import annotations

import re

import pytest
from runs import run

SUITE = r"""
from base64 import b64encode, urlsafe_b64encode
from html import escape
from urllib.parse import quote, quote_plus, urlencode

import pytest
from flask import Flask, request
from markupsafe import escape as marked

app = Flask("login")
UMLAUT = "Zürich-7701-x"
LINES = "Line1-Pw-3383\nLine2-Pw-3384\nplain\nLine3-Ünder-3385"
SIGNS = "Pw/33 87+x&y=z"
HTML = "Pw<'33\"88&>x"
HIGH = "Pw~?>>>ÿÿ-3389"

@app.post("/json")
def login():
    return "no " + request.json["password"]

@app.post("/form")
def form():
    return {"error": "no " + request.form["password"]}

@pytest.fixture(autouse=True)
def sent():
    for value in (UMLAUT, LINES, SIGNS, HTML, HIGH):
        app.test_client().post("/json", json={"password": value})
        app.test_client().post("/form", data={"password": value})

def answer(value):
    return app.test_client().post("/json", json={"password": value})

def test_bytes():
    assert answer(UMLAUT).data == b"welcome"

def test_bytes_alike():
    assert answer(UMLAUT).data == b"no Z\xc3\xbcrich-7701-y"

def test_bytes_in_a_list():
    assert [answer(UMLAUT).data, LINES.encode()] == [b"welcome"]

def test_json_of_bytes():
    assert app.test_client().post("/form", data={"password": UMLAUT}).data == b"welcome"

def test_json_of_text():
    assert app.test_client().post("/form", data={"password": HTML}).text == "welcome"

def test_ascii():
    assert ascii(UMLAUT) == "welcome"

def test_lines():
    assert answer(LINES).text == "welcome\nto\nthe\nshop"

def test_lines_alike():
    assert LINES == LINES.replace("Pw", "PW") + "\nmore"

def test_lines_raised():
    raise ValueError(LINES)

def test_source():
    assert app.test_client().post("/json", json={"password": "Line1-Pw-3383\nLine2-Pw-3384"}).text == "welcome"

@pytest.mark.parametrize("value", [SIGNS, UMLAUT], ids=["signs", "umlaut"])
@pytest.mark.parametrize(
    "change",
    [quote, quote_plus, lambda value: quote(value, safe=""), lambda value: urlencode({"q": value}),
     lambda value: "https://shop.example/a?" + urlencode({"q": value})],
    ids="abcde",
)
def test_percent(change, value):
    raise ValueError("no " + change(value))

@pytest.mark.parametrize("change", [escape, marked, lambda value: escape(value, quote=False)], ids="abc")
def test_html(change):
    assert "<p>" + change(HTML) + "</p>" == "<p>welcome</p>"

@pytest.mark.parametrize("change", [b64encode, urlsafe_b64encode], ids="ab")
@pytest.mark.parametrize("padding", ["", "="])
@pytest.mark.parametrize("value", [HIGH, UMLAUT, SIGNS], ids="def")
def test_base64(change, padding, value):
    raise ValueError("no " + change(value.encode()).decode().rstrip(padding or None))
"""
# Parts of them that stand in no other word of a report; those of the source that the values are given in aside.
PARTS = re.compile(
    r"rich-7701-x|-Pw-338[34]|nder-3385|33(?: |%20|\+)87|33(?:\"|\\\"|&quot;|&#34;)88|UHd|lvcmlja|-3389|IzM4O"
)


@pytest.mark.parametrize("options", [[], ["-vv"], ["--tb=short"], ["--tb=native"], ["-n1"]], ids=" ".join)
def test_none_is_printed(pytester: pytest.Pytester, options: list[str]) -> None:
    pytester.makepyfile(SUITE)
    result = run(pytester, "--mirror", "-rA", *options)
    result.assert_outcomes(failed=35)
    found = [line for line in result.stdout.lines if PARTS.search(line)]
    # The suite's own lines, where one of them is shown: nothing but what was sent is known to be a secret.
    assert [line for line in found if "rich-7701-y" not in line] == []
    assert result.stdout.str().count("redacted-") >= 50


def test_what_is_no_line_of_a_secret_stays(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE + "\ndef test_words():\n    assert 'plain' == 'words in plainness'\n")
    result = run(pytester, "--mirror", "-k", "words")
    result.stdout.fnmatch_lines(["*assert 'plain' == 'words in plainness'"])
