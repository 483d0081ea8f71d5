"""A resource below ``/docs`` or one that ended in ``/openapi`` was taken for a document about the service, and was no
operation."""

from __future__ import annotations

import json

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange, Route
from mirror.exchange import KnownRoute
from mirror.openapi.observation import is_beside, reason_to_skip

ABOUT = "a document about the service"
HTML = b"<!doctype html><title>Docs</title>"
SPEC = json.dumps({"openapi": "3.1.0", "paths": {}}).encode()


def answered(path: str, body: bytes, media: str, route: Route | None = None) -> Exchange:
    response = make_response(200, body, headers=[("Content-Type", media)])
    return make_exchange(make_request("GET", path), response, route=route, gateway="wsgi")


@pytest.mark.parametrize(
    "path", ["/docs/7", "/elements/Fe", "/teams/swagger", "/projects/3/openapi", "/docs", "/docs/"]
)
def test_without_a_route_the_answer_says_it(path: str) -> None:
    assert reason_to_skip(answered(path, b'{"id": 7}', "application/json")) is None


@pytest.mark.parametrize(
    ("path", "body", "media"),
    [
        ("/docs", HTML, "text/html; charset=utf-8"),
        ("/docs/oauth2-redirect", HTML, "text/html"),
        ("/redoc", HTML, "TEXT/HTML"),
        ("/swagger/", HTML, "text/html"),
        ("/openapi.json", SPEC, "application/json"),
        ("/v1/openapi", SPEC, "application/json"),
        ("/api/swagger.yaml", b"swagger: '2.0'\n", "application/yaml"),
        ("/favicon.ico", b"", ""),
    ],
)
def test_pages_and_documents_are_none(path: str, body: bytes, media: str) -> None:
    assert reason_to_skip(answered(path, body, media)) == ABOUT


@pytest.mark.parametrize(
    ("template", "endpoint"),
    [
        ("/docs/<int:doc_id>", "show_doc"),
        ("/elements/{symbol}", "elements"),
        ("/docs", "list_docs"),
        ("/teams/swagger", "swagger_team"),
        ("/projects/{id}/openapi.json", "project_document"),
    ],
)
def test_a_route_says_it_alone(template: str, endpoint: str) -> None:
    route = Route(template, endpoint)
    assert reason_to_skip(answered("/docs/7", HTML, "text/html", route)) is None
    assert not is_beside(template, KnownRoute(template, "GET", endpoint))


@pytest.mark.parametrize(
    ("template", "endpoint"),
    [
        ("/manual", "swagger_ui_html"),
        ("/manual/oauth2-redirect", "swagger_ui_redirect"),
        ("/reference", "redoc_html"),
        ("/api/v1/openapi.json", "openapi"),
        ("/docs", "custom_swagger_ui_html"),
        ("/docs", "docs"),
    ],
)
def test_what_frameworks_serve_is_none(template: str, endpoint: str) -> None:
    assert reason_to_skip(answered(template, HTML, "text/html", Route(template, endpoint))) == ABOUT
    assert is_beside(template, KnownRoute(template, "GET", endpoint))
