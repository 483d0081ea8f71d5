"""Accident: FastAPI's errors were called after the status (``ValidationError``) and what is in them after the member
(``Detail``), though FastAPI calls them ``HTTPValidationError`` and ``ValidationError`` in all its documents; those of
APIFlask were all ``Error``."""

from __future__ import annotations

from apiflask import APIFlask, HTTPTokenAuth, Schema
from apiflask.fields import Integer
from fastapi import FastAPI
from learning import learned_from

from mirror.openapi.document import openapi


def test_they_are_called_as_the_framework_calls_them() -> None:
    app = FastAPI()

    @app.get("/items/{number}")
    def item(number: int) -> None: ...

    service = learned_from(app, lambda client: [client.get(f"/items/{each}") for each in ("1", "x")])
    document = openapi(service)
    theirs = app.openapi()["components"]["schemas"]
    assert document["components"]["schemas"].keys() == theirs.keys() == {"HTTPValidationError", "ValidationError"}
    refused = document["paths"]["/items/{number}"]["get"]["responses"]["422"]["content"]["application/json"]
    assert refused["schema"] == {"$ref": "#/components/schemas/HTTPValidationError"}


def test_those_of_apiflask() -> None:
    app = APIFlask(__name__)
    auth = HTTPTokenAuth()

    @app.get("/items")
    @app.input(Schema.from_dict({"page": Integer(required=True)}), location="query")
    def items(query_data: object) -> dict[str, int]:
        return {"id": 1}

    @app.get("/own")
    @app.auth_required(auth)
    def own() -> dict[str, int]:
        return {"id": 1}

    service = learned_from(app, lambda client: [client.get(each) for each in ("/items?page=1", "/items", "/own")])
    document = openapi(service)
    theirs = app.spec["components"]["schemas"]
    assert {"HTTPError", "ValidationError"} == theirs.keys() == document["components"]["schemas"].keys() - {"Item"}
    for path, status in (("/items", "422"), ("/own", "401")):
        mine, other = (each["paths"][path]["get"]["responses"][status] for each in (document, app.spec))
        assert mine["content"]["application/json"]["schema"] == other["content"]["application/json"]["schema"]
