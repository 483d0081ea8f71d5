"""FastAPI's router names the endpoint of a plain route of Starlette's in the scope, and not the route."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from mirror import Mirror, Route


async def view(request: Request) -> Response:
    """Something plain."""
    return PlainTextResponse("plain")


def test_it_is_found() -> None:
    app = FastAPI()
    app.add_route("/one/{number}", view)
    app.add_route("/two/{number}", view, name="second")
    with Mirror() as mirror:
        client = TestClient(app)
        for path in ("/one/3", "/two/4", "/docs", "/three"):
            client.get(path)
        routes = [exchange.route for exchange in mirror.exchanges]
    assert routes == [
        Route("/one/{number}", "view", "Something plain."),
        Route("/two/{number}", "second", "Something plain."),
        Route("/docs", "swagger_ui_html"),
        None,
    ]
