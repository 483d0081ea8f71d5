"""What stood under ``/заказы`` was called ``D0B7D0B0``, and its tag was ``%D0%B7%D0%B0``."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Route
from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Service
from mirror.openapi.naming import literals, subject


def document(path: str, endpoint: str) -> dict[str, Any]:
    service = Service()
    response = make_response(200, b'{"id": 1}', headers=[("Content-Type", "application/json")])
    service.add(make_exchange(make_request("GET", quote(path)), response, route=Route(path, endpoint), gateway="wsgi"))
    return openapi(service, Style(evidence=False))


@pytest.mark.parametrize(
    ("path", "endpoint", "component", "operation"),
    [
        ("/заказы", "orders.show_orders", "ShowOrders", "orders_show_orders"),
        ("/заказы", "", "Root", "get"),
        ("/cafés", "", "Cafe", "get_cafes"),
    ],
)
def test_they_are_called_after_what_can_be_read(path: str, endpoint: str, component: str, operation: str) -> None:
    made = document(path, endpoint)
    assert list(made["components"]["schemas"]) == [component]
    (item,) = made["paths"].values()
    assert item["get"]["operationId"] == operation
    assert item["get"]["tags"] == ["orders" if endpoint else path[1:]]


def test_what_is_no_text_stays_as_it_is() -> None:
    assert literals("/%FF/{id}/%0A/x") == ["%FF", "%0A", "x"]
    assert subject("/a%7Bb/{id}/%7B") == "AB"
    assert subject("/orders/{id}/lines") == "OrderLine"
