"""Parameters learned from real little applications, beside what those declare themselves."""

# Annotations are not postponed: FastAPI reads those of the views below, which know the variables of their tests.

import datetime
import enum
import uuid
from collections.abc import Callable
from typing import Annotated, Any, Literal

import flask
import pytest
from fastapi import Cookie, FastAPI, Header, HTTPException, Path, Query
from fastapi.testclient import TestClient
from learning import learned_from

from mirror.openapi.fieldnames import cased
from mirror.openapi.kin import kin_of
from mirror.openapi.parameters import parameters


def learned(app: Any, calls: Callable[[Any], None]) -> dict[str, list[dict[str, Any]]]:
    """The parameters of each operation that a test calls."""
    operations = learned_from(app, calls).operations()
    kin = kin_of(operations)
    return {key: parameters(operation, key, (), kin) for key, operation in operations.items()}


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


def shop() -> FastAPI:
    app = FastAPI()

    @app.get("/items/{item_id}")
    def item(item_id: int, verbose: bool = False) -> None:
        if item_id > 900:
            raise HTTPException(404)

    @app.get("/users/{user_id}/orders/{order_id}")
    def order(user_id: uuid.UUID, order_id: Annotated[str, Path()]) -> None: ...

    @app.get("/colours/{colour}")
    def colour(colour: Colour) -> None: ...

    @app.get("/files/{file_path:path}")
    def file(file_path: str) -> None: ...

    @app.get("/search")
    def search(
        q: str,
        category: Annotated[list[str] | None, Query()] = None,
        number: Annotated[list[int] | None, Query()] = None,
        limit: Annotated[int, Query(le=100)] = 10,
        min_price: float | None = None,
        since: datetime.date | None = None,
        at: datetime.datetime | None = None,
        sort: Literal["asc", "desc"] = "asc",
        in_stock: bool | None = None,
    ) -> None: ...

    @app.get("/secrets")
    def secrets(
        x_tenant: Annotated[str, Header()],
        x_trace: Annotated[int | None, Header()] = None,
        theme: Annotated[str, Cookie()] = "light",
    ) -> None: ...

    return app


def use(client: TestClient) -> None:
    for path in (
        "/items/1?verbose=true",
        "/items/2",
        "/items/abc",
        "/items/999",
        f"/users/{uuid.UUID(int=5)}/orders/o-1",
        f"/users/{uuid.UUID(int=6)}/orders/o-2",
        "/users/x/orders/o-2",
        "/colours/red",
        "/colours/green",
        "/files/a/b.txt",
        "/search",
        "/search?q=lamp",
        "/search?q=lamp&category=a&category=b",
        "/search?q=lamp&category=c&number=1&number=2",
        "/search?q=lamp&limit=5&min_price=10",
        "/search?q=lamp&limit=x",
        "/search?q=lamp&min_price=9.5&since=2024-05-01&at=2024-05-01T10:00:00Z&in_stock=true",
        "/search?q=lamp&sort=asc&in_stock=false",
        "/search?q=lamp&sort=up",
        "/secrets",
    ):
        client.get(path)
    client.get("/secrets", headers={"X-Tenant": "a", "X-Trace": "5", "Cookie": "theme=dark", "Accept": "text/html"})
    client.get("/secrets", headers={"X-Tenant": "a"})


def plain(declared: dict[str, Any]) -> dict[str, Any]:
    """A declared parameter as far as values can show it: no titles, bounds, defaults and nulls."""
    schema = declared["schema"]
    for choice in schema.get("anyOf", ()):
        if choice != {"type": "null"}:
            schema = choice
    kept = {name: schema[name] for name in ("type", "format", "enum") if name in schema}
    if "items" in schema:
        kept["items"] = {"type": schema["items"]["type"]}
    made = {"name": declared["name"], "in": declared["in"], "schema": kept}
    return made | ({"required": True} if declared["required"] else {})


def without_style(parameter: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameter.items() if name not in ("style", "explode")}


def test_all_that_fastapi_declares_is_learned() -> None:
    app = shop()
    document = app.openapi()
    colour = document["paths"]["/colours/{colour}"]["get"]["parameters"][0]
    colour["schema"] = document["components"]["schemas"]["Colour"]
    document["paths"]["/files/{file_path}"] = document["paths"].pop("/files/{file_path}", None) or document[
        "paths"
    ].pop("/files/{file_path:path}")
    for key, found in learned(app, use).items():
        declared = [plain(each) for each in document["paths"][key.removeprefix("GET ")]["get"]["parameters"]]
        for each in declared:
            if each["in"] == "header":
                each["name"] = cased(each["name"])
        by_name = {each["name"]: without_style(each) for each in found}
        assert by_name == {each["name"]: each for each in declared}, key


def test_the_order_is_path_query_header_cookie() -> None:
    found = learned(shop(), use)
    assert [each["name"] for each in found["GET /users/{user_id}/orders/{order_id}"]] == ["user_id", "order_id"]
    places = [each["in"] for each in found["GET /secrets"]]
    assert places == ["header", "header", "cookie"]
    names = [each["name"] for each in found["GET /search"]]
    assert names == sorted(names)


def test_an_array_has_a_style() -> None:
    found = {each["name"]: each for each in learned(shop(), use)["GET /search"]}
    assert found["number"] == {
        "name": "number",
        "in": "query",
        "style": "form",
        "explode": True,
        "schema": {"type": "array", "items": {"type": "integer"}},
    }


def flask_shop() -> flask.Flask:
    app = flask.Flask(__name__)

    @app.get("/items/<int:item_id>/<name>")
    def item(item_id: int, name: str) -> str:
        return ""

    @app.get("/<any(de, en):lang>/<uuid:page>/<float:zoom>/<path:rest>")
    def page(lang: str, page: uuid.UUID, zoom: float, rest: str) -> str:
        return ""

    @app.get("/search")
    def search() -> Any:
        if "q" not in flask.request.args:
            return {"message": "what?"}, 400
        return ""

    return app


def test_converters_of_flask() -> None:
    def calls(client: Any) -> None:
        client.get("/items/7/12")
        client.get(f"/de/{uuid.UUID(int=1)}/1.0/a/b")
        client.get("/search")
        client.get("/search?q=1")
        client.get("/search?q=1&page=2")

    found = learned(flask_shop(), calls)
    assert {each["name"]: each["schema"] for key in found for each in found[key] if each["in"] == "path"} == {
        "item_id": {"type": "integer"},
        "name": {"type": "string"},
        "lang": {"type": "string", "enum": ["de", "en"]},
        "page": {"type": "string", "format": "uuid"},
        "zoom": {"type": "number"},
        "rest": {"type": "string"},
    }
    assert found["GET /search"] == [
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}},
    ]


@pytest.mark.parametrize("always", [True, False])
def test_headers_that_only_a_person_sends(always: bool) -> None:
    app = FastAPI()

    @app.put("/items/{item_id}")
    def put(item_id: int) -> None: ...

    def calls(client: TestClient) -> None:
        client.put("/items/1", headers={"If-Match": '"a"', "Accept-Language": "de", "If-None-Match": "*", "Range": "b"})
        if not always:
            client.put("/items/1")

    names = [each["name"] for each in learned(app, calls)["PUT /items/{item_id}"]]
    assert names == (["item_id", "If-Match"] if always else ["item_id", "Accept-Language", "If-Match"])


def test_operations_tell_each_other() -> None:
    app = FastAPI()

    @app.get("/items/{item_id}")
    def get(item_id: str, x_token: Annotated[str, Header()]) -> None:
        if item_id == "none":
            raise HTTPException(404)

    @app.put("/items/{item_id}")
    def put(item_id: str, x_token: Annotated[str, Header()]) -> None: ...

    @app.get("/items/{item_id}/prices")
    def prices(item_id: str, currency: str) -> None: ...

    def calls(client: TestClient) -> None:
        client.get("/items/1", headers={"X-Token": "t"})
        client.get("/items/none", headers={"X-Token": "t"})
        client.get("/items/1")
        client.put("/items/1", headers={"X-Token": "t"})
        client.get("/items/1/prices?currency=EUR")

    found = learned(app, calls)
    token = {"name": "X-Token", "in": "header", "required": True, "schema": {"type": "string"}}
    item = {"name": "item_id", "in": "path", "required": True, "schema": {"type": "string"}}
    assert found == {
        "GET /items/{item_id}": [item, token],
        "PUT /items/{item_id}": [item, token],
        "GET /items/{item_id}/prices": [item, {"name": "currency", "in": "query", "schema": {"type": "string"}}],
    }


def test_conditions_and_ranges_that_somebody_looks_at() -> None:
    app = flask.Flask(__name__)

    @app.get("/report")
    def report() -> flask.Response:
        response = flask.Response("a report", headers={"ETag": '"a"'})
        return response.make_conditional(flask.request, accept_ranges=True, complete_length=8)

    def calls(client: Any) -> None:
        client.get("/report")
        client.get("/report", headers={"If-None-Match": '"a"', "If-Modified-Since": "x"})

    found = learned(app, calls)["GET /report"]
    assert [each["name"] for each in found] == ["If-Modified-Since", "If-None-Match"]
