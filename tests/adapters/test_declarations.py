"""What models declare, held against the documents that FastAPI, flask-smorest and APIFlask make of the same models."""

# Annotations are not postponed: FastAPI reads those of the views below.

import copy
import dataclasses
import datetime
import decimal
import enum
import ipaddress
import uuid
import weakref
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NotRequired

import apiflask
import fastapi
import flask
import flask_smorest
import marshmallow as ma
import pydantic
import pytest
from flask.views import MethodView
from typing_extensions import TypedDict

from mirror.adapters.known import flask_routes, starlette_routes
from mirror.exchange import Declaration, KnownRoute

Json = dict[str, Any]
Said = dict[str, tuple[set[str], str, set[str], str]]


def flat(document: Json, method: str, path: str) -> Said:
    """What a framework's own document says of an operation, in the words of declarations."""
    operation = document["paths"][path][method]
    found: Said = {}
    for each in operation.get("parameters", ()):
        each = resolved(document, each)
        place = f"{each['in']} {each['name']}"
        found |= dict(places(document, each["schema"], place, "required" if each.get("required") else "optional"))
    body = operation.get("requestBody", {})
    for content in body.get("content", {}).values():
        needed = "required" if body.get("required") else "optional"
        found |= dict(places(document, content["schema"], "request", needed))
    for status, response in operation["responses"].items():
        for content in resolved(document, response).get("content", {}).values():
            if status.isdecimal() and status != "422":
                found |= dict(places(document, content["schema"], status, ""))
    return found


def resolved(document: Json, value: Json) -> Json:
    while "$ref" in value:
        found: Any = document
        for step in value["$ref"][2:].split("/"):
            found = found[step]
        value = found
    return value


def places(document: Json, schema: Json, place: str, presence: str) -> Iterator[tuple[str, Any]]:
    schema = resolved(document, schema)
    choices = [resolved(document, each) for each in schema.get("anyOf", schema.get("allOf", [schema]))]
    kinds: set[str] = {"null"} if schema.get("nullable") else set()
    forms, words, below, wide = set(), set(), [], False
    for each in choices:
        types = each.get("type", [])
        for kind in [types] if isinstance(types, str) else types:
            kinds.add("map" if kind == "object" and isinstance(each.get("additionalProperties"), dict) else kind)
        forms.add(each.get("format", "binary" if "contentMediaType" in each else ""))
        chosen = each.get("enum", [each["const"]] if "const" in each else [])
        words |= {str(word) for word in chosen if word is not None}
        wide |= "integer" in each.get("type", []) and not chosen
        required = each.get("required", ())
        for name, member in each.get("properties", {}).items():
            below.append((name, member, "required" if name in required else "optional"))
        if isinstance(each.get("additionalProperties"), dict):
            below.append(("*", each["additionalProperties"], ""))
        below += [(str(at), member, "") for at, member in enumerate(each.get("prefixItems", ()))]
        if isinstance(each.get("items"), dict):
            below.append(("*", each["items"], ""))
    # Beside any integer there is none to choose.
    yield place, (kinds, max(forms), set() if wide and "string" not in kinds else words, presence)
    for name, member, needed in below:
        separator = "/" if " " in place else " "
        yield from places(document, member, f"{place}{separator}{name}", needed)


def said(routes: list[KnownRoute], method: str) -> Said:
    (route,) = [route for route in routes if route.method == method]
    return {
        f"{each.part} {each.pointer}".strip(): (set(each.kinds), each.format, set(each.choices), each.presence)
        for each in route.declared
        if each.part != "security"  # tests/openapi/test_declared_security.py
    }


# FastAPI --------------------------------------------------------------------------------------------------------------


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.StrEnum):
    LOW = "low"
    HIGH = "high"


class Rank(enum.IntEnum):
    FIRST = 1
    LAST = 9


@dataclasses.dataclass
class Size:
    width: int
    unit: str = "cm"


class Extra(TypedDict):
    one: int
    two: NotRequired[str]


class Inner(pydantic.BaseModel):
    name: Annotated[str, pydantic.Field(min_length=1)]
    ratio: float | None = None


class Everything(pydantic.BaseModel):
    a: int
    b: float = 1.5
    c: str | None = None
    d: bool
    e: datetime.datetime
    f: datetime.date | None
    g: datetime.time
    h: datetime.timedelta
    i: uuid.UUID
    j: pydantic.HttpUrl
    k: ipaddress.IPv4Address
    ll: Colour
    m: Literal["x", "y"] = "x"
    n: list[Inner]
    o: dict[str, int]
    p: Inner | None = None
    q: tuple[int, ...]
    qq: tuple[int, str]
    r: Size
    s: Extra
    t: pydantic.Base64Bytes
    u: Annotated[int, pydantic.Field(gt=0, alias="You")]
    v: set[Level] = set()
    w: int | str
    x: pydantic.EmailStr
    y: pydantic.AwareDatetime
    z: pydantic.SecretStr
    za: Rank
    zb: Literal[1, 2] | None = None
    zc: Literal[-1] | Rank = -1
    zd: Rank | int = 4


class Tree(pydantic.BaseModel):
    children: "list[Tree]" = []


class Filters(pydantic.BaseModel):
    size: int = 10
    words: list[str] = []


def nested(deep: Annotated[bool, fastapi.Query()] = False) -> bool:
    return deep


@pytest.fixture(scope="module")
def site() -> fastapi.FastAPI:
    app = fastapi.FastAPI()

    @app.post("/all/{key}", status_code=201)
    def post(
        key: uuid.UUID,
        body: Everything,
        state: Annotated[Literal["open", "shut"], fastapi.Query()],
        x_trace: Annotated[uuid.UUID | None, fastapi.Header()] = None,
        seen: Annotated[int, fastapi.Cookie()] = 0,
        rank: Rank | None = None,
        deep: bool = fastapi.Depends(nested),
    ) -> Everything:
        return body

    @app.get("/all/{key}")
    def get(key: int, filters: Annotated[Filters, fastapi.Query()]) -> list[Inner]:
        return []

    @app.put("/all/{key}")
    def put(
        key: int, note: Annotated[str, fastapi.Form()], up: fastapi.UploadFile, n: int = fastapi.Form(1)
    ) -> None: ...

    return app


@pytest.mark.parametrize("method", ["post", "get", "put"])
def test_fastapi(method: str, site: fastapi.FastAPI) -> None:
    found = said(list(starlette_routes(site.router, "")), method.upper())
    expected = flat(site.openapi(), method, "/all/{key}")
    if method == "put":  # it answers nothing
        expected.pop("200")
        found.pop("200", None)
    assert found == expected


@pytest.mark.parametrize("dashed", [True, False])
def test_a_model_of_header_fields(dashed: bool) -> None:
    class Fields(pydantic.BaseModel):
        save_data: bool
        x_tags: list[str] = []

    app = fastapi.FastAPI()

    @app.get("/a")
    def view(fields: Annotated[Fields, fastapi.Header(convert_underscores=dashed)]) -> None: ...

    found = said(list(starlette_routes(app.router, "")), "GET")
    expected = flat(app.openapi(), "get", "/a")
    expected.pop("200")
    found.pop("200", None)
    assert found == expected


def test_a_tree_is_told_once() -> None:
    app = fastapi.FastAPI()
    app.get("/tree")(lambda: None)

    @app.post("/tree")
    def plant(tree: Tree) -> None: ...

    found = said(list(starlette_routes(app.router, "")), "POST")
    assert found == {
        "request": ({"object"}, "", set(), "required"),
        "request children": ({"array"}, "", set(), "optional"),
        "request children/*": ({"object"}, "", set(), ""),
    }


def test_what_is_not_known_says_nothing() -> None:
    class Anything(pydantic.BaseModel):
        a: Annotated[int, pydantic.BeforeValidator(int)]
        b: dict[str, Inner | dict[str, int]] = {}
        c: Inner | list[Inner] | None = None
        d: decimal.Decimal = decimal.Decimal(1)

    app = fastapi.FastAPI()

    @app.post("/a")
    def view(body: Anything) -> fastapi.Response: ...

    assert said(list(starlette_routes(app.router, "")), "POST") == {
        "request": ({"object"}, "", set(), "required"),
        "request a": (set(), "", set(), "required"),
        "request b": ({"map"}, "", set(), "optional"),
        "request b/*": (set(), "", set(), ""),
        "request c": (set(), "", set(), "optional"),
        "request d": ({"number", "string"}, "", set(), "optional"),
    }


def test_what_may_be_anything_is_so_in_models_alone() -> None:
    """A view's own annotation is the checker's, who reads its code as well."""

    class Open(pydantic.BaseModel):
        a: Any
        b: dict[str, Any] = {}
        c: list | None = None  # type: ignore[type-arg]

    app = fastapi.FastAPI()

    @app.post("/a")
    def view(body: Open) -> list[dict[str, Any]]: ...

    assert said(list(starlette_routes(app.router, "")), "POST") == {
        "request": ({"object"}, "", set(), "required"),
        "request a": ({"anything"}, "", set(), "required"),
        "request b": ({"map"}, "", set(), "optional"),
        "request b/*": ({"anything"}, "", set(), ""),
        "request c": ({"array", "null"}, "", set(), "optional"),
        "request c/*": ({"anything"}, "", set(), ""),
        "200": ({"array"}, "", set(), ""),
        "200 *": (set(), "", set(), ""),
    }


def test_a_model_that_raises_says_nothing() -> None:
    class Route:
        path = "/a"
        name = "a"
        methods = ("GET",)
        endpoint = staticmethod(lambda: None)

        @property
        def body_field(self) -> Any:
            class Broken:
                @property
                def annotation(self) -> Any:
                    raise RuntimeError("not now")

            class Field:
                field_info = Broken()

            return Field()

    class Router:
        routes = (Route(),)

    assert [route.declared for route in starlette_routes(Router(), "")] == [()]


# marshmallow ----------------------------------------------------------------------------------------------------------


class Part(ma.Schema):
    sku = ma.fields.String(required=True)
    count = ma.fields.Integer(allow_none=True)


class Order(ma.Schema):
    id = ma.fields.UUID(dump_only=True)
    secret = ma.fields.String(load_only=True)
    a = ma.fields.Integer(required=True)
    b = ma.fields.Float()
    c = ma.fields.Boolean(data_key="see")
    d = ma.fields.DateTime()
    e = ma.fields.Date(allow_none=True)
    f = ma.fields.Email()
    g = ma.fields.URL()
    h = ma.fields.String(validate=ma.validate.OneOf(["open", "shut"]))
    i = ma.fields.List(ma.fields.String())
    j = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    k = ma.fields.Nested(Part)
    ll = ma.fields.List(ma.fields.Nested(Part))
    m = ma.fields.Nested(Part, many=True)
    n = ma.fields.Time()
    o = ma.fields.Enum(Colour)
    p = ma.fields.Enum(Level, by_value=ma.fields.String)
    q = ma.fields.Integer(validate=ma.validate.OneOf([1, 2, 3]), allow_none=True)
    r = ma.fields.Enum(Rank, by_value=ma.fields.Integer)
    s = ma.fields.String(validate=ma.validate.OneOf([Level.LOW, Level.HIGH]))


class Query(ma.Schema):
    page = ma.fields.Integer(load_default=1)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["open", "shut"]))


def declared_by(site: flask.Flask) -> list[KnownRoute]:
    return list(flask_routes(site.url_map, "", weakref.ref(site)))


def sided(document: Json) -> Json:
    """Members that are read or written only are in both of apispec's sides."""
    schemas = document["components"]["schemas"]
    both = schemas["Order"]["properties"]
    sent = {name: each for name, each in both.items() if not each.get("readOnly")}
    given = {name: each for name, each in both.items() if not each.get("writeOnly")}
    schemas["Sent"] = {**schemas["Order"], "properties": sent}
    schemas["Order"] = {**schemas["Order"], "properties": given}
    return document


def sends(document: Json, path: str, method: str) -> Json:
    for content in document["paths"][path][method]["requestBody"]["content"].values():
        content["schema"] = {"$ref": "#/components/schemas/Sent"}
    return document


@pytest.mark.filterwarnings("ignore:Multiple schemas resolved")
def test_flask_smorest() -> None:
    site = flask.Flask("smorest")
    site.config |= {"API_TITLE": "t", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3"}
    blueprint = flask_smorest.Blueprint("orders", "orders", url_prefix="/orders")

    @blueprint.route("/")
    class Orders(MethodView):
        @blueprint.arguments(Query, location="query")
        @blueprint.response(200, Order(many=True))
        def get(self, query: Any) -> Any: ...

        @blueprint.arguments(Order)
        @blueprint.response(201, Order)
        def post(self, order: Any) -> Any: ...

        @blueprint.arguments(Order(partial=True, only=("a", "b")))
        @blueprint.response(200, Order(exclude=("ll", "m")))
        def patch(self, order: Any) -> Any: ...

    api = flask_smorest.Api(site)
    api.register_blueprint(blueprint)
    document = sends(sided(api.spec.to_dict()), "/orders/", "post")
    for method in ("get", "post"):
        assert said(declared_by(site), method.upper()) == flat(document, method, "/orders/")
    patched = said(declared_by(site), "PATCH")
    assert {place: each for place, each in patched.items() if place.startswith("request")} == {
        "request": ({"object"}, "", set(), "required"),
        "request a": ({"integer"}, "", set(), "optional"),
        "request b": ({"number"}, "", set(), "optional"),
    }
    assert "200 k" in patched
    assert "200 ll" not in patched


def test_apiflask() -> None:
    site = apiflask.APIFlask("apiflask")

    @site.post("/orders")
    @site.input(Query, location="query")
    @site.input(Order)
    @site.output(Order, status_code=201)
    def place(query_data: Any, json_data: Any) -> Any: ...

    document = sends(sided(site.spec), "/orders", "post")
    expected = {place: each for place, each in flat(document, "post", "/orders").items() if place[:3] != "422"}
    expected["request"] = (*expected["request"][:3], "")  # it does not say whether there has to be one
    assert said(declared_by(site), "POST") == expected


class Account(ma.Schema):
    name = ma.fields.String(required=True)
    ssn = ma.fields.String()
    password = ma.fields.String()
    role = ma.fields.String()

    class Meta:
        load_only = ("password",)
        dump_only = ("role",)


class Public(Account):
    class Meta:
        exclude = ("ssn", "password")


class Short(Account):
    class Meta:
        fields = ("name",)


class Team(ma.Schema):
    public = ma.fields.Nested(Public)
    short = ma.fields.Nested(Short)
    lead = ma.fields.Nested(Account, only=("name", "role"))
    second = ma.fields.Nested(Account(exclude=("ssn",)), exclude=("role",))
    several = ma.fields.List(ma.fields.Nested(Account, exclude=("ssn", "name")))
    many = ma.fields.Nested(Account, only=("name",), many=True)
    by_name = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(Account, exclude=("ssn",)))


class Firm(ma.Schema):
    one = ma.fields.Nested(Team, only=("lead.name", "several.role"))
    other = ma.fields.Nested(Team, exclude=("lead.role", "many.name", "by_name", "several.password"))

    class Meta:
        exclude = ("other.short",)


def without(document: Json, word: str) -> Json:
    document = copy.deepcopy(document)
    for schema in document["components"]["schemas"].values():
        schema["properties"] = {name: each for name, each in schema["properties"].items() if word not in each}
    return document


@pytest.mark.filterwarnings("ignore:Multiple schemas resolved")
@pytest.mark.parametrize("schema", [Public, Short, Team, Firm, Firm(only=("other.lead", "other.second.name"))])
def test_members_that_a_schema_leaves_out(schema: Any) -> None:
    site = flask.Flask("smorest")
    site.config |= {"API_TITLE": "t", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3"}
    blueprint = flask_smorest.Blueprint("firms", "firms")

    @blueprint.route("/a", methods=["POST"])
    @blueprint.arguments(schema)
    @blueprint.response(200, schema)
    def view(firm: Any) -> Any: ...

    api = flask_smorest.Api(site)
    api.register_blueprint(blueprint)
    sent = flat(without(api.spec.to_dict(), "readOnly"), "post", "/a")
    given = flat(without(api.spec.to_dict(), "writeOnly"), "post", "/a")
    expected = {place: each for place, each in given.items() if place.startswith("200")}
    expected |= {place: each for place, each in sent.items() if place.startswith("request")}
    assert said(declared_by(site), "POST") == expected


def test_declarations_are_values() -> None:
    assert Declaration("200") == Declaration("200", kinds=())
    assert len({Declaration("200"), Declaration("200")}) == 1


def test_names_of_parameters() -> None:
    app = fastapi.FastAPI()

    @app.get("/a")
    def view(
        a: Annotated[int, fastapi.Query(validation_alias="aA")],
        b: Annotated[int, fastapi.Query(alias="bA", validation_alias="bB")],
        c: Annotated[int, fastapi.Query(validation_alias=pydantic.AliasChoices("c1", "c2"))],
        x_d: Annotated[int, fastapi.Header(validation_alias="X-Other")],
        x_e: Annotated[int, fastapi.Header(alias="X_E")],
        f: Annotated[int, fastapi.Cookie(validation_alias="fF")],
        g: Annotated[int, fastapi.Query(serialization_alias="gG")],
        h: Annotated[int, fastapi.Query(validation_alias=pydantic.AliasPath("deep", 0))] = 0,
    ) -> fastapi.Response: ...

    found = said(list(starlette_routes(app.router, "")), "GET")
    assert found == {place: each for place, each in flat(app.openapi(), "get", "/a").items() if place != "200"}


class Card(pydantic.BaseModel):
    kind: Literal["card"]
    no: str


class Cash(pydantic.BaseModel):
    kind: Literal["cash", "coin"] = "cash"


def test_models_that_a_field_tells_apart() -> None:
    app = fastapi.FastAPI()

    @app.post("/a")
    def view(body: Annotated[Card | Cash | None, fastapi.Body(discriminator="kind")] = None) -> None: ...

    assert said(list(starlette_routes(app.router, "")), "POST") == {
        "request": ({"object", "null"}, "", set(), "optional"),
        "request =kind=card": ({"object"}, "", set(), ""),
        "request =kind=card/kind": ({"string"}, "", {"card"}, "required"),
        "request =kind=card/no": ({"string"}, "", set(), "required"),
        "request =kind=cash|coin": ({"object"}, "", set(), ""),
        "request =kind=cash|coin/kind": ({"string"}, "", {"cash", "coin"}, "optional"),
    }


def test_what_pydantic_makes_something_else_of_says_nothing() -> None:
    class Odd(pydantic.BaseModel):
        one: str = pydantic.Field(validation_alias=pydantic.AliasChoices("first", "second"))
        two: str = pydantic.Field("", validation_alias=pydantic.AliasPath("deep", 0))
        three: pydantic.Json[list[int]] = []
        four: Annotated[datetime.datetime, pydantic.PlainSerializer(lambda value: 1)]
        five: int
        six: int = 1

        @pydantic.field_serializer("five")
        def told(self, value: int) -> str:
            return "x"

        @pydantic.field_validator("six", mode="before")
        @classmethod
        def taken(cls, value: Any) -> Any:
            return value

    app = fastapi.FastAPI()

    @app.post("/a")
    def view(body: Odd) -> Odd:
        return body

    found = said(list(starlette_routes(app.router, "")), "POST")
    nothing = (set(), "", set())
    assert {place: each for place, each in found.items() if " " in place} == {
        "request first": ({"string"}, "", set(), "required"),
        "request three": (*nothing, "optional"),
        "request four": (*nothing, "required"),
        "request five": ({"integer"}, "", set(), "required"),
        "request six": (*nothing, "optional"),
        "200 one": ({"string"}, "", set(), "required"),
        "200 two": ({"string"}, "", set(), "optional"),
        "200 three": (*nothing, "optional"),
        "200 four": (*nothing, "required"),
        "200 five": (*nothing, "required"),
        "200 six": ({"integer"}, "", set(), "optional"),
    }


class Told(pydantic.BaseModel):
    one: int

    @pydantic.model_serializer
    def told(self) -> dict[str, Any]:
        return {"two": 2}


class Taken(pydantic.BaseModel):
    one: int

    @pydantic.model_validator(mode="before")
    @classmethod
    def taken(cls, value: Any) -> Any:
        return value


class Wrapped(pydantic.BaseModel):
    one: int

    @pydantic.model_validator(mode="wrap")
    @classmethod
    def wrapped(cls, value: Any, handler: Any) -> Any:
        return handler(value)


class Looked(pydantic.BaseModel):
    one: int

    @pydantic.model_validator(mode="after")
    def looked(self) -> Any:
        return self


class Numbers(pydantic.RootModel[list[int]]):
    @pydantic.model_validator(mode="before")
    @classmethod
    def taken(cls, value: Any) -> Any:
        return value


class Altered(pydantic.BaseModel):
    told: Told | None
    taken: list[Taken]
    wrapped: Wrapped | str
    looked: Looked
    numbers: Numbers


def test_of_models_that_are_something_else_their_names_alone_are_said() -> None:
    app = fastapi.FastAPI()

    @app.post("/a")
    def view(body: Altered) -> Altered:
        return body

    (route,) = [route for route in starlette_routes(app.router, "") if route.method == "POST"]
    found = said([route], "POST")
    nothing, thing = (set(), "", set(), "required"), ({"object"}, "", set(), "required")
    integer, integers = ({"integer"}, "", set(), "required"), ({"array"}, "", set(), "required")
    assert {place: each for place, each in found.items() if place.startswith("request ")} == {
        "request told": ({"object", "null"}, "", set(), "required"),
        "request told/one": integer,
        "request taken": integers,
        "request taken/*": (set(), "", set(), ""),
        "request wrapped": nothing,
        "request looked": thing,
        "request looked/one": integer,
        "request numbers": nothing,
    }
    assert {place: each for place, each in found.items() if place.startswith("200 ")} == {
        "200 told": nothing,
        "200 taken": integers,
        "200 taken/*": ({"object"}, "", set(), ""),
        "200 taken/*/one": integer,
        "200 wrapped": ({"object", "string"}, "", set(), "required"),
        "200 wrapped/one": integer,
        "200 looked": thing,
        "200 looked/one": integer,
        "200 numbers": integers,
        "200 numbers/*": ({"integer"}, "", set(), ""),
    }
    names = {f"{each.part} {each.pointer}": each.model for each in route.declared}
    assert (names["request taken/*"], names["request wrapped"], names["200 told"]) == ("Taken", "Wrapped", "Told")
    assert names["request numbers"] == ""


def test_a_response_without_aliases() -> None:
    class Inside(pydantic.BaseModel):
        b: Annotated[int, pydantic.Field(alias="bB")]

    class Outside(pydantic.BaseModel):
        a: Annotated[list[Inside], pydantic.Field(serialization_alias="aA")]
        c: Annotated[decimal.Decimal, pydantic.Field(exclude=True)]

        @pydantic.computed_field(alias="dD")
        def d(self) -> int:
            return 1

    app = fastapi.FastAPI()

    @app.post("/a", response_model_by_alias=False, responses={404: {"model": Inside}})
    def view(body: Inside) -> Outside: ...

    found = said(list(starlette_routes(app.router, "")), "POST")
    assert list(found) == ["request", "request bB", "200", "200 a", "200 a/*", "200 a/*/b", "200 d", "404", "404 bB"]


def test_statuses_that_are_no_status_say_nothing() -> None:
    app = fastapi.FastAPI()

    @app.get("/a", responses={each: {"model": Size} for each in ("4XX", "default", "404", 409)})
    def view() -> fastapi.Response: ...

    (route,) = [route for route in starlette_routes(app.router, "") if route.template == "/a"]
    assert {each.part for each in route.declared if each.part != "security"} == {"404", "409"}
