"""Accident: ``{"errors": {"day": "must be a date"}}``, said of ``/rooms/{room}/days/{day}``, made ``day`` one of the
query, which came back however often somebody took it out."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from learning import called

from mirror import Exchange
from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Service

ROUTE = "/rooms/<int:room>/days/<day>"


def parameters(*exchanges: Exchange) -> dict[tuple[str, str], Any]:
    service = Service()
    for each in exchanges:
        service.add(each)
    (item,) = openapi(service, Style(evidence=False))["paths"].values()
    (operation,) = item.values()
    return {(each["in"], each["name"]): each["schema"] for each in operation["parameters"]}


def refused(target: str, sentence: str, method: str = "GET", sent: bytes = b"", route: str = ROUTE) -> Exchange:
    answer = json.dumps({"errors": {"day": [sentence]}}).encode()
    return called(method, target, route, answer, 422, sent)


@pytest.mark.parametrize("sentence", ["must be a date", "Not a valid date."])
@pytest.mark.parametrize(("method", "sent"), [("GET", b""), ("POST", b""), ("POST", b'{"beds": 2}')])
def test_a_variable_of_the_path_is_meant(sentence: str, method: str, sent: bytes) -> None:
    found = parameters(
        called(method, "/rooms/1/days/2026-01-02", ROUTE, sent=sent),
        refused("/rooms/1/days/x", sentence, method, sent),
    )
    assert found == {
        ("path", "room"): {"type": "integer"},
        ("path", "day"): {"type": "string", "format": "date"},
    }


def test_the_query_is_meant_where_it_had_the_name() -> None:
    found = parameters(
        called("GET", "/rooms/1/days/first?day=2026-01-02", ROUTE),
        refused("/rooms/1/days/first?day=x", "must be a date"),
    )
    assert found["query", "day"] == {"type": "string", "format": "date"}
    assert found["path", "day"] == {"type": "string"}


def test_a_variable_whose_name_nobody_knows_is_no_query() -> None:
    def without_a_route(exchange: Exchange) -> Exchange:
        return msgspec.structs.replace(exchange, route=None, gateway="http")

    fine = [without_a_route(called("GET", f"/rooms/{n}/days/2026-01-02", ROUTE)) for n in range(3)]
    wrong = without_a_route(refused("/rooms/1/days/2026-01-32", "must be a date"))
    assert {place for place, _ in parameters(*fine, wrong)} == {"path"}
    missing = without_a_route(refused("/rooms/1/days/2026-01-03", "is required"))
    assert ("query", "day") in parameters(*fine, missing)


def test_what_is_missing_is_not_the_path() -> None:
    found = parameters(
        called("GET", "/rooms/1/days/first?day=2026-01-02", ROUTE),
        refused("/rooms/1/days/first", "Missing data for required field."),
    )
    assert ("query", "day") in found
