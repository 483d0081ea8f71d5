"""Accident: where a schema of marshmallow was nested in part (``only``) in more places than it stood whole in, the part
was ``Cook`` and the whole ``Cook2``."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_smorest import Api, Blueprint
from learning import learned_from
from marshmallow import Schema, fields

from mirror.adapters.known import flask_routes
from mirror.openapi.document import openapi


class CookSchema(Schema):
    id = fields.Int()
    name = fields.Str()
    stars = fields.Int()


class DishSchema(Schema):
    id = fields.Int()
    cook = fields.Nested(CookSchema(only=("id", "name")))
    helper = fields.Nested(CookSchema(only=("id", "name")))


def kitchen() -> Flask:
    app = Flask(__name__)
    app.config.update(API_TITLE="t", API_VERSION="v", OPENAPI_VERSION="3.1.0")
    blueprint = Blueprint("kitchen", "kitchen")
    cook = {"id": 1, "name": "Ann"}

    @blueprint.route("/dishes")
    @blueprint.response(200, DishSchema(many=True))
    def dishes() -> list[dict[str, Any]]:
        return [{"id": 1, "cook": cook, "helper": cook}]

    @blueprint.route("/cooks/<int:number>")
    @blueprint.response(200, CookSchema)
    def shown(number: int) -> dict[str, Any]:
        return {**cook, "stars": 3}

    Api(app).register_blueprint(blueprint)
    return app


@pytest.mark.filterwarnings("ignore:Multiple schemas resolved:UserWarning")  # apispec's, of both
def test_the_whole_one_has_the_name() -> None:
    app = kitchen()
    service = learned_from(app, lambda client: [client.get("/dishes"), client.get("/cooks/1")])
    service.known.update(flask_routes(app.url_map, "", lambda: app))  # type: ignore[arg-type]
    schemas = openapi(service)["components"]["schemas"]
    assert {name: [*schema["properties"]] for name, schema in schemas.items() if name != "Dish"} == {
        "Cook": ["id", "name", "stars"],
        "Cook2": ["id", "name"],
    }
