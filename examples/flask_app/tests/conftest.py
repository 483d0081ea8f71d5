"""One application per test, hence one empty shop per test."""

from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop import create_app
from shop.store import Product, Store

PASSWORD = "correct horse"


@pytest.fixture
def app() -> Flask:
    return create_app(
        {
            "TESTING": True,
            "PASSWORD_HASH_METHOD": "pbkdf2:sha256:1",
            "STAFF_EMAILS": frozenset({"staff@shop.example"}),
        }
    )


@pytest.fixture
def store(app: Flask) -> Store:
    """What the application under test remembers, to prepare it without going through HTTP."""
    return cast(Store, app.extensions["shop"])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def bearer(client: FlaskClient, email: str) -> dict[str, str]:
    account = {"email": email, "password": PASSWORD}
    assert client.post("/auth/register", json=account).status_code == 201
    token = client.post("/auth/token", json=account).get_json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def staff(client: FlaskClient) -> dict[str, str]:
    """The headers of somebody who may change the catalogue."""
    return bearer(client, "staff@shop.example")


@pytest.fixture
def ada(client: FlaskClient) -> dict[str, str]:
    """The headers of an ordinary customer."""
    return bearer(client, "ada@mail.example")


@pytest.fixture
def bob(client: FlaskClient) -> dict[str, str]:
    """The headers of another customer."""
    return bearer(client, "bob@mail.example")


@pytest.fixture
def teapot(store: Store) -> Product:
    return store.add_product("Teapot", price_cents=2450, stock=3)
