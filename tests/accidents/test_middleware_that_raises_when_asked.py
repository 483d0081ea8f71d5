"""A middleware whose ``__getattr__`` raises a KeyError cost the exchange: it is asked for the application inside it."""

from __future__ import annotations

from typing import Any

import flask
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from told import Told
from werkzeug.test import Client

from mirror import Mirror


class Middleware:
    """Has its settings as attributes."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.settings: dict[str, Any] = {}

    def __call__(self, *call: Any) -> Any:
        return self.app(*call)

    def __getattr__(self, name: str) -> Any:
        return self.settings[name]


def test_around_flask() -> None:
    app = flask.Flask("shop", static_folder=None)

    @app.get("/orders")
    def orders() -> str:
        """All orders."""
        return "none"

    told = Told()
    with Mirror(sinks=[told]) as mirror:
        assert Client(Middleware(app)).get("/orders").text == "none"
        (exchange,) = mirror.exchanges
    assert exchange.route is not None
    assert (exchange.route.template, exchange.route.endpoint) == ("/orders", "orders")
    assert [f"{route.method} {route.template} {route.doc}" for route in told.routes] == ["GET /orders All orders."]
    assert (mirror.counts.failed, dict(mirror.counts.remarks)) == (0, {})


class Odd:
    """An endpoint that is asked for what it has not."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("odd")(scope, receive, send)

    def __getattr__(self, name: str) -> Any:
        if name in ("func", "__wrapped__", "__code__"):
            raise AttributeError(name)
        raise KeyError(name)


class Raises(dict[str, Any]):
    """A route that says nothing of itself."""

    def __getattr__(self, name: str) -> Any:
        raise KeyError(name)


def test_a_route_and_a_router_of_somebody() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        scope["route"] = scope["router"] = Raises(a=1)
        scope["endpoint"] = application
        await PlainTextResponse("odd")(scope, receive, send)

    told = Told()
    with Mirror(sinks=[told]) as mirror:
        assert TestClient(application).get("/odd").text == "odd"
        assert [each.route for each in mirror.exchanges] == [None]
    assert mirror.counts.failed == 0
    assert mirror.counts.remarks == {"the routes of an application could not be read: KeyError: 'routes'": 1}


def test_an_endpoint_of_somebody() -> None:
    with Mirror() as mirror:
        TestClient(Starlette(routes=[Route("/odd", Odd(), name="odd")])).get("/odd")
        (exchange,) = mirror.exchanges
    assert exchange.route is not None
    assert exchange.route.template == "/odd"
