"""What developers say of operations for their documentation is what the document says of them."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from flask import Flask
from flask.views import MethodView
from flask_smorest import Api, Blueprint
from learning import called, model
from told import Told

from mirror import Mirror
from mirror.adapters.known import flask_routes, starlette_routes
from mirror.exchange import KnownRoute
from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Model
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
        "/a",
        "GET",
        summary="Ask eve@example.com",
        description="pw: password=Hunter-2x9",
        deprecated=True,
        answers=(("404", "Ask eve@example.com"),),
    )
    clean = Redactor().known_route(route)
    assert "eve@" not in clean.summary
    assert "Hunter" not in clean.description
    assert clean.answers == (("404", clean.summary),)
    assert clean.deprecated
    assert Redactor(key=b"other").known_route(route) == clean


# The application itself -----------------------------------------------------------------------------------------------


def title_and_version(*applications: Any, path: str = "/a", **style: Any) -> tuple[str, str]:
    learned = Model()
    redactor = Redactor()
    told = Told()
    with Mirror(sinks=[told], attach=True) as mirror:
        for application in applications:
            client = application.test_client() if isinstance(application, Flask) else TestClient(application)
            client.get(path)
        for exchange in mirror.exchanges:
            learned.add(exchange)
    for routes in told.applications:
        learned.know(tuple(map(redactor.known_route, routes)))
    info = openapi(learned.settled()[""], Style(**style))["info"]
    return info["title"], info["version"]


def of_fastapi(**said: Any) -> FastAPI:
    app = FastAPI(**said)

    @app.get("/a")
    def a() -> str:
        return ""

    return app


def of_flask(app: Flask, **said: Any) -> Flask:
    app.config.update(said)

    @app.get("/a")
    def a() -> str:
        return ""

    return app


@pytest.mark.parametrize(
    "application",
    [
        of_fastapi(title="Shop", version="2.1"),
        of_flask(APIFlask("t", title="Shop", version="2.1")),
        of_flask(Flask("t"), API_TITLE="Shop", API_VERSION="2.1"),
    ],
    ids=["FastAPI", "APIFlask", "flask-smorest"],
)
def test_the_document_is_called_as_its_application(application: Any) -> None:
    assert title_and_version(application) == ("Shop", "2.1")
    assert title_and_version(application, title="Mine", version="3") == ("Mine", "3")


@pytest.mark.parametrize("application", [of_fastapi(), of_flask(APIFlask("t")), of_flask(Flask("t"), API_TITLE=7)])
def test_what_a_framework_calls_all_of_them_is_no_title(application: Any) -> None:
    assert title_and_version(application) == ("API", "0.0.0")


def test_applications_of_several_titles_have_none_together() -> None:
    one, other = of_fastapi(title="One", version="1"), of_fastapi(title="Other", version="1")
    assert title_and_version(one, other) == ("API", "0.0.0")
    assert title_and_version(one, of_flask(Flask("t"))) == ("One", "1")


def test_what_is_mounted_is_a_part_of_what_it_is_mounted_on() -> None:
    outer = FastAPI(title="Outer", version="1")
    outer.mount("/inner", of_fastapi(title="Inner", version="2"))
    assert title_and_version(outer, path="/inner/a") == ("Outer", "1")


def test_a_title_holds_no_secret() -> None:
    title, version = title_and_version(of_fastapi(title="Mail eve@shop.example", version="1"))
    assert "eve" not in title
    assert version == "1"
