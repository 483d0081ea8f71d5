"""Of many bodies those were the examples that have the most members at their top, whatever stands in these: three
nearly the same ones, and not the one in which all is filled in."""

from __future__ import annotations

import json
from itertools import permutations

import msgspec
import pytest
from learning import called, model

from mirror.openapi.bodies import filled_in
from mirror.openapi.document import openapi

BODIES = [
    {"id": 1, "notices": [], "labels": None, "size": {"x": 1, "y": None}, "a": ""},
    {"id": 2, "notices": [], "labels": None, "size": {"x": 1, "y": None}, "a": ""},
    {"id": 3, "notices": [], "labels": None, "size": {"x": 1, "y": None}, "a": ""},
    {"id": 4, "notices": [{"to": "x"}, {"by": "y"}], "labels": ["b", "c"], "size": {"x": 1, "y": 2}},
]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_fullest_is_an_example(order: tuple[int, ...]) -> None:
    seen = [called("POST", "/parcels", "/parcels", json.dumps(BODIES[n]).encode(), 201) for n in order]
    named = [msgspec.structs.replace(each, test=f"t.py::test_{n}") for each, n in zip(seen, order, strict=True)]
    whole = model(*named[:2])
    whole.merge(model(*named[2:]))
    answer = openapi(whole.settled()[""])["paths"]["/parcels"]["post"]["responses"]["201"]
    assert list(answer["content"]["application/json"]["examples"]) == ["3", "0", "1"]


@pytest.mark.parametrize(
    ("value", "number"),
    [(None, 0), ("", 0), ({}, 0), ([], 0), (0, 1), (False, 1), ([1, 2], 1), (BODIES[0], 2), (BODIES[3], 5)],
)
def test_places_are_counted_that_have_a_value(value: object, number: int) -> None:
    assert filled_in(value) == number
