"""Accident: where an object stood and a later run saw a map, its required names stayed, and so the map was invalid; a
person whose word that contradicted was told nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from learning import called, model

from mirror.openapi.document import Style
from mirror.openapi.output import Version, brought_into
from mirror.openapi.reading import read
from mirror.openapi.update import Updated


def brought(text: str, *bodies: Any, version: Version | None = None) -> Updated:
    seen = [called("GET", "/a", "/a", json.dumps(body).encode()) for body in bodies]
    return brought_into(text, model(*seen).settled()[""], Style(), version)


def answers(text: str) -> dict[str, Any]:
    made = read(text, "it")
    schema = made["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**schema, "components": made.get("components", {})}


ORDER = {"total": 1, "count": 2}


@pytest.mark.parametrize("version", ["3.1", "3.0"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ORDER, {"2026-01-01": 3}),
        (ORDER, {"EUR": 3.5, "USD": 4}),
        ({"EUR": "x", "n": 1}, {"EUR": 3, "USD": 4}),
        ({"p": {"a": 1, "b": 2}}, {"p": {"7": 1, "8": 2}}),
        ([ORDER], [{"2026-01-01": 3}]),
    ],
)
def test_samples_of_both_runs_are_valid(first: Any, second: Any, version: Version) -> None:
    found = brought(brought("", first, version=version).text, second)
    assert not found.conflicts
    for body in (first, second):
        Draft202012Validator(answers(found.text)).validate(body)
    for body in (first, second):
        assert brought(found.text, body).text == found.text


def test_what_the_map_had_not_stays_as_it_was() -> None:
    found = brought(brought("", {"EUR": 1, "note": "x"}).text, {"EUR": 3, "USD": 4})
    [schema] = read(found.text, "it")["components"]["schemas"].values()
    assert schema["required"] == ["EUR"]
    assert schema["properties"]["note"]["type"] == "string"


def bare(text: str) -> str:
    """The text as a person's."""
    return re.sub(r"(?m)^ *mark: .*\n", "", text)


def closed(text: str) -> str:
    return bare(text).replace("      type: object\n", "      type: object\n      additionalProperties: false\n")


@pytest.mark.parametrize(
    ("edited", "second", "told"),
    [
        (bare, {"2026-01-01": 3}, ['required is ["EUR","n"], but "EUR", "n" were left out']),
        (bare, {"EUR": 3, "USD": 4}, ['required is ["EUR","n"], but "n" was left out']),
        (bare, {"EUR": 3, "n": 4}, []),
        (
            closed,
            {"EUR": 3, "USD": 4},
            ['additionalProperties is false, but "USD" was seen', 'required is ["EUR","n"], but "n" was left out'],
        ),
    ],
)
def test_a_persons_words(edited: Callable[[str], str], second: Any, told: list[str]) -> None:
    found = brought(edited(brought("", {"EUR": 1, "n": 1}).text), second)
    assert [str(each).partition("/schemas/A/")[2] for each in found.conflicts] == told
