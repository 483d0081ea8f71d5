"""Accident: an update made new properties required in objects that a person had written, and told of contradictions in
words that stood nowhere: a constant as a list, a parameter of a path as one of the operation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror.openapi.document import Style
from mirror.openapi.output import brought_into
from mirror.openapi.reading import read
from mirror.openapi.update import Updated

HEAD = 'openapi: 3.1.0\ninfo: {title: Shop, version: "1"}\n'
GET = HEAD + "paths: {/a: {get: {responses: {200: {description: it, content: {application/json: {schema: %s}}}}}}}\n"


def brought(schema: Any, *bodies: Any) -> Updated:
    seen = [called("GET", "/a", "/a", json.dumps(body).encode()) for body in bodies]
    return brought_into(GET % json.dumps(schema), model(*seen).settled()[""], Style(), None)


def schema_of(text: str) -> Any:
    return read(text, "it")["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]


OBJECT = {"type": "object", "properties": {"v": {"type": "string"}}, "required": ["v"]}


def test_what_is_required_is_the_persons() -> None:
    found = brought(OBJECT, {"w": 1})
    assert schema_of(found.text)["required"] == ["v"]
    assert [str(each).partition("schema/")[2] for each in found.conflicts] == [
        'required is ["v"], but "v" was left out'
    ]
    assert schema_of(brought(OBJECT, {"v": "x", "w": 1}).text)["properties"].keys() == {"v", "w"}
    assert "required" not in schema_of(brought({"type": "object"}, {"w": 1}).text)


def test_what_a_part_requires() -> None:
    found = brought({"allOf": [{"required": ["q"]}]}, {"v": 1})
    assert schema_of(found.text)["allOf"][0]["required"] == ["q"]
    assert [each.stands for each in found.conflicts] == [["q"]]


def test_constants() -> None:
    properties = {"kind": {"const": "a"}, "state": {"enum": ["a"]}}
    found = brought({"type": "object", "properties": properties}, *[{"kind": "b", "state": "b"}] * 9)
    assert {each.pointer.rpartition("/")[2]: each.stands for each in found.conflicts} == {"const": "a", "enum": ["a"]}


ID = "{name: id, in: path, required: true, schema: {type: integer}}"
ANSWER = "responses: {200: {description: it}}"


@pytest.mark.parametrize(
    ("item", "place"),
    [
        (f"parameters: [%s], get: {{{ANSWER}}}", "/paths/~1o~1{id}/parameters/0"),
        (f"get: {{parameters: [%s], {ANSWER}}}", "/paths/~1o~1{id}/get/parameters/0"),
    ],
)
def test_where_a_parameter_stands(item: str, place: str) -> None:
    service = model(called("GET", "/o/x", "/o/<id>")).settled()[""]
    text = f"{HEAD}paths: {{'/o/{{id}}': {{{item}}}}}\n"
    [told] = brought_into(text % ID, service, Style(), None).conflicts
    assert told.pointer == f"#{place}/schema/type"
    text += f"components: {{parameters: {{Id: {ID}}}}}\n"
    [told] = brought_into(text % "{$ref: '#/components/parameters/Id'}", service, Style(), None).conflicts
    assert told.pointer == "#/components/parameters/Id/schema/type"
