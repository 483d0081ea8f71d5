"""A card's number in groups was not found beside other digits: behind a time, before its own expiry."""

from __future__ import annotations

import pytest

from mirror.redact.redactor import Redactor


@pytest.mark.parametrize(
    "text",
    [
        "12:30:01 4111 1111 1111 1111 declined",
        "2024-01-01 4111 1111 1111 1111",
        "exp 12/27 4111 1111 1111 1111",
        "4111 1111 1111 1111 12/27 123",
        "4111-1111-1111-1111 123",
        "4111 1111 1111 1111 5555 5555 5555 4444",
        "2024 4111 1111 1111 1111 2025",
        "1 3782 822463 10005 1234",
        "4111111111111111 12/27",
    ],
)
def test_are_found(text: str) -> None:
    redactor = Redactor()
    new = redactor.text(text)
    assert not any(part in new for part in ("1111 1111", "1111-1111", "5555 4444", "822463", "4111111111111111"))
    assert redactor.text(new) == new
    assert len(new) == len(text)


@pytest.mark.parametrize("text", ["2024 2025 2026 2027 2028", "4111 1111 1111 1112 12/27", "1-4111-1111-1111-1111"])
def test_other_numbers_stay(text: str) -> None:
    assert Redactor().text(text) == text


def test_two_placeholders_hold_no_third_card_across_them() -> None:
    """By chance of the key they did, three times in a hundred: it was replaced when redacted again."""
    for key in range(300):
        redactor = Redactor(key=b"%d" % key)
        once = redactor.text("4111 1111 1111 1111 5555 5555 5555 4444 2025")
        assert redactor.text(once) == once
