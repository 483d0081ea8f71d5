"""Accident: a header field that decided whether somebody was let in (``X-Till``) was a required parameter, because no
name tells of it."""

from __future__ import annotations

from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange, Route
from mirror.openapi.document import openapi
from mirror.openapi.explain import explain
from mirror.openapi.model import Service

Call = tuple[str | None, int]
"""The value of the field, and the status."""
DECIDES: tuple[Call, ...] = (("till-1", 200), ("till-1", 200), ("till-1", 200), (None, 403), ("other", 403))


def pay(value: str | None, status: int, name: str, path: str = "/pay", *more: tuple[str, str]) -> Exchange:
    request = make_request("POST", path, headers=[*more, *([(name, value)] if value is not None else [])])
    response = make_response(status, b"{}", headers=[("Content-Type", "application/json")])
    return make_exchange(request, response, route=Route(path, path[1:]), test="t", gateway="wsgi")


def learned(*seen: Exchange) -> tuple[Service, dict[str, Any]]:
    service = Service()
    for each in seen:
        service.add(each)
    return service, openapi(service)


def test_what_decides_is_a_key() -> None:
    service, made = learned(
        *(pay(*call, "X-Till") for call in (*DECIDES, ("till-1", 404))), pay("till-1", 200, "X-Till", "/refund")
    )
    assert made["components"]["securitySchemes"] == {
        "header.x-till": {"type": "apiKey", "in": "header", "name": "x-till"}
    }
    for path in ("/pay", "/refund"):
        operation = made["paths"][path]["post"]
        assert operation["security"] == [{"header.x-till": []}]
        assert "parameters" not in operation
    assert explain(service, "POST /pay security") == [
        "POST /pay security, without credentials: 0 accepted, 1 denied (401, 403), 0 answered otherwise",
        "POST /pay security, with header x-till: 3 accepted, 1 denied (401, 403), 1 answered otherwise",
    ]
    assert openapi(service.judged()) == made


@pytest.mark.parametrize(
    "calls",
    [
        DECIDES[:4],  # nothing says that another value is denied
        (*DECIDES[:3], DECIDES[4]),  # nothing says that it has to be there
        (*DECIDES, (None, 200)),
        (*DECIDES, ("other", 200)),
        (*DECIDES, ("till-1", 403)),
        (*DECIDES, *((f"till-{number}", 200) for number in range(2, 9))),
    ],
)
def test_what_does_not_decide_is_none(calls: tuple[Call, ...]) -> None:
    _, made = learned(*(pay(*call, "X-Till") for call in calls))
    assert "security" not in made["paths"]["/pay"]["post"]


@pytest.mark.parametrize(
    "name", ["X-Tenant", "X-Tenant-Id", "X-User-Role", "X-Request-ID", "X-CSRF-Token", "X-Client-Version", "X-Org"]
)
def test_who_or_where_somebody_is_is_none(name: str) -> None:
    _, made = learned(*(pay(*call, name) for call in DECIDES))
    assert "security" not in made["paths"]["/pay"]["post"]


def test_what_another_operation_accepts_is_a_permission() -> None:
    _, made = learned(*(pay(*call, "X-Badge") for call in DECIDES), pay("other", 200, "X-Badge", "/look"))
    assert "securitySchemes" not in made.get("components", {})


def test_what_comes_along_with_credentials_is_none() -> None:
    right, wrong = ("Authorization", "Bearer a"), ("Authorization", "Bearer b")
    seen = [pay("suite", 200, "X-Sent-By", "/pay", right), pay("probe", 401, "X-Sent-By", "/pay", wrong)]
    _, made = learned(*seen, pay(None, 401, "X-Sent-By"))
    assert made["components"]["securitySchemes"].keys() == {"bearer"}
