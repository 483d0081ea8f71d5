"""Accident: operations of FastAPI had the first segment of their path for a tag (``token``), whatever ``tags`` their
route and their routers have."""

from __future__ import annotations

import enum
from typing import Any

import msgspec
from fastapi import APIRouter, FastAPI
from learning import learned_from

from mirror.adapters.known import starlette_routes
from mirror.exchange import KnownRoute
from mirror.openapi.document import Style, openapi
from mirror.redact.redactor import Redactor


class Tag(enum.Enum):
    users = "people"


def shop() -> FastAPI:
    app = FastAPI()
    inner = APIRouter(tags=["auth"])

    @inner.get("/token")
    def token() -> None: ...

    @inner.get("/me", tags=[Tag.users, "auth"])
    def me() -> None: ...

    @app.get("/health")
    def health() -> None: ...

    outer = APIRouter(prefix="/v1", tags=["first"])
    outer.include_router(inner)
    app.include_router(outer, tags=["all"])
    return app


def tags(document: dict[str, Any]) -> dict[str, Any]:
    return {path: item["get"].get("tags") for path, item in document["paths"].items()}


def test_a_document_has_the_tags_that_fastapi_publishes() -> None:
    app = shop()
    service = learned_from(app, lambda client: [client.get(path) for path in ("/v1/token", "/health")])
    service.known.update(starlette_routes(app.router, ""))
    document = openapi(service, Style())
    theirs = {path: item["get"].get("tags") for path, item in app.openapi()["paths"].items()}
    assert tags(document) == {path: list(dict.fromkeys(each or ["health"])) for path, each in theirs.items()}
    assert {each["name"] for each in document["tags"]} == {"all", "auth", "first", "health", "people"}


def test_captures_keep_them_without_secrets() -> None:
    route = KnownRoute("/a", "GET", tags=("auth", "eve@example.com"))
    assert msgspec.json.decode(msgspec.json.encode(route), type=KnownRoute) == route
    clean = Redactor().known_route(route)
    assert clean.tags[0] == "auth"
    assert "eve@example.com" not in clean.tags
