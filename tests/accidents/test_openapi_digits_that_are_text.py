"""Accident: the number of a station (``/stops/8503000``) was an integer, though all answers had it as a string."""

from __future__ import annotations

import json
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror.openapi.document import openapi
from mirror.openapi.model import Model

JSON = [("Content-Type", "application/json")]
TEXT, INTEGER, NUMBER = ({"type": each} for each in ("string", "integer", "number"))


def type_of(segment: str, *answers: Any) -> Any:
    """The schema of the segment where it was asked for once for each answer."""
    models = [Model() for _ in answers]
    for model, answer in zip(models, answers, strict=True):
        response = make_response(200, json.dumps(answer).encode(), headers=JSON)
        model.add(make_exchange(make_request("GET", f"/stops/{segment}"), response))
    whole = Model()
    for model in models:
        whole.merge(Model.from_bytes(model.to_bytes()))
    operations = openapi(whole.settled()[""])["paths"]
    ((parameter,),) = [each["get"]["parameters"] for each in operations.values()]
    return parameter["schema"]


@pytest.mark.parametrize(
    ("segment", "answers", "expected"),
    [
        ("8503000", [{"id": "8503000"}], TEXT),
        ("8503000", [{"id": "8503000"}, {"lines": []}], TEXT),
        ("8503000", [{"id": "8503000"}, {"id": 8503000}], INTEGER),
        ("8503000", [{"id": 8503000, "text": "8503000"}], INTEGER),
        ("8503000", [{"lines": []}], INTEGER),
        ("12.5", [{"id": "12.5"}], TEXT),
        ("12.5", [{"lines": []}], NUMBER),
    ],
)
def test_digits_are_what_answers_have_them_for(segment: str, answers: list[Any], expected: Any) -> None:
    assert type_of(segment, *answers) == expected
    assert type_of(segment, *reversed(answers)) == expected
