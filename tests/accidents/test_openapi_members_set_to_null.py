"""Accident: a member that requests only ever set to null could be nothing else (``type: 'null'``), although answers
showed what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from learning import called, model

from mirror.openapi.document import Style, openapi

DATE = "2026-01-01"


def patched(sent: Any, *answers: Any, posted: bytes = b'{"name": "A"}') -> Any:
    """The schema of ``left`` in a PATCH whose answer repeats it; ``answers`` are those of a POST."""
    seen = [
        called("POST", "/people", "/people", json.dumps({"id": 1, "left": each}).encode(), 201, posted)
        for each in answers
    ]
    body = json.dumps({"left": sent}).encode()
    seen.append(called("PATCH", "/people/1", "/people/<int:n>", body, 200, body))
    documents = [
        openapi(model(*order).settled()[""], Style(examples=False, evidence=False)) for order in (seen, seen[::-1])
    ]
    assert documents[0] == documents[1]
    found = documents[0]["components"]["schemas"]["PersonPatchInput"]["properties"]["left"]
    assert Draft202012Validator(found).is_valid(sent)
    return found


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([DATE, None], {"type": ["string", "null"], "format": "date"}),
        ([DATE, "soon"], {"type": ["string", "null"]}),
        ([1], {"type": ["integer", "null"]}),
        ([1, 1.5], {"type": ["number", "null"]}),
        (["new"] * 9, {"type": ["string", "null"]}),
        ([[DATE]], {"type": ["array", "null"], "items": {"type": "string", "format": "date"}}),
        ([{"id": 1, "made": DATE}], {"type": ["object", "null"]}),
        ([None], {"type": "null"}),
        ([], {"type": "null"}),
    ],
)
def test_it_is_of_the_type_that_answers_have(answers: list[Any], found: Any) -> None:
    assert patched(None, *answers) == found


def test_other_requests_know_better() -> None:
    assert patched(None, "12.50", posted=b'{"left": 12.5}') == {"type": ["number", "null"]}
    assert patched(None, "12.50", posted=b'{"left": null}') == {"type": ["string", "null"]}


def test_what_was_something_else_stays_that() -> None:
    assert patched("x", DATE) == {"type": "string"}


def test_in_objects_and_lists_as_well() -> None:
    def found(wrap: Any) -> str:
        sent, shown = json.dumps(wrap(None)).encode(), json.dumps(wrap(DATE)).encode()
        seen = [called("PUT", "/people/1", "/people/<int:n>", shown, 200, sent) for _ in range(2)]
        return json.dumps(openapi(model(*seen).settled()[""], Style(examples=False, evidence=False)))

    for wrap in (
        lambda each: {"job": {"left": each}},
        lambda each: [{"left": each}],
        lambda each: {"a": [{"left": each}]},
    ):
        assert '{"type": ["string", "null"], "format": "date"}' in found(wrap)
