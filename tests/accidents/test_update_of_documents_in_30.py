"""Accident: mirror's own documents of OpenAPI 3.0 became such that they refused samples when they were brought up to
date: null went, a type stayed beside other branches, tuples kept their length, and a discriminator (3.1 as well) did
not know what had been added to what it tells apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from learning import called, model
from openapi_schema_validator import OAS30Validator

from mirror.openapi.document import Style
from mirror.openapi.output import Version, brought_into
from mirror.openapi.reading import read

VALIDATORS: dict[Version, Any] = {"3.1": Draft202012Validator, "3.0": OAS30Validator}
KINDS = [{"p": {"type": "card", "no": 1}}, {"p": {"type": "cash", "am": 2}}]
IBAN = {"p": {"type": "iban", "ib": "x"}}


def brought(runs: list[list[Any]], version: Version) -> str:
    text = ""
    for bodies in runs:
        seen = [called("GET", "/a", "/a", json.dumps(body).encode()) for body in bodies]
        service = model(*seen).settled()[""]
        found = brought_into(text, service, Style(), version)
        assert not found.conflicts
        text = found.text
        assert brought_into(text, service, Style(), version).text == text
    return text


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@pytest.mark.parametrize(
    "runs",
    [
        [[{"id": 2}, None], ["bb"], [[1]]],
        [[{"v": None}, {"v": {"a": 1}}], [{"v": "x"}]],
        [[1, None], ["x"], [{"a": 2}], [[None]]],
        [[[1, "a"], [2, "b"], [3, "c"]], [[1, "b", None]], [[]]],
        [KINDS, [IBAN]],
        [KINDS, [{"p": 3}], [{"p": None}], [*KINDS, IBAN]],
        [[{"p": None}], [*KINDS, {"p": None}]],
        [[{"a": {"type": "card", "no": 1}}], [each["p"] for each in KINDS], [IBAN["p"]]],
        [[KINDS[0]], KINDS, [IBAN]],
        [KINDS, [*KINDS, {"p": {"type": "kard", "no": 2}}]],
        [[{"a": {"b": 1}}], [{"a": "x"}], [{"a": None}, {"a": {"c": 1}}]],
        [KINDS, [{"p": {"type": "card", "am": 1}}, {"p": {"type": "cash", "no": 1}}]],
    ],
)
def test_samples_of_all_runs_are_valid(runs: list[list[Any]], version: Version) -> None:
    made = read(brought(runs, version), "it")
    schema = made["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    for body in (body for bodies in runs for body in bodies):
        VALIDATORS[version]({**schema, "components": made.get("components", {})}).validate(body)


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_discriminators_lead_to_new_branches(version: Version) -> None:
    made = read(brought([KINDS, [*KINDS, IBAN]], version), "it")
    [holder] = [each for each in made["components"]["schemas"].values() if "p" in each["properties"]]
    place = holder["properties"]["p"]
    assert [each["$ref"] for each in place["oneOf"]] == list(place["discriminator"]["mapping"].values())
    assert list(place["discriminator"]["mapping"]) == ["card", "cash", "iban"]


def test_discriminators_lead_to_components_by_the_names_that_they_have_here() -> None:
    text = brought([[{"q": 1}]], "3.1")
    text = text.replace("  schemas:\n", "  schemas:\n    CardP:\n      type: string\n")
    seen = [called("GET", "/b", "/b", json.dumps(body).encode()) for body in KINDS]
    made = read(brought_into(text, model(*seen).settled()[""], Style(), None).text, "it")
    [holder] = [each for each in made["components"]["schemas"].values() if "p" in each.get("properties", {})]
    place = holder["properties"]["p"]
    assert place["discriminator"]["mapping"]["card"] == place["oneOf"][0]["$ref"] == "#/components/schemas/CardP2"


def test_what_is_said_of_several_types_stays() -> None:
    text = brought([[{"v": 1}]], "3.0").replace("type: integer\n", "type: integer\n          description: Ours.\n")
    assert "Ours" in text
    seen = called("GET", "/a", "/a", b'{"v": "x"}')
    made = read(brought_into(text, model(seen).settled()[""], Style(), None).text, "it")
    [schema] = made["components"]["schemas"].values()
    assert schema["properties"]["v"]["description"] == "Ours."
    assert schema["properties"]["v"]["anyOf"] == [{"type": "integer"}, {"type": "string"}]
