"""Accident: a member that was left out and came back as null might be null in requests, although a test had shown that
null is refused there, or that marshmallow reads the requests."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror import Exchange
from mirror.openapi.document import Style, openapi


def sent(value: dict[str, Any], answer: dict[str, Any], status: int = 201, path: str = "/people") -> Exchange:
    return called("POST", path, path, json.dumps(answer).encode(), status, json.dumps(value).encode())


ACCEPTED = [
    sent({"name": "A"}, {"id": 1, "name": "A", "nick": None}),
    sent({"name": "B", "nick": "b"}, {"id": 2, "name": "B", "nick": "b"}),
]


def nick(*seen: Exchange) -> Any:
    made = openapi(model(*seen).settled()[""], Style(examples=False, evidence=False))
    return made["components"]["schemas"]["PersonCreateInput"]["properties"]["nick"]


def test_where_nobody_refused_it_the_answer_counts() -> None:
    assert nick(*ACCEPTED) == {"type": ["string", "null"]}


@pytest.mark.parametrize(
    "said",
    [
        {"errors": [{"field": "nick", "message": "Input should be a valid string"}]},
        {"nick": ["This field may not be null."]},
        {"errors": {"nick": "is required"}},
    ],
)
def test_a_null_that_was_refused_there(said: dict[str, Any]) -> None:
    refused = sent({"name": "C", "nick": None}, said, 422)
    for seen in ([refused, *ACCEPTED], [*ACCEPTED, refused]):
        assert nick(*seen) == {"type": "string"}


def test_something_else_that_was_refused_there_says_nothing_of_null() -> None:
    refused = sent({"name": "C", "nick": 5}, {"nick": ["Not a valid string."]}, 422)
    assert nick(*ACCEPTED, refused) == {"type": ["string", "null"]}


def test_a_null_in_a_list_of_others_may_not_be_what_was_refused() -> None:
    people = [sent({"people": [one, two]}, {"people": [two, one]}) for one, two in [({}, {"nick": None})]]
    refused = sent({"people": [{"nick": None}, {"nick": 5}]}, {"people": {"1": {"nick": ["Not a valid string."]}}}, 422)
    (operation,) = model(*people, refused).settled()[""].operations().values()
    assert operation.refusals["body people/*/nick"].sent == set()


@pytest.mark.parametrize("sentence", ["Missing data for required field.", "Field may not be null."])
def test_marshmallow_behind_an_answer_that_somebody_made(sentence: str) -> None:
    refused = sent({}, {"error": "validation", "fields": {"address": {"city": [sentence]}}}, 422, "/books")
    assert nick(*ACCEPTED, refused) == {"type": "string"}
