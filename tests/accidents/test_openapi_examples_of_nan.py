"""A body with ``NaN``, which is no JSON, stood as a text among the examples of an object, and linters refused it."""

from __future__ import annotations

from typing import Any

from learning import called

from mirror.openapi.document import openapi
from mirror.openapi.model import Service


def content(*bodies: bytes) -> dict[str, Any]:
    service = Service()
    for body in bodies:
        service.add(called("GET", "/points", "/points", body))
    made = openapi(service)["paths"]["/points"]["get"]["responses"]["200"]["content"]["application/json"]
    assert isinstance(made, dict)
    return made


def test_it_is_left_out() -> None:
    assert "examples" not in content(b'{"x": NaN}')


def test_others_stay() -> None:
    assert [each["value"] for each in content(b'{"x": NaN}', b'{"x": 1}')["examples"].values()] == [{"x": 1}]
