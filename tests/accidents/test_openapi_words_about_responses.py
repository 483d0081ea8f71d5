"""Accident: what developers had said of responses (``There is no such talk``) was ``Not Found``, and operations of a
blueprint of APIFlask's with a tag had the blueprint's name."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIBlueprint, APIFlask
from fastapi import APIRouter, FastAPI
from flask import Flask
from flask_smorest import Api, Blueprint
from learning import learned_from
from marshmallow import Schema

from mirror.adapters.known import flask_routes, starlette_routes
from mirror.openapi.document import openapi

GONE, SHOWN = "There is no such talk", "The talk itself"


class TalkSchema(Schema):
    pass


def fastapi() -> tuple[Any, Any]:
    app, router = FastAPI(), APIRouter()

    @router.get("/talks/{number}", response_description=SHOWN, responses={"4XX": {"description": "Wrong"}, 409: {}})
    def talk(number: int) -> None: ...

    @router.get("/rooms/{number}")
    def room(number: int) -> None: ...

    app.include_router(router, responses={422: {"description": GONE}})
    return app, lambda: starlette_routes(app.router, "")


def apiflask() -> tuple[Any, Any]:
    app, blueprint = APIFlask("talks"), APIBlueprint("talks", "talks", tag={"name": "Talks and more"})

    @blueprint.get("/talks/<number>")
    @blueprint.output(TalkSchema, description=SHOWN)
    @blueprint.doc(responses={422: GONE})
    def talk(number: str) -> Any:
        return ({}, 200) if number == "1" else ({}, 422)

    @blueprint.get("/rooms/<number>")
    @blueprint.output(TalkSchema)
    @blueprint.doc(responses=[422], tags=["Rooms"])
    def room(number: str) -> Any:
        return {}

    app.register_blueprint(blueprint)
    return app, lambda: flask_routes(app.url_map, "", lambda: app)  # type: ignore[arg-type]


def smorest() -> tuple[Any, Any]:
    app, blueprint = Flask("talks"), Blueprint("talks", "talks")
    app.config.update(API_TITLE="t", API_VERSION="v", OPENAPI_VERSION="3.1.0")

    @blueprint.route("/talks/<number>")
    @blueprint.response(200, TalkSchema, description=SHOWN)
    @blueprint.alt_response(422, description=GONE)
    def talk(number: str) -> Any:
        return {} if number == "1" else app.response_class("{}", 422, mimetype="application/json")

    @blueprint.route("/rooms/<number>")
    @blueprint.response(200, TalkSchema)
    def room(number: str) -> Any:
        return {}

    Api(app).register_blueprint(blueprint)
    return app, lambda: flask_routes(app.url_map, "", lambda: app)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "tags"),
    [(fastapi, ["talks", "rooms"]), (apiflask, ["Talks and more", "Rooms"]), (smorest, ["talks", "talks"])],
)
def test_they_are_what_is_said(made: Any, tags: list[str]) -> None:
    app, routes = made()
    service = learned_from(app, lambda client: [client.get(path) for path in ("/talks/1", "/talks/x", "/rooms/1")])
    service.known.update(routes())
    document = openapi(service)
    talk, room = (document["paths"][f"/{name}/{{number}}"]["get"] for name in ("talks", "rooms"))
    assert {status: each["description"] for status, each in talk["responses"].items()} == {"200": SHOWN, "422": GONE}
    assert room["responses"]["200"]["description"] == "OK"
    assert [talk["tags"], room["tags"]] == [tags[:1], tags[1:]]
