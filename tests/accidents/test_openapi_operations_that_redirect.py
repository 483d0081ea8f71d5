"""An operation that only ever redirects (POST /login, 302) was none where its framework tells no routes."""

from __future__ import annotations

from factories import make_exchange, make_request, make_response

from mirror import Exchange, Route
from mirror.openapi.document import openapi
from mirror.openapi.model import Service


def sent_on(method: str, path: str, status: int, location: str) -> Exchange:
    response = make_response(status, headers=[("Location", location)])
    return make_exchange(make_request(method, path), response, gateway="wsgi")


def paths(*exchanges: Exchange) -> dict[str, list[str]]:
    service = Service()
    for each in exchanges:
        service.add(each)
    return {path: sorted(item) for path, item in openapi(service)["paths"].items()}


LOGIN = sent_on("POST", "/login", 302, "/home")
ORDER = sent_on("POST", "/orders", 303, "/orders")
OLD = sent_on("GET", "/latest", 302, "/releases/3")
SLASH = sent_on("POST", "/carts", 308, "http://testserver/carts/")
SECURE = sent_on("GET", "/secure", 301, "https://testserver/secure")


def test_they_are_operations() -> None:
    assert paths(LOGIN, ORDER, OLD) == {"/login": ["post"], "/orders": ["post"], "/latest": ["get"]}


def test_detours_are_none() -> None:
    assert paths(SLASH, SECURE) == {}


def test_where_routes_are_known_a_get_without_one_is_none() -> None:
    routed = make_exchange(make_request("GET", "/"), make_response(200), route=Route("/", "home"), gateway="wsgi")
    assert paths(LOGIN, OLD, routed) == {"/": ["get"], "/login": ["post"]}
