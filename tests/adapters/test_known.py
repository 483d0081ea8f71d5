"""All routes of an application, called or not: what sinks are told of them, in every way of nesting routes."""

# Annotations are not postponed: FastAPI reads those of the views below, which know the classes of their tests.

import dataclasses
import gc
import weakref
from typing import Annotated, Any, Generic, TypeVar

import apiflask
import fastapi
import flask
import flask_smorest
import marshmallow
import pytest
from flask.views import MethodView
from pydantic import BaseModel, Field, RootModel
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Mount, Route, Router, WebSocketRoute
from starlette.testclient import TestClient
from told import Told
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import Rule
from werkzeug.test import Client

from mirror import Mirror


def told_by(site: Any, path: str, **settings: Any) -> Told:
    told = Told()
    with Mirror(sinks=[told], **settings) as mirror:
        if isinstance(site, flask.Flask):
            site.test_client().get(path)
        else:
            TestClient(site).get(path)
    assert mirror.counts.failed == 0
    assert not mirror.counts.remarks
    return told


# Flask ----------------------------------------------------------------------------------------------------------------


def shop() -> flask.Flask:
    app = flask.Flask("shop", static_folder="static")

    @app.route("/orders/<int:number>", methods=["GET", "POST", "OPTIONS"])
    def order(number: int) -> str:
        """One order."""
        return str(number)

    class Carts(MethodView):
        """Carts."""

        def get(self, cart: str) -> str:
            """One cart."""
            return cart

        def delete(self, cart: str) -> str:
            return cart

    app.add_url_rule("/carts/<uuid:cart>", view_func=Carts.as_view("carts"))
    app.url_map.add(Rule("/old", endpoint="old", redirect_to="/orders/1"))
    app.url_map.add(Rule("/built", endpoint="built", build_only=True))
    admin = flask.Blueprint("admin", __name__, url_prefix="/admin", static_folder="static")
    users = flask.Blueprint("users", __name__)
    users.add_url_rule("/<any(a, b):name>", "user", lambda name: name)
    admin.register_blueprint(users, url_prefix="/users")
    app.register_blueprint(admin)
    return app


SHOP = [
    "GET /admin/users/<any(a, b):name> admin.users.user",
    "DELETE /carts/<uuid:cart> carts",
    "GET /carts/<uuid:cart> carts",
    "GET /orders/<int:number> order",
    "POST /orders/<int:number> order",
]


def test_flask() -> None:
    told = told_by(shop(), "/orders/7")
    assert told.lines == SHOP
    (routes,) = told.applications
    assert [route.doc for route in routes] == ["", "Carts.", "One cart.", "One order.", "One order."]


def test_a_call_without_a_route_tells_nothing() -> None:
    assert told_by(shop(), "/nowhere").lines == []


def test_flask_below_others() -> None:
    told = Told()
    with Mirror(sinks=[told]):
        site = shop()
        Client(DispatcherMiddleware(flask.Flask("root"), {"/shop": ProxyFix(site.wsgi_app)})).get("/shop/orders/7")
        assert told.lines == [line.replace(" /", " /shop/") for line in SHOP]
        assert "One order." in {route.doc for route in told.applications[0]}
        site.test_client().get("/orders/7")
        assert told.lines[5:] == SHOP


def test_applications_alike_are_told_once_and_rules_added_later_at_the_end() -> None:
    told = Told()
    with Mirror(sinks=[told]):
        shop().test_client().get("/orders/7")
        site = shop()
        site.test_client().get("/orders/7")
        assert len(told.applications) == 1
        site.url_map.add(site.url_rule_class("/late", endpoint="late", methods=["GET"]))
    assert "GET /late late" in told.lines
    assert len(told.applications) == 2


def test_nothing_is_held_and_nothing_changed() -> None:
    told = Told()
    with Mirror(sinks=[told]):
        site = shop()
        before = {name: repr(value) for name, value in vars(site).items() if name != "_got_first_request"}
        site.test_client().get("/orders/7")
        assert {name: repr(vars(site)[name]) for name in before} == before
        gone = weakref.ref(site)
        del site
        gc.collect()
        assert gone() is None


def test_what_is_excluded_is_not_told() -> None:
    assert told_by(shop(), "/orders/7", include=("/orders/*", "/carts/*"), exclude=("/carts/*",)).lines == SHOP[3:]


def test_what_cannot_be_read_is_a_remark(monkeypatch: pytest.MonkeyPatch) -> None:
    site, told = shop(), Told()
    monkeypatch.setattr(site.url_map, "iter_rules", lambda: 1 / 0)
    with Mirror(sinks=[told]) as mirror:
        assert site.test_client().get("/orders/7").text == "7"
        assert mirror.counts.published == 1
        (remark,) = mirror.counts.remarks
    assert remark == "the routes of an application could not be read: ZeroDivisionError: division by zero"


def test_a_sink_that_raises_costs_no_exchange() -> None:
    told = Told()
    told.know = lambda routes: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    with Mirror(sinks=[told]) as mirror:
        shop().test_client().get("/orders/7")
        assert mirror.counts.published == 1
        assert mirror.counts.remarks == {"ZeroDivisionError: division by zero": 1}


# Starlette ------------------------------------------------------------------------------------------------------------


async def answer(request: Any) -> PlainTextResponse:
    """What everybody is told."""
    return PlainTextResponse("ok")


async def listen(socket: Any) -> None: ...


class Things(HTTPEndpoint):
    async def get(self, request: Any) -> PlainTextResponse:
        """All things."""
        return PlainTextResponse("things")

    async def post(self, request: Any) -> PlainTextResponse:
        return PlainTextResponse("thing")


def site_of_starlette() -> Starlette:
    inner = Starlette(routes=[Route("/deep/{name:path}", answer)])
    return Starlette(
        routes=[
            Route("/", answer, name="home"),
            Route("/things", Things),
            Route("/hidden", answer, include_in_schema=False),
            Mount("/{tenant}/v1", routes=[Route("/orders/{id:int}", answer, methods=["DELETE"])]),
            Mount("/sub", app=CORSMiddleware(inner, allow_origins=["*"])),
            Mount("/a", routes=[Mount("/b", app=Router([Route("/c", answer)]))]),
            Mount("/raw", app=PlainTextResponse("raw")),
            Host("api.example.test", Router([Route("/who", answer)])),
            WebSocketRoute("/ws", listen),
        ]
    )


STARLETTE = [
    "GET / home",
    "GET /a/b/c answer",
    "GET /sub/deep/{name:path} answer",
    "GET /things Things",
    "POST /things Things",
    "GET /who answer",
    "DELETE /{tenant}/v1/orders/{id:int} answer",
]


@pytest.mark.parametrize("path", ["/", "/a/b/c", "/sub/deep/x", "/nowhere"])
def test_starlette(path: str) -> None:
    told = told_by(site_of_starlette(), path)
    assert told.lines == STARLETTE
    assert told.hidden == ["GET /hidden"]
    docs = {f"{route.method} {route.template}": route.doc for route in told.applications[0]}
    assert docs["GET /things"] == "All things."
    assert docs["GET /"] == "What everybody is told."


@pytest.mark.parametrize(("root_path", "path", "prefix"), [("/api", "/api/", "/api"), ("/api", "/", "")])
def test_a_root_path(root_path: str, path: str, prefix: str) -> None:
    """It is part of the templates where the path repeats it, as in the exchanges."""
    told = Told()
    with Mirror(sinks=[told]) as mirror:
        TestClient(site_of_starlette(), root_path=root_path).get(path)
        route = mirror.exchanges[-1].route
    assert route is not None
    assert f"GET {route.template} home" in told.lines
    assert sorted(told.lines) == sorted(line.replace(" /", f" {prefix}/", 1) for line in STARLETTE)


def test_middleware_around_the_application() -> None:
    assert told_by(CORSMiddleware(site_of_starlette(), allow_origins=["*"]), "/").lines == STARLETTE


# FastAPI and models ---------------------------------------------------------------------------------------------------


class Line(BaseModel):
    sku: str


class Node(BaseModel):
    children: "list[Node]" = []


class Lines(RootModel[list[Line]]): ...


@dataclasses.dataclass
class Address:
    street: str


class OrderIn(BaseModel):
    lines: list[Line]
    ship_to: Annotated[Address | None, Field(alias="shipTo")] = None
    extra: dict[str, Line] = {}
    either: Line | Node | None = None


Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    items: list[Item]


class Problem(BaseModel):
    text: str


def site_of_fastapi() -> fastapi.FastAPI:
    app = fastapi.FastAPI()
    orders = fastapi.APIRouter(prefix="/orders")
    outer = fastapi.APIRouter(prefix="/shops/{shop}")

    @orders.post("", status_code=201, responses={404: {"model": Problem}, "default": {"description": "?"}})
    def place(shop: str, order: OrderIn) -> Page[Line]:
        """Place an order."""
        return Page(items=[])

    @orders.get("/{number:int}", response_model=Lines)
    def lines(shop: str, number: int) -> Any:
        return []

    @orders.get("/hidden", include_in_schema=False)
    def hidden() -> None: ...

    outer.include_router(orders)
    app.include_router(outer, prefix="/v1")
    hidden_router = fastapi.APIRouter()
    hidden_router.get("/secret")(lambda: None)
    app.include_router(hidden_router, include_in_schema=False)

    @app.put("/tree")
    def tree(one: Annotated[Node, fastapi.Body()], two: Annotated[Line, fastapi.Body()]) -> list[Node]:
        return []

    return app


FASTAPI = [
    "PUT /tree tree",
    "POST /v1/shops/{shop}/orders place",
    "GET /v1/shops/{shop}/orders/{number:int} lines",
]


def test_fastapi() -> None:
    told = told_by(site_of_fastapi(), "/nowhere")
    assert told.lines == FASTAPI
    assert "GET /secret" in told.hidden
    assert any(each.endswith("/hidden") for each in told.hidden)
    assert told.models("POST", "/v1/shops/{shop}/orders") == {
        "request": "OrderIn",
        "request lines/*": "Line",
        "request shipTo": "Address",
        "request extra/*": "Line",
        "201": "Page[Line]",
        "201 items/*": "Line",
        "404": "Problem",
        "request either/==Line": "Line",
        "request either/==Node": "Node",
        "request either/==Node/children/*": "Node",
    }
    assert told.models("GET", "/v1/shops/{shop}/orders/{number:int}") == {"200 *": "Line"}
    assert told.models("PUT", "/tree") == {
        "request one": "Node",
        "request one/children/*": "Node",
        "request two": "Line",
        "200 *": "Node",
        "200 */children/*": "Node",
    }


def test_included_routers_are_not_built() -> None:
    """To ask FastAPI for the effective routes would run code of the user's."""
    made = []

    class Made(fastapi.routing.APIRoute):
        def get_route_handler(self) -> Any:
            made.append(self.path)
            return super().get_route_handler()

    site = fastapi.FastAPI()
    site.get("/first")(lambda: None)
    router = fastapi.APIRouter(route_class=Made)
    router.get("/never")(lambda: None)
    site.include_router(router, prefix="/p")
    before = list(made)
    assert any("/p/never" in line for line in told_by(site, "/first").lines)
    assert made == before


class LineSchema(marshmallow.Schema):
    sku = marshmallow.fields.String()


class OrderSchema(marshmallow.Schema):
    lines = marshmallow.fields.List(marshmallow.fields.Nested(LineSchema))
    first = marshmallow.fields.Nested(LineSchema, data_key="firstLine")
    more = marshmallow.fields.Nested(LineSchema, many=True)


ORDER = {"": "Order", "/lines/*": "Line", "/firstLine": "Line", "/more/*": "Line"}


def places(body: str, names: dict[str, str], below: str = "") -> dict[str, str]:
    return {f"{body} {(below + place).strip('/')}".strip(): name for place, name in names.items()}


def test_flask_smorest() -> None:
    site = flask.Flask("smorest")
    site.config |= {"API_TITLE": "t", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3", "OPENAPI_URL_PREFIX": "/about"}
    blueprint = flask_smorest.Blueprint("orders", "orders", url_prefix="/orders")

    @blueprint.route("/")
    class Orders(MethodView):
        @blueprint.response(200, OrderSchema(many=True))
        def get(self) -> Any:
            return []

        @blueprint.arguments(OrderSchema)
        @blueprint.response(201, OrderSchema)
        def post(self, order: Any) -> Any:
            return order

    flask_smorest.Api(site).register_blueprint(blueprint)
    told = told_by(site, "/orders/")
    assert told.lines == ["GET /orders/ orders.Orders", "POST /orders/ orders.Orders"]
    assert told.models("GET", "/orders/") == places("200", ORDER, "*")
    assert told.models("POST", "/orders/") == places("request", ORDER) | places("201", ORDER)


def test_apiflask() -> None:
    site = apiflask.APIFlask("apiflask")

    @site.post("/orders")
    @site.input(OrderSchema)
    @site.output(OrderSchema, status_code=201)
    def place(json_data: Any) -> Any:
        """Place."""
        return json_data

    @site.get("/orders")
    @site.output(OrderSchema(many=True))
    def index() -> Any:
        return []

    told = told_by(site, "/orders")
    assert told.lines == ["GET /orders index", "POST /orders place"]
    assert told.models("GET", "/orders") == places("200", ORDER, "*")
    assert told.models("POST", "/orders") == places("request", ORDER) | places("201", ORDER)
