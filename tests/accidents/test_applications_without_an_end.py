"""A Mock around an application has another Mock under every name: so many were looked at for the application in
them that a test run did not end, though nobody had asked for routes."""

from __future__ import annotations

from unittest.mock import MagicMock, Mock

import flask
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from told import Told
from werkzeug.test import Client

from mirror import Mirror
from mirror.adapters import known


def shop() -> flask.Flask:
    app = flask.Flask("shop", static_folder=None)
    app.add_url_rule("/orders", "orders", lambda: "none")
    return app


@pytest.mark.parametrize("kind", [Mock, MagicMock])
def test_a_mock_around_an_application(kind: type[Mock]) -> None:
    told = Told()
    with Mirror(sinks=[told]) as mirror:
        assert Client(kind(side_effect=shop().wsgi_app)).get("/orders").text == "none"
    assert (mirror.counts.published, dict(mirror.counts.remarks)) == (1, {})
    assert told.names == ["GET /orders"]


def test_applications_around_each_other() -> None:
    class Middleware:
        def __init__(self, app: flask.Flask) -> None:
            self.app = app
            self.application = self.wsgi_app = self

        def __call__(self, *call: object) -> object:
            return self.app(*call)  # type: ignore[arg-type]

    app = shop()
    outer = inner = Middleware(app)
    for _ in range(200):
        outer = Middleware(outer)  # type: ignore[arg-type]
    assert [each for each in known.inside(inner) if each is app] == [app]
    assert len(list(known.inside(outer))) == known.MOST
    told = Told()
    with Mirror(sinks=[told]):
        assert Client(outer).get("/orders").text == "none"
    assert told.names == ["GET /orders"]


@pytest.mark.parametrize("kind", [Mock, MagicMock])
def test_a_mock_that_is_mounted(kind: type[Mock]) -> None:
    async def home(request: object) -> PlainTextResponse:
        return PlainTextResponse("home")

    told = Told()
    with Mirror(sinks=[told]) as mirror:
        TestClient(Starlette(routes=[Route("/home", home), Mount("/mock", app=kind())])).get("/home")
    assert told.names == ["GET /home"]
    assert not mirror.counts.remarks


def test_nothing_is_looked_for_where_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "inside", Mock(side_effect=AssertionError("it was looked for")))
    with Mirror() as mirror:
        shop().test_client().get("/orders")
    assert (mirror.counts.published, dict(mirror.counts.remarks)) == (1, {})
