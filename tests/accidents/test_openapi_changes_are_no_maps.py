"""Accident: what a PATCH was sent (``{"state": ...}``, ``{"assignee": ...}``) was taken for a map of words, although
the framework said what model it is, or the answer had members of the same names."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from flask import Flask, request
from learning import learned_from
from pydantic import BaseModel, RootModel

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import openapi

CHANGES = [{"state": "new"}, {"assignee": "bob"}, {"title": "Tea", "priority": "low"}, {"state": "old"}]
NAMES = {"state", "assignee", "title", "priority"}


class TicketPatch(BaseModel):
    title: str | None = None
    state: str | None = None
    priority: str | None = None
    assignee: str | None = None


def sent(app: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of what a PATCH was sent, and the document."""

    def calls(client: Any) -> None:
        for change in CHANGES:
            client.patch("/tickets/1", json=change)

    service = learned_from(app, calls)
    if isinstance(app, FastAPI):
        service.known.update(starlette_routes(app.router, ""))
    document = openapi(service)
    body = document["paths"]["/tickets/{ticket_id}"]["patch"]["requestBody"]
    return body["content"]["application/json"]["schema"], document


def test_what_the_framework_calls_a_model_is_one() -> None:
    app = FastAPI()

    @app.patch("/tickets/{ticket_id}")
    def change(ticket_id: int, patch: TicketPatch) -> None: ...

    schema, document = sent(app)
    assert schema == {"$ref": "#/components/schemas/TicketPatch"}
    assert document["components"]["schemas"]["TicketPatch"]["properties"].keys() == NAMES


def test_a_model_that_is_a_map_stays_one() -> None:
    app = FastAPI()

    @app.patch("/tickets/{ticket_id}")
    def change(ticket_id: int, patch: RootModel[dict[str, str]]) -> None: ...

    assert "additionalProperties" in sent(app)[0]


@pytest.mark.parametrize("reads", [False, True])
def test_what_comes_back_among_other_members_is_one(reads: bool) -> None:
    app = Flask(__name__)
    ticket = {"id": 1, "title": "", "state": "", "priority": "", "assignee": ""}

    @app.patch("/tickets/<int:ticket_id>")
    def change(ticket_id: int) -> dict[str, Any]:
        ticket.update(request.get_json())
        return ticket if reads else {}

    schema, document = sent(app)
    if reads:
        name = schema["$ref"].rpartition("/")[2]
        assert document["components"]["schemas"][name]["properties"].keys() == NAMES
    else:
        assert "additionalProperties" in schema  # nobody knows otherwise
