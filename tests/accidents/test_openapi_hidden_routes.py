"""A route that developers had hidden from their document (``include_in_schema=False``, ``hide=True``) stood in the
learned one as soon as a test had called it."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from flask import Flask
from told import Told

from mirror import Mirror
from mirror.openapi.document import openapi
from mirror.openapi.model import Model
from mirror.redact.redactor import Redactor
from mirror.report.collection import Collection
from mirror.report.data import data


def fastapi() -> FastAPI:
    app, router, inner = FastAPI(), APIRouter(), APIRouter()
    app.get("/orders/{number}")(lambda number: number)
    app.get("/health", include_in_schema=False)(lambda: "ok")
    router.get("/metrics")(lambda: "ok")
    inner.get("/state")(lambda: "ok")
    router.include_router(inner, prefix="/inner")
    app.include_router(router, include_in_schema=False)
    app.delete("/orders/{order}", include_in_schema=False)(lambda order: order)
    return app


def apiflask() -> Flask:
    app = APIFlask(__name__)
    app.get("/orders/<number>", endpoint="order")(lambda number: number)
    app.get("/health", endpoint="health")(app.doc(hide=True)(lambda: "ok"))
    return app


@pytest.mark.parametrize("application", [fastapi(), apiflask()], ids=["FastAPI", "APIFlask"])
@pytest.mark.parametrize("redactor", [None, Redactor()], ids=["as it is", "redacted"])
def test_stay_hidden(application: Any, redactor: Redactor | None) -> None:
    model, told = Model(), Told()
    client = TestClient(application) if isinstance(application, FastAPI) else application.test_client()
    with Mirror(sinks=[told], attach=True) as mirror:
        for path in ("/orders/7", "/health", "/metrics", "/inner/state"):
            client.get(path)
        client.delete("/orders/7")
        for exchange in mirror.exchanges:
            model.add(exchange)
    for routes in told.applications:
        model.know(routes if redactor is None else tuple(map(redactor.known_route, routes)))
    paths = openapi(model.settled()[""])["paths"]
    assert {path: list(item) for path, item in paths.items()} == {"/orders/{number}": ["get"]}


def test_what_another_route_shows_is_shown() -> None:
    app = FastAPI()
    app.get("/a/{one}")(lambda one: one)
    app.get("/a/{other}", include_in_schema=False)(lambda other: other)
    model, told = Model(), Told()
    with Mirror(sinks=[told], attach=True) as mirror:
        TestClient(app).get("/a/1")
        model.add(mirror.exchanges[0])
    for routes in told.applications:
        model.know(routes)
    assert list(openapi(model.settled()[""])["paths"]) == ["/a/{one}"]


def test_calls_of_it_are_left_out_and_said_to_be_hidden() -> None:
    """``mirror learn`` counted them among the evidence, and a report called them never anything but 404 or 405."""
    app = FastAPI(title="Shop")
    app.get("/orders")(lambda: "ok")
    app.get("/health/{part}", include_in_schema=False)(lambda part: part)
    model, collection, told = Model(), Collection(), Told()
    with Mirror(sinks=[told], attach=True) as mirror:
        client = TestClient(app)
        for path in ("/orders", "/health/disk", "/health/net", "/nothing"):
            client.get(path)
        for exchange in mirror.exchanges:
            model.add(exchange)
            collection.add(exchange)
    for routes in told.applications:
        model.know(routes)
        collection.know(routes)
    service = model.settled()[""].judged()
    assert service.count == 1
    assert service.skipped == {"kept out of the schema by its developers": 2, "no route": 1}
    assert service.judged() == service
    index, _ = data(collection)
    assert index["title"] == "Shop", "it is called as the application is"
    shown = {(each["kind"], each["path"]): each["count"] for each in index["operations"]}
    assert shown == {
        ("call", "/orders"): 1,
        ("aside", "kept out of the schema by its developers"): 2,
        ("aside", "no route"): 1,
    }
