"""Accident: ``custom_fields`` of a ticket were a component in the request, and none in the response, where some tickets
had not all of them."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from learning import called, model

from mirror.openapi.document import Style, openapi

PARTS: list[dict[str, Any]] = [{}, {"color": "red"}, {"color": "red", "size": 3}, {"size": 4, "color": "blue"}]
PATHS = ["/tickets", "/tickets/{n}", "/tickets/last", "/tickets/first"]


def document(parts: list[Any]) -> dict[str, Any]:
    values = [{"id": 1, "title": "x", "custom_fields": part} for part in parts]
    seen = [
        called("GET", path.replace("{n}", "1"), path, json.dumps(value).encode())
        for path, value in zip(PATHS, values, strict=False)
    ]
    return openapi(model(*seen).settled()[""], Style(evidence=False, examples=False))


def test_they_are_one_component() -> None:
    made = document(PARTS)
    found = made["components"]["schemas"]
    assert found.keys() == {"Ticket", "CustomFields"}
    assert found["Ticket"]["properties"]["custom_fields"] == {"$ref": "#/components/schemas/CustomFields"}
    assert "required" not in found["CustomFields"]
    for part in PARTS:
        Draft202012Validator(found["CustomFields"]).validate(part)
    for parts in permutations(PARTS):
        assert document([*parts])["components"]["schemas"] == found


@pytest.mark.parametrize(
    "parts",
    [
        [{"color": "red"}, {"color": 1, "size": 1}],  # of other kinds
        [{"2024-01-01": 1}, {"2024-01-02": 1}],  # a map
        [{}, {}],
    ],
)
def test_what_is_not_alike_stays_where_it_is(parts: list[Any]) -> None:
    assert document(parts)["components"]["schemas"].keys() == {"Ticket"}


def test_what_stands_elsewhere_as_well_stays_as_it_is() -> None:
    values = [{"id": 1, "owner": {"id": 1}}, {"id": 1, "owner": {"id": 1, "name": "x"}}]
    seen = [
        called("GET", path, path, json.dumps(each).encode()) for path, each in zip(("/a", "/a/b"), values, strict=True)
    ]
    other = called("GET", "/shops", "/shops", json.dumps({"id": 1, "x": 1, "owner": {"id": 1, "name": "x"}}).encode())
    found = openapi(model(*seen, other).settled()[""], Style(evidence=False, examples=False))["components"]["schemas"]
    assert found["Owner"]["required"] == ["id", "name"]
