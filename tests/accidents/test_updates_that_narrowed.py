"""A second run made required what objects of the first one had been without, secured what the first had called without
credentials, and did not come to an end with a tree whose members were of several kinds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from learning import called, model
from msgspec.structs import replace

from mirror import Exchange, Headers
from mirror.openapi.document import openapi
from mirror.openapi.reading import read
from mirror.openapi.update import update
from mirror.openapi.version30 import downgrade

TREE = {"v": 1, "kids": [{"v": 2, "kids": [{"v": 3, "kids": []}]}]}
OTHER = {"v": 1, "kids": [{"v": "x", "kids": [{"v": None, "kids": [[]]}]}]}


def learned(*seen: Exchange) -> dict[str, Any]:
    return openapi(model(*seen).settled()[""])


def answered(*bodies: Any) -> dict[str, Any]:
    return learned(*(called("GET", "/a", "/a", json.dumps(body).encode()) for body in bodies))


@pytest.mark.parametrize(
    ("first", "second"),
    [({"b": 1}, {"a": 1, "b": 1}), ({"x": 1}, {"y": 1}), ({}, {"a": 1}), ({"c": {}}, {"c": {"d": 1}}), (TREE, OTHER)],
)
def test_samples_of_both_runs_are_valid(first: Any, second: Any) -> None:
    found = update(update("", answered(first)).text, answered(second))
    made = read(found.text, "it")
    schema = made["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    for body in (first, second):
        Draft202012Validator({**schema, "components": made.get("components", {})}).validate(body)
    assert update(found.text, answered(second)).text == found.text


def test_a_tree_in_30() -> None:
    found = update(update("", downgrade(answered(TREE))).text, downgrade(answered(OTHER)))
    assert update(found.text, downgrade(answered(OTHER))).text == found.text


@pytest.mark.parametrize("more", [1.5, True, [1], {"z": 1}, None])
def test_a_union_of_mirrors_own_becomes_wider_in_30(more: Any) -> None:
    first, second = downgrade(answered({"i": 1}, {"i": "a"})), downgrade(answered({"i": more}))
    found = update(update("", first).text, second)
    assert not found.conflicts
    assert found.changed
    assert update(found.text, second).text == found.text


@pytest.mark.parametrize("third", [{"k": "v"}, [1]])
def test_a_part_of_the_run_adds_no_branch(third: Any) -> None:
    text = update("", answered({"a": 1}, {"a": "x"}, {"a": third})).text
    assert update(text, answered({"a": 1}, {"a": "x"})).text == text


def with_token(exchange: Exchange) -> Exchange:
    fields = Headers((*exchange.request.headers.raw, (b"Authorization", b"Bearer abc")))
    return replace(exchange, request=replace(exchange.request, headers=fields))


def test_a_part_of_the_run_secures_nothing() -> None:
    one = called("GET", "/a", "/a")
    whole = update("", learned(one, *[with_token(one)] * 3)).text
    assert update(whole, learned(*[with_token(one)] * 3)).text == whole
    denied = update(whole, learned(with_token(one), called("GET", "/a", "/a", b"{}", 401)))
    assert read(denied.text, "it")["paths"]["/a"]["get"]["security"] == [{"bearer": []}, {}]


def test_an_empty_object_beside_arrays() -> None:
    """A branch says nothing of how many objects it stands on; of mirror's own there was one."""
    text = update("", answered({}, [])).text
    made = read(update(text, answered({"a": 1})).text, "it")
    schema = made["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    for body in ({}, [], {"a": 1}):
        Draft202012Validator({**schema, "components": made.get("components", {})}).validate(body)
