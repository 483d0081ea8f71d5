"""Accident: details of errors were by the place in the request (``json``, ``query``), but one test had an address there
that was taken: so each detail had ``email``, ``files``, ``json`` and the fields that tests had got wrong."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

from learning import called, model

from mirror import Exchange
from mirror.openapi.document import Style, openapi

BY_PLACES = [{"json": {"name": ["Not a valid string."]}}, {"query": {"limit": ["Not a valid integer."]}}]


def told(name: str, *values: Any) -> dict[str, Any]:
    bodies = [json.dumps({"error": {"status": at, name: value}}).encode() for at, value in enumerate(values, 400)]
    seen: list[Exchange] = [called("POST", "/people", "/people", body, at) for at, body in enumerate(bodies, 400)]
    made = [openapi(model(*order).settled()[""], Style(examples=False, evidence=False)) for order in permutations(seen)]
    assert all(each == made[0] for each in made)
    (found,) = (
        each["properties"][name] for each in made[0]["components"]["schemas"].values() if name in each["properties"]
    )
    return dict(found)


def test_they_are_open() -> None:
    for name in ("details", "errors"):
        found = told(name, *BY_PLACES, {}, {"email": "ada@example.com"})
        assert found == {"type": "object", "additionalProperties": {}}


def test_not_where_all_are_by_places_or_no_errors() -> None:
    assert told("details", *BY_PLACES)["properties"].keys() == {"json", "query"}
    files = {"files": {"photo": ["a.png"]}}
    assert told("details", files, {"email": "ada@example.com"})["properties"].keys() == {"files", "email"}
    assert told("order", *BY_PLACES, {"email": "ada@example.com"})["properties"].keys() == {"json", "query", "email"}
