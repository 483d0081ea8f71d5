"""Accident: arrays that were longer or shorter than a person says were told to nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror.openapi.document import Style
from mirror.openapi.output import brought_into

HEAD = 'openapi: 3.1.0\ninfo: {title: Shop, version: "1"}\n'
GET = HEAD + "paths: {/a: {get: {responses: {200: {description: it, content: {application/json: {schema: %s}}}}}}}\n"
TAGS = {"type": "object", "properties": {"tags": {"type": "array", "items": {}, "minItems": 1, "maxItems": 2}}}
NESTED = {"type": "array", "maxItems": 1, "items": {"type": "array", "items": {}}}


@pytest.mark.parametrize(
    ("schema", "bodies", "told"),
    [
        (TAGS, [{"tags": [1, 2]}, {"tags": [1]}], []),
        (TAGS, [{"tags": [1, 2, 3, 4]}, {"tags": [1, 2, 3]}], ["maxItems is 2, but 4 was seen"]),
        (TAGS, [{"tags": []}, {"tags": ["a", 1]}, {"tags": ["b", 1, 2]}], ["maxItems is 2, but 3 was seen", "minItems is 1, but 0 was seen"]),  # noqa: E501
        (TAGS, [{"tags": [1]}, {"of": {"tags": [1, 2, 3]}}], []),
        (NESTED, [[[1, 2, 3]]], []),
    ],
)  # fmt: skip
def test_lengths(schema: Any, bodies: list[Any], told: list[str]) -> None:
    seen = [called("GET", "/a", "/a", json.dumps(body).encode()) for body in bodies]
    found = brought_into(GET % json.dumps(schema), model(*seen).settled()[""], Style(), None)
    assert [str(each).rpartition("/")[2] for each in found.conflicts] == told
