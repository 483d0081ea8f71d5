"""Accident: who looked for components went into the members of a map twice, once as its values and once by their keys,
and so 2**16 times into what was sixteen maps deep: 11 s for one body.
"""

from __future__ import annotations

import json
from typing import Any

from growth import calls
from jsonschema import Draft202012Validator
from learning import called, model

from mirror.openapi.document import openapi


def nested(depth: int) -> dict[str, Any]:
    return {str(key): nested(depth - 1) if depth > 1 else {"name": "x"} for key in (1, 2)}


def test_each_map_is_looked_at_once_however_deep_it_is() -> None:
    services = {
        depth: model(called("GET", "/r", "/r", json.dumps(nested(depth)).encode())).settled()[""] for depth in (2, 4, 6)
    }
    openapi(services[2])  # what is remembered of names is remembered now
    shallow, deep = (calls(lambda depth=depth: openapi(services[depth])) for depth in (4, 6))  # type: ignore[misc]
    assert deep < 5 * shallow  # four times as many values


def test_what_is_below_maps_and_others_at_one_place_is_written_there() -> None:
    """Who goes on to the values of maps alone has not met what is below the key of such a map."""
    answers = [{"id": 1, "m": {"1": {"a": 1}, "2": {"a": 1}}}, {"id": 1, "m": {"1": {"b": "x"}, "kind": "z"}}]
    seen = [
        called("GET", f"/r{place}", f"/r{place}", json.dumps(answer).encode()) for place, answer in enumerate(answers)
    ]
    made = openapi(model(*seen).settled()[""])
    for place, answer in enumerate(answers):
        content = made["paths"][f"/r{place}"]["get"]["responses"]["200"]["content"]
        schema = {**content["application/json"]["schema"], "components": made["components"]}
        Draft202012Validator(schema).validate(answer)
