"""A test's name with a lone surrogate, which pytest allows, broke the document of a run: no UTF-8 can hold it."""

from __future__ import annotations

import msgspec
import pytest
from factories import make_exchange, make_request

from mirror.exchange import Exchange, Route
from mirror.openapi.document import openapi
from mirror.openapi.model import Model

HALF = "a\udc80"


@pytest.mark.parametrize("where", ["test", "target", "route"])
def test_they_are_written_as_escapes(where: str) -> None:
    exchange: Exchange = make_exchange(make_request("GET", f"/{HALF}" if where == "target" else "/a"))
    if where == "test":
        exchange = msgspec.structs.replace(exchange, test=HALF)
    elif where == "route":
        exchange = msgspec.structs.replace(exchange, route=Route("/a", HALF, HALF))
    model = Model()
    model.add(exchange)
    model.merge(Model.from_bytes(model.to_bytes()))
    assert msgspec.json.encode(openapi(model.services[""]))  # raises for half characters
