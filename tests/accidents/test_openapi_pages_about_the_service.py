"""The page that an extension shows about the service was an operation, where a test had called it at another path."""

from __future__ import annotations

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Route
from mirror.exchange import KnownRoute
from mirror.openapi.observation import is_beside, reason_to_skip

PAGES = ["flasgger.apidocs", "api-docs.openapi_json", "restx_doc.static"]
OTHERS = ["openapi", "orders.openapi", "flasgger", "apidocs.show"]


@pytest.mark.parametrize("endpoint", [*PAGES, *OTHERS])
def test_it_is_none(endpoint: str) -> None:
    exchange = make_exchange(make_request("GET", "/"), route=Route("/", endpoint), gateway="wsgi")
    assert (reason_to_skip(exchange) == "a document about the service") is (endpoint in PAGES)
    assert is_beside("/", KnownRoute("/", "GET", endpoint)) is (endpoint in PAGES)


def test_of_a_blueprint_that_anybody_may_have_the_answers_decide() -> None:
    """flask-openapi3 calls its own ``openapi``; every view of others of that name was taken for a page."""
    for media, is_page in (("text/html", True), ("application/json", False)):
        answer = make_response(200, b"{}", headers=[("Content-Type", media)])
        exchange = make_exchange(
            make_request("GET", "/partners"), answer, route=Route("/partners", "openapi.partners"), gateway="wsgi"
        )
        assert (reason_to_skip(exchange) is not None) is is_page
    assert not is_beside("/partners", KnownRoute("/partners", "GET", "openapi.partners"))


def test_pages_are_read() -> None:
    assert is_beside("/elements", KnownRoute("/elements", "GET", "elements"))
    assert not is_beside("/elements", KnownRoute("/elements", "POST", "elements"))
