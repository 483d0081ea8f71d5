"""Accident: ``Location`` stood in no response, though it says where what was made, or asked for, is."""

from __future__ import annotations

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Route
from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Service


@pytest.mark.parametrize(("status", "told"), [(201, True), (307, True), (200, False)])
def test_a_location_is_told_where_it_means_something(status: int, told: bool) -> None:
    service = Service()
    response = make_response(status, headers=[("location", "/orders/7")])
    for _ in range(30):
        service.add(make_exchange(make_request("POST", "/orders"), response, route=Route("/orders", "made")))
    found = openapi(service, Style())["paths"]["/orders"]["post"]["responses"][str(status)].get("headers")
    assert found == ({"Location": {"schema": {"type": "string"}}} if told else None)
