"""An update keeps what people wrote, brings in what was learned, and has nothing to do the second time."""

from __future__ import annotations

import copy
import json
import random
import re
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from jsonschema import Draft202012Validator
from learning import called, model
from openapi_schema_validator import OAS30Validator

from mirror.openapi import familiar
from mirror.openapi.document import Style
from mirror.openapi.marks import marked
from mirror.openapi.output import brought_into
from mirror.openapi.place import Place
from mirror.openapi.reading import read
from mirror.openapi.schema import Schemas
from mirror.openapi.shape import Shape
from mirror.openapi.update import update
from mirror.openapi.version30 import downgrade
from mirror.openapi.writing import write

Json = dict[str, Any]

NAMES = ["id", "state", "total", "note", "items"]
COMPONENTS = ["Order", "Item", "Error"]
TEMPLATES = ["/orders", "/orders/{order_id}", "/orders/{order_id}/items/{no}", "/users/me", "/users/{user}"]
forms = st.sampled_from(["yaml", "json"])


@st.composite
def schemas(draw: st.DrawFn, depth: int = 2) -> Json:
    kinds = ["string", "integer", "number", "boolean", "enum", "null", "ref"] + ["object", "array", "any", "map"] * (
        depth > 0
    )
    kind = draw(st.sampled_from(kinds))
    inner = schemas(depth - 1)
    made: Json
    match kind:
        case "ref":
            return {"$ref": f"#/components/schemas/{draw(st.sampled_from(COMPONENTS))}"}
        case "enum":
            made = {
                "type": "string",
                "enum": sorted(draw(st.sets(st.sampled_from(["new", "paid", "no", "lost"]), min_size=1))),
            }
        case "null":
            made = {"type": ["string", "null"]}
        case "string":
            made = {"type": "string"} | draw(st.sampled_from([{}, {"format": "date"}, {"contentEncoding": "base64"}]))
        case "object":
            made = draw(objects(depth - 1))
        case "map":
            made = {"type": "object", "additionalProperties": draw(inner)}
        case "array":
            made = {"type": "array", "items": draw(inner)}
        case "any":
            different = st.lists(inner, min_size=2, max_size=3, unique_by=lambda it: repr(plain(it)))
            made = {draw(st.sampled_from(["anyOf", "oneOf"])): draw(different)}
        case _:
            made = {"type": kind}
    return made | {"x-mirror": {"samples": draw(st.integers(1, 9))}}


@st.composite
def objects(draw: st.DrawFn, depth: int = 2) -> Json:
    properties = draw(st.dictionaries(st.sampled_from(NAMES), schemas(depth), max_size=3))
    made: Json = {"type": "object"}
    if properties:
        made["properties"] = properties
    required = [name for name in properties if draw(st.booleans())]
    return made | ({"required": required} if required else {})


@st.composite
def operations(draw: st.DrawFn, template: str) -> Json:
    path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": draw(st.sampled_from([{"type": "string"}, {"type": "integer"}])),
        }
        for name in re.findall(r"\{(\w+)\}", template)
    ]
    query = [
        {"name": name, "in": draw(st.sampled_from(["query", "header"])), "schema": draw(schemas(0))}
        | ({"required": True} if draw(st.booleans()) else {})
        for name in draw(st.sets(st.sampled_from(NAMES), max_size=2).map(sorted))
    ]
    made: Json = {
        "summary": draw(st.sampled_from(["One", "All of them: now", "no"])),
        "operationId": draw(st.uuids()).hex,
    }
    if path + query:
        made["parameters"] = path + query
    content = st.dictionaries(
        st.sampled_from(["application/json", "text/plain"]), schemas().map(lambda it: {"schema": it}), max_size=2
    )
    if draw(st.booleans()):
        made["requestBody"] = {"required": True} if draw(st.booleans()) else {}
        made["requestBody"]["content"] = draw(content)
    made["responses"] = {
        status: {"description": "It", "content": draw(content), "x-mirror": {"samples": draw(st.integers(1, 9))}}
        for status in sorted(draw(st.sets(st.sampled_from(["200", "201", "404", "422"]), min_size=1)))
    }
    if draw(st.booleans()):
        made["security"] = [{"bearer": []}]
    return made | {"x-mirror": {"samples": draw(st.integers(1, 9)), "tests": ["tests/test_it.py::test_it"]}}


def plain(value: Any) -> Any:
    """A document without its evidence."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items() if key != "x-mirror"}
    return [plain(member) for member in value] if isinstance(value, list) else value


@st.composite
def learned(draw: st.DrawFn, evidence: bool | None = None) -> Json:
    templates = sorted(draw(st.sets(st.sampled_from(TEMPLATES), max_size=3)))
    paths = {
        template: {
            method: draw(operations(template))
            for method in sorted(draw(st.sets(st.sampled_from(["get", "post"]), min_size=1)))
        }
        for template in templates
    }
    made = {
        "openapi": "3.1.0",
        "info": {"title": "API", "version": "1.0"},
        "paths": paths,
        "components": {
            "schemas": {name: draw(objects()) for name in COMPONENTS},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }
    if evidence is None:
        evidence = draw(st.booleans())
    return made if evidence else plain(made)


GONE = ("required", "enum", "description", "x-mirror", "format", "security")


def edited_value(hand: random.Random, value: Any) -> Any:
    """A document as somebody has edited it: words changed, things added, taken away and put in another order."""
    if isinstance(value, list):
        return [edited_value(hand, member) for member in value]
    if not isinstance(value, dict):
        return value
    made = {key: edited_value(hand, member) for key, member in value.items()}
    match hand.randrange(15):
        case 0:
            return dict(reversed(made.items()))
        case 1:
            made["x-owner"] = hand.choice(["us", 1, ["a"], {"b": None}])
        case 2 if "type" in made:
            made["type"] = hand.choice(["string", "integer", "object"])
        case 3:
            made.pop(hand.choice(GONE), None)
        case 4 if "type" in made:
            made["description"] = "Said by hand."
        case 5 if "properties" in made:
            made["additionalProperties"] = False
        case 6 if "schema" in made:
            made["schema"] = {"$ref": "other.yaml#/It"}
        case _:
            pass
    return made


def edited_text(hand: random.Random, text: str) -> str:
    """A YAML text as somebody has edited it: comments, blank lines, names."""
    lines = []
    for line in text.splitlines():
        match hand.randrange(13):
            case 0:
                lines += [f"{' ' * (len(line) - len(line.lstrip()))}# by hand: x", line]
            case 1:
                lines += [f"{line}  # said: so"]
            case 2:
                lines += [line, ""]
            case _:
                lines.append(line)
    text = "\n".join(lines) + "\n"
    if hand.randrange(2):
        text = re.sub(r"\border_id\b", "number", text)
    if hand.randrange(2):
        text = re.sub(r"\bOrder\b(?!s)", "Bestellung", text)
    return text


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document of an earlier run, edited by hand."""
    hand = random.Random(draw(st.integers(0, 2**32)))
    document = marked(draw(learned()))
    document = {**edited_value(hand, document), "openapi": "3.1.0"}
    if not hand.randrange(4):
        return write(document, "json")
    return edited_text(hand, write(document, "yaml"))


@given(documents(), learned())
@settings(deadline=None, max_examples=30)
def test_once_more_is_no_difference(text: str, facts: Json) -> None:
    once = update(text, facts)
    again = update(once.text, facts)
    assert again.text == once.text
    assert not again.added


@given(learned(), forms)
@settings(deadline=None, max_examples=30)
def test_the_same_facts_are_no_difference(facts: Json, form: Any) -> None:
    text = update("", facts, form=form).text
    again = update(text, facts)
    assert again.text == text
    assert not [*again.conflicts, *again.added, *again.changed]


@given(documents(), learned())
@settings(deadline=None, max_examples=30)
def test_it_is_a_document_that_has_what_was_learned(text: str, facts: Json) -> None:
    found = update(text, facts)
    document = read(found.text, "it")
    blank = {re.sub(r"\{.*?\}", "{}", template): item for template, item in document["paths"].items()}
    for template, item in facts["paths"].items():
        assert blank[re.sub(r"\{.*?\}", "{}", template)].keys() >= item.keys()
    for reference in re.findall(r"#/components/schemas/\w+", found.text):
        name = reference.rpartition("/")[2]
        if reference not in text:
            assert name in document["components"]["schemas"]


@given(documents(), learned())
@settings(deadline=None, max_examples=30)
def test_what_stood_there_stands_there_still(text: str, facts: Json) -> None:
    """Without marks everything is a person's: nothing is taken away or changed, only added."""
    bare = re.sub(r"\bmark\b", "x-no-mark", text)
    found = update(bare, plain(facts))
    before, after = read(bare, "it"), read(found.text, "it")
    assert_contains(after, before)
    if not text.startswith("{"):  # in JSON a comma may follow what was the last
        new = set(found.text.splitlines())
        lost = [line for line in bare.splitlines() if line not in new]
        assert all(re.fullmatch(r".*: *(\{\}|\[.*\]|null)?( *#.*)?", line) for line in lost), lost


def assert_contains(after: Any, before: Any) -> None:
    if isinstance(before, dict) and isinstance(after, dict):
        assert [key for key in after if key in before] == list(before)
        for key in before:
            assert_contains(after[key], before[key])
    elif isinstance(before, list) and all(isinstance(member, str) for member in before):
        assert [member for member in after if member in before] == before
    elif isinstance(before, list) and isinstance(after, list):
        assert len(after) >= len(before)
        for one, other in zip(after, before, strict=False):
            assert_contains(one, other)
    else:
        assert after == before, (after, before)


@given(documents())
@settings(deadline=None, max_examples=30)
def test_a_run_that_showed_nothing_changes_nothing(text: str) -> None:
    nothing = {"openapi": "3.1.0", "info": {"title": "API", "version": "1.0"}, "paths": {}}
    assert update(text, nothing).text == text


@given(learned(), learned(), st.integers(0, 2**32))
@settings(deadline=None, max_examples=30)
def test_what_is_familiar_need_not_be_read(before: Json, facts: Json, seed: int) -> None:
    hand = random.Random(seed)
    mixed = {**facts, "paths": {**before["paths"], **facts["paths"]}}
    text = write({**edited_value(hand, marked(mixed)), "openapi": "3.1.0"}, "yaml")
    text = hand.choice([f"{text}# by hand\n", text.rstrip(), edited_text(hand, text)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(familiar, "SMALLEST", 0)
        quick = update(text, facts)
    assert quick == update(text, facts)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(-2, 2)
    | st.sampled_from(["new", "paid", "x y", "2024-01-01", "a@b.example"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*NAMES, "type"]), inner, max_size=3)
        | st.dictionaries(st.sampled_from(["2024-01-01", "2024-01-02", "7", "8"]), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
samples = st.lists(
    values
    | st.dictionaries(st.sampled_from(["state", "type", "id"]), st.sampled_from(["new", "paid", 1]), min_size=1)
    | st.dictionaries(st.sampled_from(["2024-01-01", "7", "EUR", "id"]), st.sampled_from(["new", 1]), min_size=1),
    min_size=1,
    max_size=12,
)


def learned_from(bodies: list[Any], maker: str) -> Json:
    shape = Shape()
    for body in bodies:
        shape.add(copy.deepcopy(body))
    schema = Schemas(evidence=True).schema(shape, Place(maker))
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/It"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "API", "version": "1.0"},
        "paths": {"/it": {"get": {"responses": {"200": {"description": "It", "content": content}}}}},
        "components": {"schemas": {"It": schema}},
    }


versions = st.sampled_from([("3.1", Draft202012Validator), ("3.0", OAS30Validator)])


@given(st.lists(samples, min_size=2, max_size=3), forms, versions)
@settings(deadline=None, max_examples=80)
def test_what_runs_have_seen_is_allowed(runs: list[list[Any]], form: Any, version: tuple[str, Any]) -> None:
    """Law 9 for documents that grow. A property that is new may be called required at first; the runs that have not
    seen it say otherwise when they are learned again."""
    number, validator = version
    learned = [learned_from(bodies, "response") for bodies in runs]
    learned = learned if number == "3.1" else [downgrade(facts) for facts in learned]
    text = ""
    for facts in learned * 2:
        found = update(text, facts, form=form)
        assert not found.conflicts
        text = found.text
    schema = read(text, "it")["components"]["schemas"]["It"]
    for body in (body for bodies in runs for body in bodies):
        assert validator(schema).is_valid(body), (body, schema)
    for facts in learned:
        assert update(text, facts).text == text


kinds = st.sampled_from(["card", "cash", "iban"]).map(lambda kind: {"kind": kind, f"{kind}_no": 1})
things = st.dictionaries(
    st.sampled_from(["a", "b"]), kinds | values | st.lists(kinds | values, max_size=3), min_size=1, max_size=2
)


@given(st.lists(st.lists(things | kinds, min_size=1, max_size=8), min_size=2, max_size=3), versions)
@settings(deadline=None, max_examples=20)
def test_what_calls_have_shown_is_allowed(runs: list[list[Any]], version: tuple[Any, Any]) -> None:
    """The same with components, and with the evidence of the run."""
    number, validator = version
    services = []
    for bodies in runs:
        seen = [called("GET", "/it", "/it", json.dumps(body).encode()) for body in bodies]
        services.append(model(*seen).settled()[""])
    text = ""
    for service in services * 2:
        found = brought_into(text, service, Style(), number)
        assert not found.conflicts
        text = found.text
    document = read(text, "it")
    content = document["paths"]["/it"]["get"]["responses"]["200"]["content"]
    schema = {**content["application/json"]["schema"], "components": document.get("components", {})}
    for body in (body for bodies in runs for body in bodies):
        assert validator(schema).is_valid(body), (body, schema)
    for service in services:
        assert brought_into(text, service, Style(), number).text == text


queries = st.sets(st.sampled_from(["a", "b"])).map(lambda names: "&".join(f"{name}=1" for name in sorted(names)))
calls = st.lists(
    st.tuples(st.none() | things | kinds, queries, st.sampled_from([201, 201, 409, 422, 500])), min_size=1, max_size=6
)


@given(st.lists(calls, min_size=2, max_size=3), versions)
@settings(deadline=None, max_examples=30)
def test_accepted_requests_are_allowed(runs: list[list[tuple[Any, str, int]]], version: tuple[Any, Any]) -> None:
    """Whatever was required before they came, and whatever became of others. Once more is no difference."""
    number, validator = version
    text = ""
    for run in runs:
        seen = [
            called(
                "POST", f"/it/{no or 'me'}?{query}", "/it/{no}", b"{}", status, json.dumps(body).encode() * bool(body)
            )
            for no, (body, query, status) in enumerate(run)
        ]
        service = model(*seen).settled()[""]
        text = brought_into(text, service, Style(), number).text
        assert brought_into(text, service, Style(), number).text == text
    document = read(text, "it")
    post = document["paths"]["/it/{no}"]["post"]
    required = {each["name"] for each in post["parameters"] if each["in"] == "query" and each.get("required")}
    for body, query, status in (each for run in runs for each in run):
        if status == 201:
            assert required <= {part[0] for part in query.split("&") if part}
            assert body is not None or not post.get("requestBody", {}).get("required")
        if status == 201 and body is not None:
            schema = post["requestBody"]["content"]["application/json"]["schema"]
            assert validator({**schema, "components": document.get("components", {})}).is_valid(body), (body, schema)
