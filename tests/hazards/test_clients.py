"""Client classes as projects write them; ways of attaching combined; the client's own manners unchanged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import flask
import httpx2
import pytest
from fastapi import Depends, FastAPI, Request
from flask import Flask
from flask.testing import FlaskClient
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from werkzeug.test import Client

from mirror import Mirror
from mirror.adapters.flask import MirrorClient
from mirror.adapters.starlette import MirrorTestClient


@pytest.fixture
def shop() -> Flask:
    app = Flask(__name__)
    app.secret_key = "secret"
    app.testing = True

    @app.get("/login")
    def login() -> Any:
        flask.session["user"] = "ann"
        return flask.redirect("/me")

    @app.get("/me")
    def me() -> str:
        return str(flask.session.get("user", "nobody"))

    return app


@pytest.fixture(params=[True, False], ids=["attached", "swapped"])
def mirror(request: pytest.FixtureRequest) -> Iterator[Mirror]:
    """A mirror that observes every client, or only mirror's own client classes."""
    with Mirror(attach=request.param) as mirror:
        yield mirror
    assert mirror.counts.made == mirror.counts.published


def targets(mirror: Mirror) -> list[str]:
    return [exchange.request.target for exchange in mirror.exchanges]


# Flask's client ------------------------------------------------------------------------------------------------------


class TakesASession(FlaskClient):
    """Opens a session before each call, which re-enters ``open``."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if args and args[0] != "/login":
            super().open("/login", method="GET").close()
        with self.session_transaction() as session:
            session["opened"] = True
        return super().open(*args, **kwargs)


class TakesAnother(TakesASession):
    def run_wsgi_app(self, environ: Any, buffered: bool = False) -> Any:
        environ["HTTP_X_TOKEN"] = "token"
        return super().run_wsgi_app(environ, buffered)


@pytest.mark.parametrize("kind", [TakesASession, TakesAnother], ids=["subclass", "subclass-of-subclass"])
def test_a_client_class_that_opens_a_session_first(kind: type[FlaskClient], shop: Flask, mirrored: Mirror) -> None:
    shop.test_client_class = kind
    assert shop.test_client().get("/me").text == "ann"
    assert targets(mirrored) == ["/login", "/me"]
    tokens = [exchange.request.headers.get("X-Token") for exchange in mirrored.exchanges]
    assert tokens == (["token"] * 2 if kind is TakesAnother else [None] * 2)


def test_a_bare_client_put_back_by_a_test(shop: Flask, mirrored: Mirror) -> None:
    shop.test_client_class = MirrorClient
    shop.test_client().get("/me")
    shop.test_client_class = FlaskClient
    shop.test_client().get("/me")
    FlaskClient(shop).get("/me")
    Client(shop).get("/me")
    assert mirrored.counts.published == 4


class Before(MirrorClient, TakesASession):
    pass


class Behind(TakesAnother, MirrorClient):
    pass


class Below(Behind):
    pass


@pytest.mark.parametrize("kind", [Before, Behind, Below])
def test_beside_a_subclass_of_the_users_own(kind: type[FlaskClient], shop: Flask, mirror: Mirror) -> None:
    assert kind(shop).get("/me").text == "ann"
    assert targets(mirror) == ["/login", "/me"]


def test_each_hop_of_a_followed_redirect_is_an_exchange(shop: Flask, mirror: Mirror) -> None:
    response = MirrorClient(shop).get("/login", follow_redirects=True)
    assert (response.text, len(response.history)) == ("ann", 1)
    login, me = mirror.exchanges
    assert (login.request.target, login.response.status) == ("/login", 302)
    assert (me.request.target, me.response.status) == ("/me", 200)
    assert me.request.headers["Cookie"] == login.response.headers["Set-Cookie"].partition(";")[0]


def test_a_client_with_a_mirror_of_its_own(shop: Flask, mirrored: Mirror) -> None:
    with Mirror(attach=False) as own:
        MirrorClient(shop, mirror=own).get("/me")
        shop.test_client().get("/me")
    assert (own.counts.made, mirrored.counts.made) == (1, 1)


def test_contexts_are_preserved_within_a_with_block(shop: Flask, mirror: Mirror) -> None:
    with MirrorClient(shop) as client:
        client.get("/login")
        assert flask.request.path == "/login"
        assert flask.session["user"] == "ann"
        client.get("/me")
        assert flask.request.path == "/me"
    assert not flask.has_request_context()
    assert mirror.counts.made == 2


def test_a_session_transaction_is_no_exchange(shop: Flask, mirror: Mirror) -> None:
    client = MirrorClient(shop)
    with client.session_transaction() as session:
        session["user"] = "bob"
    assert mirror.counts.made == 0
    assert client.get("/me").text == "bob"
    assert mirror.counts.made == 1


@pytest.mark.parametrize("kind", [FlaskClient, MirrorClient])
def test_a_flask_client_keeps_its_application(kind: type[FlaskClient], shop: Flask, mirrored: Mirror) -> None:
    client = kind(shop)
    seen: list[Any] = []
    shop.before_request(lambda: seen.append(flask.current_app._get_current_object()))
    client.get("/me")
    assert client.application is shop
    assert seen == [shop]
    assert mirrored.counts.made == 1


def test_the_applications_of_two_clients_are_not_mixed_up(mirrored: Mirror) -> None:
    one, two = Flask("one"), Flask("two")
    one.add_url_rule("/", view_func=lambda: "one")
    two.add_url_rule("/", view_func=lambda: "two")
    first, second = one.test_client(), two.test_client()
    assert [first.get("/").text, second.get("/").text, first.get("/").text] == ["one", "two", "one"]
    assert [exchange.response.body for exchange in mirrored.exchanges] == [b"one", b"two", b"one"]


# Starlette's client --------------------------------------------------------------------------------------------------


def who() -> str:
    return "nobody"


def library() -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> Any:
        app.state.open = True
        yield {"shelf": "A"}
        app.state.open = False

    app = FastAPI(lifespan=lifespan)

    @app.get("/me")
    def me(user: str = Depends(who)) -> str:
        return user

    @app.get("/shelf")
    def shelf(request: Request) -> str:
        return str(request.state.shelf)

    @app.get("/fail")
    def fail() -> None:
        raise LookupError("boom")

    return app


CLIENTS = pytest.mark.parametrize("kind", [TestClient, MirrorTestClient], ids=["test-client", "mirror-test-client"])


@CLIENTS
def test_a_test_client_keeps_its_application(kind: type[TestClient], mirrored: Mirror) -> None:
    app = library()
    client = kind(app)
    app.dependency_overrides[who] = lambda: "ann"
    assert client.get("/me").json() == "ann"
    assert client.app is app
    client.app.dependency_overrides.clear()
    client.app.state.color = "red"
    assert client.get("/me").json() == "nobody"
    assert app.state.color == "red"
    assert client._transport.app is app
    assert mirrored.counts.made == 2


@CLIENTS
def test_lifespan_runs_once_and_is_no_exchange(kind: type[TestClient], mirrored: Mirror, backend: str) -> None:
    app = library()
    with kind(app, backend=backend) as client:
        assert app.state.open
        assert [client.get("/shelf").json() for _ in range(2)] == ["A", "A"]
    assert not app.state.open
    assert mirrored.counts.made == 2


@CLIENTS
def test_raise_server_exceptions(kind: type[TestClient], mirrored: Mirror) -> None:
    assert kind(library(), raise_server_exceptions=False).get("/fail").status_code == 500
    with pytest.raises(LookupError):
        kind(library()).get("/fail")
    assert [exchange.error for exchange in mirrored.exchanges] == ["LookupError: boom"] * 2


def test_a_mirror_test_client_with_and_without_attached_clients(mirror: Mirror) -> None:
    client = MirrorTestClient(library(), root_path="/api", headers={"X-Token": "token"})
    assert client.get("/me").json() == "nobody"
    (exchange,) = mirror.exchanges
    assert exchange.request.headers["x-token"] == "token"


def test_a_subclass_of_the_test_client(mirrored: Mirror) -> None:
    class WithToken(TestClient):
        def request(self, *args: Any, **kwargs: Any) -> httpx2.Response:
            kwargs["headers"] = {"X-Token": "token"}
            return super().request(*args, **kwargs)

    class Own(MirrorTestClient, WithToken):
        pass

    for kind in (WithToken, Own):
        assert kind(library()).get("/me").json() == "nobody"
    assert [exchange.request.headers["X-Token"] for exchange in mirrored.exchanges] == ["token"] * 2


def test_a_test_client_with_a_mirror_of_its_own(mirrored: Mirror) -> None:
    app = PlainTextResponse("text")
    with Mirror(attach=False) as own:
        MirrorTestClient(app, mirror=own).get("/")
        TestClient(app).get("/")
    assert (own.counts.made, mirrored.counts.made) == (1, 1)


def test_leaving_a_mirror_leaves_the_clients_as_they_were() -> None:
    seams = [(Client, "run_wsgi_app"), (httpx2.ASGITransport, "handle_async_request")]
    seams.append((type(TestClient(PlainTextResponse("text"))._transport), "handle_request"))
    before = [kind.__dict__[name] for kind, name in seams]
    with Mirror(), Mirror():
        assert all(kind.__dict__[name] is not was for (kind, name), was in zip(seams, before, strict=True))
    assert [kind.__dict__[name] for kind, name in seams] == before
