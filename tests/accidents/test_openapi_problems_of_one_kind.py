"""Accident: problems (``application/problem+json``) of one service were ``Error``, ``Error2`` and ``Error3``, each with
the members that tests had seen at its operations."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

from jsonschema import Draft202012Validator
from learning import called, model

from mirror import Exchange
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import Style, openapi

PROBLEM = {"type": "https://example.org/gone", "title": "Gone", "status": 404}
DECLARED = (
    Declaration("404", kinds=("object",), model="Trouble"),
    *(Declaration("404", name, kinds=("string",), presence="optional") for name in ("type", "title", "more")),
    Declaration("404", "status", kinds=("integer",), presence="optional"),
)


def problem(path: str, status: int, media: str = "application/problem+json", **more: Any) -> Exchange:
    body = json.dumps({**PROBLEM, "status": status, **more}).encode()
    return called("GET", path, path, body, status, media=media)


def schemas(*seen: Exchange | KnownRoute) -> dict[str, Any]:
    style = Style(examples=False, evidence=False)
    made = [openapi(model(*order).settled()[""], style) for order in permutations(seen)]
    assert all(each == made[0] for each in made)
    found: dict[str, Any] = made[0]["components"]["schemas"]
    return found


SEEN = (
    problem("/a", 404),
    problem("/a", 422, errors=[{"pointer": "/to", "detail": "required"}]),
    problem("/b", 400, parameter="limit", type="about:blank"),
)


def test_they_are_one_component_with_members_that_some_have() -> None:
    found = schemas(*SEEN)
    assert found.keys() == {"Problem", "Error"}
    assert found["Problem"]["properties"].keys() == {*PROBLEM, "errors", "parameter"}
    assert found["Problem"]["required"] == [*PROBLEM]
    assert found["Error"]["required"] == ["pointer", "detail"]
    assert Draft202012Validator(found["Problem"]).is_valid({**PROBLEM, "status": 400, "parameter": "limit"})


def test_words_that_tell_kinds_apart_do_not_do_so_here() -> None:
    found = schemas(problem("/a", 404, type="lost", where="x"), problem("/a", 404, type="taken", by="y"))
    assert found.keys() == {"Problem"}


def test_a_model_gives_them_its_name() -> None:
    found = schemas(problem("/a", 404), KnownRoute("/a", "GET", declared=DECLARED), problem("/b", 400))
    assert found.keys() == {"Trouble"}


def test_other_errors_are_what_they_look_like() -> None:
    plain = "application/json"
    assert len(schemas(problem("/a", 404, plain), problem("/b", 404, plain, parameter="limit"))) == 2
