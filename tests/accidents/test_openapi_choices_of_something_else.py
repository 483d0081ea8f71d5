"""``Must be one of: open, closed``, said of the status of users, made an enumeration of the status of tickets, of which
one had been seen."""

from __future__ import annotations

import json
from typing import Any

from learning import called

from mirror import Exchange
from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Service

REFUSED = called(
    "GET", "/users?status=zzz", "/users", b'{"errors": {"query": {"status": ["Must be one of: open, closed."]}}}', 422
)
CHOICES = {"type": "string", "enum": ["open", "closed"]}
TEXT = {"type": "string"}


def document(*exchanges: Exchange) -> dict[str, Any]:
    service = Service()
    for each in (REFUSED, *exchanges):
        service.add(each)
    return openapi(service, Style(evidence=False))


def got(path: str, route: str, status: str) -> Exchange:
    return called("GET", path, route, json.dumps({"id": 1, "status": status}).encode())


def status_of(made: dict[str, Any], component: str) -> Any:
    return made["components"]["schemas"][component]["properties"]["status"]


def test_a_ticket_seen_once_has_any_status() -> None:
    ticket = got("/tickets/1", "/tickets/<int:id>", "open")
    assert status_of(document(ticket), "Ticket") == TEXT
    assert status_of(document(*[ticket] * 9), "Ticket") == TEXT


def test_a_user_has_one_of_these() -> None:
    assert status_of(document(got("/users/1", "/users/<int:id>", "open")), "User") == CHOICES
    assert status_of(document(got("/v2/users/1", "/v2/users/<int:id>", "open")), "User") == CHOICES


def test_what_belongs_to_a_user_is_something_else() -> None:
    made = document(got("/users/1/tickets/1", "/users/<int:id>/tickets/<int:n>", "open"))
    assert status_of(made, "UserTicket") == TEXT


def test_what_is_the_same_component_has_the_same() -> None:
    user, owner = got("/users/1", "/users/<int:id>", "open"), got("/me", "/me", "closed")
    schemas = document(user, owner)["components"]["schemas"].values()
    assert [each["properties"]["status"] for each in schemas if "status" in each["properties"]] == [CHOICES]


def test_elsewhere_it_has_to_come_again_and_again() -> None:
    tickets = [got("/tickets/1", "/tickets/<int:id>", status) for status in ("open", "closed")]
    assert status_of(document(*tickets * 2), "Ticket") == TEXT
    assert status_of(document(*tickets * 3), "Ticket") == {"type": "string", "enum": ["closed", "open"]}


def test_parameters_are_judged_alike() -> None:
    def schema(path: str, times: int = 1) -> Any:
        made = document(*[called("GET", f"{path}?status={word}", path) for word in ("open", "closed")] * times)
        return made["paths"][path]["get"]["parameters"][0]["schema"]

    assert schema("/users/search") == CHOICES
    assert schema("/tickets") == TEXT
    assert schema("/tickets", 3) == CHOICES
