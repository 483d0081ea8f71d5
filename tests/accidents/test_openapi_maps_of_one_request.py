"""Accident: what all answers show as a map (``hours`` by day) was an object with the one day that a request had."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror.openapi.document import openapi

SHOPS = [
    {"id": number, "hours": {day: ["08:00", "18:00"] for day in days}, "limits": {"max": 3, "min": 1}}
    for number, days in enumerate((["mon", "tue"], ["wed"], ["mon", "sat"], []))
]
SENT = {"hours": {"sun": ["10:00", "12:00"]}, "limits": {"max": 1}}
MAP = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}


def members(sent: Any, answered: Any, path: str, method: str, media: str = "application/json") -> dict[str, Any]:
    """The members of the one object that a request has sent."""
    made = openapi(
        model(
            called("GET", "/shops", "/shops", json.dumps(answered).encode()),
            called(method, path, path.replace("/3", "/{n}"), b"{}", sent=json.dumps(sent).encode(), media=media),
        ).settled()[""]
    )
    body = made["paths"][path.replace("/3", "/{n}")][method.lower()]["requestBody"]["content"][media]["schema"]
    while "$ref" in body or "items" in body:
        body = made["components"]["schemas"][body["$ref"].rpartition("/")[2]] if "$ref" in body else body["items"]
    return {name: without_evidence(member) for name, member in body["properties"].items()}


def without_evidence(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: without_evidence(each) for name, each in schema.items() if name != "x-mirror"}
    return schema


@pytest.mark.parametrize("sent", [SENT, [SENT]])
@pytest.mark.parametrize("answered", [SHOPS, {"items": SHOPS, "total": 4}])
@pytest.mark.parametrize(("path", "method"), [("/shops", "POST"), ("/shops/3", "PUT"), ("/shops/3", "PATCH")])
def test_is_a_map(sent: Any, answered: Any, path: str, method: str) -> None:
    found = members(sent, answered, path, method)
    assert found["hours"] == MAP
    assert "$ref" in found["limits"]


def test_what_has_other_values_is_none() -> None:
    assert members({"hours": {"open": True}}, SHOPS, "/shops", "POST")["hours"] != MAP


def test_what_is_about_something_else_says_nothing() -> None:
    assert "$ref" in members(SENT, SHOPS, "/staff", "POST")["hours"]
