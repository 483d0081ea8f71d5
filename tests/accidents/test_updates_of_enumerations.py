"""An enumeration of mirror's own stayed although accepted values of a later run were not in it, and went although a
later run had only values that were; of one that a person wrote nobody heard that it was wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import Any, Literal

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from learning import called, learned_from, model
from pydantic import BaseModel

from mirror import Exchange
from mirror.openapi.document import Style, openapi
from mirror.openapi.output import brought_into
from mirror.openapi.reading import read
from mirror.openapi.update import Updated, update
from mirror.openapi.version30 import downgrade


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


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class State(StrEnum):
    NEW = "new"
    OLD = "old"


class Order(BaseModel):
    level: Level | None = None
    state: State | None = None
    size: Literal["s", "m"] | None = None
    levels: list[Level | None] = []


def test_enumerations_or_null_of_fastapi() -> None:
    app = FastAPI()

    @app.post("/orders")
    def make(order: Order) -> Order:
        return order

    def calls(client: Any) -> None:
        tried = {"level": (1, 9), "state": ("new", "x"), "size": ("s", "x"), "levels": ([1, None], [9])}
        for key, (right, wrong) in tried.items():
            for value in (right, wrong, None):
                client.post("/orders", json={key: value})
        client.post("/orders", json={})

    learned = openapi(learned_from(app, calls))
    document = app.openapi()
    assert not update(json.dumps(document), learned).conflicts
    del document["components"]["schemas"]["Order"]["properties"]["state"]["anyOf"][1]
    [told, *_] = update(json.dumps(document), learned).conflicts
    assert told.pointer.startswith("#/components/schemas/Order/properties/state")
    document = downgrade(app.openapi())
    properties = document["components"]["schemas"]["Order"]["properties"]
    for name, of in (("level", "allOf"), ("state", "anyOf")):  # as people write it in 3.0
        properties[name] = {of: [{"$ref": f"#/components/schemas/{name.title()}"}], "nullable": True}
    assert not update(json.dumps(document), downgrade(learned)).conflicts


def asked(*levels: Any) -> list[Exchange]:
    return [called("GET", f"/a?level={each}", "/a") for each in levels]


def answered(words: str) -> list[Exchange]:
    return [called("GET", "/a", "/a", json.dumps({"status": each}).encode()) for each in words]


def brought(text: str, seen: Sequence[Exchange]) -> Updated:
    return brought_into(text, model(*seen).settled()[""], Style(), None)


RUNS = [
    ([refused("query", "1, 2 or 3"), *asked(1, 2)], asked(1, 2), asked(7)),
    ([refused("query", "'a', 'b' or 'c'"), *asked("a", "b")], asked("b", "a", "a"), asked("a", "z")),
    ([refused("body", "1, 2 or 3"), *sent(1, 2)], sent(1, 2), sent(7, 1)),
    ([refused("body", "'a', 'b' or 'c'"), *sent("a", "b")], sent("a", "b", "c", "c"), sent("z", "a")),
    (answered("ababababab"), answered("b"), answered("z")),
    (answered("ababababab"), answered("b" * 30), answered("z" * 30)),
]


@pytest.mark.parametrize(("first", "part", "other"), RUNS)
def test_enumerations_of_mirrors_own(first: list[Exchange], part: list[Exchange], other: list[Exchange]) -> None:
    text = brought("", first).text
    assert "enum:" in text
    kept = brought(text, part)
    assert "enum:" in kept.text
    assert not kept.conflicts
    wider = brought(text, other)
    assert not wider.conflicts
    assert "enum:" not in wider.text.partition("ValidationError:")[0]
    assert brought(wider.text, other).text == wider.text
    assert "enum:" not in brought(wider.text, first).text.partition("ValidationError:")[0]


@pytest.mark.parametrize(("first", "part", "other"), RUNS)
def test_enumerations_of_a_person(first: list[Exchange], part: list[Exchange], other: list[Exchange]) -> None:
    text = re.sub(r"(?m)^ *mark: .*\n", "", brought("", first).text)
    assert not brought(text, part).conflicts
    found = brought(text, other)
    assert [each.pointer.rpartition("/")[2] for each in found.conflicts] == ["enum"]
    assert found.conflicts[0].seen in ([7], ["7"], ["z"])


def test_branches_for_others() -> None:
    """Values of which each is one of a person's branches are no contradiction."""
    text = brought("", answered("ab")).text.replace("type: string", 'anyOf: [{enum: ["a"]}, {enum: ["b"]}]')
    assert "anyOf" in text
    assert not brought(text, answered("ab")).conflicts
