"""Texts made to be slow, and to get past: no detector takes more than linear time, nothing is read without end."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from factories import make_exchange, make_response

from mirror import media
from mirror.redact.placeholders import Placeholders
from mirror.redact.redactor import Redactor
from mirror.redact.rules import Rules
from mirror.redact.values import Values
from mirror.redact.vendor import library, patterns

SIZE = 100_000


# Beginnings of everything that is looked for, over and over, never ended.
ATTACKS = [
    "a",
    "1",
    "1 ",
    "1-",
    "+1",
    "+1 (",
    "@",
    "a@",
    "a@a.",
    "a.a@",
    "://",
    "a://",
    "a://a:a",
    "eyJ",
    "eyJ.",
    "eyJa.a",
    "a.b",
    "-----BEGIN PRIVATE KEY-----",
    "DE89",
    "DE8937 ",
    "bearer ",
    "token=",
    "a=b&",
    "a:'",
    'a="',
    "aa=bb=",
    "%41",
    "%",
    "redacted-",
    "{",
    "[",
    '{"a":',
    '"',
    "\\",
    "\\n",
    "<",
    "<a ",
    "<a b='",
    "<!--",
    "<![CDATA[",
    "</a>",
    "&#",
    "query {",
    'query { a(b: "',
    '"""',
    "data:\n",
    "\r\n--b",
    "sk-",
    "xoxb-1-",
    "AKIA",
    "npm_",
    "AccountKey=",
    "glagent-a",
    "pypi-AgEIcHlwaS5vcmc",
    "https://hooks.slack.com/services/T",
    "$argon2id$v=1$m=",
    "pbkdf2:sha256:1$",
    ": ",
    "\t",
    "\u00e9",
    "\U0001f600",
    pytest.param('<a x="" ' + "ab" * 16_000, id="an attribute and words"),
    pytest.param("<a x='' " + "a:" * 16_000, id="an attribute and prefixes"),
    pytest.param("a: x" + " " * 4000 + "y\n", id="a setting of blanks"),
    pytest.param('a: "' + '" ' * 2000 + "y\n", id="a setting of quotation marks"),
    pytest.param("- " * 2000 + "\n", id="a list of blanks"),
]
TYPES = [
    "text/plain",
    "application/json",
    "application/x-ndjson",
    "text/event-stream",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "application/xml",
    "text/html",
    "text/csv",
    "application/graphql",
    "application/yaml",
    "application/toml",
    "text/x-java-properties",
    "image/png",
]


@pytest.mark.timeout(90)  # linear: two seconds; a square: a quarter of an hour
@pytest.mark.parametrize("attack", ATTACKS)
def test_time_grows_with_the_text_and_no_faster(attack: str) -> None:
    body = (attack * (SIZE // len(attack))).encode()
    for content_type in TYPES:
        headers = [("Content-Type", content_type)]
        once = Redactor().redact(make_exchange(None, make_response(200, body, headers=headers)))
        assert len(once.response.body) <= 40 * len(body)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", '<a x="" ' + "ab" * 150_000 + ">"),
        ("application/xml", '<a x="" y="' + "ab" * 150_000 + '"/>'),
        ("application/yaml", ("a: x" + " " * 4000 + "y\n") * 100),
        ("application/toml", ("a = x" + '" ' * 2000 + "y\n") * 100),
    ],
)
def test_one_long_word_and_many_blanks(content_type: str, body: str) -> None:
    headers = [("Content-Type", content_type)]
    exchange = make_exchange(None, make_response(200, body.encode(), headers=headers))
    assert Redactor().redact(exchange) is exchange


def test_the_library_still_has_the_rules_we_take() -> None:
    kinds = {pattern.kind for pattern in library()}
    assert len(library()) >= 20
    assert {"aws-key", "github-token", "gitlab-token", "slack-token", "sendgrid-key", "twilio-key"} <= kinds
    assert len(patterns()) >= 55


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: f"{pattern.kind} {pattern.literals[0]}")
def test_a_vendor_pattern_is_linear(pattern) -> None:  # type: ignore[no-untyped-def]
    for literal in pattern.literals:
        for text in (literal, literal + "a", literal + "1-", "a" + literal):
            assert len(list(pattern.expression.finditer(text * (SIZE // len(text))))) <= SIZE


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_not_unpacked(coding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MOST", 100_000)
    body = (gzip.compress if coding == "gzip" else zlib.compress)(b'{"a": "' + b" " * 200_000 + b'"}')
    headers = [("Content-Type", "application/json"), ("Content-Encoding", coding), ("Content-Length", str(len(body)))]
    new = Redactor(key=b"k").redact(make_exchange(None, make_response(200, body, headers=headers))).response
    assert new.headers.get("content-encoding") is None
    assert new.body.startswith(b'"redacted-')
    assert new.headers.get("content-length") == str(len(new.body))


@pytest.mark.parametrize("depth", [400, 600, 5000, 100_000])
def test_nested_without_end(depth: int) -> None:
    body = b"[" * depth + b'{"password":"q1w2e3r4t5"}' + b"]" * depth
    new = Redactor().redact(
        make_exchange(None, make_response(200, body, headers=[("Content-Type", "application/json")]))
    )
    assert b"q1w2e3r4t5" not in new.response.body


def test_strings_within_strings_within_strings() -> None:
    text = json.dumps({"password": "q1w2e3r4t5"})
    for _ in range(14):
        text = json.dumps(text)
    new = Redactor().redact(
        make_exchange(None, make_response(200, text.encode(), headers=[("Content-Type", "application/json")]))
    )
    assert b"q1w2e3r4t5" not in new.response.body


def test_a_detector_that_raises_costs_the_value_only(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "raising_detector.py").write_text(
        "def find(text):\n    return [(0, len(text), 'x')] if text[0] == 'v' else 1 / (text != 'broken!') and []\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    body = b'{"a": "voucher", "b": "broken!", "c": 5}'
    redactor = Redactor(Rules(detectors=("raising_detector:find",)))
    new = redactor.redact(make_exchange(None, make_response(200, body, headers=[("Content-Type", "application/json")])))
    assert b"voucher" not in new.response.body
    assert b"broken" not in new.response.body
    assert new.response.body.endswith(b'"c": 5}')


def test_memory_is_bounded() -> None:
    values = Values(Rules(), Placeholders())
    from mirror.redact import values as module
    from mirror.redact.keys import key_of
    from mirror.redact.placeholders import KNOWN

    for number in range(module.REMEMBERED + 500):
        values.string(f"pass{number}", key_of("password"))
    assert len(values._seen) <= module.REMEMBERED
    assert len(values.placeholders.known) <= KNOWN
