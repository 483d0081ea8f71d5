"""Accident: the address in a PATCH was another component than that in a POST, ``AddressInput2``, of which nothing was
required."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from learning import called, model

from mirror.openapi.document import Style, openapi

SHORT = {"line": "a", "country": "DE"}
FULL = {**SHORT, "floor": "2"}


def schemas(posted: list[Any], patched: list[Any]) -> dict[str, Any]:
    seen = [called("POST", "/people", "/people", sent=json.dumps(each).encode()) for each in posted]
    seen += [called("PATCH", "/people/1", "/people/<int:n>", sent=json.dumps(each).encode()) for each in patched]
    made = [openapi(model(*order).settled()[""], Style(examples=False)) for order in permutations(seen)]
    assert all(each == made[0] for each in made)
    found: dict[str, Any] = made[0]["components"]["schemas"]
    return found


def people(*addresses: Any) -> list[Any]:
    return [{"name": "A", "address": each} for each in addresses]


@pytest.mark.parametrize(
    ("posted", "patched"), [([FULL, SHORT], SHORT), ([SHORT, SHORT], SHORT), ([FULL, SHORT], FULL)]
)
def test_it_is_the_same(posted: list[Any], patched: Any) -> None:
    found = schemas(people(*posted), [{"address": patched}])
    assert found.keys() == {"PersonCreateInput", "PersonPatchInput", "AddressInput"}
    assert found["AddressInput"]["required"] == ["line", "country"]
    assert found["PersonPatchInput"]["properties"]["address"] == {"$ref": "#/components/schemas/AddressInput"}


def test_those_in_lists_as_well() -> None:
    found = schemas(people([FULL, SHORT], [SHORT]), [{"address": [SHORT]}])
    assert found["AddressInput"]["required"] == ["line", "country"]


def test_not_where_a_patch_has_left_something_out() -> None:
    found = schemas(people(FULL, FULL), [{"address": {"line": "a"}}])
    assert found["AddressInput"]["required"] == ["line", "country", "floor"]
    assert "required" not in found["AddressInput2"]


def test_nor_what_the_patch_is_about() -> None:
    found = schemas([{"person": FULL}, {"person": SHORT}], [{"person": SHORT}])
    assert "required" not in found["PersonInput2"]
