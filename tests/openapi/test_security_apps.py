"""Security learned from real little applications, each with its own way of letting people in."""

# Annotations are not postponed: FastAPI reads those of the views below, which know the variables of their tests.

import base64
from collections.abc import Callable
from typing import Annotated, Any

import flask
import pytest
from fastapi import Cookie, Depends, FastAPI, Form, Header, HTTPException, Security as Needs
from fastapi.security import (
    APIKeyCookie,
    APIKeyHeader,
    APIKeyQuery,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
    OAuth2PasswordBearer,
    OAuth2PasswordRequestForm,
)
from fastapi.testclient import TestClient
from learning import learned_from

from mirror.openapi.parameters import parameters
from mirror.openapi.security import Security

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"


def learned(app: Any, calls: Callable[[Any], None]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schemes, and what each operation asks for."""
    operations = learned_from(app, calls).operations()
    found = Security(operations)
    return found.schemes, {key: found.of(key) for key in operations}


def known(token: str) -> str:
    if token != "good":
        raise HTTPException(401, "unknown", {"WWW-Authenticate": "Bearer"})
    return token


def test_http_bearer() -> None:
    app = FastAPI()
    bearer = HTTPBearer()

    @app.get("/me")
    def me(token: Annotated[Any, Depends(bearer)]) -> str:
        return str(token.credentials)

    @app.delete("/me")
    def leave(token: Annotated[Any, Depends(bearer)]) -> None: ...

    @app.get("/products")
    def products() -> list[str]:
        return []

    @app.get("/health")
    def health() -> None: ...

    def calls(client: TestClient) -> None:
        client.get("/me")
        client.headers["Authorization"] = f"Bearer {JWT}"
        for _ in range(2):
            client.get("/me")
        client.delete("/me")
        client.get("/health")
        client.get("/products")
        del client.headers["Authorization"]
        client.get("/products")

    schemes, asked = learned(app, calls)
    assert schemes == {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    assert asked == {
        "GET /me": [{"bearer": []}],
        "DELETE /me": [{"bearer": []}],
        "GET /products": None,  # accepted without
        "GET /health": None,  # nobody is asked there
    }


def test_oauth2_password() -> None:
    app = FastAPI()
    scheme = OAuth2PasswordBearer(tokenUrl="token")

    @app.post("/token")
    def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
        if form.password != "secret":
            raise HTTPException(401, "wrong", {"WWW-Authenticate": "Bearer"})
        return {"access_token": "good", "token_type": "bearer"}

    @app.get("/me")
    def me(token: Annotated[str, Depends(scheme)]) -> str:
        return known(token)

    def calls(client: TestClient) -> None:
        client.post("/token", data={"username": "ann", "password": "wrong"})
        client.post("/token", data={"username": "ann", "password": "secret"})
        client.get("/me", headers={"Authorization": "Bearer bad"})
        client.get("/me", headers={"Authorization": "Bearer good"})

    schemes, asked = learned(app, calls)
    assert schemes == {"bearer": {"type": "oauth2", "flows": {"password": {"tokenUrl": "token", "scopes": {}}}}}
    assert asked == {"POST /token": None, "GET /me": [{"bearer": []}]}


def test_a_login_that_was_only_refused_is_not_secured() -> None:
    app = FastAPI()
    bearer = HTTPBearer()

    @app.post("/login")
    def login(body: dict[str, str]) -> None:
        raise HTTPException(401, "wrong", {"WWW-Authenticate": "Bearer"})

    @app.get("/me")
    def me(token: Annotated[Any, Depends(bearer)]) -> None: ...

    def calls(client: TestClient) -> None:
        client.post("/login", json={"user": "ann", "password": "wrong"})
        client.get("/me", headers={"Authorization": "Bearer good"})

    assert learned(app, calls)[1] == {"POST /login": None, "GET /me": [{"bearer": []}]}


def test_optional_bearer() -> None:
    app = FastAPI()
    bearer = HTTPBearer(auto_error=False)

    @app.get("/posts/{post_id}")
    def post(post_id: int, token: Annotated[Any, Depends(bearer)]) -> None:
        if post_id == 2 and token is None:
            raise HTTPException(401)

    def calls(client: TestClient) -> None:
        client.get("/posts/1")
        client.get("/posts/2")
        client.get("/posts/2", headers={"Authorization": "Bearer good"})

    assert learned(app, calls)[1] == {"GET /posts/{post_id}": [{"bearer": []}, {}]}


def test_basic_is_known_by_its_challenge() -> None:
    app = FastAPI()
    basic = HTTPBasic()

    @app.get("/report")
    def report(who: Annotated[HTTPBasicCredentials, Depends(basic)]) -> None: ...

    schemes, asked = learned(app, lambda client: client.get("/report"))
    assert schemes == {"basic": {"type": "http", "scheme": "basic"}}
    assert asked == {"GET /report": [{"basic": []}]}


def test_basic() -> None:
    app = FastAPI()
    basic = HTTPBasic()

    @app.get("/report")
    def report(who: Annotated[HTTPBasicCredentials, Depends(basic)]) -> None: ...

    word = base64.b64encode(b"ann:secret").decode()
    schemes, asked = learned(app, lambda client: client.get("/report", headers={"Authorization": f"Basic {word}"}))
    assert schemes == {"basic": {"type": "http", "scheme": "basic"}}
    assert asked == {"GET /report": [{"basic": []}]}


@pytest.mark.parametrize("name", ["X-API-Key", "X-Desk-Key", "X-Auth-Token"])
def test_api_key_in_a_header(name: str) -> None:
    app = FastAPI()
    key = APIKeyHeader(name=name)

    @app.get("/items")
    def items(key: Annotated[str, Needs(key)]) -> None: ...

    @app.post("/items")
    def make(key: Annotated[str, Needs(key)]) -> None: ...

    def calls(client: TestClient) -> None:
        client.get("/items")
        client.get("/items", headers={name: "k"})
        client.post("/items", headers={name: "k", "Idempotency-Key": "1"})

    service = learned_from(app, calls)
    operations = service.operations()
    found = Security(operations)
    where = f"header.{name.lower()}"
    assert found.schemes == {where: {"type": "apiKey", "in": "header", "name": name.lower()}}
    assert found.of("GET /items") == found.of("POST /items") == [{where: []}]
    assert parameters(operations["GET /items"], "/items", found.schemes) == []
    assert [each["name"] for each in parameters(operations["POST /items"], "/items", found.schemes)] == [
        "Idempotency-Key"
    ]


def test_api_key_in_the_query() -> None:
    app = FastAPI()
    key = APIKeyQuery(name="api_key")

    @app.get("/items")
    def items(key: Annotated[str, Needs(key)], page: int = 1) -> None: ...

    service = learned_from(app, lambda client: client.get("/items?api_key=k&page=2"))
    operations = service.operations()
    found = Security(operations)
    assert found.schemes == {"query.api_key": {"type": "apiKey", "in": "query", "name": "api_key"}}
    assert found.of("GET /items") == [{"query.api_key": []}]
    assert [each["name"] for each in parameters(operations["GET /items"], "/items", found.schemes)] == ["page"]


def test_a_header_that_is_validated_is_a_parameter() -> None:
    app = FastAPI()

    @app.get("/items")
    def items(x_token: Annotated[str, Header()]) -> None: ...

    def calls(client: TestClient) -> None:
        client.get("/items")
        client.get("/items", headers={"X-Token": "t"})

    operations = learned_from(app, calls).operations()
    found = Security(operations)
    assert found.schemes == {}
    assert found.of("GET /items") is None
    assert parameters(operations["GET /items"], "/items", found.schemes) == [
        {"name": "X-Token", "in": "header", "required": True, "schema": {"type": "string"}}
    ]


def test_two_keys_at_once() -> None:
    app = FastAPI()
    tenant, key = APIKeyHeader(name="X-Tenant-Key"), HTTPBearer()

    @app.get("/items")
    def items(tenant: Annotated[str, Needs(tenant)], key: Annotated[Any, Depends(key)]) -> None: ...

    def calls(client: TestClient) -> None:
        client.get("/items")
        client.get("/items", headers={"X-Tenant-Key": "k"})
        client.get("/items", headers={"X-Tenant-Key": "k", "Authorization": "Bearer good"})

    assert learned(app, calls)[1] == {"GET /items": [{"bearer": [], "header.x-tenant-key": []}]}


def test_either_of_two() -> None:
    app = FastAPI()
    key, bearer = APIKeyHeader(name="X-API-Key", auto_error=False), HTTPBearer(auto_error=False)

    @app.get("/items")
    def items(key: Annotated[Any, Needs(key)], token: Annotated[Any, Depends(bearer)]) -> None:
        if not key and not token:
            raise HTTPException(401)

    def calls(client: TestClient) -> None:
        client.get("/items")
        client.get("/items", headers={"X-API-Key": "k"})
        client.get("/items", headers={"Authorization": "Bearer good"})

    assert learned(app, calls)[1] == {"GET /items": [{"bearer": []}, {"header.x-api-key": []}]}


def flask_app() -> flask.Flask:
    app = flask.Flask(__name__)
    app.secret_key = "for the tests"

    @app.post("/login")
    def login() -> tuple[str, int]:
        if flask.request.get_json()["password"] != "secret":
            flask.abort(401)
        flask.session["user"] = "ann"
        return "", 204

    @app.get("/products")
    def products() -> list[str]:
        return []

    @app.get("/news")
    def news() -> list[str]:
        return []

    @app.post("/products")
    def make() -> tuple[str, int]:
        return need(201)

    @app.delete("/products/<int:number>")
    def remove(number: int) -> tuple[str, int]:
        return need(204)

    def need(status: int) -> tuple[str, int]:
        if "user" not in flask.session:
            flask.abort(401)
        return "", status

    return app


def test_what_is_checked_before_the_credentials_says_nothing() -> None:
    app = flask.Flask(__name__)

    @app.post("/items")
    def make() -> tuple[str, int]:
        if "name" not in flask.request.get_json():
            flask.abort(422)
        if "Authorization" not in flask.request.headers:
            flask.abort(401)
        return "", 201

    def calls(client: Any) -> None:
        client.post("/items", json={})
        client.post("/items", json={"name": "x"}, headers={"Authorization": "Bearer good"})

    assert learned(app, calls)[1] == {"POST /items": [{"bearer": []}]}


def test_session_of_flask() -> None:
    def calls(client: Any) -> None:
        client.get("/products")
        client.post("/products")
        client.post("/login", json={"password": "wrong"})
        client.post("/login", json={"password": "secret"})
        client.post("/products")
        client.delete("/products/1")
        client.get("/products")
        client.get("/news")

    service = learned_from(flask_app(), calls)
    operations = service.operations()
    found = Security(operations)
    assert found.schemes == {"cookie.session": {"type": "apiKey", "in": "cookie", "name": "session"}}
    assert {key: found.of(key) for key in operations} == {
        "POST /login": None,
        "GET /products": None,
        "POST /products": [{"cookie.session": []}],
        "DELETE /products/{number}": [{"cookie.session": []}],  # as whatever else changes something
        "GET /news": None,  # as whatever else only reads: the cookie came along
    }
    for key, operation in operations.items():
        assert not [each for each in parameters(operation, key, found.schemes) if each["in"] == "cookie"]


def test_a_cookie_that_nobody_asks_for_is_no_scheme() -> None:
    app = flask.Flask(__name__)
    app.secret_key = "for the tests"

    @app.get("/visits")
    def visits() -> dict[str, int]:
        flask.session["visits"] = flask.session.get("visits", 0) + 1
        return {"visits": flask.session["visits"]}

    def calls(client: Any) -> None:
        for _ in range(5):
            client.get("/visits")

    assert learned(app, calls) == ({}, {"GET /visits": None})


def test_a_cookie_beside_a_token_is_not_what_lets_in() -> None:
    app = FastAPI()
    bearer = HTTPBearer()

    @app.get("/me")
    def me(token: Annotated[Any, Depends(bearer)]) -> None: ...

    def calls(client: TestClient) -> None:
        client.get("/me")
        client.get("/me", headers={"Authorization": "Bearer good", "Cookie": "session=1"})

    assert learned(app, calls) == (
        {"bearer": {"type": "http", "scheme": "bearer"}},
        {"GET /me": [{"bearer": []}]},
    )


def test_session_cookie_of_fastapi() -> None:
    app = FastAPI()
    cookie = APIKeyCookie(name="session", auto_error=False)

    @app.post("/session", status_code=204)
    def begin(handle: Annotated[str, Form()], password: Annotated[str, Form()]) -> None: ...

    @app.get("/me")
    def me(session: Annotated[Any, Needs(cookie)]) -> None:
        if not session:
            raise HTTPException(401)

    @app.get("/theme")
    def theme(theme: Annotated[str, Cookie()] = "light") -> None: ...

    def calls(client: TestClient) -> None:
        client.get("/me")
        client.post("/session", data={"handle": "ann", "password": "x"})
        client.get("/me", headers={"Cookie": "session=1"})
        client.get("/theme", headers={"Cookie": "theme=dark"})

    operations = learned_from(app, calls).operations()
    found = Security(operations)
    assert found.schemes == {"cookie.session": {"type": "apiKey", "in": "cookie", "name": "session"}}
    assert found.of("GET /me") == [{"cookie.session": []}]
    assert found.of("POST /session") is None
    assert parameters(operations["GET /theme"], "/theme", found.schemes) == [
        {"name": "theme", "in": "cookie", "schema": {"type": "string"}}
    ]


def test_nobody_asks() -> None:
    app = FastAPI()

    @app.get("/items")
    def items() -> None: ...

    assert learned(app, lambda client: client.get("/items")) == ({}, {"GET /items": None})
