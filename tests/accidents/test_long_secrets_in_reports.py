"""Accidents: reports of failures held private keys, which have several lines, and tokens of 600 characters."""

from __future__ import annotations

import base64
import random
import string

import pytest
from runs import run

from mirror.pytest_reports import Parts, rewritten
from mirror.redact.placeholders import KNOWN_SIZE, Placeholders
from mirror.redact.redactor import Redactor

RANDOM = random.Random(1)
BODY = base64.encodebytes(RANDOM.randbytes(900)).decode()
TOKEN = "".join(RANDOM.choices(string.ascii_letters + string.digits, k=600))
SUITE = f"""
    from flask import Flask, jsonify

    KEY = {f"-----BEGIN PRIVATE KEY-----{chr(10)}{BODY}-----END PRIVATE KEY-----{chr(10)}"!r}
    TOKEN = {TOKEN!r}
"""
SUITE += """
    app = Flask(__name__)

    @app.get("/key")
    def key():
        return jsonify(private_key=KEY)

    @app.get("/text")
    def text():
        return KEY, {"Content-Type": "text/plain"}

    @app.get("/token")
    def token():
        return jsonify(access_token=TOKEN)

    def get(path):
        return app.test_client().get(path)

    def test_raise():
        raise ValueError(get("/text").text)

    def test_equal():
        assert get("/key").json["private_key"] == "x\\ny"

    def test_changed():
        key = get("/key").json["private_key"]
        assert key == key[:900] + "x" + key[901:]

    def test_line():
        assert get("/key").json["private_key"].split("\\n")[3] == "x"

    def test_long():
        raise ValueError("no such thing " + get("/token").json["access_token"])
"""


@pytest.mark.parametrize("options", [["-q"], ["-vv"], ["--tb=native"], ["--tb=short", "-l"]])
def test_no_line_of_a_key_is_printed(pytester: pytest.Pytester, options: list[str]) -> None:
    pytester.makepyfile(SUITE)
    result = run(pytester, "--mirror", *options)
    result.assert_outcomes(failed=5)
    text = result.stdout.str()
    assert [line for line in BODY.split("\n") if len(line) > 8 and line in text] == []
    assert TOKEN[:60] not in text
    assert "in test_equal" in text or "test_equal ___" in text


def test_lines_stay_lines() -> None:
    def change(text: str) -> str:
        return text.replace("key\nE   of\nE   lines", "placed").replace("key\nof", "placed")

    assert rewritten(["a", "E   key", "E   of", "E   lines", "b"], change) == ["a", "E   placed", "b"]
    assert rewritten(["a\n", "key\nof\n", "b\n"], change) == ["a\n", "placed\n", "b\n"]
    assert rewritten(["key\nof", "b"], change) == ["placed", "b"]


def test_values_are_bound_by_all_their_characters() -> None:
    placeholders = Placeholders()
    for number in range(1000):
        placeholders.make(f"{number:04d}" + "x9" * 5000)
    assert KNOWN_SIZE - 20_000 < sum(map(len, placeholders.known)) <= KNOWN_SIZE
    assert list(placeholders.known)[-1].startswith("0999")
    for number in range(10_000):
        placeholders.make(f"short-{number}")
    assert len(placeholders.known) == 4096


def test_a_known_value_is_found_after_many_large_ones() -> None:
    redactor = Redactor()
    placeholders = redactor._placeholders
    for number in range(1000):
        placeholders.make(f"{number:04d}" + "x9" * 5000)
        if number % 100 == 0:
            redactor.text("nothing here")
    assert "x9x9" not in redactor.text("the value 0999" + "x9" * 5000)
    assert len(redactor._known._values) <= 2 * len(placeholders.known)


def test_a_part_of_a_value_of_several_lines() -> None:
    assert Parts(["hunter\nwonder"]).without("'hunter\\nwo...") == "'**********..."
