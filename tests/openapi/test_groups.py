"""Maps, variants and pages."""

from __future__ import annotations

from typing import Any

import pytest

from mirror.openapi.groups import is_wrapper, variants
from mirror.openapi.maps import are_keys, is_map
from mirror.openapi.shape import Objects


def objects(*values: dict[str, Any]) -> Objects:
    made = Objects()
    for value in values:
        made.add(value)
    return made


def has_keys(*values: dict[str, Any], name: str = "") -> bool:
    made = objects(*values)
    return is_map(made.joined(), made, name)


@pytest.mark.parametrize(("number", "expected"), [(1, True), (2, True), (3, False)])
def test_one_key_that_is_a_value_makes_a_map_of_few(number: int, expected: bool) -> None:
    assert has_keys(*[{"2024-01-01": 1}] * number) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"c": 1, "d": 1}], True),
        ([{"a": 1, "b": 1}, {"c": 1, "d": 1}], False),
        ([{"a": 1, "b": 1}, {"c": 1, "d": 1}, {}], False),
        ([{"a": {"x": 1}}, {"b": {"x": 1}}], True),
        ([{"a": {"x": 1}}, {"a": {"x": 1}, "b": {"x": 1}}], False),
        ([{"a": {"x": 1}}, {"a": {"x": 1}, "b": {"x": "y"}, "c": {"x": 2}}], True),
        ([{"a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1}}] * 3, False),
        ([{"a": {"x": 1}}, {"a": {"x": 1}, "b": {"x": 1}, "c": {"y": 1}}], False),
        ([{"a": 1}, {"a": 1, "b": 1}, {"a": 1, "c": 1, "d": 1}], False),
        ([{"a": 1}, {"b": 1}, {"c": 1}], False),
    ],
)
def test_words_that_come_and_go_are_keys(values: list[dict[str, Any]], expected: bool) -> None:
    assert has_keys(*values) is expected


def told(number: int, **schema: Any) -> list[dict[str, Any]]:
    return [{"type": "string", **schema} for _ in range(number)]


@pytest.mark.parametrize(
    ("expected", "accepted", "are"),
    [
        (told(4), {}, True),
        (told(3), {}, False),
        (told(4), dict.fromkeys("abc", "x"), True),
        (told(4), dict.fromkeys("abcd", "x"), False),
        (told(4), {"a": 1}, False),
        ([*told(4), {"type": "integer"}], {}, False),
        (told(4, enum=["a"]), {}, False),
    ],
)
def test_what_only_refusals_have_named_are_keys(
    expected: list[dict[str, Any]], accepted: dict[str, Any], are: bool
) -> None:
    assert are_keys(expected, objects(accepted).joined()) is are


LIST = [{"x": 1}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"items": LIST, "more": 1}, True),
        ({"orders": LIST, "total": 1}, True),
        ({"orders": LIST, "name": "x"}, False),
        ({"orders": LIST, "lines": LIST}, False),
        ({"total": 1}, False),
        *(({"items": LIST, name: 1}, False) for name in ("id", "_id", "uuid", "guid", "pk")),
    ],
)
def test_pages(value: dict[str, Any], expected: bool) -> None:
    assert is_wrapper(objects(value).joined()) is expected


def test_what_tells_variants_apart_in_the_fewest_words() -> None:
    found = variants(
        objects(
            *({"a_word": "x1", "word": "card", "number": number} for number in range(3)),
            *({"a_word": "x2", "word": "card", "number": number} for number in range(3)),
            *({"a_word": "x3", "word": "bank", "iban": number} for number in range(3)),
        ),
        "response",
    )
    assert found is not None
    assert (found.name, found.labels) == ("word", ["bank", "card"])


def test_groups_that_have_words_in_common_are_one_with_those_of_both() -> None:
    made = objects(
        {"type": "b", "a": 1},
        {"type": "c", "a": 1},
        {"type": "b", "b": 1},
        {"type": "c", "c": 1},
        {"type": "x", "x": 1},
    )
    made.tag = "type"
    found = variants(made, "response")
    assert found is not None
    assert found.labels == ["b|c", "x"]
