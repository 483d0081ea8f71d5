"""Accident: ``charset=unicode_escape`` was taken for a charset of JSON. That codec is one for Python's own source: it
warns (which ends a run under ``-W error``), and makes something else of what stands there."""

from __future__ import annotations

import pytest
from factories import make_headers

from mirror import media
from mirror.openapi.bodies import read_body

SPELLINGS = [
    "unicode_escape",
    "unicode-escape",
    "unicode escape",
    "UNICODE_ESCAPE",
    "raw_unicode_escape",
    "utf-7",
    "utf_7",
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("charset", [*SPELLINGS, "rot13", "a\0b", "none"])
@pytest.mark.parametrize("body", [b"\\ ", b'"\\q"', b"\\\x00", b'{"a": "\\u00e9"}', b"+AG8-"])
def test_are_not_read(charset: str, body: bytes) -> None:
    assert media.codec_of(charset) is None
    plain = read_body(make_headers(("Content-Type", "application/json")), body)
    found = read_body(make_headers(("Content-Type", f"application/json; charset={charset}")), body)
    assert found == plain
    assert media.text_of(body, charset) == media.text_of(body, None)
