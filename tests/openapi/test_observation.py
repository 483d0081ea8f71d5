"""One exchange as evidence: what is kept of it, and up to where."""

from __future__ import annotations

from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange, Route
from mirror.openapi.bodies import add_body, read_body
from mirror.openapi.evidence import LARGEST_EXAMPLE, MOST_DOCS, Content, Credentials, Operation
from mirror.openapi.model import Service
from mirror.openapi.observation import LONGEST_ECHO, NO_ROUTE, is_detour, named, reason_to_skip

BEARER = [("Authorization", "Bearer abcdef0123456789")]


def noted(*exchanges: Exchange) -> Operation:
    service = Service()
    for exchange in exchanges:
        service.add(exchange)
    return service.routed["GET /orders"]


def answered(status: int = 200, *, doc: str = "", asked: Any = (), **headers: str) -> Exchange:
    fields = [(name.replace("_", "-"), value) for name, value in headers.items()]
    route = Route("/orders", "orders", doc)
    return make_exchange(
        make_request("GET", "/orders", headers=asked), make_response(status, headers=fields), route=route
    )


def test_docs_are_kept_up_to_a_number() -> None:
    operation = noted(*(answered(doc=f"Doc {number}.") for number in reversed(range(MOST_DOCS + 1))))
    assert operation.docs == [f"Doc {number}." for number in range(MOST_DOCS)]


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [
        *((status, "/orders", True) for status in (301, 307, 308)),
        *((status, "/orders", False) for status in (302, 303)),
        *((status, "/orders/", True) for status in (301, 302, 307, 308)),
        (303, "/orders/", False),
        (302, "https://example.org/orders", True),
        (302, "http://example.org/orders", False),
        (308, "/others", False),
    ],
)
def test_detours(status: int, location: str, expected: bool) -> None:
    assert is_detour(answered(status, location=location)) is expected


@pytest.mark.parametrize(("method", "reason"), [("GET", NO_ROUTE), ("HEAD", NO_ROUTE), ("POST", None)])
def test_redirections_by_nobody_knows_whom(method: str, reason: str | None) -> None:
    response = make_response(302, headers=[("Location", "/login")])
    assert (
        reason_to_skip(make_exchange(make_request(method, "/orders"), response, route=None, gateway="wsgi")) == reason
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x" * LONGEST_ECHO, {"x" * LONGEST_ECHO: {""}}),
        ("x" * (LONGEST_ECHO + 1), {}),
        ({"a": {"b": {"c": 1}}}, {1: {"c"}}),
        ({"a": {"b": {"c": {"d": 1}}}}, {}),
        ({"a": [[1]]}, {1: {"a"}}),
        ({"a": [[[1]]]}, {}),
        ([0] * 50 + [1], {0: {""}}),
        (["1", 1], {"1": {""}, 1: {""}}),
        (True, {}),
    ],
)
def test_what_a_segment_may_be_an_echo_of(value: Any, expected: dict[str | int, set[str]]) -> None:
    assert named([value]) == expected


@pytest.mark.parametrize(("status", "is_kept"), [(200, False), (201, True), (302, True), (400, False)])
def test_locations_are_kept_of_what_was_made_or_is_elsewhere(status: int, is_kept: bool) -> None:
    assert ("location" in noted(answered(status, location="/orders/7")).answers[status].headers) is is_kept


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Credentials(1)),
        (302, Credentials(1)),
        (401, Credentials(0, 1)),
        (403, Credentials(0, 1)),
        (404, Credentials(0, 0, 1)),
    ],
)
def test_what_became_of_credentials(status: int, expected: Credentials) -> None:
    assert noted(answered(status, asked=BEARER)).credentials == {"bearer": expected}


@pytest.mark.parametrize(("status", "expected"), [(401, {"basic"}), (403, set())])
def test_challenges_are_those_of_401(status: int, expected: set[str]) -> None:
    assert noted(answered(status, www_authenticate='Basic realm="x"')).challenges == expected


@pytest.mark.parametrize(("length", "is_kept"), [(LARGEST_EXAMPLE, True), (LARGEST_EXAMPLE + 1, False)])
def test_examples_are_short(length: int, is_kept: bool) -> None:
    body = read_body(make_response(headers=[("Content-Type", "text/plain")]).headers, b"x" * length)
    contents: dict[str, Content] = {}
    add_body(contents, body, "t.py::test")
    assert bool(contents["text/plain"].examples) is is_kept


def test_fields_of_answers_that_clients_need_are_those_of_the_interface() -> None:
    fields = {"ETag": "x", "Link": "</orders?page=2>; rel=next", "Retry_After": "5", "Server": "x", "X_Total": "3"}
    operation = noted(answered(**fields))
    assert set(operation.answers[200].headers) == {"etag", "link", "retry-after", "x-total"}
