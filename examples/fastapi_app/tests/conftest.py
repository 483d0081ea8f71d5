"""One application per test, hence one library per test."""

from collections.abc import Iterator
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from library import Settings, create_app
from library.store import Book, Store

PASSWORD = "correct horse"


@pytest.fixture
def application() -> FastAPI:
    return create_app(Settings(librarians=frozenset({"hypatia"}), password_rounds=1))


@pytest.fixture
def store(application: FastAPI) -> Store:
    """What the application under test remembers, to prepare it without going through HTTP."""
    return cast(Store, application.state.store)


@pytest.fixture
def client(application: FastAPI) -> Iterator[TestClient]:
    with TestClient(application) as client:
        yield client


def bearer(client: TestClient, name: str) -> dict[str, str]:
    assert client.post("/members/", json={"name": name, "password": PASSWORD}).status_code == 201
    response = client.post("/members/token", data={"username": name, "password": PASSWORD})
    return {"Authorization": f"Bearer {response.json()['access_token']}"}


@pytest.fixture
def librarian(client: TestClient) -> dict[str, str]:
    """The headers of somebody who may change the catalogue."""
    return bearer(client, "hypatia")


@pytest.fixture
def ada(client: TestClient) -> dict[str, str]:
    """The headers of an ordinary member."""
    return bearer(client, "ada")


@pytest.fixture
def bob(client: TestClient) -> dict[str, str]:
    """The headers of another member."""
    return bearer(client, "bob")


@pytest.fixture
def emma(store: Store) -> Book:
    return store.add_book("9780141439587", "Emma", "Jane Austen")
