"""What models say of values beside their types: what is written, and what goes when it is brought up to date."""

from __future__ import annotations

from typing import Any

import pytest

from mirror.exchange import KnownRoute
from mirror.openapi.notes import docs_of, is_within, looser, with_notes
from mirror.openapi.version30 import schema
from mirror.redact.redactor import Redactor


def always(key: str, limit: Any) -> bool:
    return True


@pytest.mark.parametrize(
    ("word", "one", "other", "expected"),
    [
        ("minimum", 1, 5, 1),
        ("exclusiveMinimum", 5, 1, 1),
        ("minLength", 1, 5, 1),
        ("minItems", 5, 1, 1),
        ("maximum", 1, 5, 5),
        ("exclusiveMaximum", 5, 1, 5),
        ("maxLength", 1, 5, 5),
        ("maxItems", 5, 1, 5),
        ("pattern", "a", "a", "a"),
        ("pattern", "a", "b", None),
        ("multipleOf", 2, 4, None),
    ],
)
def test_the_looser_of_two_limits(word: str, one: Any, other: Any, expected: Any) -> None:
    assert looser(word, one, other) == expected


@pytest.mark.parametrize(
    ("word", "limit", "within", "beyond"),
    [
        ("minimum", 2, 2, 1),
        ("exclusiveMinimum", 2, 3, 2),
        ("maximum", 2, 2, 3),
        ("exclusiveMaximum", 2, 1, 2),
        ("multipleOf", 2, 4, 3),
        ("minLength", 2, "ab", "a"),
        ("maxLength", 2, "ab", "abc"),
        ("minItems", 2, 2, 1),
        ("maxItems", 2, 2, 3),
    ],
)
def test_what_is_within_a_limit(word: str, limit: Any, within: Any, beyond: Any) -> None:
    assert is_within(within, word, limit)
    assert not is_within(beyond, word, limit)


@pytest.mark.parametrize(
    ("made", "notes", "expected"),
    [
        ({"type": "integer"}, {"minimum": "1", "minLength": "2"}, {"type": "integer", "minimum": 1}),
        ({"$ref": "#/a"}, {"description": '"x"', "default": "1"}, {"$ref": "#/a"}),
        ({"type": "string", "enum": ["a"]}, {"maxLength": "3"}, {"type": "string", "enum": ["a"]}),
        ({"type": "string", "enum": ["a"]}, {"default": '"b"'}, {"type": "string", "enum": ["a"]}),
        ({"type": "string"}, {"default": "1"}, {"type": "string"}),
        ({"type": "number"}, {"default": "1"}, {"type": "number", "default": 1}),
        ({"type": "integer"}, {"default": "0", "minimum": "1"}, {"type": "integer", "minimum": 1}),
        ({"type": "array"}, {"default": "[]", "minItems": "1"}, {"type": "array", "minItems": 1}),
    ],
)
def test_what_is_written(made: dict[str, Any], notes: dict[str, str], expected: dict[str, Any]) -> None:
    assert with_notes(made, notes.items(), always) == expected


def test_limits_that_do_not_hold_are_not_claimed() -> None:
    notes = {"minimum": "1", "description": '"x"'}.items()
    assert with_notes({"type": "integer"}, notes, lambda key, limit: False) == {"type": "integer", "description": "x"}


def test_models_of_one_name_that_say_different_things_say_nothing() -> None:
    one, other = {"model": '"One."'}, {"model": '"Another."'}
    assert docs_of([("A", one), ("A", one), ("B", one), ("B", other), ("C", {})]) == {"A": "One."}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"minimum": 0, "exclusiveMinimum": -5}, {"minimum": 0}),
        ({"minimum": -5, "exclusiveMinimum": 0}, {"minimum": 0, "exclusiveMinimum": True}),
        ({"maximum": 9, "exclusiveMaximum": 9}, {"maximum": 9, "exclusiveMaximum": True}),
        ({"maximum": 9, "exclusiveMaximum": 10}, {"maximum": 9}),
    ],
)
def test_in_documents_of_3_0_the_tighter_of_two_limits(said: dict[str, Any], expected: dict[str, Any]) -> None:
    assert schema({"type": "integer", **said}) == {"type": "integer", **expected}


def test_of_a_contact_only_what_is_secret_goes() -> None:
    contact = '{"name": "Shop", "email": "zoe@shop.example"}'
    route = KnownRoute("/a", "GET", info=(("contact", contact), ("license", '{"name": "MIT"}')))
    clean = Redactor().known_route(route)
    assert clean.info == (("contact", '{"name": "Shop"}'), ("license", '{"name": "MIT"}'))
