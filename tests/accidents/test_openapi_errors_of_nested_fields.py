"""Accident: an object of validation errors was a map of the fields until one of them had fields itself: then it had all
fields that any test had got wrong, and ``city`` was required."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from learning import called, model

from mirror.openapi.document import Style, openapi

MISSING = ["Missing data for required field."]
PERSON = {"name": ["Not a valid string."], "address": {"city": MISSING, "geo": {"lat": MISSING}}}
BOOK = {"pages": ["Not a valid integer."]}


def document(name: str, *told: tuple[str, Any]) -> dict[str, Any]:
    seen = [
        called("POST", path, path, json.dumps({"error": "wrong", name: each}).encode(), 422, b"{}")
        for path, each in told
    ]
    return openapi(model(*seen).settled()[""], Style(examples=False, evidence=False))


def names_in(schema: Any) -> set[str]:
    if not isinstance(schema, dict | list):
        return set()
    inner = schema.values() if isinstance(schema, dict) else schema
    own = set(schema.get("properties", ())) if isinstance(schema, dict) else set()
    return own.union(*map(names_in, inner))


@pytest.mark.parametrize("name", ["fields", "errors", "detail"])
@pytest.mark.parametrize("told", [[PERSON], [PERSON, BOOK], [{"address": PERSON["address"]}, BOOK]])
def test_it_is_a_map_of_lists_and_open_objects(name: str, told: list[Any]) -> None:
    made = [document(name, *order) for order in permutations([(f"/things{at}", each) for at, each in enumerate(told)])]
    assert all(each == made[0] for each in made)
    (found,) = made[0]["components"]["schemas"].values()
    assert names_in(found) == {"error", name}
    validator = Draft202012Validator(found)
    assert all(
        validator.is_valid({"error": "wrong", name: each})
        for each in [*told, {"other": {"field": {"deep": {"er": MISSING}}}}]
    )
    assert not validator.is_valid({"error": "wrong", name: {"other": 1}})


def test_those_in_lists_as_well() -> None:
    made = document("errors", ("/orders", {"items": [{}, {"qty": ["A valid integer is required."]}], "name": MISSING}))
    assert names_in(made["components"]["schemas"]) == {"error", "errors"}


def test_places_are_no_fields() -> None:
    made = document("errors", ("/people", {"json": PERSON}))
    assert names_in(made["components"]["schemas"]) == {"error", "errors", "json"}


def test_words_are_no_errors() -> None:
    made = document("fields", ("/people", {"tags": ["a"], "inner": {"colours": ["red", "blue"]}}))
    assert {"tags", "inner", "colours"} <= names_in(made["components"]["schemas"])
