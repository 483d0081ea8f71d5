"""Accident: of a kind of objects that was sent once, only the member that tells it apart was required, although all
objects of all kinds had another as well."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

from learning import called, model

from mirror.openapi.document import Style, openapi

CARD = {"method": "card", "amount": "1.00", "details": {"name": "x"}, "number": "4111"}
WIRE = {"method": "wire", "amount": "1.00", "details": {"amount": 1}, "iban": "AT61"}


def required(*sent: dict[str, Any], wrapped: bool = False) -> dict[str, Any]:
    bodies = [{"payment": each} if wrapped else each for each in sent]
    seen = [called("POST", "/payments", "/payments", sent=json.dumps(each).encode()) for each in bodies]
    made = [openapi(model(*order).settled()[""], Style(examples=False)) for order in permutations(seen)]
    assert all(each == made[0] for each in made)
    return {name: schema.get("required", []) for name, schema in made[0]["components"]["schemas"].items()}


def test_what_all_had_is_required_of_each() -> None:
    found = required(CARD, CARD, WIRE)
    assert found["CardPaymentCreateInput"] == ["method", "amount", "details", "number"]
    assert found["WirePaymentCreateInput"] == ["method", "amount", "details"]


def test_wherever_they_stand() -> None:
    found = required(CARD, CARD, WIRE, wrapped=True)
    assert found["WirePaymentInput"] == ["method", "amount", "details"]


def test_that_says_nothing_of_what_is_in_them() -> None:
    found = required(CARD, CARD, WIRE)
    inner = [found[name] for name in found.keys() - {"CardPaymentCreateInput", "WirePaymentCreateInput"}]
    assert [] in inner
    assert ["amount"] not in inner


def test_what_one_kind_did_without_is_not() -> None:
    found = required(CARD, {name: value for name, value in CARD.items() if name != "amount"}, WIRE)
    assert found["WirePaymentCreateInput"] == ["method", "details"]
