"""Accident: where an operation had refused a text and another one a number, FastAPI's ``ValidationError`` was no
component: its ``input``, which is whatever was sent, was taken for that of two kinds of errors."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from learning import called, model

from mirror import Exchange
from mirror.openapi.document import Style, openapi

INPUTS: list[Any] = ["x", 3, None, {"a": 1}, [1], 1.5, True]


def refused(path: str, value: Any, kind: str = "int_parsing", **more: Any) -> Exchange:
    said = {"type": kind, "loc": ["body", "name"], "msg": "Input should be", "input": value} | more
    return called("POST", path, path, json.dumps({"detail": [said]}).encode(), 422)


def schemas(*seen: Exchange) -> dict[str, Any]:
    found: dict[str, Any] = openapi(model(*seen).settled()[""], Style(evidence=False, examples=False))["components"]
    return found["schemas"]


@pytest.mark.parametrize(("one", "other"), [*permutations(INPUTS, 2)])
def test_it_is_one_component(one: Any, other: Any) -> None:
    found = schemas(refused("/p", one), refused("/q", other), refused("/r", {}, "missing", ctx={"gt": 1}))
    assert found.keys() == {"HTTPValidationError", "ValidationError"}
    assert found["HTTPValidationError"]["properties"]["detail"]["items"] == {
        "$ref": "#/components/schemas/ValidationError"
    }
    assert found["ValidationError"]["properties"]["input"] == {}


def test_kinds_of_errors_are_no_alternatives() -> None:
    kinds = [("missing", {"url": "u"}), ("greater", {"ctx": {"gt": 1}})] * 3
    found = schemas(*(refused("/p", 1, kind, **more) for kind, more in kinds))
    assert found.keys() == {"HTTPValidationError", "ValidationError"}
