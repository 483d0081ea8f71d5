"""A route of Flask's that lets any text through, ``/orders/<order_id>``, hid that all identifiers were UUIDs: without
the route it was known."""

from __future__ import annotations

import pytest
from learning import called, model

from mirror.openapi.document import openapi

ONE, OTHER = "0b39f2f0-58a5-4d2c-9c3b-6f5d5e1a4a9b", "1b39f2f0-58a5-4d2c-9c3b-6f5d5e1a4a9c"


@pytest.mark.parametrize(
    ("words", "route", "expected"),
    [
        ([ONE, OTHER], "/orders/<order_id>", {"type": "string", "format": "uuid"}),
        (["2026-01-02", "2026-01-03"], "/orders/{day}", {"type": "string", "format": "date"}),
        ([ONE, "mine"], "/orders/<order_id>", {"type": "string"}),
        (["7", "8"], "/orders/<order_id>", {"type": "string"}),
        (["7", "8"], "/orders/<int:order_id>", {"type": "integer"}),
    ],
)
def test_are_told(words: list[str], route: str, expected: object) -> None:
    made = openapi(model(*[called("GET", f"/orders/{word}", route) for word in words]).settled()[""])
    ((operation,),) = [item.values() for item in made["paths"].values()]
    assert operation["parameters"][0]["schema"] == expected
