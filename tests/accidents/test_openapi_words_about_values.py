"""Accident: of ``limit: int = Query(10, ge=1, le=50, description="How many at most")`` nothing but ``type: integer``
was in the document: descriptions, defaults and limits that people declare were dropped."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import flask
import flask_smorest
import marshmallow as ma
import pytest
import yaml
from fastapi import Body, FastAPI, Form, Header, Query
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from learning import learned_from
from openapi_spec_validator import validate
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, field_validator
from starlette.responses import JSONResponse

from mirror import Mirror
from mirror.adapters.known import flask_routes, starlette_routes
from mirror.openapi.document import Style, openapi
from mirror.openapi.marks import EVIDENCE, is_own
from mirror.openapi.notes import LIMITS
from mirror.openapi.update import update
from mirror.openapi.version30 import downgrade

Json = dict[str, Any]


class Item(BaseModel):
    """What is sold.

    In shops.
    """

    name: str = Field(min_length=2, max_length=9, pattern="^[a-z]+$", description="Its name")
    count: Annotated[int, Field(gt=0, le=100)] = 1
    price: float | None = Field(None, ge=0, description="In euros")
    tags: list[Annotated[str, StringConstraints(max_length=5)]] = Field([], max_length=3)
    secret: str = Field("Tr0ub4dor&3-Horse", alias="password")


def site() -> FastAPI:
    app = FastAPI()

    @app.post("/items")
    def make(
        item: Item,
        limit: int = Query(10, ge=1, le=50, description="How many at most"),
        trace: str = Header("none", alias="X-Trace", max_length=8),
    ) -> Item:
        return item

    @app.post("/forms")
    def form(title: Annotated[str, Form(max_length=5, description="A title")], size: int = Form(4, ge=3)) -> None: ...

    @app.get("/items/{number}")
    def uncalled(number: int, limit: int = Query(10, ge=1, description="How many")) -> None: ...

    return app


def document(app: FastAPI, calls: Callable[[Any], Any], **style: Any) -> Json:
    service = learned_from(app, calls)
    service.known.update(starlette_routes(app.router, ""))
    made = openapi(service, Style(**style))
    validate(made)
    validate(downgrade(made))
    return made


def bare(schema: Json) -> Json:
    return {key: value for key, value in schema.items() if key != EVIDENCE}


def call(client: Any) -> None:
    assert client.post("/items?limit=3", json={"name": "abc", "password": "x"}).status_code == 200
    assert client.post("/forms", data={"title": "abc"}).status_code == 200


def test_bodies() -> None:
    schemas = document(site(), call)["components"]["schemas"]
    for name in ("Item", "ItemInput"):
        assert schemas[name]["description"] == "What is sold.\n\nIn shops."
        members = {key: bare(each) for key, each in schemas[name]["properties"].items()}
        said = {"description": "Its name", "minLength": 2, "maxLength": 9}
        said |= {"pattern": "^[a-z]+$"} if name == "ItemInput" else {}  # nobody has checked what was answered
        assert members["name"] == {"type": "string", **said}
        assert members["count"] == {"type": "integer", "default": 1, "exclusiveMinimum": 0, "maximum": 100}
        assert members["tags"]["default"] == []
        assert members["tags"]["maxItems"] == 3
        assert bare(members["tags"]["items"]) == {"type": "string", "maxLength": 5}
        assert members["price"]["description"] == "In euros"
    assert schemas["ItemInput"]["properties"]["price"]["minimum"] == 0


def test_parameters_and_forms() -> None:
    made = document(site(), call)
    limit, trace = made["paths"]["/items"]["post"]["parameters"]
    assert limit["description"] == "How many at most"
    assert limit["schema"] == {"type": "integer", "default": 10, "minimum": 1, "maximum": 50}
    assert trace["schema"] == {"type": "string", "default": "none", "maxLength": 8}
    body = made["paths"]["/forms"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert body["properties"] == {
        "title": {"type": "string", "description": "A title", "maxLength": 5},
        "size": {"type": "integer", "default": 4, "minimum": 3},
    }
    _, limit = made["paths"]["/items/{number}"]["get"]["parameters"]
    assert limit["schema"] == {"type": "integer", "default": 10, "minimum": 1}


def test_no_models_no_words() -> None:
    made = str(document(site(), call, models=False))
    assert "Its name" not in made
    assert "maximum" not in made
    assert "What is sold" not in made


def test_in_the_words_of_30() -> None:
    count = downgrade(document(site(), call))["components"]["schemas"]["ItemInput"]["properties"]["count"]
    assert (count["minimum"], count["exclusiveMinimum"]) == (0, True)


def test_a_secret_default_is_in_no_document(tmp_path: Path) -> None:
    with Mirror(openapi=[tmp_path / "a.yaml"], capture=[tmp_path / "a.jsonl"]):
        call(TestClient(site()))
    text = (tmp_path / "a.yaml").read_text()
    assert "Tr0ub4dor" not in text + (tmp_path / "a.jsonl").read_text()
    item = yaml.safe_load(text)["components"]["schemas"]["ItemInput"]
    assert item["properties"]["name"]["maxLength"] == 9
    assert "default" not in item["properties"]["password"]


class Row(BaseModel):
    size: int = Field(ge=1, le=5)
    name: str = Field(max_length=3)
    rate: float = Field(le=1.0)


def test_samples_beyond_a_limit_are_right() -> None:
    """Responses that are not validated, and requests of others that have the same members."""
    app = FastAPI()

    @app.get("/rows", response_model=Row)
    def rows() -> Any:
        return JSONResponse({"size": 7, "name": "long", "rate": 2.0})

    @app.post("/checked")
    def checked(row: Row) -> None: ...

    @app.post("/open")
    def unchecked(row: Annotated[dict[str, Any], Body()]) -> None: ...

    right, wrong = {"size": 3, "name": "abc", "rate": 0.5}, {"size": 7, "name": "long", "rate": 2.0}
    calls = [("/checked", right), ("/open", wrong), ("/open", right)]

    def every(client: Any) -> None:
        client.get("/rows")
        for path, sent in calls:
            assert client.post(path, json=sent).status_code == 200

    made = document(app, every)
    for path, item in made["paths"].items():
        for operation in item.values():
            places = [operation["responses"]["200"], operation.get("requestBody", {})]
            schemas = [each["schema"] for place in places for each in place.get("content", {}).values()]
            for schema in schemas:
                sample = right if path == "/checked" else wrong
                assert schema.get("type") == "null" or Draft202012Validator({**schema, **made}).is_valid(sample), schema


class Odd(BaseModel, str_strip_whitespace=True):
    stripped: str = Field(max_length=3)
    after: Annotated[str, AfterValidator(str.strip), Field(max_length=3)]
    step: float = Field(multiple_of=0.1)
    word: str = Field(pattern="^a$")
    checked: str = Field(max_length=3)

    @field_validator("checked", mode="before")
    @classmethod
    def shorter(cls, value: str) -> str:
        return value[:3]


def test_limits_of_what_is_changed_first_are_none() -> None:
    app = FastAPI()

    @app.post("/odd")
    def odd(odd: Odd) -> None: ...

    sent = {"stripped": "abc   ", "after": "abc   ", "step": 0.3, "word": "a", "checked": "abcdef"}
    made = document(app, lambda client: [client.post("/odd", json=sent) for _ in range(2)])
    validator = Draft202012Validator({"$ref": "#/components/schemas/Odd", **made})
    assert validator.is_valid(sent)


def test_many_values_of_requests() -> None:
    """Where too many were sent to know them all, the framework has checked them; of responses nobody knows."""
    sent = [{"name": "a" * (2 + at % 7) + chr(97 + at % 26), "count": 1 + at} for at in range(60)]
    made = document(site(), lambda client: [client.post("/items", json=each) for each in sent])
    schemas = made["components"]["schemas"]
    assert schemas["ItemInput"]["properties"]["count"]["maximum"] == 100
    assert "maximum" not in schemas["Item"]["properties"]["count"]
    assert schemas["ItemInput"]["properties"]["name"]["maxLength"] == 9


class ThingSchema(ma.Schema):
    size = ma.fields.Integer(load_default=2, validate=ma.validate.Range(min=1, max=9, max_inclusive=False))
    name = ma.fields.String(
        required=True,
        validate=[ma.validate.Length(min=1, max=5), ma.validate.Regexp(r"^[a-z]")],
        metadata={"description": "What it is called"},
    )
    id = ma.fields.Integer(dump_only=True)


def test_marshmallow() -> None:
    app = flask.Flask("t")
    app.config |= {"API_TITLE": "T", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3"}
    blueprint = flask_smorest.Blueprint("things", "things")

    @blueprint.route("/things", methods=["POST"])
    @blueprint.arguments(ThingSchema)
    @blueprint.response(200, ThingSchema)
    def things(sent: Json) -> Json:
        return {**sent, "id": 1}

    flask_smorest.Api(app).register_blueprint(blueprint)
    service = learned_from(app, lambda client: client.post("/things", json={"name": "abc"}))
    service.known.update(flask_routes(app.url_map, "", weakref.ref(app)))
    schemas = openapi(service, Style())["components"]["schemas"]
    sent, answered = schemas["ThingInput"]["properties"], schemas["Thing"]["properties"]
    limits = {"minLength": 1, "maxLength": 5, "pattern": "^[a-z]"}
    assert bare(sent["name"]) == {"type": "string", "description": "What it is called", **limits}
    assert bare(sent["size"]) == {"type": "integer", "default": 2, "minimum": 1, "exclusiveMaximum": 9}
    assert answered["id"]["readOnly"] is True
    assert "default" not in answered["size"]


@pytest.mark.parametrize("lower", [False, True])
def test_own_limits_become_wider(lower: bool) -> None:
    def made(most: int | None) -> Json:
        app = FastAPI()

        @app.post("/a")
        def view(size: int = Body(embed=True, gt=0, le=most, description="A")) -> None: ...

        found = document(app, lambda client: client.post("/a", json={"size": 3}))
        return downgrade(found) if lower else found

    def size(text: str) -> Json:
        (found,) = yaml.safe_load(text)["components"]["schemas"].values()
        size: Json = found["properties"]["size"]
        return size

    first = update("", made(5)).text
    assert update(first, made(5)).text == first
    assert size(update(first, made(9)).text)["maximum"] == 9
    assert size(update(first, made(4)).text)["maximum"] == 5
    assert "maximum" not in size(update(first, made(None)).text)
    edited = first.replace("description: A", "description: Mine")
    assert size(update(edited, made(5)).text)["description"] == "Mine"


def test_a_document_from_before_stays_mirrors() -> None:
    before = document(site(), call)
    for schema in before["components"]["schemas"].values():
        for each in (schema, *schema["properties"].values()):
            for key in (*LIMITS, "description", "default"):
                each.pop(key, None)
    first = update("", before).text
    found = update(first, document(site(), call))
    assert not found.conflicts
    again = update(found.text, document(site(), call))
    assert again.text == found.text
    kept = yaml.safe_load(found.text)["components"]["schemas"]
    assert all(is_own(each) for schema in kept.values() for each in (schema, *schema["properties"].values()))
    assert kept["ItemInput"]["properties"]["name"]["description"] == "Its name"
    assert kept["Item"]["description"].startswith("What is sold")


def test_what_is_something_else_has_a_description_still() -> None:
    app = FastAPI()

    @app.get("/row", response_model=Item)
    def row() -> Any:
        return JSONResponse({"name": 5, "count": 3, "price": None, "tags": [], "password": ""})

    schemas = document(app, lambda client: client.get("/row"))["components"]["schemas"]
    assert bare(schemas["Item"]["properties"]["name"]) == {"type": "integer", "description": "Its name"}
