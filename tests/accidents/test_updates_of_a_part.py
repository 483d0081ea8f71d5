"""A run of a part of the tests took enumerations back although all that it had seen were their words: whether they
still hold was asked of every member of that name, whatever it was a member of (the ``status`` of another operation).
"""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from learning import called, model

from mirror import Exchange
from mirror.openapi.document import Style
from mirror.openapi.output import brought_into
from mirror.openapi.reading import read
from mirror.openapi.update import Updated


def got(status: str, **more: object) -> Exchange:
    return called("GET", "/orders/1", "/orders/{order_id}", json.dumps({"id": 1, "status": status, **more}).encode())


def listed(*statuses: str) -> Exchange:
    return called("GET", "/orders", "/orders", json.dumps([{"id": 2, "status": each} for each in statuses]).encode())


def brought(text: str, *seen: Exchange) -> Updated:
    return brought_into(text, model(*seen).settled()[""], Style(), None)


HEALTH = called("GET", "/health", "/health", b'{"status": "ok"}')
WORDS = ["new", "paid", "sent"] * 4
WHOLE = [*map(got, WORDS), *map(listed, WORDS), HEALTH]
PARTS = [
    [got("new"), HEALTH],
    [got("new"), listed("paid", "new"), HEALTH],
    [got("new", owner={"name": "zoe", "status": "away"}), HEALTH],
    [got("new"), called("GET", "/orders/2", "/orders/{order_id}", b'{"status": "gone"}', 404)],
]


@pytest.mark.parametrize("part", PARTS)
def test_words_as_before(part: list[Exchange]) -> None:
    text = brought("", *WHOLE).text
    found = brought(text, *part)
    assert read(found.text, "it")["components"]["schemas"]["Order"]["properties"]["status"]["enum"] == WORDS[:3]
    assert brought(found.text, *part).text == found.text


@pytest.mark.parametrize("part", [[got("odd"), HEALTH], [got("new"), got("paid"), listed("new", "odd"), HEALTH]])
def test_words_that_are_new(part: list[Exchange]) -> None:
    schemas = read(brought(brought("", *WHOLE).text, *part).text, "it")["components"]["schemas"]
    Draft202012Validator(schemas["Order"]["properties"]["status"]).validate("odd")
