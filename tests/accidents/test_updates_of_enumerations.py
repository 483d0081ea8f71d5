"""An enumeration of mirror's own stayed although accepted values of a later run were not in it, and went although a
later run had only values that were; of one that a person wrote nobody heard that it was wrong."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator
from learning import called, model

from mirror import Exchange
from mirror.openapi.document import openapi
from mirror.openapi.reading import read
from mirror.openapi.update import update


def refused(place: str, expected: str) -> Exchange:
    error = {"type": "enum", "loc": [place, "level"], "msg": f"Input should be {expected}", "input": 9}
    body = json.dumps({"detail": [error | {"ctx": {"expected": expected}}]}).encode()
    if place == "query":
        return called("GET", "/a?level=9", "/a", body, 422)
    return called("POST", "/a", "/a", body, 422, b'{"level": 9}')


def sent(*levels: Any) -> list[Exchange]:
    return [called("POST", "/a", "/a", sent=json.dumps({"level": each}).encode()) for each in levels]


def level_of(text: str) -> dict[str, Any]:
    """The schema of the member ``level`` of what was sent."""
    document = read(text, "it")
    made = document["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    name = made.get("$ref", "").rpartition("/")[2]
    level: dict[str, Any] = (document["components"]["schemas"][name] if name else made)["properties"]["level"]
    return level


def test_integers_that_became_numbers() -> None:
    first = openapi(model(refused("body", "1, 2 or 3"), *sent(1, 2)).settled()[""])
    text = update("", first).text
    assert level_of(text)["enum"] == [1, 2, 3]
    found = update(text, openapi(model(*sent(1, 2.5)).settled()[""]))
    assert not found.conflicts
    for value in (1, 2.5):
        Draft202012Validator(level_of(found.text)).validate(value)
