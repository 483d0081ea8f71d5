"""What developers say of operations for their documentation is what the document says of them."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from fastapi import APIRouter, FastAPI
from flask import Flask
from flask.views import MethodView
from flask_smorest import Api, Blueprint
from learning import called, model

from mirror.adapters.known import flask_routes, starlette_routes
from mirror.exchange import KnownRoute
from mirror.openapi.document import Style, openapi
from mirror.redact.redactor import Redactor


def fastapi() -> set[KnownRoute]:
    app, router = FastAPI(), APIRouter(prefix="/a", deprecated=True)

    @router.get("", summary="All of them.", operation_id="list_a", description="In *order*.")
    def a() -> None:
        """Not shown."""

    @router.post("", summary="A new one")
    def make() -> None:
        """Makes one.\n\nAnd more.\f:meta: not shown"""

    @app.get("/b", description="Only this.")
    def b() -> None:
        """Not shown."""

    @app.get("/c")
    def c() -> None:
        """The doc.\n\nThe rest."""

    app.include_router(router)
    return set(starlette_routes(app.router, ""))


def apiflask() -> set[KnownRoute]:
    app = APIFlask(__name__)

    @app.get("/a")
    @app.doc(summary="All of them.", operation_id="list_a", description="In *order*.", deprecated=True, tags=["T"])
    def a() -> str:
        """Not shown."""
        return ""

    @app.get("/hidden")
    @app.doc(hide=True)
    def hidden() -> str:
        return ""

    return set(flask_routes(app.url_map, "", lambda: app))  # type: ignore[arg-type]


def smorest() -> set[KnownRoute]:
    app = Flask(__name__)
    app.config.update(API_TITLE="t", API_VERSION="v", OPENAPI_VERSION="3.1.0")
    blueprint = Blueprint("a", "a")

    @blueprint.route("/a")
    class A(MethodView):
        @blueprint.doc(
            summary="All of them.", operationId="list_a", description="In *order*.", deprecated=True, tags=["T"]
        )
        def get(self) -> str:
            """Not shown."""
            return ""

    Api(app).register_blueprint(blueprint)
    return set(flask_routes(app.url_map, "", lambda: app))  # type: ignore[arg-type]


def operations(known: set[KnownRoute]) -> dict[str, dict[str, Any]]:
    service = model(called("GET", "/else", "/else")).settled()[""]
    service.known.update(known)
    paths = openapi(service, Style())["paths"]
    return {f"{method} {path}": each for path, item in paths.items() for method, each in item.items()}


@pytest.mark.parametrize("framework", [fastapi, apiflask, smorest])
def test_of_routes(framework: Any) -> None:
    found = operations(framework())
    said = {name: found["get /a"].get(name) for name in ("summary", "description", "operationId", "deprecated")}
    assert said == {
        "summary": "All of them.",
        "description": "In *order*.",
        "operationId": "list_a",
        "deprecated": True,
    }
    assert found["get /a"]["tags"] == (["a"] if framework is fastapi else ["T"])
    assert "get /hidden" not in found


def test_a_docstring_says_what_nobody_has_said_otherwise() -> None:
    found = operations(fastapi())
    assert {key: (each["summary"], each.get("description")) for key, each in found.items() if key[-1] in "abc"} == {
        "get /a": ("All of them.", "In *order*."),
        "post /a": ("A new one", "Makes one.\n\nAnd more."),
        "get /b": ("B", "Only this."),
        "get /c": ("The doc", "The rest."),
    }
    assert found["post /a"]["deprecated"] is True
    assert "deprecated" not in found["get /b"]


def test_an_id_that_was_given_stays_whatever_others_are_called() -> None:
    routes = {KnownRoute("/x", "GET", "one"), KnownRoute("/y", "GET", "y", operation_id="one")}
    found = operations({*routes, KnownRoute("/z", "GET", "z", operation_id="one")})
    assert {key: found[key]["operationId"] for key in ("get /x", "get /y", "get /z")} == {
        "get /x": "one_get",
        "get /y": "one",
        "get /z": "z",
    }


def test_it_is_kept_without_secrets() -> None:
    route = KnownRoute(
        "/a", "GET", summary="Ask eve@example.com", description="pw: password=Hunter-2x9", deprecated=True
    )
    clean = Redactor().known_route(route)
    assert "eve@" not in clean.summary
    assert "Hunter" not in clean.description
    assert clean.deprecated
    assert Redactor(key=b"other").known_route(route) == clean
