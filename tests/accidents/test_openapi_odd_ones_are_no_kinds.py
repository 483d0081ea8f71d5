"""Accident: one object with other members than the rest made kinds of them all, told apart by any word that they had:
``PragueVenue`` and ``ViennaVenue``, of which ``city`` had to be Prague and Vienna."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror.openapi.document import Style, openapi

ONE = {"capacity": 30, "stage": "main"}
ODD = {"website": "https://a.example/", "stage": "main"}


def schemas(sent: list[dict[str, Any]]) -> dict[str, Any]:
    seen = [called("POST", "/venues", "/venues", sent=json.dumps(each).encode()) for each in sent]
    made: dict[str, Any] = openapi(model(*seen).settled()[""], Style(examples=False, evidence=False))["components"][
        "schemas"
    ]
    return made


@pytest.mark.parametrize("member", ["city", "code", "size"])
def test_one_odd_object_is_one_with_optional_members(member: str) -> None:
    many = [{member: "Vienna", **ONE, "capacity": number} for number in range(8)]
    (found,) = schemas([*many, {member: "Prague", **ODD}]).values()
    assert found["required"] == [member, "stage"]
    assert found["properties"].keys() == {member, "capacity", "website", "stage"}
    assert found["properties"][member] == {"type": "string"}


def test_so_is_the_same_one_again_and_again() -> None:
    (found,) = schemas([*[{"size": "big", **ONE}] * 8, *[{"size": "small", **ODD}] * 8]).values()
    assert found["required"] == ["size", "stage"]


def test_kinds_that_are_seen_again_and_again_are_told_apart_by_any_word() -> None:
    big = [{"size": "big", **ONE, "capacity": number} for number in range(3)]
    small = [{"size": "small", **ODD, "website": f"https://{number}.example/"} for number in range(3)]
    assert {"BigVenueCreateInput", "SmallVenueCreateInput"} <= schemas(big + small).keys()


@pytest.mark.parametrize("member", ["type", "kind", "mode", "venue_type", "venueKind", "entry_method"])
def test_one_of_each_kind_is_enough_where_the_name_says_so(member: str) -> None:
    assert len(schemas([{member: "hall", **ONE}, {member: "street", **ODD}])) == 2


@pytest.mark.parametrize("member", ["direction", "loan_status", "state"])
def test_or_where_a_choice_goes_with_several_members(member: str) -> None:
    came, went = {member: "incoming", "lender": "A", "insured": True}, {member: "outgoing", "borrower": "B", "fee": 5}
    assert {"IncomingVenueCreateInput", "OutgoingVenueCreateInput"} <= schemas([came, went]).keys()
    assert len(schemas([came, {**came, member: "both"}, went])) == 1  # no word for each kind
    assert len(schemas([came, {member: "outgoing", "borrower": "B"}])) == 1
    assert {"IncomingVenueCreateInput"} < schemas([{**came, "town": "Prague"}, {**went, "town": "Vienna"}]).keys()
    others = [{"town" if name == member else name: value for name, value in each.items()} for each in (came, went)]
    assert len(schemas(others)) == 1
