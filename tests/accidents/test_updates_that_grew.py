"""A document of 3.0 that was brought the same facts again and again grew each time: of several branches the first one
took in what another one said already, as it was asked whether a value contradicted a person. Where requests had only
been refused nothing did, and a parameter with no accepted text fitted everything.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from learning import called, model

from mirror.openapi.document import Style
from mirror.openapi.model import Service
from mirror.openapi.output import brought_into
from mirror.openapi.reading import read

LINES = [[{"EUR": 2}, "12", 2.0], {"EUR": "g", "items": 2.0}, {"error": 1}, {"name": "h"}]
versions = pytest.mark.parametrize("version", ["3.0", "3.1"])


def ordered(*requests: tuple[Any, int]) -> Service:
    seen = [
        called("POST", "/orders", "/orders", status=status, sent=msgspec.json.encode({"lines": lines}))
        for lines, status in requests
    ]
    return model(*seen).settled()[""]


@versions
def test_refused_bodies_of_other_kinds(version: Any) -> None:
    first = brought_into("", ordered(([{"sku": "card", "n": 3}], 201)), Style(), version).text
    refused = ordered(("abc def", 500), (LINES, 409))
    once = brought_into(first, refused, Style(), version).text
    assert brought_into(once, refused, Style(), version).text == once


def test_objects_beside_arrays_keep_to_themselves() -> None:
    first = brought_into("", ordered(([{"sku": "card", "n": 3}], 201)), Style(), "3.0").text
    once = brought_into(first, ordered(([["x"]], 409)), Style(), "3.0").text
    one, other = read(once, "it")["components"]["schemas"]["LineInput"]["anyOf"]
    assert one.keys() >= {"type", "properties"}
    assert "items" not in one
    assert other.keys() >= {"type", "items"}
    assert "properties" not in other


@versions
def test_parameters_that_nobody_accepted(version: Any) -> None:
    def put(*ids: str) -> Service:
        seen = [called("PUT", f"/orders/{each}", "/orders/{order_id}", status=404) for each in ids]
        return model(*seen).settled()[""]

    first = brought_into("", put("12"), Style(), version).text
    unknown = put("0b39f2f0-58a5-4d2c-9c3b-6f5d5e1a4a9b")
    once = brought_into(first, unknown, Style(), version).text
    assert brought_into(once, unknown, Style(), version).text == once
