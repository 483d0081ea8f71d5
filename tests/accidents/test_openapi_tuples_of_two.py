"""``["total", 1]``, seen twice, was a tuple of exactly a text and a number."""

from __future__ import annotations

import json
from typing import Any

from learning import called

from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Service


def schema(*lists: list[Any]) -> dict[str, Any]:
    service = Service()
    for each in lists:
        service.add(called("GET", "/last", "/last", json.dumps(each).encode()))
    made = openapi(service, Style(evidence=False))
    found: dict[str, Any] = made["paths"]["/last"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return found


def test_two_are_a_list() -> None:
    assert schema(["total", 1], ["total", 1]) == {"type": "array", "items": {"type": ["integer", "string"]}}


def test_three_are_a_tuple_where_no_kind_stands_at_both() -> None:
    assert schema(["total", 1], ["total", 1], ["most", 2])["minItems"] == 2
    assert "prefixItems" not in schema(["total", 1], ["total", 1], ["most", 2], [3, "least"])
