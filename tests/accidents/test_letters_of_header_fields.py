"""Accident: parameters in the header were written in small letters (``if-none-match``), unlike those of responses."""

from __future__ import annotations

from typing import Any

from factories import make_exchange, make_request, make_response

from mirror import Route
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import openapi
from mirror.openapi.model import Service
from mirror.openapi.update import update

DOCUMENT = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /orders:
    get:
      parameters:
      - {name: if-none-match, in: header, schema: {type: string}}
      responses: {"200": {description: All}, "304": {description: The same}}
"""


def facts() -> dict[str, Any]:
    service = Service()
    for status in (200, 304):
        request = make_request("GET", "/orders", headers=[("if-none-match", '"a"')])
        response = make_response(status, headers=[("ETag", '"a"')])
        service.add(make_exchange(request, response, route=Route("/orders", "orders")))
    return openapi(service)


def test_they_are_written_as_people_write_them() -> None:
    operation = facts()["paths"]["/orders"]["get"]
    assert [each["name"] for each in operation["parameters"]] == ["If-None-Match"]
    assert list(operation["responses"]["200"]["headers"]) == ["ETag"]


def test_and_known_in_any_letters() -> None:
    found = update(DOCUMENT, facts())
    assert "name: if-none-match" in found.text
    assert "If-None-Match" not in found.text
    pruned = update(DOCUMENT, facts(), prune=["GET /orders header IF-NONE-MATCH"])
    assert '"If-None-Match"' in pruned.text


def test_as_they_are_declared_where_they_are() -> None:
    declared = (Declaration("header", "x-tenant", kinds=("string",), presence="required"),)
    service = Service()
    request = make_request("GET", "/orders", headers=[("X-Tenant", "a")])
    service.add(make_exchange(request, make_response(), route=Route("/orders", "orders")))
    service.known.add(KnownRoute("/orders", "GET", "orders", declared=declared))
    (parameter,) = openapi(service)["paths"]["/orders"]["get"]["parameters"]
    assert parameter["name"] == "x-tenant"
    assert parameter["x-mirror"] == {"samples": 1}
