"""Accident: what ``/employees/<id>/leaves`` holds was an ``EmployeeLeaf``, though another route says ``leave_id``; and
of two requests of one model the second was ``EventInInput``, as if a response had the name."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask, Schema
from apiflask.fields import Integer, String
from learning import called, learned_from, model

from mirror.adapters.known import flask_routes
from mirror.exchange import KnownRoute
from mirror.openapi.document import openapi
from mirror.openapi.naming import singulars


def schemas(*seen: Any) -> set[str]:
    return set(openapi(model(*seen).settled()[""])["components"]["schemas"])


def test_one_of_a_collection_is_what_its_parameter_says() -> None:
    seen = called("GET", "/employees/1/leaves", "/employees/<int:employee_id>/leaves", b'[{"id": 1, "days": 2}]')
    assert schemas(seen) == {"EmployeeLeaf"}
    assert schemas(seen, KnownRoute("/leaves/<uuid:leave_id>", "DELETE")) == {"EmployeeLeave"}
    lines = called("GET", "/leaves/1/days", "/leaves/<leaveId>/days", b'[{"id": 1, "half": true}]')
    assert schemas(seen, lines) == {"EmployeeLeave", "LeaveDay"}


def test_what_parameters_say() -> None:
    assert singulars(["/leaves/{leave_id}", "/boxes/{box_uuid}", "/categories/{categoryId}", "/cafés/{café_id}"]) == {
        "leaves": "leave", "boxes": "box", "categories": "category", "cafes": "cafe",
    }  # fmt: skip
    assert singulars(["/people/{user_id}", "/orders/{n}", "/a/{id}", "/orders/{order_id}/last"]) == {"orders": "order"}
    assert singulars(["/leaves/{leave_id}", "/trees/{tree_id}/leaves/{leaf_id}"]) == {"trees": "tree"}


class EventIn(Schema):
    name = String(required=True)
    seats = Integer(required=True)


def test_two_requests_of_one_model() -> None:
    app = APIFlask(__name__)

    @app.post("/events")
    @app.input(EventIn)
    def create(json_data: dict[str, Any]) -> dict[str, Any]:
        return {"id": 1, **json_data}

    @app.patch("/events/<int:n>")
    @app.input(EventIn(partial=True))
    def change(n: int, json_data: dict[str, Any]) -> dict[str, Any]:
        return {"id": 1, "name": "a", "seats": 2}

    def calls(client: Any) -> None:
        client.post("/events", json={"name": "a", "seats": 1})
        client.patch("/events/1", json={"name": "a"})

    service = learned_from(app, calls)
    service.known.update(flask_routes(app.url_map, "", lambda: app))  # type: ignore[arg-type]
    assert {name for name in openapi(service)["components"]["schemas"] if "In" in name} == {"EventIn", "EventIn2"}
