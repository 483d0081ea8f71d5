"""What stood there as required stayed so, and nobody heard of it, where accepted requests of a later run were without
it: a parameter or a body that no request of the run had, or fewer requests than had it before; a member that one body
was without. And what was new in an operation was required, although requests of earlier runs had done without.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from learning import called, model

from mirror import Exchange
from mirror.openapi.document import Style
from mirror.openapi.output import brought_into
from mirror.openapi.reading import read
from mirror.openapi.update import Updated


def brought(text: str, *seen: Exchange, prune: tuple[str, ...] = (), evidence: bool = True) -> Updated:
    return brought_into(text, model(*seen).settled()[""], Style(evidence=evidence), None, prune=prune)


def by_a_person(text: str) -> str:
    return re.sub(r"(?m)^ *mark: .*\n", "", text)


def got(*queries: str) -> list[Exchange]:
    return [called("GET", f"/s{each}", "/s") for each in queries]


def sent(*bodies: Any, status: int = 200) -> list[Exchange]:
    return [called("POST", "/s", "/s", status=status, sent=json.dumps(each).encode()) for each in bodies]


def without_a_body(count: int, status: int = 200) -> list[Exchange]:
    return [called("POST", "/s", "/s", status=status)] * count


def operation(text: str, method: str = "get") -> Any:
    return read(text, "it")["paths"]["/s"][method]


KEY = got(*["?key=1"] * 5)
BODY = sent({"a": 1}, {"a": 2})
RUNS = [
    (KEY, got(*[""] * 20)),
    (KEY, got("", "", "?key=1")),
    (KEY, got("?limit=3")),
    (BODY, without_a_body(20)),
    (BODY, [*without_a_body(1), *sent({"a": 1})]),
    (BODY, sent({"b": 1})),
    (BODY, sent({})),
    (BODY, sent({"b": 1}, {"a": 3})),
]


@pytest.mark.parametrize("evidence", [True, False])
@pytest.mark.parametrize(("first", "later"), RUNS)
def test_what_was_left_out(first: list[Exchange], later: list[Exchange], evidence: bool) -> None:
    text = brought("", *first, evidence=evidence).text
    assert "required:" in text
    if evidence:
        own = brought(text, *later)
        assert not own.conflicts
        assert own.text.count("required:") == text.count("required:") - 1
        assert brought(own.text, *later).text == own.text
        text = by_a_person(text)
    [told] = brought(text, *later, evidence=evidence).conflicts
    assert str(told).endswith(" left out")


def test_what_was_refused_contradicts_nobody() -> None:
    text = brought("", *KEY, *BODY).text
    for later in (without_a_body(20, 400), sent({"b": 1}, status=404), [called("GET", "/s", "/s", status=422)]):
        found = brought(by_a_person(text), *later)
        assert not found.conflicts
        kept = brought(text, *later)
        assert operation(kept.text)["parameters"][0]["required"] is True
        assert operation(kept.text, "post")["requestBody"]["required"] is True


def test_fields_that_nobody_keeps() -> None:
    """Of the header fields that all requests have nothing is known; members of an object have names of their own."""
    text = brought("", *KEY).text
    field = "name: User-Agent\n          in: header\n          required: true"
    members = "name: filter\n          in: query\n          required: true\n          style: deepObject"
    for each, schema in ((field, "type: string"), (members, "type: object")):
        text = by_a_person(text).replace(
            "      parameters:\n", f"      parameters:\n        - {each}\n          schema:\n            {schema}\n"
        )
    assert len(operation(text)["parameters"]) == 3
    assert not brought(text, *got("?key=1&filter[a]=1", "?key=2&filter[a]=1")).conflicts


def test_what_is_new_in_an_operation() -> None:
    text = brought("", *without_a_body(2)).text
    later = [called("POST", "/s?key=1", "/s", sent=b'{"a": 1}')] * 5
    found = brought(text, *later)
    made = operation(found.text, "post")
    assert [each["name"] for each in made["parameters"]] == ["key"]
    assert "required" not in made["parameters"][0]
    assert "required" not in made["requestBody"]
    assert brought(found.text, *later).text == found.text
    assert not brought(found.text, *later).conflicts
    anew = brought(found.text, *later, prune=("POST /s query key",))
    assert operation(anew.text, "post")["parameters"][0]["required"] is True


def test_what_is_new_and_was_missed() -> None:
    text = brought("", *got("", "")).text
    error = {"detail": [{"type": "missing", "loc": ["query", "key"], "msg": "Field required", "input": None}]}
    refused = called("GET", "/s", "/s", json.dumps(error).encode(), 422)
    made = operation(brought(text, refused, *KEY).text)
    assert made["parameters"][0]["required"] is True
