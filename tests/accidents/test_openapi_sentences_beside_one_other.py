"""Accident: details of errors said by the names of fields what is wrong with them, but those of one conflict were
``{"current": 2}``: so all fields that tests had got wrong were members of every error of the service."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

from jsonschema import Draft202012Validator
from learning import called, model

from mirror.openapi.document import Style, openapi

TOLD = [{"key": "is required"}, {"size": "is wrong", "key": "is taken"}, {"type": "is odd"}, {"limit": "is too much"}]


def details(*values: dict[str, Any], name: str = "details") -> dict[str, Any]:
    bodies = [{"error": {"code": "x", name: each}} for each in values]
    seen = [called("POST", "/flags", "/flags", json.dumps(body).encode(), 422) for body in bodies]
    made = [openapi(model(*order).settled()[""], Style(examples=False, evidence=False)) for order in permutations(seen)]
    assert all(each == made[0] for each in made)
    components = made[0]["components"]
    schema = made[0]["paths"]["/flags"]["post"]["responses"]["422"]["content"]["application/json"]["schema"]
    for body in bodies:
        Draft202012Validator({**schema, "components": components}).validate(body)
    (found,) = (
        each["properties"][name] for each in components["schemas"].values() if name in each.get("properties", {})
    )
    return dict(components["schemas"][found["$ref"].rpartition("/")[2]] if "$ref" in found else found)


def test_they_are_open() -> None:
    assert details(*TOLD) == {"type": "object", "additionalProperties": {"type": "string"}}
    for other in (2, {"version": 2}, ["a"], "gone", None):
        assert details(*TOLD, {"current": other}) == {"type": "object", "additionalProperties": {}}


def test_not_where_they_are_few_or_others_are_more_or_of_another_name() -> None:
    assert "properties" in details(*TOLD[:2], {"current": 2})
    assert "properties" in details(*TOLD, {"current": 2, "wanted": 1})
    assert "properties" in details(*({"key": "is wrong", **each} for each in TOLD), {"key": "is wrong", "current": 2})
    assert "properties" in details(*TOLD, {"current": 2}, name="order")
