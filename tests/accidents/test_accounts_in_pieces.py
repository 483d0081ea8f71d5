"""``secret=GB82 WEST ...``: the value ended at the blank, and what was found next in the text was another account's
number on another pass. With hyphens, or in small letters, an account was not found at all."""

from __future__ import annotations

import pytest

from mirror.redact.redactor import Redactor

TEXTS = [
    "secret=GB82 WEST 1234 5698 7654 32",
    "password: GB82 WEST 1234 5698 7654 32, ok",
    "token=DE89 3704 0044 0532 0130 00;x=1",
    "DE89-3704-0044-0532-0130-00",
    "gb82west12345698765432",
    "pin=4111 1111 1111 1111 x",
]


@pytest.mark.parametrize("text", TEXTS)
def test_are_replaced_as_one(text: str) -> None:
    redactor = Redactor()
    new = redactor.text(text)
    assert not any(part in new for part in ("WEST", "west", "3704", "5698", "1111"))
    assert redactor.text(new) == new
