"""What real validation errors say: applications of several frameworks, their answers as they cross a mirror."""

from __future__ import annotations

import datetime
import enum
import json
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from apiflask import APIFlask
from factories import make_headers
from fastapi import Body as InBody, Cookie, FastAPI, Form, Header, Query, UploadFile
from fastapi.testclient import TestClient
from flask import Flask, jsonify, request
from flask_pydantic import validate as validates
from flask_restx import Api, Resource, fields as restx, reqparse
from flask_smorest import Api as Smorest, Blueprint
from marshmallow import Schema, ValidationError, fields, validate
from pydantic import AnyUrl, BaseModel, Field
from webargs.flaskparser import use_args

from mirror import Exchange, Mirror
from mirror.openapi.bodies import read_body
from mirror.openapi.evidence import Omission
from mirror.openapi.refusals import Refused, Said, omissions, refused

Known = dict[str, tuple[bool, set[str], set[str]]]


def refusal_of(exchange: Exchange) -> Refused:
    said = read_body(exchange.request.headers, exchange.request.body)
    answered = read_body(exchange.response.headers, exchange.response.body)
    assert answered.values, exchange.response.body
    return refused(exchange.response.status, answered.values[0], said, exchange.request.method)


def told(refusal: Refused) -> Known:
    """Whether each place is missing, of which types it is said to be, and of which choices."""
    known: Known = {}
    for said in refusal.places:
        missing, types, choices = known.get(said.place, (False, set(), set()))
        known[said.place] = (missing or said.missing, types | {said.type} - {""}, choices | {*said.choices})
    return known


def missing(refusal: Refused) -> set[str]:
    return {said.place for said in refusal.places if said.missing}


MISSING = (True, set[str](), set[str]())
UNSAID = (False, set[str](), set[str]())


def of(type_: str, *choices: str) -> tuple[bool, set[str], set[str]]:
    return False, {type_} - {""}, set(choices)


# FastAPI --------------------------------------------------------------------------------------------------------------


class Color(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


class Cat(BaseModel):
    kind: Literal["cat"]
    name: str
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    bark: bool


class Line(BaseModel):
    qty: int
    note: str = ""


class Item(BaseModel):
    name: str
    color: Color
    lines: list[Line] = []
    pet: Cat | Dog | None = None
    tagged: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    site: AnyUrl | None = None
    at: datetime.datetime | None = None
    day: datetime.date | None = None
    time: datetime.time | None = None
    id: uuid.UUID | None = None
    either: int | str = 1
    ratio: float = 1
    on: bool = True
    counts: dict[str, int] = {}
    size: Literal[1, 2] = 1


def fastapi_app() -> FastAPI:
    app = FastAPI()

    @app.post("/items/{item_id}")
    def item(
        item_id: int,
        item: Item,
        x_token: Annotated[str, Header()],
        ads_id: Annotated[int, Cookie()],
        limit: int = 10,
        ids: Annotated[list[int], Query()] = [],  # noqa: B006
        sort: Literal["name", "-name"] | None = None,
    ) -> None: ...

    @app.post("/form")
    def form(user: Annotated[str, Form()], file: UploadFile, age: Annotated[int, Form()] = 1) -> None: ...

    @app.post("/two")
    def two(one: Line, other: Line, flag: Annotated[bool, InBody()]) -> None: ...

    @app.post("/many")
    def many(lines: list[Line]) -> None: ...

    @app.post("/either")
    def either(pet: Cat | Dog) -> None: ...

    return app


def post(path: str, cookies: dict[str, str] | None = None, **rest: Any) -> Exchange:
    with Mirror(attach=True) as mirror:
        client = TestClient(fastapi_app(), cookies=cookies)
        client.post(path, **rest)
        return mirror.exchanges[-1]


WRONG = {
    "name": 3,
    "color": "green",
    "lines": [{}, {"qty": "z"}, 3],
    "pet": {"kind": "cat"},
    "tagged": {"kind": "dog"},
    "site": "x",
    "at": "x",
    "day": "x",
    "time": "x",
    "id": "x",
    "either": [],
    "ratio": "z",
    "on": "z",
    "counts": {"a": "z"},
    "size": 7,
}


def test_fastapi_without_anything() -> None:
    refusal = refusal_of(post("/items/x"))
    assert told(refusal) == {
        "path item_id": of("integer"),
        "header x-token": MISSING,
        "cookie ads_id": MISSING,
        "body": MISSING,
    }
    assert refusal.exhaustive


def test_fastapi_with_all_wrong() -> None:
    exchange = post("/items/1?limit=z&ids=1&ids=y&sort=up", {"ads_id": "z"}, json=WRONG, headers={"X-Token": "t"})
    assert told(refusal_of(exchange)) == {
        "query limit": of("integer"),
        "query ids/*": of("integer"),
        "query sort": of("string", "name", "-name"),
        "cookie ads_id": of("integer"),
        "body name": of("string"),
        "body color": of("string", "red", "blue"),
        "body lines/*/qty": (True, {"integer"}, set()),
        "body lines/*": of("object"),
        "body pet/name": MISSING,
        "body pet/lives": MISSING,
        "body pet/bark": MISSING,
        "body pet/kind": of("string"),
        "body tagged/bark": MISSING,
        "body site": of("uri"),
        "body at": of("date-time"),
        "body day": of("date"),
        "body time": of("time"),
        "body id": of("uuid"),
        "body either": UNSAID,
        "body ratio": of("number"),
        "body on": of("boolean"),
        "body counts/a": of("integer"),
        "body size": of("integer", "1", "2"),
    }


def test_fastapi_with_other_bodies() -> None:
    tagged = post("/items/1", json={"name": "x", "tagged": {"kind": "cow"}})
    assert told(refusal_of(tagged))["body tagged/kind"] == of("string", "cat", "dog")
    untagged = post("/items/1", json={"name": "x", "tagged": {}})
    assert told(refusal_of(untagged))["body tagged/kind"][0]
    text = refusal_of(post("/items/1", json="text"))
    assert told(text)["body"] == of("object")
    broken = refusal_of(post("/items/1?limit=1", content=b"{", headers={"content-type": "application/json"}))
    assert (broken.places, broken.exhaustive) == ([], False)
    assert told(refusal_of(post("/form", data={"age": "z"}))) == {
        "body user": MISSING,
        "body file": MISSING,
        "body age": of("integer"),
    }
    assert missing(refusal_of(post("/form"))) == {"body user", "body file"}
    assert missing(refusal_of(post("/two", json={"one": {}}))) == {"body one/qty", "body other", "body flag"}
    assert missing(refusal_of(post("/two"))) == {"body one", "body other", "body flag"}
    assert missing(refusal_of(post("/many", json=[{"qty": 1}, {}]))) == {"body */qty"}
    assert missing(refusal_of(post("/either", json={"kind": "dog"}))) == {"body name", "body lives", "body bark"}


def test_what_a_refusal_does_not_list_may_be_left_out() -> None:
    exchange = post("/items/1?limit=1", json={"color": "red", "lines": [{}, {"qty": 1}], "pet": {"kind": "x"}})
    refusal = refusal_of(exchange)
    body = read_body(exchange.request.headers, exchange.request.body)
    assert omissions(refusal, ["limit"], body) == [
        Omission("query", ("limit",), ()),
        Omission("body", ("color", "lines", "pet"), ("name",)),
        Omission("body lines/*", (), ("qty",)),
        Omission("body lines/*", ("qty",), ()),
        Omission("body pet", ("kind",), ("bark", "lives", "name")),
    ]


# Flask ----------------------------------------------------------------------------------------------------------------


class LineSchema(Schema):
    qty = fields.Int(required=True)


class ItemSchema(Schema):
    name = fields.Str(required=True)
    color = fields.Str(validate=validate.OneOf(["red", "blue"]))
    lines = fields.List(fields.Nested(LineSchema))
    one = fields.Nested(LineSchema)
    site = fields.URL()
    email = fields.Email()
    at = fields.DateTime()
    day = fields.Date()
    time = fields.Time()
    id = fields.UUID()
    ratio = fields.Float()
    on = fields.Bool()
    counts = fields.Dict(keys=fields.Str(), values=fields.Int())
    short = fields.Str(validate=validate.Length(max=3))
    filled = fields.Str()


class PageSchema(Schema):
    limit = fields.Int(required=True)
    sort = fields.Str(validate=validate.OneOf(["a", "b"]))


WRONG_ITEM = {
    "color": "green",
    "lines": [{}, {"qty": "z"}, 3],
    "one": "x",
    "site": "x",
    "email": "x",
    "at": "x",
    "day": "x",
    "time": "x",
    "id": "x",
    "ratio": "z",
    "on": "z",
    "counts": {"a": "z"},
    "short": "long",
    "filled": None,
    "stranger": 1,
}
OF_ITEM: Known = {
    "body name": MISSING,
    "body color": of("", "red", "blue"),
    "body lines/*/qty": (True, {"integer"}, set()),
    "body lines/*": of("object"),
    "body one": of("object"),
    "body site": of("uri"),
    "body email": of("email"),
    "body at": of("date-time"),
    "body day": of("date"),
    "body time": of("time"),
    "body id": of("uuid"),
    "body ratio": of("number"),
    "body on": of("boolean"),
    "body counts/a": of("integer"),
    "body short": UNSAID,
    "body filled": UNSAID,
}


def smorest() -> Flask:
    app = Flask("smorest")
    app.config.update(API_TITLE="x", API_VERSION="1", OPENAPI_VERSION="3.0.3")
    blueprint = Blueprint("items", "items")

    @blueprint.route("/items", methods=["POST"])
    @blueprint.arguments(ItemSchema)
    @blueprint.arguments(PageSchema, location="query")
    def items(item: Any, page: Any) -> str:
        return ""

    Smorest(app).register_blueprint(blueprint)
    return app


def apiflask() -> Flask:
    app: Flask = APIFlask("apiflask")

    @app.post("/items")
    @app.input(PageSchema, location="query")  # type: ignore[attr-defined]
    @app.input(ItemSchema)  # type: ignore[attr-defined]
    def items(**rest: Any) -> str:
        return ""

    return app


def webargs() -> Flask:
    app = Flask("webargs")

    @app.post("/items")
    @use_args(PageSchema, location="query")
    @use_args(ItemSchema)
    def items(*rest: Any) -> str:
        return ""

    @app.errorhandler(422)
    def refuse(error: Any) -> Any:
        return jsonify({"errors": error.data["messages"]}), 422

    return app


def marshmallow(wrap: Callable[[Any], Any]) -> Callable[[], Flask]:
    def made() -> Flask:
        app = Flask("marshmallow")

        @app.post("/items")
        def items() -> Any:
            try:
                PageSchema().load(request.args) if "page" in request.args else ItemSchema().load(request.get_json())
            except ValidationError as error:
                return jsonify(wrap(error.messages)), 400
            return ""

        return app

    return made


def ask(app: Flask, method: str, target: str, **rest: Any) -> Exchange:
    with Mirror(attach=True) as mirror:
        app.test_client().open(target, method=method, **rest)
        return mirror.exchanges[-1]


@pytest.mark.parametrize(
    "make",
    [
        smorest,
        apiflask,
        webargs,
        marshmallow(lambda messages: messages),
        marshmallow(lambda messages: {"errors": messages, "message": "Validation failed", "code": 400}),
        marshmallow(lambda messages: {"error": {"details": messages, "message": "Bad request"}}),
        marshmallow(lambda messages: {"success": False, "message": messages}),
    ],
)
def test_marshmallow_however_it_is_told(make: Callable[[], Flask]) -> None:
    exchange = ask(make(), "POST", "/items?limit=1", json=WRONG_ITEM)
    refusal = refusal_of(exchange)
    assert told(refusal) == OF_ITEM
    assert refusal.checked == {"body"}
    body = read_body(exchange.request.headers, exchange.request.body)
    assert Omission("body", tuple(sorted(WRONG_ITEM)), ("name",), ("color",)) in omissions(refusal, ["limit"], body)
    assert {each.place for each in omissions(refusal, [], body)} == {"body", "body lines/*", "body counts"}


@pytest.mark.parametrize("make", [smorest, apiflask, webargs])
def test_marshmallow_of_a_query(make: Callable[[], Flask]) -> None:
    exchange = ask(make(), "POST", "/items?sort=z", json={"name": "x"})
    refusal = refusal_of(exchange)
    assert told(refusal) == {"query limit": MISSING, "query sort": of("", "a", "b")}
    body = read_body(exchange.request.headers, exchange.request.body)
    assert omissions(refusal, ["sort"], body) == [Omission("query", ("sort",), ("limit",))]


def test_a_name_without_a_location_is_in_the_query_where_there_is_no_body() -> None:
    app = Flask("bare")

    @app.get("/items")
    def items() -> Any:
        return jsonify(PageSchema().validate(request.args)), 400

    assert told(refusal_of(ask(app, "GET", "/items?sort=z"))) == {
        "query limit": MISSING,
        "query sort": of("", "a", "b"),
    }


def test_flask_pydantic() -> None:
    class Page(BaseModel):
        limit: int

    class Order(BaseModel):
        name: str
        lines: list[Line] = []

    def items(number: Any, query: Any, body: Any) -> str:
        return ""

    items.__annotations__ = {"number": int, "query": Page, "body": Order}  # it reads no strings
    app = Flask("pydantic")
    app.post("/items/<number>")(validates()(items))

    refusal = refusal_of(ask(app, "POST", "/items/x?limit=z", json={"lines": [{}]}))
    assert told(refusal) == {
        "path number": of("integer"),
        "query limit": of("integer"),
        "body name": MISSING,
        "body lines/*/qty": MISSING,
    }
    assert refusal.checked == {"path", "query", "body"}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda error: error.errors(include_url=False, include_context=False),
        lambda error: {"errors": json.loads(error.json())},
        lambda error: {"error": error.json()},
        lambda error: {"error": str(error)},
        lambda error: {
            "errors": [{"field": ".".join(map(str, each["loc"])), "message": each["msg"]} for each in error.errors()]
        },
    ],
)
def test_pydantic_however_it_is_told(wrap: Callable[[Any], Any]) -> None:
    app = Flask("by hand")

    @app.post("/items")
    def items() -> Any:
        from pydantic import ValidationError

        try:
            Item.model_validate(request.get_json())
        except ValidationError as error:
            return jsonify(wrap(error)), 400
        return ""

    exchange = ask(app, "POST", "/items", json={"color": "z", "lines": [{}], "on": "z", "day": "z", "pet": {}})
    refusal = refusal_of(exchange)
    known = told(refusal)
    assert missing(refusal) >= {"body name", "body lines/*/qty"}
    assert known["body color"] == of("string", "red", "blue")
    assert known["body on"] == of("boolean")
    assert known["body day"] == of("date")
    assert refusal.checked == {"body"}


def test_restx() -> None:
    app = Flask("restx")
    api = Api(app)
    line = api.model("Line", {"qty": restx.Integer(required=True)})
    item = api.model(
        "Item",
        {
            "name": restx.String(required=True),
            "color": restx.String(enum=["red", "blue"]),
            "lines": restx.List(restx.Nested(line)),
        },
    )
    page = reqparse.RequestParser(bundle_errors=True)
    page.add_argument("limit", type=int, required=True, location="args", help="How many")
    page.add_argument("X-Token", required=True, location="headers")
    page.add_argument("size", type=int, location="args")

    @api.route("/items")
    class Items(Resource):  # type: ignore[misc, unused-ignore]
        @api.expect(item, validate=True)  # type: ignore[untyped-decorator, unused-ignore]
        def post(self) -> None: ...

        def get(self) -> None:
            page.parse_args()

    exchange = ask(app, "POST", "/items", json={"color": "z", "lines": [{}, {"qty": "x"}]})
    refusal = refusal_of(exchange)
    assert told(refusal) == {
        "body name": MISSING,
        "body color": of("string", "red", "blue"),
        "body lines/*/qty": (True, {"integer"}, set()),
    }
    assert refusal.exhaustive
    assert told(refusal_of(ask(app, "POST", "/items", json=[]))) == {"body": of("object")}
    refusal = refusal_of(ask(app, "GET", "/items?size=z"))
    assert told(refusal) == {"query limit": MISSING, "header x-token": MISSING, "query size": of("integer")}
    assert not refusal.exhaustive


# Django REST framework ------------------------------------------------------------------------------------------------

REST = """
import json, sys
from django.conf import settings
settings.configure(ROOT_URLCONF="rest", SECRET_KEY="x", USE_TZ=True, ALLOWED_HOSTS=["*"], REST_FRAMEWORK={
    "DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None})
import django
django.setup()
from rest_framework import serializers as s

class Line(s.Serializer):
    qty = s.IntegerField()

class Item(s.Serializer):
    name = s.CharField()
    color = s.ChoiceField(["red", "blue"])
    lines = Line(many=True)
    one = Line()
    email = s.EmailField()
    at = s.DateTimeField()
    day = s.DateField()
    id = s.UUIDField()
    on = s.BooleanField()
    ratio = s.FloatField()
    tags = s.ListField(child=s.IntegerField())
    counts = s.DictField(child=s.IntegerField())
    filled = s.CharField()
    least = s.IntegerField(min_value=3)
    note = s.CharField(required=False)

answers = []
for value, many in json.load(sys.stdin):
    serializer = Item(data=value, many=many)
    assert not serializer.is_valid()
    answers.append(serializer.errors)
json.dump(answers, sys.stdout)
"""
WRONG_REST = {
    "color": "green",
    "lines": [{}, {"qty": "z"}, 3],
    "one": "x",
    "email": "x",
    "at": "x",
    "day": "x",
    "id": "x",
    "on": "z",
    "ratio": "z",
    "tags": ["z"],
    "counts": {"a": "z"},
    "filled": "",
    "least": 1,
}
OF_REST: Known = {
    "name": MISSING,
    "color": UNSAID,
    "lines/*/qty": (True, {"integer"}, set()),
    "lines/*": of("object"),
    "one": of("object"),
    "email": of("email"),
    "at": of("date-time"),
    "day": of("date"),
    "id": of("uuid"),
    "on": of("boolean"),
    "ratio": of("number"),
    "tags/*": of("integer"),
    "counts/a": of("integer"),
    "filled": UNSAID,
    "least": UNSAID,
}


def test_rest_framework(tmp_path: Path) -> None:
    values = [[WRONG_REST, False], [[WRONG_REST, WRONG_REST], True], [[1], False], [WRONG_REST | {"tags": "x"}, False]]
    done = subprocess.run(
        [sys.executable, "-c", REST], input=json.dumps(values), capture_output=True, text=True, check=True
    )
    one, many, wrong, listed = json.loads(done.stdout)

    def refusal(answer: Any, sent: Any) -> Refused:
        headers = make_headers(("Content-Type", "application/json"))
        return refused(400, answer, read_body(headers, json.dumps(sent).encode()), "POST")

    assert told(refusal(one, WRONG_REST)) == {f"body {name}": known for name, known in OF_REST.items()}
    assert told(refusal(many, [WRONG_REST] * 2)) == {f"body */{name}": known for name, known in OF_REST.items()}
    assert told(refusal(wrong, [1])) == {"body": of("object")}
    assert told(refusal(listed, values[3][0]))["body tags"] == of("array")
    assert refusal(one, WRONG_REST).exhaustive


# jsonschema -----------------------------------------------------------------------------------------------------------

SCHEMA = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {},
        "size": {"type": ["integer", "null"]},
        "color": {"enum": ["red", "blue", None]},
        "day": {"format": "date"},
        "lines": {"items": {"type": "object", "required": ["qty"]}},
    },
}
WRONG_JSON = {"size": "x", "color": "z", "day": "x", "lines": [{}, 1], "stranger": 1}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda error: {"message": error.message, "path": list(error.absolute_path)},
        lambda error: {"error": {"message": error.message, "json_path": 0, "path": error.json_path}},
        lambda error: {"detail": error.message, "pointer": "#/" + "/".join(map(str, error.absolute_path))},
        lambda error: {"error": str(error)},
    ],
)
def test_jsonschema_however_it_is_told(wrap: Callable[[Any], Any]) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    body = read_body(make_headers(("Content-Type", "application/json")), json.dumps(WRONG_JSON).encode())
    known: Known = {}
    for error in validator.iter_errors(WRONG_JSON):
        refusal = refused(400, wrap(error), body)
        assert not refusal.exhaustive
        for place, (is_missing, types, choices) in told(refusal).items():
            before = known.get(place, UNSAID)
            known[place] = (before[0] or is_missing, before[1] | types, before[2] | choices)
    assert known == {
        "body name": MISSING,
        "body size": of("integer"),
        "body color": of("string", "red", "blue"),
        "body day": of("date"),
        "body lines/*/qty": MISSING,
        "body lines/*": of("object"),
    }


def test_saids_are_values() -> None:
    assert Said("query a") == Said("query a", missing=False, kind="", type="", choices=())
