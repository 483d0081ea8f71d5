"""Accident: ``status_code=307`` was text, as a postal code is."""

from __future__ import annotations

import pytest

from mirror.openapi.text_types import text_schema
from mirror.openapi.texts import Texts


@pytest.mark.parametrize("name", ["status_code", "errorCode", "exit_code"])
def test_whole_numbers_of_codes_that_count(name: str) -> None:
    texts = Texts()
    texts.add(["307"])
    assert text_schema(texts, name) == {"type": "integer"}
    texts.add(["any"])
    assert text_schema(texts, name)["type"] == "string"


@pytest.mark.parametrize("name", ["code", "zip_code", "home_postal_code", "promoCode", "country_code"])
def test_codes_that_people_write_stay_text(name: str) -> None:
    texts = Texts()
    texts.add(["307"])
    assert text_schema(texts, name) == {"type": "string"}
