"""The learned document published members that a schema of marshmallow's hides on purpose: nested schemas were read as
if they had been given no ``exclude``, and classes as if they had no ``Meta``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import flask
import flask_smorest
import marshmallow as ma

from mirror import Mirror


class User(ma.Schema):
    name = ma.fields.String()
    ssn = ma.fields.String()


class Contact(User):
    phone = ma.fields.String()

    class Meta:
        exclude = ("ssn",)


class Order(ma.Schema):
    buyer = ma.fields.Nested(User, exclude=("ssn",))
    seller = ma.fields.Nested(Contact)


def test_they_stay_hidden(tmp_path: Path) -> None:
    site = flask.Flask("shop")
    site.config |= {"API_TITLE": "t", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3"}
    blueprint = flask_smorest.Blueprint("orders", "orders")

    @blueprint.route("/orders")
    @blueprint.response(200, Order)
    def order() -> Any:
        return {"buyer": {"name": "Ann"}}

    flask_smorest.Api(site).register_blueprint(blueprint)
    document = tmp_path / "openapi.json"
    with Mirror(openapi=str(document)):
        site.test_client().get("/orders")
    schemas = json.loads(document.read_text())["components"]["schemas"]
    assert {name for schema in schemas.values() for name in schema["properties"]} == {
        "buyer", "name", "phone", "seller"
    }  # fmt: skip
