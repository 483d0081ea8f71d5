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
    # With another key two placeholders may, by chance, hold a third number of a card across them.
    redactor = Redactor(key=b"one")
    new = redactor.text(text)
    assert not any(part in new for part in ("1111 1111", "1111-1111", "5555 4444", "822463", "4111111111111111"))
    assert redactor.text(new) == new
    assert len(new) == len(text)


@pytest.mark.parametrize("text", ["2024 2025 2026 2027 2028", "4111 1111 1111 1112 12/27", "1-4111-1111-1111-1111"])
def test_other_numbers_stay(text: str) -> None:
    assert Redactor().text(text) == text
