"""What shapes keep of values, one by one and in columns, and up to where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mirror.openapi.integers import INTEGER, LARGEST, MOST_INTEGERS, Integers, integers_in
from mirror.openapi.shape import LONGEST_TUPLE, MOST_MEMBERS, MOST_VARIANTS, Objects, Shape
from mirror.openapi.strings import LONGEST_STRING, MIXED, MOST_STRINGS, Strings
from mirror.openapi.texts import Texts, form_of

Take = Callable[[list[Any]], Shape]


def one_by_one(values: list[Any]) -> Shape:
    shape = Shape()
    for value in values:
        shape.add(value)
    return shape


def as_column(values: list[Any]) -> Shape:
    shape = Shape()
    shape.add_all(values)
    return shape


every_way = pytest.mark.parametrize("take", [one_by_one, as_column])


def objects_of(shape: Shape) -> Objects:
    assert shape.objects is not None
    return shape.objects


@every_way
@pytest.mark.parametrize("length", [1, 2, LONGEST_TUPLE, LONGEST_TUPLE + 1])
def test_positions_are_kept_apart_up_to_the_length_of_a_tuple(take: Take, length: int) -> None:
    arrays = take([[0] * length] * 2).arrays
    assert arrays is not None
    assert (arrays.positions is not None) == (2 <= length <= LONGEST_TUPLE)


@every_way
@pytest.mark.parametrize("length", [LONGEST_TUPLE, LONGEST_TUPLE + 1])
def test_positions_of_what_may_be_tuples_are_not(take: Take, length: int) -> None:
    arrays = take([[[0] * length] * 2] * 2).arrays
    assert arrays is not None
    assert (arrays.positions is None) == (length <= LONGEST_TUPLE)


@every_way
def test_sets_of_keys_are_kept_apart_up_to_a_number(take: Take) -> None:
    some = [{f"m{number}": 1} for number in range(MOST_VARIANTS) for _ in range(2)]
    assert len(objects_of(take(some)).variants or ()) == MOST_VARIANTS
    assert objects_of(take([*some, {"one": 1}, {"one": 2}])).variants is None


def test_merged_sets_of_keys_are_kept_apart_up_to_the_same_number() -> None:
    one, other = one_by_one([{f"m{number}": 1} for number in range(MOST_VARIANTS - 1)]), one_by_one([{"one": 1}])
    one.merge(other)
    assert len(objects_of(one).variants or ()) == MOST_VARIANTS


@every_way
@pytest.mark.parametrize("number", [MOST_MEMBERS, MOST_MEMBERS + 1])
def test_objects_with_too_many_members_are_maps(take: Take, number: int) -> None:
    objects = objects_of(take([{f"m{each}": 1 for each in range(number)}] * 2))
    assert (objects.values is not None) == (number > MOST_MEMBERS)


def test_so_are_those_that_have_too_many_together() -> None:
    objects = objects_of(one_by_one([{f"m{each}": 1} for each in range(MOST_MEMBERS)]))
    assert objects.values is None
    objects.add({"one": 1})
    assert objects.values is not None


def test_the_order_of_members_is_the_same_in_columns() -> None:
    values = [{"b": 1, "a": 2}] * 3 + [{"a": 1, "b": 2}] * 2 + [{"a": 1, "c": 2}]
    assert as_column(values) == one_by_one(values)


@every_way
def test_a_secret_for_a_name_makes_a_map(take: Take) -> None:
    assert objects_of(take([{"redacted-0123456789abcdef@redacted.example": 1}] * 2)).values is not None


def test_the_member_that_tells_kinds_apart_is_that_of_either() -> None:
    objects = Objects()
    objects.merge(Objects(tag="kind"))
    assert objects.tag == "kind"


# Strings --------------------------------------------------------------------------------------------------------------


def test_a_column_has_the_format_that_all_have() -> None:
    strings = Strings()
    strings.add_all([f"2024-01-{day:02}" for day in range(1, 32)])
    assert (strings.format, strings.values) == ("date", None)
    strings.add_all(["2024-02-01", "soon"])
    assert strings.format == MIXED


def test_a_column_adds_the_words_that_are_new() -> None:
    strings = Strings()
    strings.add_all(["red", "green"])
    strings.add_all(["red", "blue", "blue"])
    assert (strings.count, strings.values) == (5, {"red", "green", "blue"})


def test_strings_are_kept_up_to_a_number_and_a_length() -> None:
    strings = Strings()
    strings.add_all(["x" * LONGEST_STRING, *(f"word {number}" for number in range(MOST_STRINGS - 1))])
    assert len(strings.values or ()) == MOST_STRINGS
    strings.add("one more")
    assert strings.values is None


def test_merged_strings_are_kept_up_to_the_same_number() -> None:
    one = Strings(1, MIXED, {"one"})
    one.merge(Strings(MOST_STRINGS - 1, MIXED, {f"word {number}" for number in range(MOST_STRINGS - 1)}))
    assert len(one.values or ()) == MOST_STRINGS


# Integers -------------------------------------------------------------------------------------------------------------


def test_integers_are_kept_up_to_a_number() -> None:
    integers = Integers()
    integers.add_all(range(MOST_INTEGERS))
    assert len(integers.values or ()) == MOST_INTEGERS
    integers.add(-1)
    assert integers.values is None


def test_merged_integers_are_kept_up_to_the_same_number() -> None:
    one = Integers({-1})
    one.merge(Integers(set(range(MOST_INTEGERS - 1))))
    assert len(one.values or ()) == MOST_INTEGERS


@pytest.mark.parametrize(
    ("value", "is_kept"), [(-LARGEST, True), (LARGEST, True), (LARGEST + 1, False), (-LARGEST - 1, False)]
)
def test_integers_are_kept_where_all_readers_tell_them_apart(value: int, is_kept: bool) -> None:
    integers = Integers()
    integers.add(value)
    assert integers.values == ({value} if is_kept else None)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(["1", "-2"], {1, -2}), (["9" * 16], {10**16 - 1}), (["9" * 17], set()), (["1", "two"], set()), (["01"], set())],
)
def test_texts_stand_for_integers_where_all_do(texts: list[str], expected: set[int]) -> None:
    assert integers_in(texts) == expected
    assert all(map(INTEGER.fullmatch, texts)) == bool(expected)


# Texts ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form"),
    [("0", "integer"), ("007", "zero-led"), ("True", "boolean"), ("-1", "signed"), ("a,b", "commas"), ("a,", "text")],
)
def test_forms_of_texts(text: str, form: str) -> None:
    assert form_of(text) == form


def test_texts_are_kept_up_to_a_number_and_a_length() -> None:
    texts = Texts()
    texts.add(["x" * LONGEST_STRING, *(f"word {number}" for number in range(MOST_STRINGS - 1))])
    assert len(texts.values or ()) == MOST_STRINGS
    texts.add(["one more"])
    assert texts.values is None


def test_merged_texts_are_kept_up_to_the_same_number() -> None:
    one, other = Texts(), Texts()
    one.add(["one"])
    other.add([f"word {number}" for number in range(MOST_STRINGS - 1)])
    one.merge(other)
    assert len(one.values or ()) == MOST_STRINGS


def test_a_name_is_repeated_from_two_values_on() -> None:
    texts = Texts()
    for values in ([], ["a"], ["a", "b"], ["a", "b", "c"]):
        texts.add(values)
    assert (texts.present, texts.repeated, texts.count) == (4, 2, 6)
