"""The bracket behind a URL counted as a part of it: ``[x](https://...?fax=0517%2064222341)`` held no telephone number,
and ``(https://...?pin=4711)`` lost its bracket. In texts, a token of letters alone was taken for a word."""

from __future__ import annotations

import pytest

from mirror.redact.redactor import Redactor


@pytest.mark.parametrize(
    "text",
    [
        "[x](https://x.example/r?a=1&fax=0517%2064222341)",
        "(https://x.example/r?pin=48213377).",
        "{https://x.example/r?pin=48213377}",
        "see https://x.example/a_(b)?pin=48213377",
        "curl -H 'X-Auth-Token: KwRxcTDvzvwqcKsfHMBD'",
        "csrf_token:KwRxcTDvzvwqcKsfHMBD",
    ],
)
def test_what_is_secret_is_found_and_the_rest_stays(text: str) -> None:
    redactor = Redactor()
    new = redactor.text(text)
    assert not any(part in new for part in ("64222341", "48213377", "KwRx"))
    assert [each for each in new if each in "()[]{}'"] == [each for each in text if each in "()[]{}'"]
    assert redactor.text(new) == new


@pytest.mark.parametrize("text", ["token: expired", "Token: InvalidTokenException", "(https://x.example/a_(b))"])
def test_words_stay(text: str) -> None:
    assert Redactor().text(text) == text
