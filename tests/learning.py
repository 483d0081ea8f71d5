"""What is learned from what a test does with an application's client, and from exchanges that are made up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from factories import make_exchange, make_request, make_response
from fastapi import FastAPI
from fastapi.testclient import TestClient

from mirror import Exchange, Mirror, Route
from mirror.exchange import KnownRoute
from mirror.openapi.model import Model, Service


def learned_from(app: Any, calls: Callable[[Any], None]) -> Service:
    service = Service()
    with Mirror(attach=True) as mirror:
        if isinstance(app, FastAPI):
            with TestClient(app) as client:
                calls(client)
        else:
            calls(app.test_client())
        for exchange in mirror.exchanges:
            service.add(exchange)
    return service


def called(
    method: str,
    target: str,
    route: str,
    body: bytes = b"{}",
    status: int = 200,
    sent: bytes = b"",
    media: str = "application/json",
) -> Exchange:
    fields = [("Content-Type", media)]
    request = make_request(method, target, *([sent] if sent else []), headers=fields if sent else [])
    response = make_response(status, body, headers=fields)
    return make_exchange(request, response, route=Route(route, "shown"), test="t.py::test", gateway="wsgi")


def model(*seen: Exchange | KnownRoute) -> Model:
    made = Model()
    for each in seen:
        if isinstance(each, Exchange):
            made.add(each)
    made.know(tuple(each for each in seen if isinstance(each, KnownRoute)))
    return made
