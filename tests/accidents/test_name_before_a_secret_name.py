"""``ValueError: token='...'`` was taken for one assignment, to ``ValueError``, and its value let through."""

from __future__ import annotations

from mirror.redact.redactor import Redactor


def test_the_second_name_is_seen() -> None:
    assert "95b030e1" not in Redactor().text("ValueError: api_key='95b030e1-2659-82e5-ffc2-411ba9a30f9a'")
