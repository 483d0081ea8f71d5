"""What models declare: how it meets what was seen, and what stands in documents of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from learning import called, model
from openapi_spec_validator import validate

from mirror import Exchange
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import Style, openapi
from mirror.openapi.explain import explain
from mirror.openapi.update import update
from mirror.openapi.version30 import downgrade
from mirror.openapi.word import Word, agreed
from mirror.openapi.writing import write

Json = dict[str, Any]


def declared(part: str, *places: tuple[Any, ...]) -> tuple[Declaration, ...]:
    """Of places: the pointer, the kinds in one string, the presence, the format, the choices."""

    def place(pointer: str, kinds: str, presence: Any = "", form: str = "", *choices: str) -> Declaration:
        model = "" if pointer else "Thing"
        return Declaration(part, pointer, model, tuple(kinds.split()), form, choices, presence)

    return tuple(place(*each) for each in places)


def document(seen: list[Exchange], *said: Declaration, method: str = "GET", **style: Any) -> Json:
    made = openapi(model(*seen, KnownRoute("/a", method, declared=said)).settled()[""], Style(**style))
    validate(made)
    validate(downgrade(made))
    return made


def answered(*bodies: Any) -> list[Exchange]:
    return [called("GET", "/a", "/a", json.dumps(body).encode()) for body in bodies]


def thing(made: Json, name: str = "Thing") -> Json:
    found: Json = made["components"]["schemas"][name]
    return found


def bare(schema: Any) -> Any:
    """Without evidence."""
    if isinstance(schema, dict):
        return {key: bare(value) for key, value in schema.items() if key != "x-mirror"}
    return [bare(each) for each in schema] if isinstance(schema, list) else schema


FLAT = declared(
    "200",
    ("", "object"),
    ("id", "integer", "required"),
    ("price", "number", "required"),
    ("mail", "string", "optional"),
    ("note", "null string", "optional"),
    ("state", "string", "required", "", "open", "shut"),
    ("made", "string", "required", "date-time"),
)
ONE = {"id": 1, "price": 8, "mail": "a@b.example", "note": "n", "state": "open", "made": "2026-01-02T03:04:05Z"}


def test_what_few_samples_look_like_is_not_claimed() -> None:
    schema = bare(thing(document(answered(ONE, ONE, ONE), *FLAT)))
    assert schema["properties"] == {
        "id": {"type": "integer"},
        "price": {"type": "number"},
        "mail": {"type": "string"},
        "note": {"type": ["string", "null"]},
        "state": {"type": "string", "enum": ["open", "shut"]},
        "made": {"type": "string", "format": "date-time"},
    }
    assert schema["required"] == ["id", "price", "state", "made"]
    without = bare(thing(document(answered(ONE, ONE, ONE), *FLAT, models=False), "A"))
    assert without["properties"]["mail"] == {"type": "string", "format": "email"}
    assert len(without["required"]) == 6


def test_samples_are_right_where_they_are_something_else() -> None:
    """A member of another type, a word that is no choice, a text without the format, a required member that lacks."""
    other = {"id": "x", "price": 8, "mail": "m", "note": "n", "state": "ajar", "made": "yesterday"}
    lacking = {name: value for name, value in other.items() if name != "price"}
    schema = thing(document(answered(other, lacking), *FLAT))
    assert bare(schema["properties"]) == {
        "id": {"type": "string"},
        "price": {"type": "number"},
        "mail": {"type": "string"},
        "note": {"type": ["string", "null"]},
        "state": {"type": "string"},
        "made": {"type": "string"},
    }
    assert schema["required"] == ["id", "state", "made"]
    for body in (other, lacking):
        Draft202012Validator(schema).validate(body)


RANKS = declared("200", ("", "object"), ("rank", "integer null", "required", "", "1", "2", "30"))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([1, 30], {"type": ["integer", "null"], "enum": [1, 2, 30, None]}),
        ([1, 4], {"type": ["integer", "null"]}),
        ([1, 2**70], {"type": ["integer", "null"]}),
        ([1, 2.5], {"type": ["number", "null"]}),
        ([None], {"type": ["integer", "null"], "enum": [1, 2, 30, None]}),
        (list(range(40)), {"type": ["integer", "null"]}),
    ],
)
def test_integers_to_choose_from(seen: list[Any], expected: Json) -> None:
    made = document(answered(*({"rank": each} for each in seen)), *RANKS)
    schema = bare(made["components"]["schemas"]["Thing"]["properties"]["rank"])
    assert schema == expected
    for each in seen:
        Draft202012Validator(schema).validate(each)


def test_integers_that_no_sample_has() -> None:
    assert bare(thing(document(answered({}), *RANKS)))["properties"]["rank"]["enum"] == [1, 2, 30, None]


def test_a_parameter_with_integers_to_choose_from() -> None:
    said = Declaration("query", "rank", kinds=("integer", "null"), choices=("-1", "2"), presence="optional")
    made = document([called("GET", "/a?rank=2", "/a"), called("GET", "/a?rank=-1", "/a")], said)
    (parameter,) = made["paths"]["/a"]["get"]["parameters"]
    assert bare(parameter["schema"]) == {"type": "integer", "enum": [-1, 2]}


def test_an_answer_with_more_than_its_model_has_is_not_of_that_model() -> None:
    schema = bare(thing(document(answered({"id": 1, "more": 2}), *FLAT), "A"))
    assert schema["properties"] == {"id": {"type": "integer"}, "more": {"type": "integer"}}


def test_what_no_sample_has_is_there_and_marked() -> None:
    places = declared(
        "200", ("", "object"), ("a", "integer", "required"), ("b", "array", "optional"), ("b/*", "string")
    )
    seen = answered({"a": 1})
    schema = thing(document(seen, *places))
    assert schema["properties"]["b"] == {
        "type": "array",
        "items": {"type": "string", "x-mirror": {"samples": 0}},
        "x-mirror": {"samples": 0},
    }
    assert schema["required"] == ["a"]
    assert list(thing(document(seen, *places, unexercised=False))["properties"]) == ["a"]


def test_an_object_that_no_sample_has_is_a_component() -> None:
    places = (
        *declared("200", ("", "object"), ("a", "integer", "required"), ("in/b", "integer", "required")),
        Declaration("200", "in", "Inner", ("null", "object"), presence="optional"),
    )
    made = document(answered({"a": 1}), *places)
    assert bare(thing(made, "Inner")) == {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]}
    assert made["components"]["schemas"]["Inner"]["x-mirror"] == {"samples": 0}


@pytest.mark.parametrize(("kinds", "expected"), [("map", "additionalProperties"), ("object", "properties")])
def test_maps_and_records_are_what_is_declared(kinds: str, expected: str) -> None:
    step = "m/*" if kinds == "map" else "m/one"
    places = declared("200", ("", "object"), ("m", kinds, "required"), (step, "integer", "required"))
    schema = thing(document(answered({"m": {"one": 1}}), *places))
    inner = schema["properties"]["m"]
    if "$ref" in inner:
        inner = thing(document(answered({"m": {"one": 1}}), *places), inner["$ref"].rpartition("/")[2])
    assert set(bare(inner)) - {"type", "required"} == {expected}


def test_one_model_asked_for_in_part_is_another_component() -> None:
    """PATCH takes the same schema, and asks for nothing."""
    known = [
        KnownRoute("/a", method, declared=declared("request", ("", "object"), ("one", "integer", presence)))
        for method, presence in (("POST", "required"), ("PATCH", "optional"))
    ]
    seen = [called(method, "/a", "/a", b"", 204, b'{"one": 1}') for method in ("POST", "PATCH")]
    made = openapi(model(*seen, *known).settled()[""])["components"]["schemas"]
    assert sorted(schema.get("required", []) for schema in made.values()) == [[], ["one"]]


def test_a_body_that_was_sent_once_has_what_is_required() -> None:
    known = KnownRoute("/a", "POST", declared=declared("request", ("", "object"), ("one", "integer", "required")))
    seen = called("POST", "/a", "/a", b"", 204, b'{"one": 1, "junk": 2}')
    schema = thing(openapi(model(seen, known).settled()[""]))
    assert schema["required"] == ["one"]
    assert set(schema["properties"]) == {"one", "junk"}


PARAMETERS = (
    *declared("query", ("page", "integer", "optional"), ("state", "string", "required", "", "open", "shut")),
    *declared("query", ("tags", "array", "optional"), ("tags/*", "string", "")),
    *declared("header", ("x-trace", "string", "optional", "uuid")),
)


def test_parameters() -> None:
    seen = [called("GET", "/a?page=1&state=open", "/a") for _ in range(4)]
    found = {each["name"]: each for each in document(seen, *PARAMETERS)["paths"]["/a"]["get"]["parameters"]}
    assert {name: (bare(each["schema"]), each.get("required", False)) for name, each in found.items()} == {
        "page": ({"type": "integer"}, False),
        "state": ({"type": "string", "enum": ["open", "shut"]}, True),
        "tags": ({"type": "array", "items": {"type": "string"}}, False),
        "x-trace": ({"type": "string", "format": "uuid"}, False),
    }
    assert [each["x-mirror"]["samples"] for each in found.values()] == [4, 4, 0, 0]
    shown = document(seen, *PARAMETERS, unexercised=False)["paths"]["/a"]["get"]["parameters"]
    assert [each["name"] for each in shown] == ["page", "state"]


def test_forms() -> None:
    places = declared(
        "request",
        ("", "object"),
        ("count", "integer", "required"),
        ("note", "string", "optional"),
        ("up", "string", "optional", "binary"),
        ("state", "null string", "optional", "", "open", "shut"),
    )
    seen = [called("POST", "/a", "/a", b"", 204, b"count=3&note=12", "application/x-www-form-urlencoded")]
    made = document(seen, *places, method="POST")
    (content,) = made["paths"]["/a"]["post"]["requestBody"]["content"].values()
    assert bare(content["schema"]) == {
        "type": "object",
        "properties": {
            "count": {"type": "integer"},
            "note": {"type": "string"},
            "state": {"type": ["string", "null"], "enum": ["open", "shut", None]},
            "up": {"type": "string", "format": "binary"},
        },
        "required": ["count"],
    }


def test_an_update_with_the_same_changes_nothing_and_with_more_counts_it() -> None:
    first = document(answered({"id": 1, "price": 2, "state": "open", "made": ONE["made"]}), *FLAT)
    text = update("", first).text
    assert update(text, first).text == text
    again = update(text, document(answered(ONE, ONE), *FLAT))
    assert not again.conflicts
    assert not again.changed
    assert "samples: 0" in text
    assert "samples: 0" not in again.text


def test_it_can_be_asked() -> None:
    service = model(*answered(ONE), KnownRoute("/a", "GET", declared=FLAT + PARAMETERS)).settled()[""]
    assert explain(service, "GET /a 200 #/made")[-1] == "    declared: required; string; of the format date-time"
    assert explain(service, "GET /a query state") == ["    declared: required; string; one of open, shut"]
    assert "declared" not in str(explain(service, "GET /a 200 #/nothing"))


def test_the_document_can_be_written() -> None:
    assert "samples: 0" in write(document(answered({"id": 1}), *FLAT), "yaml")


def test_the_parameters_of_what_no_test_called() -> None:
    known = KnownRoute(
        "/b/{key}", "GET", declared=(*PARAMETERS, *declared("path", ("key", "string", "required", "uuid")))
    )
    made = openapi(model(*answered(ONE), known).settled()[""])
    found = made["paths"]["/b/{key}"]["get"]["parameters"]
    assert [(each["name"], each["schema"].get("format"), each.get("required", False)) for each in found] == [
        ("key", "uuid", True),
        ("page", None, False),
        ("state", None, True),
        ("tags", None, False),
        ("x-trace", "uuid", False),
    ]
    validate(made)


def test_a_declared_tuple() -> None:
    places = declared("200", ("", "object"), ("t", "array", "required"), ("t/0", "integer"), ("t/1", "string"))
    seen = thing(document(answered({"t": [1, "a"]}), *places))["properties"]["t"]
    assert [each["type"] for each in seen["prefixItems"]] == ["integer", "string"]
    unseen = thing(document(answered({}), *places))["properties"]["t"]
    assert [each["type"] for each in unseen["prefixItems"]] == ["integer", "string"]
    other = thing(document(answered({"t": [1]}), *places))["properties"]["t"]
    assert bare(other) == {"type": "array", "items": {"type": "integer"}}


@pytest.mark.parametrize(("presence", "expected"), [("required", True), ("optional", None), ("", None)])
def test_whether_there_has_to_be_a_body(presence: str, expected: bool | None) -> None:
    places = declared("request", ("", "object", presence), ("one", "integer", "required"))
    made = document([called("POST", "/a", "/a", b"", 204, b'{"one": 1}')], *places, method="POST")
    assert made["paths"]["/a"]["post"]["requestBody"].get("required") is expected


def test_a_list_that_may_be_null() -> None:
    places = declared("query", ("ids", "array null", "optional"))
    (found,) = document([called("GET", "/a?ids=1", "/a")], *places)["paths"]["/a"]["get"]["parameters"]
    assert found["schema"] == {"type": "array", "items": {"type": "integer"}}


def test_commas_in_a_declared_text_separate_nothing() -> None:
    seen = [called("GET", f"/a?ids={ids}", "/a") for ids in ("1,2,3", "4,5", "4")]
    (found,) = document(seen, *declared("query", ("ids", "string", "optional")))["paths"]["/a"]["get"]["parameters"]
    assert found["schema"] == {"type": "string"}


def payments(part: str = "200") -> tuple[Declaration, ...]:
    return (
        *declared(part, ("", "object"), ("p", "object", "required")),
        Declaration(part, "p/=kind=card", "Card", ("object",)),
        *declared(
            part, ("p/=kind=card/kind", "string", "required", "", "card"), ("p/=kind=card/no", "string", "required")
        ),
        Declaration(part, "p/=kind=cash|coin", "Cash", ("object",)),
        *declared(part, ("p/=kind=cash|coin/kind", "string", "required", "", "cash", "coin")),
        *declared(part, ("p/=kind=cash|coin/sum", "integer", "optional")),
    )


CARD, CASH, COIN = ({"p": each} for each in ({"kind": "card", "no": "1"}, {"kind": "cash"}, {"kind": "coin", "sum": 1}))


@pytest.mark.parametrize("seen", [[CARD], [CASH], [CARD, CASH, COIN]])
def test_models_that_a_member_tells_apart(seen: list[Json]) -> None:
    made = document(answered(*seen), *payments())
    said = thing(made)["properties"]["p"]
    assert [each["$ref"].rpartition("/")[2] for each in said["oneOf"]] == ["Card", "Cash"]
    assert set(said["discriminator"]["mapping"]) == {"card", "cash", "coin"}
    assert set(thing(made, "Cash")["properties"]) == {"kind", "sum"}
    assert thing(made, "Card")["required"] == ["kind", "no"]
    for body in seen:
        Draft202012Validator({**thing(made), "components": made["components"]}).validate(body)


def test_an_object_of_none_of_the_models() -> None:
    made = document(answered(CARD, {"p": {"kind": "gold"}}, {"p": {}}), *payments())
    said = thing(made)["properties"]["p"]
    assert "oneOf" not in said
    assert "oneOf" not in thing(document(answered(CARD), *payments(), unexercised=False))["properties"]["p"]


def test_a_declaration_is_one_views_own() -> None:
    places = declared("query", ("page", "integer", "required"), ("state", "string", "", "", "open", "shut"))
    known = [KnownRoute("/a", "GET", declared=places), KnownRoute("/b", "GET", tags=("other",))]
    seen = [called("GET", "/a?state=open&page=1", "/a"), called("GET", "/b?page=1", "/b", b'{"state": "open"}')]
    made = openapi(model(*seen, *known).settled()[""])
    (found,) = made["paths"]["/b"]["get"]["parameters"]
    assert "required" not in found
    assert bare(thing(made, "B"))["properties"] == {"state": {"type": "string"}}
    assert made["paths"]["/b"]["get"]["tags"] == ["other"]


def test_a_declared_list_is_no_tuple() -> None:
    places = declared("200", ("", "object"), ("t", "array", "required"), ("t/*", "integer string"))
    seen = answered({"t": [1, "a"]}, {"t": [2, "b"]}, {"t": [3, "c"]})
    assert "prefixItems" not in thing(document(seen, *places))["properties"]["t"]
    assert "prefixItems" in thing(document(seen, *places, models=False), "A")["properties"]["t"]


def test_what_is_called_after_a_model_is_of_it() -> None:
    """A 404 that is something else leaves the name to what is of the model."""
    places = declared("200", ("", "object"), ("x", "integer", "required"))
    other = declared("404", ("", "object"), ("x", "integer", "required"))
    seen = [*answered({"x": 1}), called("GET", "/a", "/a", b'{"no": "no"}', 404)]
    assert set(document(seen, *places, *other)["components"]["schemas"]) == {"Thing", "Error"}


def test_the_evidence_stays_as_it_was() -> None:
    service = model(*answered(ONE, {"id": 2}), KnownRoute("/a", "GET", declared=FLAT + PARAMETERS)).settled()[""]
    first = openapi(service)
    plain = openapi(service, Style(models=False))
    assert openapi(service) == first
    assert openapi(service, Style(models=False)) == plain != first


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (None, Word("required"), Word("required")),
        (Word("required", "uuid"), Word("optional", "uuid"), Word("optional", "uuid")),
        (Word("", "uuid"), Word("", "date"), Word("", "")),
        (Word("", None), Word("", "date"), Word("", "date")),
        (Word("", "", ("b",)), Word("", "", ("a",)), Word("", "", ("a", "b"))),
        (Word("", "", ("b", "a")), Word("", "", ("b", "a")), Word("", "", ("b", "a"))),
        (Word("", "", ("b", "a")), Word("", "", ("a", "b")), Word("", "", ("a", "b"))),
        (Word("", "", ("a",)), Word("", ""), Word("", "")),
    ],
)
def test_two_words_agree_on_the_wider(one: Word | None, other: Word, both: Word) -> None:
    assert agreed(one, other) == agreed(other, one) == both
