"""Accident: requests of several kinds, which a member tells apart: a member of one kind that a refusal named was
written into the other kinds as well."""

from __future__ import annotations

import json
from typing import Any

from learning import called, model

from mirror import Exchange
from mirror.openapi.document import openapi

A: dict[str, Any] = {"mode": "a", "size": "s"}
B: dict[str, Any] = {"mode": "b", "z": 1}


def sent(path: str, kind: dict[str, Any]) -> Exchange:
    return called("PUT", path, path, sent=json.dumps({"setup": kind}).encode())


def refused(path: str, name: str) -> Exchange:
    said = {"detail": [{"type": "int_parsing", "loc": ["body", "setup", "a", name], "msg": "Input should be"}]}
    body = {"setup": A | {name: "?"}}
    return called("PUT", path, path, json.dumps(said).encode(), 422, json.dumps(body).encode())


def members(*seen: Exchange) -> dict[str, set[str]]:
    schemas = openapi(model(*seen).settled()[""])["components"]["schemas"]
    found = [each["properties"] for each in schemas.values() if "mode" in each.get("properties", ())]
    return {each["mode"].get("const", ""): {*each} for each in found}


BOTH = [sent("/s", each) for each in (A, B) * 3]


def test_what_another_kind_has_is_not_of_this_one() -> None:
    assert members(*BOTH, refused("/s", "size")) == {"a": {*A}, "b": {*B}}


def test_nor_where_only_one_kind_was_accepted() -> None:
    assert members(*BOTH, sent("/s/t", B), refused("/s/t", "size")) == {"a": {*A}, "b": {*B}}


def test_what_no_kind_has_may_be_of_any() -> None:
    assert members(*BOTH, refused("/s", "depth")) == {"a": {*A, "depth"}, "b": {*B, "depth"}}
