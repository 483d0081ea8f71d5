"""The page that an extension shows about the service was an operation, where a test had called it at another path."""

from __future__ import annotations

import pytest
from factories import make_exchange, make_request

from mirror import Route
from mirror.exchange import KnownRoute
from mirror.openapi.observation import is_beside, reason_to_skip

PAGES = ["flasgger.apidocs", "api-docs.openapi_json", "openapi.docs", "restx_doc.static"]
OTHERS = ["openapi", "orders.openapi", "flasgger", "apidocs.show"]


@pytest.mark.parametrize("endpoint", [*PAGES, *OTHERS])
def test_it_is_none(endpoint: str) -> None:
    exchange = make_exchange(make_request("GET", "/"), route=Route("/", endpoint), gateway="wsgi")
    assert (reason_to_skip(exchange) == "a document about the service") is (endpoint in PAGES)
    assert is_beside("/", KnownRoute("/", "GET", endpoint)) is (endpoint in PAGES)
