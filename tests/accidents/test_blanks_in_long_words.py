"""Accident: in a long word with a placeholder's mark the beginning of a token was looked for from each character to the
end of it. A member's name of 40,000 characters took nine seconds; one of a megabyte would not have ended here."""

from __future__ import annotations

import pytest

from mirror.redact.blanks import blanked
from mirror.redact.jwt import encode
from mirror.redact.placeholders import Placeholders


@pytest.mark.parametrize("mark", ["redacted", "facade00", "x.redacted", "999 9999999999 "])
def test_end(mark: str) -> None:
    word = mark + "a" * 1_000_000
    assert len(blanked(word)) == len(word)


def test_a_token_is_found_where_it_begins() -> None:
    token = f"{encode({'alg': 'HS256'})}.{encode({'sub': 'eve'})}.c2lnbmF0dXJlLW9m"
    one, other = (Placeholders(key).make(token) for key in (b"one", b"other"))
    assert one != other
    for before in ("", "Bearer ", '{"a":"', "=", "x "):
        assert blanked(f"{before}{one}") == blanked(f"{before}{other}")
