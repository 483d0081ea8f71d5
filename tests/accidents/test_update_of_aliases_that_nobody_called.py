"""Accident: when a route was called for the first time whose operation, or responses, had a YAML alias, the responses
went in both places, nothing was added, and the alias became a copy."""

from __future__ import annotations

import pytest
from learning import called, model

from mirror.openapi.document import Style
from mirror.openapi.output import brought_into

HEAD = 'openapi: 3.1.0\ninfo: {title: Shop, version: "1"}\n'
PARAMETER = "{name: id, in: path, required: true, schema: {}}"
NONE = "{default: {description: Not exercised by any test}}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"get: &un {{parameters: [{PARAMETER}], responses: {NONE}}}", "get: *un"),
        (f"get: {{parameters: [&id {PARAMETER}], responses: &un {NONE}}}", "get: {parameters: [*id], responses: *un}"),
        (f"&un {{get: {{parameters: [{PARAMETER}], responses: {NONE}}}}}", "*un"),
    ],
)
def test_what_has_an_alias_stays(one: str, other: str) -> None:
    first, second = (each if each[0] in "&*" else f"{{{each}}}" for each in (one, other))
    text = f"{HEAD}paths:\n  '/a/{{id}}': {first}\n  '/b/{{id}}': {second}\n"
    found = brought_into(text, model(called("GET", "/a/7", "/a/<id>")).settled()[""], Style(), None)
    assert found.text.startswith(text)
    assert [each.pointer for each in found.conflicts] == ["#/paths/~1a~1{id}/get/responses/200"]
