"""Accident: integers that a refusal had named as the choices for a name were those of that request alone; words are
those of the whole collection."""

from __future__ import annotations

import json
from typing import Any

from learning import called, model

from mirror import Exchange
from mirror.openapi.document import Style, openapi

CHOICES = {"type": "integer", "enum": [1, 2, 3]}


def learned(*levels: int, choices: str = "1, 2, 3") -> list[Any]:
    """What is said of the level in the request that was refused, in an answer, in another request and in a query."""
    told = {"errors": [{"field": "level", "message": f"level must be one of: {choices}"}]}
    seen: list[Exchange] = [called("POST", "/tickets", "/tickets", json.dumps(told).encode(), 400, b'{"level": 9}')]
    for level in levels:
        sent, ticket = json.dumps({"level": level}).encode(), json.dumps({"id": 1, "level": level}).encode()
        seen.append(called("POST", "/tickets", "/tickets", ticket, 201, b'{"level": 1}'))
        seen.append(called("PATCH", "/tickets/1", "/tickets/<int:i>", ticket, 200, sent))
        seen.append(called("GET", f"/tickets?level={level}", "/tickets", b"[]"))
    made = openapi(model(*seen).settled()[""], Style(evidence=False))
    found = [made["components"]["schemas"][name] for name in ("TicketCreateInput", "Ticket", "TicketPatchInput")]
    query = made["paths"]["/tickets"]["get"]["parameters"][0]["schema"]
    return [*(each["properties"]["level"] for each in found), query]


def test_they_are_those_of_the_collection() -> None:
    assert learned(1, 2) == [CHOICES] * 4


def test_where_all_that_was_seen_is_among_them() -> None:
    assert learned(1, 7) == [CHOICES, *[{"type": "integer"}] * 3]


def test_and_where_they_are_integers() -> None:
    assert learned(1, 2, choices="'low', 'high'")[1:] == [{"type": "integer"}] * 3
