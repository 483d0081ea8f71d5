"""Which route matched: what the exchange says of it, in every way that the frameworks have of nesting routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import fastapi
import flask
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Mount, Route as StarletteRoute, Router
from starlette.testclient import TestClient
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from mirror import Mirror, Route


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror() as mirror:
        yield mirror


def last(mirror: Mirror) -> Route | None:
    return mirror.exchanges[-1].route


# (The fixtures are not called "app": pytest-flask takes every fixture of that name for a Flask application.)


class TestFlask:
    @pytest.fixture
    def site(self) -> flask.Flask:
        app = flask.Flask("routes")
        app.testing = True

        @app.route("/orders/<int:number>", methods=["GET", "POST"])
        def order(number: int) -> str:
            """One order."""
            return str(number)

        @app.route("/files/<path:name>")
        @app.route("/files/", defaults={"name": ""}, endpoint="files")
        def files(name: str) -> str:
            return name

        @app.route("/<any(red, green):colour>/<uuid:id>", endpoint="painted")
        def paint(colour: str, id: Any) -> str:  # noqa: A002
            return colour

        @app.route("/fails")
        def fails() -> str:
            """Raises."""
            raise ValueError("boom")

        blueprint = flask.Blueprint("admin", __name__, url_prefix="/admin")
        child = flask.Blueprint("users", __name__)

        @child.route("/<name>")
        def user(name: str) -> str:
            """A user, for the admin."""
            return name

        blueprint.register_blueprint(child, url_prefix="/users")
        app.register_blueprint(blueprint)
        return app

    @pytest.mark.parametrize(
        ("path", "route"),
        [
            ("/orders/7?x=1", Route("/orders/<int:number>", "order", "One order.")),
            ("/files/a/b.txt", Route("/files/<path:name>", "files", None)),
            ("/files/", Route("/files/", "files", None)),
            (
                "/red/7f000001-0000-4000-8000-000000000000",
                Route("/<any(red, green):colour>/<uuid:id>", "painted", None),
            ),
            ("/admin/users/eve", Route("/admin/users/<name>", "admin.users.user", "A user, for the admin.")),
            ("/static/x.css", Route("/static/<path:filename>", "static", None)),
        ],
    )
    def test_a_rule_is_a_route(self, site: flask.Flask, mirror: Mirror, path: str, route: Route) -> None:
        site.test_client().get(path)
        found = last(mirror)
        if route.endpoint == "static":  # whose docstring is Flask's business
            assert found is not None
            assert (found.template, found.endpoint) == (route.template, route.endpoint)
        else:
            assert found == route

    def test_a_post_has_the_route_of_its_rule(self, site: flask.Flask, mirror: Mirror) -> None:
        site.test_client().post("/orders/7")
        assert last(mirror) == Route("/orders/<int:number>", "order", "One order.")

    @pytest.mark.parametrize("path", ["/nowhere", "/orders/seven", "/"])
    def test_a_404_has_no_route(self, site: flask.Flask, mirror: Mirror, path: str) -> None:
        assert site.test_client().get(path).status_code == 404
        assert last(mirror) is None

    def test_a_405_has_no_route(self, site: flask.Flask, mirror: Mirror) -> None:
        assert site.test_client().delete("/orders/7").status_code == 405
        assert last(mirror) is None

    def test_a_view_that_raises_has_one(self, site: flask.Flask, mirror: Mirror) -> None:
        with pytest.raises(ValueError, match="boom"):
            site.test_client().get("/fails")
        assert last(mirror) == Route("/fails", "fails", "Raises.")
        site.testing = False
        site.test_client().get("/fails")
        assert last(mirror) == Route("/fails", "fails", "Raises.")

    def test_the_script_name_stands_before_it(self, site: flask.Flask, mirror: Mirror) -> None:
        site.test_client().get("/orders/7", base_url="http://localhost/shop")
        assert last(mirror) == Route("/shop/orders/<int:number>", "order", "One order.")

    def test_an_application_mounted_below_another(self, site: flask.Flask, mirror: Mirror) -> None:
        root = flask.Flask("root")
        Client(DispatcherMiddleware(root, {"/shop": site})).get("/shop/orders/7")
        found = last(mirror)
        assert found is not None
        assert (found.template, found.endpoint) == ("/shop/orders/<int:number>", "order")

    def test_hops_have_their_own(self, site: flask.Flask, mirror: Mirror) -> None:
        @site.get("/old")
        def old() -> Any:
            return flask.redirect("/orders/1")

        site.test_client().get("/old", follow_redirects=True)
        assert [exchange.route and exchange.route.template for exchange in mirror.exchanges] == [
            "/old",
            "/orders/<int:number>",
        ]

    def test_a_subdomain_rule(self, mirror: Mirror) -> None:
        app = flask.Flask("subdomains", subdomain_matching=True)
        app.config["SERVER_NAME"] = "example.test"
        app.add_url_rule("/who", "who", lambda: "api", subdomain="api")
        app.test_client().get("/who", base_url="http://api.example.test")
        assert last(mirror) == Route("/who", "who", None)


async def answer(request: Any) -> PlainTextResponse:
    """What everybody is told."""
    return PlainTextResponse("ok")


DOC = "What everybody is told."


class TestStarlette:
    @pytest.fixture
    def site(self) -> Starlette:
        inner = Starlette(routes=[StarletteRoute("/deep/{name:path}", answer)])
        return Starlette(
            routes=[
                StarletteRoute("/", answer, name="home"),
                StarletteRoute("/orders/{id:int}", answer),
                Mount("/static-mount", routes=[StarletteRoute("/x", answer)]),
                Mount("/{tenant}/v1", routes=[StarletteRoute("/orders/{id}", answer, name="orders")]),
                Mount("/sub", app=inner),
                Mount("/a", routes=[Mount("/b", app=Router([StarletteRoute("/c/{d}", answer)]))]),
                Mount("/raw", app=PlainTextResponse("raw")),
                Host("api.example.test", Router([StarletteRoute("/who", answer)])),
            ]
        )

    @pytest.mark.parametrize(
        ("path", "route"),
        [
            ("/", Route("/", "home", DOC)),
            ("/orders/7?x=1", Route("/orders/{id:int}", "answer", DOC)),
            ("/static-mount/x", Route("/static-mount/x", "answer", DOC)),
            ("/acme/v1/orders/7", Route("/{tenant}/v1/orders/{id}", "orders", DOC)),
            ("/sub/deep/a/b", Route("/sub/deep/{name:path}", "answer", DOC)),
            ("/a/b/c/d", Route("/a/b/c/{d}", "answer", DOC)),
            ("/nowhere", None),
            ("/sub/nowhere", None),
            ("/orders/seven", None),
            ("/raw/x", None),  # no framework's: nothing matched below the mount
        ],
    )
    @pytest.mark.parametrize("root_path", ["", "/api"])
    def test_a_route_is_a_route(
        self, site: Starlette, mirror: Mirror, path: str, route: Route | None, root_path: str
    ) -> None:
        """Under a root path that the path repeats, as ASGI has it, the template stands below it as well."""
        TestClient(site, root_path=root_path).get(root_path + path)
        assert last(mirror) == (route and Route(root_path + route.template, route.endpoint, route.doc))

    def test_a_root_path_that_the_path_does_not_repeat_is_no_part_of_it(self, site: Starlette, mirror: Mirror) -> None:
        TestClient(site, root_path="/api").get("/orders/7")
        assert last(mirror) == Route("/orders/{id:int}", "answer", DOC)

    def test_a_host_route(self, site: Starlette, mirror: Mirror) -> None:
        TestClient(site).get("http://api.example.test/who")
        assert last(mirror) == Route("/who", "answer", DOC)

    def test_an_endpoint_that_raises_has_one(self, mirror: Mirror) -> None:
        async def fails(request: Any) -> PlainTextResponse:
            raise ValueError("boom")

        app = Starlette(routes=[StarletteRoute("/fails/{id}", fails)])
        with pytest.raises(ValueError, match="boom"):
            TestClient(app).get("/fails/1")
        assert last(mirror) == Route("/fails/{id}", "fails", None)


class TestFastAPI:
    @pytest.fixture
    def site(self) -> fastapi.FastAPI:
        inner = fastapi.APIRouter(prefix="/items")

        @inner.get("/{id}")
        def item(id: int) -> int:  # noqa: A002
            """One item."""
            return id

        outer = fastapi.APIRouter(prefix="/shops/{shop}")
        outer.include_router(inner)
        app = fastapi.FastAPI()
        app.include_router(outer, prefix="/v1")
        app.include_router(inner)

        @app.post("/orders", status_code=201)
        async def order(body: dict[str, int]) -> None:
            """Orders."""

        sub = fastapi.FastAPI()

        @sub.get("/who/{name}")
        def who(name: str) -> str:
            """Who."""
            return name

        app.mount("/sub", sub)
        return app

    @pytest.mark.parametrize(
        ("path", "route"),
        [
            ("/items/7", Route("/items/{id}", "item", "One item.")),
            ("/items/seven", Route("/items/{id}", "item", "One item.")),  # a 422: it matched
            ("/v1/shops/x/items/7", Route("/v1/shops/{shop}/items/{id}", "item", "One item.")),
            ("/sub/who/eve", Route("/sub/who/{name}", "who", "Who.")),
            ("/nowhere", None),
            ("/sub/nowhere", None),
        ],
    )
    def test_a_path_operation_is_a_route(
        self, site: fastapi.FastAPI, mirror: Mirror, path: str, route: Route | None
    ) -> None:
        TestClient(site).get(path)
        assert last(mirror) == route

    def test_a_422_has_the_route_of_its_operation(self, site: fastapi.FastAPI, mirror: Mirror) -> None:
        assert TestClient(site).post("/orders", json={"a": "x"}).status_code == 422
        assert last(mirror) == Route("/orders", "order", "Orders.")

    def test_the_root_path_is_no_part_of_it(self, site: fastapi.FastAPI, mirror: Mirror) -> None:
        TestClient(site, root_path="/api").get("/items/7")
        assert last(mirror) == Route("/items/{id}", "item", "One item.")
