"""What a mark stands for."""

from __future__ import annotations

from typing import Any

import pytest

from mirror.openapi.marks import EVIDENCE, add_mark, facts, is_own, mark_of, marked, samples_of

SCHEMA: dict[str, Any] = {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize(
    "other",
    [
        {"description": "Ours."},
        {"x-ours": 1},
        {"required": ["b", "a"]},
        {"properties": {"a": {"type": "integer"}}},
        {"default": {}},
    ],
)
def test_what_has_a_place_of_its_own_or_is_a_note_does_not_count(other: dict[str, Any]) -> None:
    assert mark_of({**SCHEMA, **other}) == mark_of(SCHEMA)


@pytest.mark.parametrize("other", [{"type": "array"}, {"required": ["a"]}, {"format": "x"}, {"enum": ["a"]}])
def test_everything_else_counts(other: dict[str, Any]) -> None:
    assert mark_of({**SCHEMA, **other}) != mark_of(SCHEMA)


def test_the_order_of_words_does_not_count() -> None:
    assert mark_of({"enum": ["b", "a", None]}) == mark_of({"enum": [None, "a", "b"]})


def test_members_within_others_count() -> None:
    """Only those of the place itself have places of their own."""
    inner = {"items": SCHEMA}
    assert mark_of(inner) != mark_of({"items": {**SCHEMA, "properties": {"a": {"type": "integer"}}}})


def test_of_places_with_marks_of_their_own_counts_that_they_are_there() -> None:
    assert facts({"items": {"type": "string", EVIDENCE: {"samples": 1}}}, top=True) == {"items": {}}


@pytest.mark.parametrize(
    ("evidence", "expected"), [({"samples": 3}, 3), ({"samples": True}, None), ({"samples": "3"}, None), (3, None)]
)
def test_samples_are_a_number(evidence: Any, expected: int | None) -> None:
    assert samples_of({EVIDENCE: evidence}) == expected


def test_references_have_no_marks() -> None:
    place = {"$ref": "#/components/parameters/limit"}
    add_mark(place)
    assert EVIDENCE not in place


@pytest.mark.parametrize("key", ["example", "examples", "default"])
def test_values_are_left_alone(key: str) -> None:
    value = {EVIDENCE: {"samples": 1}}
    made = marked({"type": "object", EVIDENCE: {"samples": 1}, key: value})
    assert made[key] == value
    assert is_own(made)
