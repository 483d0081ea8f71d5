"""Accident: where no model is known, the names of things were taken for what tells their kinds apart: ``MiaAnimal``, of
which ``name`` had to be Mia."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror.openapi.document import openapi

ANIMALS = [
    {"species": "dog", "name": "Rex", "walks": 3},
    {"species": "cat", "name": "Mia", "indoor": True},
    {"species": "dog", "name": "Bello", "walks": 1},
    {"species": "cat", "name": "Tom", "indoor": False},
]


def schemas(animals: list[dict[str, Any]]) -> dict[str, Any]:
    seen = [called("GET", "/animals", "/animals", json.dumps(animals).encode()) for _ in range(3)]
    made: dict[str, Any] = openapi(model(*seen).settled()[""])["components"]["schemas"]
    return made


def test_the_member_that_tells_them_apart_in_fewer_words_is_taken() -> None:
    found = schemas(ANIMALS)
    assert {"DogAnimal", "CatAnimal"} <= found.keys()
    assert found["DogAnimal"]["properties"]["species"]["const"] == "dog"
    assert "const" not in found["DogAnimal"]["properties"]["name"]


@pytest.mark.parametrize("member", ["name", "title", "display_name", "label"])
def test_what_names_one_thing_tells_no_kinds_apart(member: str) -> None:
    animals = [
        {member: each["name"], **{key: each[key] for key in ("walks", "indoor") if key in each}} for each in ANIMALS
    ]
    (found,) = schemas(animals).values()
    assert found["properties"].keys() == {member, "walks", "indoor"}
    assert found["required"] == [member]
