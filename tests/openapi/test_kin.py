"""What operations say of each other's parameters."""

from __future__ import annotations

from typing import Any

import pytest

from mirror.openapi.evidence import Operation, Refusal
from mirror.openapi.kin import Collected, agreed, collection, is_same, kin_of, near, told_of, wholes
from mirror.openapi.shape import Shape


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("/v1/users/search", (("users", "search"),)),
        ("/users/{id}/activate", (("users",),)),
        ("/users/{id}/tickets", (("users",), ("tickets",))),
        ("/{tenant}/users", (("users",),)),
        ("/{tenant}/user", (("user",),)),
        ("/users/{id}/tickets/open", (("users",), ("tickets", "open"))),
        ("/", ((),)),
    ],
)
def test_what_a_path_is_about(template: str, expected: Collected) -> None:
    assert collection(template) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("/users", "/users/search", True),
        ("/users", "/users", True),
        ("/users", "/orders", False),
        ("/users/{id}/tickets", "/users", False),
        ("/", "/users", False),
        ("/", "/", True),
    ],
)
def test_what_is_about_one_collection(one: str, other: str, expected: bool) -> None:
    assert is_same(collection(one), collection(other)) is expected
    assert is_same(collection(other), collection(one)) is expected


def test_what_a_collection_is_a_view_of() -> None:
    assert wholes((("users", "search"),)) == [(("users",),), (("users", "search"),)]
    assert wholes(((),)) == [((),)]


def test_choices_are_those_that_all_name() -> None:
    red, blue = frozenset({"red"}), frozenset({"blue"})
    said = [
        ("one", red),
        ("one", red),
        ("two", red),
        ("two", blue),
        ("none", frozenset[str]()),
        ("some", frozenset[str]()),
    ]
    assert agreed([*said, ("some", blue)]) == {"one": red, "none": frozenset(), "some": blue}


def test_choices_are_near_in_what_is_above_and_below() -> None:
    users, search, orders = (("users",),), (("users", "search"),), (("orders",),)
    named = {users: {("role", frozenset({"admin"}))}, search: {("sort", frozenset({"up"}))}}
    both = {"role": frozenset({"admin"}), "sort": frozenset({"up"})}
    assert near(named, [users, search, orders]) == {users: both, search: both, orders: {}}


@pytest.mark.parametrize("place", ["query sort", "header x-sort", "cookie sort"])
def test_refusals_hold_for_all_operations_without_their_choices(place: str) -> None:
    told = Refusal(2, 1, {"string"}, {"up", "down"}, doubtful=1)
    kin = kin_of({"GET /users": Operation(refusals={place: told, "body sort": told})})
    assert kin.refusals == {place: Refusal(2, 1, {"string"})}


@pytest.mark.parametrize("value", ["a", 1])
def test_choices_are_told_of_places_of_strings_and_integers(value: Any) -> None:
    shape = Shape()
    shape.add({"modes": [value], "other": value})
    types = {"integer"} if isinstance(value, int) else set()
    assert told_of(shape, {"modes": frozenset({"1", "2"})}) == {"modes/*": Refusal(types=types, choices={"1", "2"})}
    assert told_of(shape, {"other": frozenset()}) == {"other": Refusal(types=types, doubtful=1)}


def test_a_place_of_strings_and_integers_is_told_of_once() -> None:
    shape = Shape()
    shape.add_all(["a", 1])
    assert told_of(shape, {"": frozenset({"a"})}) == {"": Refusal(choices={"a"})}
