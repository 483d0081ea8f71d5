"""Accident: of ``must be one of new, paid, sent, lost`` nothing was read, and ``lost``, which no test had sent, was
missing in an enumeration of what was seen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response
from learning import called

from mirror import Exchange, Route
from mirror.openapi.document import Style, openapi
from mirror.openapi.explain import explain
from mirror.openapi.model import Service

CHOICES = {"type": "string", "enum": ["new", "paid", "sent", "lost"]}
TEXT = {"type": "string"}
LISTED = "must be one of new, paid, sent, lost"
UNCLEAR = "must be one of new, paid and 2 more"


def sent_form(phase: str, status: int, answer: bytes) -> Exchange:
    kind = [("Content-Type", "application/x-www-form-urlencoded")]
    request = make_request("PUT", "/orders/1", f"phase={phase}".encode(), headers=kind)
    response = make_response(status, answer, headers=[("Content-Type", "application/json")])
    return make_exchange(request, response, route=Route("/orders/<int:i>", "put"), gateway="wsgi")


def of_phases(answer: Any) -> Service:
    """Orders of three phases that were made, looked for and changed, and a fourth that was refused with that answer."""
    service = Service()
    refusal = json.dumps(answer).encode()
    for phase in ["new", "paid", "sent"] * 4:
        body = json.dumps({"id": 1, "phase": phase}).encode()
        service.add(called("POST", "/orders", "/orders", body, 201, json.dumps({"phase": phase}).encode()))
        service.add(called("GET", f"/orders?phase={phase}", "/orders"))
        service.add(sent_form(phase, 200, b"{}"))
    service.add(called("POST", "/orders", "/orders", refusal, 422, b'{"phase": "x"}'))
    service.add(called("GET", "/orders?phase=x", "/orders", refusal, 400))
    service.add(sent_form("x", 422, refusal))
    return service


def learned(answer: Any) -> list[Any]:
    """What is said of the phase in a body, an answer, the query and a form."""
    made = openapi(of_phases(answer), Style(evidence=False))
    schemas = made["components"]["schemas"]
    form = made["paths"]["/orders/{i}"]["put"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    return [
        schemas["OrderCreateInput"]["properties"]["phase"],
        schemas["Order"]["properties"]["phase"],
        made["paths"]["/orders"]["get"]["parameters"][0]["schema"],
        form["schema"]["properties"]["phase"],
    ]


@pytest.mark.parametrize(
    "answer",
    [
        {"errors": {"phase": LISTED}},
        {"errors": {"phase": [LISTED]}},
        {"errors": {"phase": {"message": "no such phase", "allowed": CHOICES["enum"]}}},
        {"error": {"fields": {"phase": LISTED}}},
        {"errors": [{"field": "phase", "message": LISTED}]},
        {"errors": [{"name": "phase", "reason": "unknown", "choices": CHOICES["enum"]}]},
        {"field": "phase", "error": "wrong", "expected": CHOICES["enum"]},
        {"error": "phase " + LISTED},
        {"error": "Phase " + LISTED},
        {"message": "Invalid phase 'x'. Allowed values: new, paid, sent, lost."},
        {"error": "invalid phase", "allowed": CHOICES["enum"], "path": "/orders"},
        {"errors": {"phase": "must be new, paid, sent or lost"}},
    ],
)
def test_choices_are_read(answer: Any) -> None:
    assert learned(answer) == [CHOICES] * 4


@pytest.mark.parametrize(
    "answer",
    [
        {"errors": {"phase": UNCLEAR}},
        {"error": "phase " + UNCLEAR},
        {"errors": {"phase": "must be one of lost, gone"}},  # what was accepted is not among them
    ],
)
def test_of_choices_that_cannot_be_read_those_that_were_seen_may_not_be_all(answer: Any) -> None:
    request, response, query, form = learned(answer)
    assert [request, query, form] == [TEXT] * 3
    assert response == TEXT or "gone" in str(answer)


@pytest.mark.parametrize("answer", [{"error": f"{what}{LISTED}"} for what in ("", "the size ", "phase order ")])
def test_a_place_has_to_be_named(answer: Any) -> None:
    assert learned(answer) == [{"type": "string", "enum": ["new", "paid", "sent"]}] * 4


def test_what_was_never_accepted_needs_clear_words() -> None:
    def schema(sentence: str) -> Any:
        service = Service()
        answer = json.dumps({"errors": {"phase": sentence}}).encode()
        service.add(called("GET", "/orders", "/orders"))
        service.add(called("GET", "/orders?phase=x", "/orders", answer, 400))
        return openapi(service, Style(evidence=False))["paths"]["/orders"]["get"]["parameters"][0]["schema"]

    assert schema(LISTED) == CHOICES
    assert schema("must be lean or mean") == TEXT


def test_a_question_tells_what_was_doubtful() -> None:
    told = explain(of_phases({"errors": {"phase": UNCLEAR}}), "GET /orders query phase")
    assert told[-1].endswith("1 time with choices that may not be all")
