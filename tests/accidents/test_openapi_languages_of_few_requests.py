"""Accident: ``Accept-Language`` was a browser's, as all requests of its operation had it: two, of eighty."""

from __future__ import annotations

from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror.openapi.document import openapi
from mirror.openapi.model import Model


def parameters_of(path: str, said: int, silent: int) -> list[Any]:
    model = Model()
    for number in range(said + silent):
        called = "/label" if number < said else "/others"
        fields = [("Accept-Language", "de")] if number < said else []
        model.add(make_exchange(make_request("GET", called, headers=fields), make_response(200)))
    found: list[Any] = openapi(model.settled()[""])["paths"][path]["get"].get("parameters", [])
    return [each["name"] for each in found]


@pytest.mark.parametrize(("said", "silent", "expected"), [(2, 3, ["Accept-Language"]), (3, 3, []), (3, 0, [])])
def test_what_few_requests_of_a_service_have_somebody_wrote(said: int, silent: int, expected: list[str]) -> None:
    assert parameters_of("/label", said, silent) == expected
    if silent:
        assert parameters_of("/others", said, silent) == []
