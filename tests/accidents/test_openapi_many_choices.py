"""Accident: for each operation all choices that refusals had named were compared with where it is, twice: 9 s for a
thousand operations."""

from __future__ import annotations

import json
from collections.abc import Iterator

from growth import calls
from learning import called, model

from mirror import Exchange
from mirror.openapi.document import openapi


def refused(number: int) -> Iterator[Exchange]:
    for each in range(number):
        said = {"loc": ["query", f"k{each}"], "type": "literal_error", "msg": "x", "ctx": {"expected": "'a' or 'b'"}}
        answer = json.dumps({"detail": [said]}).encode()
        yield called("GET", f"/api/r{each}?k{each}=a", f"/api/r{each}")
        yield called("GET", f"/api/r{each}?k{each}=zz", f"/api/r{each}", answer, 422)


def test_choices_are_looked_up_by_where_they_are() -> None:
    few, many = (model(*refused(number)).settled()[""] for number in (30, 120))
    assert "enum" in openapi(few)["paths"]["/api/r7"]["get"]["parameters"][0]["schema"]
    assert calls(lambda: openapi(many)) < 5 * calls(lambda: openapi(few))  # four times as many operations
