"""Documents that a validator refused, or that lacked what was seen: a status beyond 599, a name twice in one path,
a method in small letters."""

from __future__ import annotations

import json
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response
from flask import Flask
from learning import learned_from
from openapi_spec_validator import validate

from mirror import Route
from mirror.exchange import KnownRoute
from mirror.openapi.document import openapi
from mirror.openapi.model import Model, Service
from mirror.openapi.paths import template_of
from mirror.openapi.update import update
from mirror.openapi.version30 import downgrade
from mirror.openapi.writing import write


def responses(document: dict[str, Any], path: str) -> dict[str, Any]:
    validate(document)
    validate(downgrade(document))
    assert update(write(document, "yaml"), document).text
    found: dict[str, Any] = document["paths"][path]["get"]["responses"]
    return found


def test_a_status_beyond_599() -> None:
    app = Flask(__name__)
    app.add_url_rule("/odd", "odd", lambda: ("no", 999))
    document = openapi(learned_from(app, lambda client: client.get("/odd")))
    assert responses(document, "/odd")["x-999"]["description"] == "Status 999"
    assert not update(write(document, "yaml"), document).conflicts


def test_a_mount_and_a_route_that_call_something_the_same() -> None:
    model = Model()
    response = make_response(200, b"7", headers=[("Content-Type", "application/json")])
    route = Route("/shops/{id}/orders/{id:int}", "show")
    model.add(make_exchange(make_request("GET", "/shops/a/orders/7"), response, route=route))
    model.know((KnownRoute(route.template, "GET", "show"), KnownRoute("/shops/{id}/lines/{id}", "GET", "lines")))
    document = openapi(model.settled()[""])
    assert len(responses(document, "/shops/{id2}/orders/{id}")) == 1
    found = document["paths"]["/shops/{id2}/orders/{id}"]["get"]["parameters"]
    assert {each["name"]: each["schema"]["type"] for each in found} == {"id2": "string", "id": "integer"}
    assert "default" in responses(document, "/shops/{id2}/lines/{id}")


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("/a/<int:pk>/b/<pk>", "/a/{pk2}/b/{pk}"),
        ("/{a}/{a}/{a}", "/{a2}/{a3}/{a}"),
        ("/{a}/{a2}/{a}", "/{a3}/{a2}/{a}"),
        ("/{a}/{a}/{a2}", "/{a22}/{a}/{a2}"),
    ],
)
def test_names_that_stand_twice(route: str, path: str) -> None:
    assert template_of(route).path == path


def test_a_method_in_small_letters() -> None:
    service = Service()
    for method, said in (("GET", {"a": 1}), ("get", {"b": 1})):
        body = json.dumps(said).encode()
        response = make_response(200, body, headers=[("Content-Type", "application/json")])
        service.add(make_exchange(make_request(method, "/orders"), response, gateway="http"))
    document = openapi(service)
    responses(document, "/orders")
    assert list(document["components"]["schemas"]["Orders"]["properties"]) == ["a", "b"]
