"""Accident: the integers that a refusal named as choices for a member that no accepted request had were words, because
the refusal did not say that they are integers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror.openapi.document import Style, openapi

TOLD = {"errors": {"json": {"minutes": ["Must be one of: 15, 30, 45."]}}}
CHOICES = {"type": "integer", "enum": [15, 30, 45]}


def minutes(refused: Any, answer: Any, *accepted: Any) -> Any:
    wrong = json.dumps({"title": "a", "minutes": refused}).encode()
    seen = [called("POST", "/talks", "/talks", json.dumps(TOLD).encode(), 422, wrong)]
    for sent in ({"title": "b"}, *({"title": "c", "minutes": each} for each in accepted)):
        shown = json.dumps({"id": 1, "title": "b", "minutes": answer}).encode()
        seen.append(called("POST", "/talks", "/talks", shown, 201, json.dumps(sent).encode()))
    made = openapi(model(*seen).settled()[""], Style(examples=False, evidence=False))
    return made["components"]["schemas"]["TalkCreateInput"]["properties"]["minutes"]


@pytest.mark.parametrize(
    ("refused", "answer"),
    [(20, "half an hour"), (20, 30), ("soon", 30)],
    ids=["an integer was refused", "both", "integers come back"],
)
def test_they_are_integers(refused: Any, answer: Any) -> None:
    assert minutes(refused, answer) == CHOICES


def test_where_nobody_has_seen_an_integer_they_are_words() -> None:
    assert minutes("20", "30") == {"type": "string", "enum": ["15", "30", "45"]}


def test_where_integers_were_accepted_they_are_those_to_choose_from() -> None:
    assert minutes(None, None, 15, 30) == CHOICES
    assert minutes(None, None, 15, 60) == {"type": "integer"}


def test_where_words_were_accepted_they_are_words() -> None:
    assert minutes(20, 30, "15") == {"type": "string", "enum": ["15", "30", "45"]}
