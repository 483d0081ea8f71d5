"""Accident: an error that had all members of the model that another status declares, but the optional one, was another
component (``Error2`` beside ``Problem``)."""

from __future__ import annotations

import json
from typing import Any

from learning import called, model

from mirror import Exchange
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import Style, openapi

PROBLEM = {"type": "about:blank", "title": "No", "status": 404}


def problem(status: int, **more: Any) -> Exchange:
    body = json.dumps(PROBLEM | {"status": status} | more).encode()
    return called("GET", "/p", "/p", body, status, media="application/problem+json")


def test_it_is_of_the_model() -> None:
    said = [
        Declaration("404", "", "Problem", ("object",)),
        *(Declaration("404", each, "", ("string",), presence="required") for each in ("type", "title")),
        Declaration("404", "status", "", ("integer",), presence="required"),
        Declaration("404", "detail", "", ("null", "string"), presence="optional"),
    ]
    seen = model(problem(404, detail="x"), problem(500), KnownRoute("/p", "GET", declared=tuple(said)))
    made = openapi(seen.settled()[""], Style(evidence=False, examples=False))
    assert set(made["components"]["schemas"]) == {"Problem"}
    assert made["components"]["schemas"]["Problem"]["required"] == ["type", "title", "status"]
