"""What the schemas of bodies say: kinds of objects, lists and texts, learned from real applications."""

from __future__ import annotations

import json
from typing import Annotated, Any, Generic, Literal, TypeVar

import pytest
from apiflask import APIFlask, Schema as FlaskSchema
from factories import make_exchange, make_request, make_response
from fastapi import FastAPI
from flask import Flask, jsonify
from flask_smorest import Api, Blueprint
from jsonschema import Draft202012Validator
from learning import learned_from
from marshmallow import Schema, fields
from openapi_spec_validator import validate
from pydantic import BaseModel, Field

from mirror import Route
from mirror.openapi.document import Document, Style, openapi
from mirror.openapi.model import Service
from mirror.openapi.version30 import downgrade

PLAIN = Style(evidence=False, examples=False)
JSON = ("Content-Type", "application/json")


def document(*answers: Any, target: str = "/things", route: str = "/things") -> Document:
    """What is learned from answers with these values."""
    service = Service()
    for answer in answers:
        response = make_response(200, json.dumps(answer).encode(), headers=[JSON])
        service.add(make_exchange(make_request("GET", target), response, route=Route(route, "things")))
    made = openapi(service, PLAIN)
    validate(made)
    validate(downgrade(made))
    for answer in answers:
        assert is_valid(made, answer, "GET", route)
    return made


def schema_of(made: Document, method: str = "GET", route: str = "/things", status: str = "200") -> Any:
    answers = made["paths"][route][method.lower()]["responses"]
    return answers[status]["content"]["application/json"]["schema"]


def request_of(made: Document, method: str, route: str) -> Any:
    schema = made["paths"][route][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    return followed(made, schema)


def followed(made: Document, schema: Any) -> Any:
    return made["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def is_valid(made: Document, value: Any, method: str, route: str) -> bool:
    whole = {"components": made.get("components", {}), "allOf": [schema_of(made, method, route)]}
    return Draft202012Validator(whole).is_valid(value)


CARD = {"kind": "card", "number": "4111", "expires": "12/29"}
WIRE = {"kind": "transfer", "iban": "AT61", "reference": "x"}


def test_kinds_that_a_member_tells_apart_are_components_with_a_discriminator() -> None:
    made = document([CARD, WIRE], [WIRE, CARD])
    items = schema_of(made)["items"]
    references = ["#/components/schemas/CardThing", "#/components/schemas/TransferThing"]
    assert items == {
        "oneOf": [{"$ref": reference} for reference in references],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"card": references[0], "transfer": references[1]},
        },
    }
    card = made["components"]["schemas"]["CardThing"]
    assert card["properties"]["kind"] == {"type": "string", "const": "card"}
    assert card["required"] == ["kind", "number", "expires"]


def test_one_kind_seen_alone_elsewhere_is_of_the_same_component() -> None:
    order = {"id": 1, "payment": CARD}
    service = Service()
    alone = {"id": 2, "payment": CARD | {"expires": None}}
    for route, answer in (
        ("/orders", [order, order | {"payment": WIRE}]),
        ("/orders/last", alone),
    ):
        response = make_response(200, json.dumps(answer).encode(), headers=[JSON])
        service.add(make_exchange(make_request("GET", route), response, route=Route(route, "x")))
    made = openapi(service, PLAIN)
    validate(made)
    assert is_valid(made, alone, "GET", "/orders/last")
    assert is_valid(made, [order, order | {"payment": WIRE}], "GET", "/orders")
    assert "CardPayment" in json.dumps(followed(made, schema_of(made, "GET", "/orders/last"))) or "null" in json.dumps(
        made["components"]["schemas"]["CardPayment"]
    )


def test_tuples() -> None:
    made = document({"at": ["a", 1.5]}, {"at": ["b", 2]}, {"at": ["c", 3]})
    assert schema_of(made) == {"$ref": "#/components/schemas/Things"}
    assert made["components"]["schemas"]["Things"]["properties"]["at"] == {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": "number"}],
        "items": {},
        "minItems": 2,
        "maxItems": 2,
    }


@pytest.mark.parametrize(
    "answer",
    [
        {"EUR": 1.0, "USD": 1.09, "CHF": 0.97},
        {"2026-01-01": 3.0, "2026-01-02": 4.5},
        {"550e8400-e29b-41d4-a716-446655440000": 1.5},
        {"17": 2.5, "18": 3.5},
    ],
    ids=["currencies", "dates", "uuids", "numbers"],
)
def test_maps_whose_keys_are_values(answer: dict[str, float]) -> None:
    assert schema_of(document(answer)) == {"type": "object", "additionalProperties": {"type": "number"}}


def test_the_values_of_a_map_have_members_of_their_own() -> None:
    statistics = {"least": 1, "most": 3, "mean": 2, "count": 4}
    made = document({"metrics": {"load": statistics, "heat": statistics}})
    metrics = followed(made, schema_of(made))["properties"]["metrics"]
    assert set(followed(made, metrics["additionalProperties"])["properties"]) == set(statistics)


@pytest.mark.parametrize(
    ("name", "text", "schema"),
    [
        ("took", "PT1H30M", {"type": "string", "format": "duration"}),
        ("picture", "iVBORw0KGgoAAAANSUhEUgAA", {"type": "string", "format": "byte", "contentEncoding": "base64"}),
        ("at", "10:30:00", {"type": "string", "format": "time"}),
        ("content_type", "text/plain", {"type": "string"}),
    ],
)
def test_formats_of_texts(name: str, text: str, schema: Any) -> None:
    made = document(*[{name: text}] * 4)
    assert followed(made, schema_of(made))["properties"][name] == schema


def test_media_types_are_no_choice() -> None:
    made = document(*[{"content_type": kind} for kind in ("text/plain", "image/png")] * 6)
    assert followed(made, schema_of(made))["properties"]["content_type"] == {"type": "string"}


def test_pages_of_different_things_are_different() -> None:
    author, book = {"id": 1, "name": "A", "born": None}, {"id": 1, "title": "B", "isbn": "1", "pages": 3}
    service = Service()
    for route, item in (("/authors", author), ("/books", book)):
        answer = json.dumps({"count": 1, "next": None, "results": [item]}).encode()
        response = make_response(200, answer, headers=[JSON])
        service.add(make_exchange(make_request("GET", route), response, route=Route(route, route)))
    made = openapi(service, PLAIN)
    for route, item in (("/authors", author), ("/books", book)):
        page = followed(made, schema_of(made, "GET", route))
        assert set(followed(made, page["properties"]["results"]["items"])["properties"]) == set(item)


def test_what_leaves_members_out_is_the_same_thing() -> None:
    full, short = {"id": 1, "name": "Tom", "tags": ["a"]}, {"id": 2, "name": "Kit"}
    service = Service()
    for route, answer in (("/pets", [full, short]), ("/pets/{pet_id}", short)):
        response = make_response(200, json.dumps(answer).encode(), headers=[JSON])
        target = route.replace("{pet_id}", "2")
        service.add(make_exchange(make_request("GET", target), response, route=Route(route, route)))
    made = openapi(service, PLAIN)
    assert schema_of(made, "GET", "/pets/{pet_id}") == schema_of(made, "GET", "/pets")["items"]
    assert followed(made, schema_of(made, "GET", "/pets/{pet_id}"))["required"] == ["id", "name"]


@pytest.mark.parametrize("routes", [False, True], ids=["without", "with"])
def test_what_was_not_found_is_an_answer_where_no_routes_are_known(routes: bool) -> None:
    service = Service()
    for target, status in (("/pets/1", 200), ("/pets/2", 200), ("/pets/9", 404), ("/nowhere", 404)):
        route = Route("/pets/{pet_id}", "pet") if routes and status == 200 else None
        response = make_response(status, json.dumps({"id": 1}).encode(), headers=[JSON])
        service.add(make_exchange(make_request("GET", target), response, route=route, gateway="wsgi"))
    made = openapi(service, PLAIN)
    assert list(made["paths"]) == ["/pets/{pet_id}"]
    assert list(made["paths"]["/pets/{pet_id}"]["get"]["responses"]) == (["200"] if routes else ["200", "404"])


# What answers say of requests, and what frameworks say of errors ------------------------------------------------------

T = TypeVar("T")


class Size(BaseModel):
    width: float
    depth: float | None = None


class Thing(BaseModel):
    name: str
    note: str | None = None
    size: Size | None = None
    state: Literal["new", "used"] = "new"


class Page(BaseModel, Generic[T]):
    items: list[T]


def things() -> FastAPI:
    app = FastAPI()

    @app.post("/things")
    def make(thing: Thing) -> Thing:
        return thing

    @app.get("/things")
    def show(state: Annotated[str | None, Field()] = None) -> Page[Thing]:
        return Page(items=[])

    return app


def test_null_and_fractions_of_requests_are_told_by_the_answers() -> None:
    def calls(client: Any) -> None:
        client.post("/things", json={"name": "a", "size": {"width": 3}})
        client.post("/things", json={"name": "b", "note": "c", "size": {"width": 4, "depth": 5}})
        client.post("/things", json={"name": "d"})

    made = openapi(learned_from(things(), calls), PLAIN)
    properties = request_of(made, "POST", "/things")["properties"]
    assert properties["name"] == {"type": "string"}
    assert properties["note"] == {"type": ["string", "null"]}
    size = followed(made, properties["size"]["anyOf"][0])
    assert properties["size"]["anyOf"][1] == {"type": "null"}
    assert size["properties"]["width"] == {"type": "number"}
    assert size["properties"]["depth"] == {"type": ["number", "null"]}


def test_what_is_left_out_may_not_be_null_for_marshmallow() -> None:
    class ThingSchema(FlaskSchema):
        name = fields.String(required=True)
        note = fields.String()

    app = APIFlask("things")

    @app.post("/things")
    @app.input(ThingSchema, arg_name="thing")
    def make(thing: Any) -> Any:
        return {"note": None, **thing}

    def calls(client: Any) -> None:
        client.post("/things", json={"name": "a"})
        client.post("/things", json={"name": "b", "note": "c"})
        client.post("/things", json={})

    made = openapi(learned_from(app, calls), PLAIN)
    assert request_of(made, "POST", "/things")["properties"]["note"] == {"type": "string"}


def test_the_choices_that_a_refusal_names_are_those_of_a_query_of_the_same_name() -> None:
    def calls(client: Any) -> None:
        client.post("/things", json={"name": "a", "state": "lost"})
        client.get("/things?state=used")

    made = openapi(learned_from(things(), calls), PLAIN)
    (parameter,) = made["paths"]["/things"]["get"]["parameters"]
    assert parameter["schema"] == {"type": "string", "enum": ["new", "used"]}


def test_errors_of_fastapi_are_what_it_declares() -> None:
    app = things()
    made = openapi(learned_from(app, lambda client: client.post("/things", json={})), PLAIN)
    declared = app.openapi()["components"]["schemas"]
    errors = followed(made, schema_of(made, "POST", "/things", "422"))
    assert "required" not in errors
    error = followed(made, errors["properties"]["detail"]["items"])
    assert set(error["properties"]) == set(declared["ValidationError"]["properties"])
    assert set(error["required"]) == set(declared["ValidationError"]["required"])
    assert error["properties"]["loc"]["items"] == declared["ValidationError"]["properties"]["loc"]["items"]


def test_errors_of_flask_smorest_are_what_it_declares() -> None:
    class ThingSchema(Schema):
        name = fields.String(required=True)

    app = Flask("things")
    app.config.update(API_TITLE="Things", API_VERSION="1", OPENAPI_VERSION="3.0.3")
    blueprint = Blueprint("things", "things")

    @blueprint.route("/things", methods=["POST"])
    @blueprint.arguments(ThingSchema)
    def make(thing: Any) -> Any:
        return jsonify(thing)

    api = Api(app)
    api.register_blueprint(blueprint)
    made = openapi(learned_from(app, lambda client: client.post("/things", json={})), PLAIN)
    error = followed(made, schema_of(made, "POST", "/things", "422"))
    declared = api.spec.to_dict()["components"]["schemas"]["Error"]["properties"]
    assert {name: each["type"] for name, each in error["properties"].items()} == {
        name: each["type"] for name, each in declared.items()
    }
    assert "required" not in error


@pytest.mark.parametrize(
    "body",
    [
        {"detail": [{"loc": "body", "msg": "m", "type": "t"}]},
        {"detail": [{"loc": [None], "msg": "m", "type": "t"}]},
        {"code": 422, "status": "no phrase", "errors": []},
        {"code": "a", "status": "Not Found"},
        {"detail": {"json": {}}, "message": None},
        {"detail": [1, {"loc": ["a"], "msg": "m", "type": "t", "ctx": 3}]},
    ],
    ids=["loc-text", "loc-null", "no-phrase", "code-text", "message-null", "mixed"],
)
def test_what_only_looks_like_a_known_error_is_learned_as_it_is(body: Any) -> None:
    document(body)
