"""Accident: ``metadata: dict[str, Any]`` of a model was an object that had to have the members which tests had put into
it, and ``Any`` was what was seen."""

# Annotations are not postponed: FastAPI reads those of the views below.

from typing import Any

import flask
import flask_smorest
import marshmallow as ma
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from learning import learned_from
from pydantic import BaseModel

from mirror.adapters.known import flask_routes, starlette_routes
from mirror.openapi.document import Style, openapi
from mirror.openapi.update import update

ANY_OBJECT = {"type": "object", "additionalProperties": {}}
SENT = {"payload": {"user": "ann", "age": 3}, "bag": {"po": "7"}, "rows": [{"a": 1}], "value": 3, "maybe": {"b": [1]}}
EXPECTED = {
    "payload": ANY_OBJECT,
    "bag": ANY_OBJECT,
    "rows": {"type": "array", "items": ANY_OBJECT},
    "value": {},
    "maybe": ANY_OBJECT | {"type": ["object", "null"]},
}


class Event(BaseModel):
    payload: dict[str, Any]
    bag: dict  # type: ignore[type-arg]
    rows: list[dict[str, Any]]
    value: Any
    maybe: dict[str, Any] | None = None


class EventSchema(ma.Schema):
    payload = ma.fields.Dict(keys=ma.fields.String(), required=True)
    bag = ma.fields.Dict(required=True)
    rows = ma.fields.List(ma.fields.Dict(), required=True)
    value = ma.fields.Raw(required=True)
    maybe = ma.fields.Dict(allow_none=True)


def fastapi() -> tuple[Any, Any]:
    app = FastAPI()

    @app.post("/events")
    def add(event: Event) -> Event:
        return event

    @app.get("/counts")
    def counts() -> dict[str, Any]:
        return {"events": 3}

    return app, starlette_routes(app.router, "")


def test_it_may_be_left_out_as_null_is() -> None:
    app = FastAPI()

    @app.get("/events", response_model_exclude_none=True)
    def shown() -> Event:
        return Event(**SENT)

    service = learned_from(app, lambda client: client.get("/events"))
    service.known.update(starlette_routes(app.router, ""))
    (schema,) = openapi(service)["components"]["schemas"].values()
    assert schema["required"] == ["payload", "bag", "rows"]


def smorest() -> tuple[Any, Any]:
    app = flask.Flask("events")
    app.config |= {"API_TITLE": "t", "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0"}
    blueprint = flask_smorest.Blueprint("events", "events")

    @blueprint.route("/events", methods=["POST"])
    @blueprint.arguments(EventSchema)
    @blueprint.response(200, EventSchema)
    def add(event: Any) -> Any:
        return event

    @blueprint.route("/counts")
    def counts() -> Any:
        return {"events": 3}

    flask_smorest.Api(app).register_blueprint(blueprint)
    return app, flask_routes(app.url_map, "", lambda: app)  # type: ignore[arg-type]


@pytest.mark.parametrize("made", [fastapi, smorest])
def test_they_are_of_any_kind(made: Any) -> None:
    app, routes = made()
    sent = [SENT, SENT | {"value": "x", "payload": {}}]
    service = learned_from(app, lambda client: [client.post("/events", json=each) for each in sent])
    service.known.update(routes)
    schemas = openapi(service, Style(evidence=False))["components"]["schemas"]
    assert schemas.keys() == {"Event", "EventInput"}
    for schema in schemas.values():
        assert schema["properties"] == EXPECTED
        for each in sent:
            Draft202012Validator(schema).validate(each)


@pytest.mark.parametrize("made", [fastapi, smorest])
def test_what_a_view_is_annotated_with_says_nothing(made: Any) -> None:
    """It would leave nothing of most operations that have no model."""
    app, routes = made()
    service = learned_from(app, lambda client: client.get("/counts"))
    service.known.update(routes)
    (schema,) = openapi(service, Style(evidence=False))["components"]["schemas"].values()
    assert schema["properties"] == {"events": {"type": "integer"}}


def test_a_document_that_says_what_was_seen_says_so_no_more() -> None:
    app, routes = fastapi()
    service = learned_from(app, lambda client: client.post("/events", json=SENT))
    service.known.update(routes)
    before, after = openapi(service, Style(models=False)), openapi(service)
    updated = update(update("", before).text, after)
    assert not updated.conflicts
    assert update(updated.text, after).text == updated.text
    again = learned_from(app, lambda client: client.post("/events", json=SENT | {"value": True}))
    schemas = update(updated.text, openapi(again)).text.partition("    EventCreateInput:")[2]
    assert "type" not in schemas.partition("        value:")[2].partition("        maybe:")[0]
