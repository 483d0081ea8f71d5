"""Accident: a ``Decimal`` that Flask had written as a text was no number, so its schema was several components; and
where a sample was not what was declared, the null that was declared was gone with it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_smorest import Api, Blueprint
from learning import called, learned_from, model
from marshmallow import Schema, fields

from mirror.adapters.known import flask_routes
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import Style, openapi


class ThingSchema(Schema):
    price = fields.Decimal(places=2, as_string=True, allow_none=True)
    weight = fields.Decimal(allow_none=True)


def shop() -> Flask:
    app = Flask(__name__)
    app.config.update(API_TITLE="t", API_VERSION="v", OPENAPI_VERSION="3.1.0")
    blueprint = Blueprint("things", "things", url_prefix="/things")

    @blueprint.route("", methods=["POST"])
    @blueprint.arguments(ThingSchema)
    @blueprint.response(201, ThingSchema)
    def add(thing: Any) -> Any:
        return thing

    @blueprint.route("/<int:number>", methods=["PATCH"])
    @blueprint.arguments(ThingSchema(partial=True))
    @blueprint.response(200, ThingSchema)
    def change(thing: Any, number: int) -> Any:
        return thing

    Api(app).register_blueprint(blueprint)
    return app


def call(client: Any) -> None:
    client.post("/things", json={"price": "12.50", "weight": "1.5"})
    client.patch("/things/1", json={"price": None, "weight": 2})


@pytest.mark.filterwarnings("ignore:Multiple schemas resolved:UserWarning")  # apispec's, of both
def test_they_are_one_schema_on_each_side() -> None:
    app = shop()
    service = learned_from(app, call)
    service.known.update(flask_routes(app.url_map, "", lambda: app))  # type: ignore[arg-type]
    schemas = openapi(service, Style(evidence=False))["components"]["schemas"]
    assert {name: schema["properties"] for name, schema in schemas.items()} == {
        "Thing": {name: {"type": ["string", "null"]} for name in ("price", "weight")},
        "ThingInput": {name: {"type": ["number", "string", "null"]} for name in ("price", "weight")},
    }


def test_null_stays_where_a_sample_is_something_else() -> None:
    said = (
        Declaration("200", kinds=("object",), model="Thing"),
        Declaration("200", "weight", kinds=("integer", "null"), presence="required"),
    )
    service = model(called("GET", "/a", "/a", b'{"weight": "1"}'), KnownRoute("/a", "GET", declared=said)).settled()[""]
    (schema,) = openapi(service, Style(evidence=False))["components"]["schemas"].values()
    assert schema["properties"]["weight"] == {"type": ["string", "null"]}
