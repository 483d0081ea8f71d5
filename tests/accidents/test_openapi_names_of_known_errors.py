"""Accident: FastAPI's errors were called after the status (``ValidationError``) and what is in them after the member
(``Detail``), though FastAPI calls them ``HTTPValidationError`` and ``ValidationError`` in all its documents."""

from __future__ import annotations

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
