"""Accident: what marshmallow's ``Decimal`` had taken as ``12`` and as ``"12.50"`` was an integer or a string, and the
objects that it stands in were two components."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import flask
import flask_smorest
import marshmallow as ma

from mirror import Mirror


class Instrument(ma.Schema):
    value = ma.fields.Decimal(as_string=True, required=True)


class Musician(ma.Schema):
    instruments = ma.fields.List(ma.fields.Nested(Instrument))


def test_they_are_numbers_and_what_was_taken_beside_them(tmp_path: Path) -> None:
    site = flask.Flask("orchestra")
    site.config |= {"API_TITLE": "t", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3"}
    blueprint = flask_smorest.Blueprint("instruments", "instruments")

    @blueprint.route("/instruments", methods=["POST"])
    @blueprint.arguments(Instrument)
    @blueprint.response(201, Instrument)
    def add(said: Any) -> Any:
        return said

    @blueprint.route("/musicians", methods=["POST"])
    @blueprint.arguments(Musician)
    @blueprint.response(201, Musician)
    def hire(said: Any) -> Any:
        return said

    flask_smorest.Api(site).register_blueprint(blueprint)
    document = tmp_path / "openapi.json"
    with Mirror(openapi=str(document)):
        client = site.test_client()
        for value in (12, "12.50"):
            client.post("/instruments", json={"value": value})
        client.post("/musicians", json={"instruments": [{"value": "3.5"}]})
    schemas = json.loads(document.read_text())["components"]["schemas"]
    assert schemas.keys() == {"Instrument", "InstrumentInput", "Musician", "MusicianInput"}
    assert schemas["InstrumentInput"]["properties"]["value"]["type"] == ["number", "string"]
    assert schemas["Instrument"]["properties"]["value"]["type"] == "string"
