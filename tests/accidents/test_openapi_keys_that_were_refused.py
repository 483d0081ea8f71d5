"""Accident: the keys of a map whose values were refused became members of the object: thirty of them where one was ever
accepted."""

from __future__ import annotations

import json
from typing import Any

from learning import called, model

from mirror.openapi.document import openapi


def properties(refused: dict[str, str], accepted: dict[str, Any]) -> list[str]:
    seen = [called("POST", "/r", "/r", b"{}", 200, json.dumps({"m": accepted}).encode()) for _ in range(3)]
    for name, kind in refused.items():
        answer = json.dumps({"detail": [{"loc": ["body", "m", name], "type": kind, "msg": "x"}]}).encode()
        seen.append(called("POST", "/r", "/r", answer, 422, json.dumps({"m": {name: "?"}}).encode()))
    made = openapi(model(*seen).settled()[""])
    return [*made["components"]["schemas"]["MInput"]["properties"]]


def test_keys_that_are_more_than_all_that_was_accepted_are_no_members() -> None:
    assert properties({f"key{each}": "int_parsing" for each in range(30)}, {"a": 1}) == ["a"]


def test_members_of_several_types_are_members() -> None:
    told = {"size": "int_parsing", "color": "string_type", "price": "float_parsing", "new": "bool_parsing"}
    assert properties(told, {"a": 1}) == ["a", *sorted(told)]


def test_few_are_members_and_so_are_those_of_another_type_than_what_was_accepted() -> None:
    assert properties({"width": "int_parsing", "height": "int_parsing"}, {"a": 1}) == ["a", "height", "width"]
    sizes = {f"size_{each}": "int_parsing" for each in "abcd"}
    assert properties(sizes, {"a": "x"}) == ["a", *sizes]
