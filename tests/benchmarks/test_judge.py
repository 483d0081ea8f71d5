"""The judge of benchmarks/accuracy, by pairs of documents made by hand whose figures can be counted."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from benchmarks.accuracy.apps import OWN  # noqa: E402
from benchmarks.accuracy.exercised import exercised  # noqa: E402
from benchmarks.accuracy.facts import BODY_GROUPS, GROUPS, NAMES  # noqa: E402
from benchmarks.accuracy.judge import Group, Verdict, judge  # noqa: E402
from benchmarks.accuracy.learners import LEARNERS  # noqa: E402
from benchmarks.accuracy.run import measure  # noqa: E402
from benchmarks.accuracy.schemas import Place, places, values_at  # noqa: E402
from benchmarks.accuracy.validity import Validity, validity  # noqa: E402

Document = dict[str, Any]
ORDER = "/orders/{order_id}"
JSON = "application/json"
SCHEMA = {
    "type": "object",
    "required": ["total", "state"],
    "properties": {
        "total": {"type": "number"},
        "state": {"type": "string", "enum": ["new", "paid"]},
        "at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
    },
}
SAMPLE = {"total": 2.5, "state": "new", "at": None, "lines": [{"sku": "A1"}]}


def declared() -> Document:
    """One operation with something of every group, and one that nobody calls."""
    return {
        "openapi": "3.1.0",
        "paths": {
            ORDER: {
                "put": {
                    "security": [{"token": []}],
                    "parameters": [
                        {"in": "path", "name": "order_id", "required": True, "schema": {"type": "integer"}},
                        {
                            "in": "query",
                            "name": "day",
                            "required": True,
                            "schema": {"type": "string", "format": "date"},
                        },
                        {"in": "header", "name": "X-Mode", "schema": {"type": "string", "enum": ["a", "b"]}},
                    ],
                    "requestBody": {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Order"}}}},
                    "responses": {
                        "200": {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Order"}}}},
                        "404": {"description": "None", "content": {JSON: {"schema": {"type": "string"}}}},
                        "409": {"description": "No test sees it"},
                    },
                },
            },
            "/never": {"get": {"responses": {"200": {"description": "Nobody calls it"}}}},
        },
        "components": {
            "schemas": {"Order": copy.deepcopy(SCHEMA)},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def call(
    method: str, target: str, sent: Any = None, status: int = 200, got: Any = None, media: str = JSON, **headers: str
) -> Exchange:
    fields = [(name.replace("_", "-"), value) for name, value in headers.items()]
    body = [] if sent is None else [json.dumps(sent).encode()]
    answer = [] if got is None else [json.dumps(got).encode()]
    request = make_request(method, target, *body, headers=[*fields, *([("Content-Type", media)] if body else [])])
    return make_exchange(request, make_response(status, *answer, headers=[("Content-Type", media)] if answer else []))


def calls() -> list[Exchange]:
    return [
        call("PUT", "/orders/7?day=2026-01-02", SAMPLE, 200, SAMPLE, Authorization="Bearer x", X_Mode="a"),
        call("PUT", "/orders/8?day=2026-01-02", SAMPLE, 404, "None", Authorization="Bearer x", X_Mode="b"),
    ]


def verdict(
    change: Callable[[Document], Any] = lambda _: None,
    *more: Exchange,
    truth: Callable[[Document], Any] = lambda _: None,
) -> Verdict:
    """What the judge says of a document that is the declared one but for a change."""
    true, learned = declared(), declared()
    truth(true)
    change(learned)
    return judge(true, learned, [*calls(), *more])


def counts(group: Group) -> tuple[int, int, int]:
    return len(group.right), len(group.missed), len(group.wrong)


def operation(document: Document) -> Document:
    return document["paths"][ORDER]["put"]  # type: ignore[no-any-return]


def parameters(document: Document) -> list[Document]:
    return operation(document)["parameters"]  # type: ignore[no-any-return]


def order(document: Document) -> Document:
    return document["components"]["schemas"]["Order"]  # type: ignore[no-any-return]


def members(document: Document) -> Document:
    return order(document)["properties"]  # type: ignore[no-any-return]


# How many facts of each group are exercised here: the operation's two statuses and three bodies.
FACTS = {
    "templates": 1,
    "operations": 1,
    "parameters": 3,
    "parameter types": 3,
    "parameter required": 1,
    "parameter formats": 1,
    "parameter enums": 1,
    "properties": 5,
    "types": 7,
    "required": 2,
    "nullable": 1,
    "formats": 1,
    "enums": 1,
    "statuses": 2,
    "content types": 3,
    "security": 1,
    NAMES: 1,
}


def expected(name: str) -> int:
    number = FACTS.get(name) or FACTS[name.partition(" ")[2]]
    return number + 1 if name == "response types" else number  # the 404 is a string


def test_the_document_itself_is_right_in_every_group() -> None:
    perfect = verdict()
    assert {name: counts(group) for name, group in perfect.groups.items()} == {
        name: (expected(name), 0, 0) for name in (*GROUPS, NAMES)
    }
    assert perfect.mean == perfect.shown_mean == 1.0


def test_both_spellings_of_a_path_are_the_same() -> None:
    item = {"get": {"responses": {"200": {"description": "OK"}}}}
    call = make_exchange(make_request("GET", "/caf%C3%A9s/1"), make_response(200, b""))
    for one, other in (("/cafés/{n}", "/caf%c3%a9s/{n}"), ("/caf%C3%A9s/{n}", "/cafés/{n}")):
        found = judge({"openapi": "3.1.0", "paths": {one: item}}, {"openapi": "3.1.0", "paths": {other: item}}, [call])
        assert found.mean == 1.0
        assert counts(found.groups[NAMES]) == (1, 0, 0)


def test_an_empty_document_misses_everything() -> None:
    empty = judge(declared(), {"openapi": "3.1.0", "paths": {}}, calls())
    assert {name: counts(group) for name, group in empty.groups.items()} == {
        name: (0, expected(name), 0) for name in (*GROUPS, NAMES)
    }
    assert empty.mean == 0.0


def test_what_was_never_called_is_not_asked_for() -> None:
    assert verdict(lambda learned: learned["paths"].pop("/never")).mean == 1.0
    nothing = judge(declared(), declared(), [])
    assert nothing.mean == 0.0
    assert all(counts(group) == (0, 0, 0) for group in nothing.groups.values())


def rename_path(learned: Document) -> None:
    learned["paths"]["/orders/{number}"] = learned["paths"].pop(ORDER)
    parameters({"paths": {ORDER: learned["paths"]["/orders/{number}"]}})[0]["name"] = "number"


# For each group: a change, and what it makes of the group's facts (right, missed, wrong).
CHANGES: list[tuple[str, str, Callable[[Document], Any], tuple[int, int, int]]] = [
    ("templates", "wrong", lambda d: d["paths"].update({"/orders/7": d["paths"].pop(ORDER)}), (0, 1, 1)),
    ("templates", "superfluous", lambda d: d["paths"].update({"/orders/7": d["paths"][ORDER]}), (1, 0, 1)),
    ("templates", "renamed", rename_path, (1, 0, 0)),
    (NAMES, "renamed", rename_path, (0, 1, 1)),
    ("parameters", "renamed", rename_path, (3, 0, 0)),
    ("parameter types", "renamed", rename_path, (3, 0, 0)),
    ("operations", "missing", lambda d: d["paths"][ORDER].pop("put"), (0, 1, 0)),
    ("operations", "wrong", lambda d: d["paths"].update({ORDER: {"post": operation(d)}}), (0, 1, 1)),
    ("operations", "superfluous", lambda d: d["paths"][ORDER].update(post=operation(d)), (1, 0, 1)),
    ("parameters", "missing", lambda d: parameters(d).pop(1), (2, 1, 0)),
    ("parameters", "wrong", lambda d: parameters(d)[1].update({"in": "header"}), (2, 1, 1)),
    ("parameters", "superfluous", lambda d: parameters(d).append({"in": "query", "name": "x"}), (3, 0, 1)),
    ("parameters", "other case", lambda d: parameters(d)[2].update(name="x-mode"), (3, 0, 0)),
    ("parameters", "ignored", lambda d: parameters(d).append({"in": "header", "name": "Accept"}), (3, 0, 0)),
    ("parameter types", "missing", lambda d: parameters(d)[0].update(schema={}), (2, 1, 0)),
    ("parameter types", "wrong", lambda d: parameters(d)[0]["schema"].update(type="string"), (2, 1, 1)),
    (
        "parameter types",
        "superfluous",
        lambda d: parameters(d)[0]["schema"].update(type=["integer", "string"]),
        (3, 0, 1),
    ),
    ("parameter required", "missing", lambda d: parameters(d)[1].pop("required"), (0, 1, 0)),
    ("parameter required", "superfluous", lambda d: parameters(d)[2].update(required=True), (1, 0, 1)),
    ("parameter formats", "missing", lambda d: parameters(d)[1]["schema"].pop("format"), (0, 1, 0)),
    ("parameter formats", "wrong", lambda d: parameters(d)[1]["schema"].update(format="uuid"), (0, 1, 1)),
    ("parameter formats", "superfluous", lambda d: parameters(d)[2]["schema"].update(format="uuid"), (1, 0, 1)),
    ("parameter enums", "missing", lambda d: parameters(d)[2]["schema"].pop("enum"), (0, 1, 0)),
    ("parameter enums", "wrong", lambda d: parameters(d)[2]["schema"]["enum"].pop(), (0, 1, 1)),
    ("parameter enums", "superfluous", lambda d: parameters(d)[1]["schema"].update(enum=["2026-01-02"]), (1, 0, 1)),
    ("properties", "missing", lambda d: members(d).pop("at"), (4, 1, 0)),
    ("properties", "wrong", lambda d: members(d).update(on=members(d).pop("at")), (4, 1, 1)),
    ("properties", "superfluous", lambda d: members(d).update(on={"type": "string"}), (5, 0, 1)),
    ("types", "missing", lambda d: members(d).update(total={}), (6, 1, 0)),
    ("types", "wrong", lambda d: members(d)["total"].update(type="integer"), (6, 1, 1)),
    ("types", "superfluous", lambda d: members(d)["total"].update(type=["number", "string"]), (7, 0, 1)),
    ("required", "missing", lambda d: order(d).pop("required"), (0, 2, 0)),
    ("required", "wrong", lambda d: order(d).update(required=["total", "at"]), (1, 1, 1)),
    ("required", "superfluous", lambda d: order(d)["required"].append("at"), (2, 0, 1)),
    ("nullable", "missing", lambda d: members(d)["at"]["anyOf"].pop(), (0, 1, 0)),
    ("nullable", "superfluous", lambda d: members(d)["total"].update(nullable=True), (1, 0, 1)),
    ("formats", "missing", lambda d: members(d)["at"]["anyOf"][0].pop("format"), (0, 1, 0)),
    ("formats", "wrong", lambda d: members(d)["at"]["anyOf"][0].update(format="date"), (0, 1, 1)),
    ("formats", "superfluous", lambda d: members(d)["state"].update(format="uuid"), (1, 0, 1)),
    ("enums", "missing", lambda d: members(d)["state"].pop("enum"), (0, 1, 0)),
    ("enums", "wrong", lambda d: members(d)["state"]["enum"].append("lost"), (0, 1, 1)),
    ("enums", "superfluous", lambda d: members(d)["total"].update(enum=[2.5]), (1, 0, 1)),
    ("statuses", "missing", lambda d: operation(d)["responses"].pop("404"), (1, 1, 0)),
    ("statuses", "superfluous", lambda d: operation(d)["responses"].update({"418": {}}), (2, 0, 1)),
    ("statuses", "not seen", lambda d: operation(d)["responses"].pop("409"), (2, 0, 0)),
    ("content types", "missing", lambda d: operation(d)["responses"]["404"].pop("content"), (2, 1, 0)),
    (
        "content types",
        "wrong",
        lambda d: operation(d)["responses"]["404"].update(content={"text/plain": {}}),
        (2, 1, 1),
    ),
    ("content types", "superfluous", lambda d: operation(d)["requestBody"]["content"].update({"a/b": {}}), (3, 0, 1)),
    ("security", "missing", lambda d: operation(d).pop("security"), (0, 1, 0)),
    ("security", "wrong", lambda d: d["components"]["securitySchemes"]["token"].update(scheme="basic"), (0, 1, 1)),
    ("security", "the same", lambda d: d["components"]["securitySchemes"].update(token={"type": "oauth2"}), (1, 0, 0)),
]
IDS = [f"{name}: {what}" for name, what, *_ in CHANGES]


@pytest.mark.parametrize(("name", "what", "change", "result"), CHANGES, ids=IDS)
def test_each_group_with_one_fact_changed(
    name: str, what: str, change: Callable[[Document], Any], result: tuple[int, int, int]
) -> None:
    groups = verdict(change).groups
    if name not in BODY_GROUPS:
        assert counts(groups[name]) == result
        return
    right, missed, wrong = result
    more = expected(f"response {name}") - FACTS[name]
    assert counts(groups[f"request {name}"]) == (right, missed, wrong)
    assert counts(groups[f"response {name}"]) == (right + more, missed, wrong)


@pytest.mark.parametrize("name", [*GROUPS, NAMES])
def test_each_group_has_its_changes(name: str) -> None:
    changed = {(group, what) for group, what, *_ in CHANGES}
    group = name.partition(" ")[2] if name.startswith(("request ", "response ")) else name
    assert any(one == group for one, _ in changed)


def test_a_wrong_template_is_wrong_in_every_group() -> None:
    groups = verdict(lambda d: d["paths"].update({"/orders/7": d["paths"].pop(ORDER)})).groups
    for name in set(GROUPS) - {"parameters"}:
        assert counts(groups[name])[:2] == (0, expected(name)), name
        assert len(groups[name].wrong) >= expected(name) - 1, name


def test_figures() -> None:
    group = verdict(lambda d: order(d).update(required=["total", "at"])).groups["request required"]
    assert (group.precision, group.recall, group.f1) == (0.5, 0.5, 0.5)
    one = verdict(lambda d: order(d)["required"].append("at")).groups["request required"]
    assert (one.precision, one.recall, one.f1) == (2 / 3, 1.0, 0.8)
    assert (Group().precision, Group().recall, Group().f1) == (None, None, None)


def test_the_mean_is_that_of_the_groups_with_facts() -> None:
    halved = verdict(lambda d: order(d).update(required=["total", "at"]))
    assert halved.mean == pytest.approx((len(GROUPS) - 2 + 2 * 0.5) / len(GROUPS))


# What the declaration cannot know ------------------------------------------------------------------------------------


def add_status(learned: Document) -> None:
    said = {"type": "object", "properties": {"why": {"type": "string"}}, "required": ["why"]}
    operation(learned)["responses"]["402"] = {"content": {JSON: {"schema": said}}}


def test_a_status_that_the_application_gave_is_excused_with_all_that_is_below_it() -> None:
    assert verdict(add_status).mean < 1.0
    paid = call("PUT", "/orders/7", SAMPLE, 402, {"why": "poor"})
    assert verdict(add_status, paid).mean == 1.0
    assert verdict(lambda _: None, paid).mean == 1.0, "and who does not say it loses nothing"


def test_an_operation_that_the_application_answered_is_excused() -> None:
    def add(learned: Document) -> None:
        learned["paths"]["/health"] = {
            "get": {"responses": {"200": {"content": {JSON: {"schema": {"type": "string"}}}}}}
        }

    assert counts(verdict(add).groups["operations"]) == (1, 0, 1)
    assert verdict(add, call("GET", "/health", got="ok")).mean == 1.0
    nowhere = verdict(add, call("GET", "/health", status=404, got="No such page"))
    assert counts(nowhere.groups["operations"]) == (1, 0, 1), "a 404 of no route is no operation"


def test_members_that_responses_have_are_excused_and_those_of_requests_are_not() -> None:
    def add(learned: Document) -> None:
        members(learned)["vip"] = {"type": "boolean"}
        order(learned)["required"].append("vip")

    more = {**SAMPLE, "vip": True}
    groups = verdict(add, call("PUT", "/orders/7", more, 200, more)).groups
    assert counts(groups["response properties"]) == (5, 0, 0)
    assert counts(groups["response types"]) == (8, 0, 0)
    assert counts(groups["response required"]) == (2, 0, 0)
    assert counts(groups["request properties"]) == (5, 0, 1)


def test_a_null_that_was_there_is_excused() -> None:
    def allow(learned: Document) -> None:
        members(learned)["total"]["type"] = ["number", "null"]

    free = {**SAMPLE, "total": None}
    assert counts(verdict(allow).groups["response nullable"]) == (1, 0, 1)
    assert verdict(allow, call("PUT", "/orders/7", free, 200, free)).mean == 1.0
    refused = verdict(allow, call("PUT", "/orders/7", free, 422, "No")).groups
    assert counts(refused["request nullable"]) == (1, 0, 1), "what was refused proves nothing"


def test_a_type_that_contradicts_the_declaration_is_excused_and_one_that_only_looks_so_is_not() -> None:
    def widen(learned: Document) -> None:
        members(learned)["total"]["type"] = ["number", "string"]

    odd = {**SAMPLE, "total": "free"}
    assert verdict(widen, call("PUT", "/orders/7", odd, 200, odd)).mean == 1.0
    whole = [call("PUT", "/orders/7", {**SAMPLE, "total": 2}, 200, {**SAMPLE, "total": 2})] * 2
    integer = judge(declared(), narrowed(), whole)
    assert counts(integer.groups["response types"]) == (6, 1, 1)
    assert counts(integer.shown["response types"]) == (6, 0, 0)


def narrowed() -> Document:
    document = declared()
    members(document)["total"]["type"] = "integer"
    return document


def test_where_the_declaration_says_nothing_nothing_is_wrong_that_was_there() -> None:
    for free in ({}, {"type": "object"}, {"type": "object", "additionalProperties": True}, True):

        def loosen(document: Document, free: Any = free) -> None:
            members(document)["extra"] = free

        def learn(document: Document) -> None:
            members(document)["extra"] = {
                "type": "object",
                "properties": {"deep": {"type": "string", "format": "uuid"}},
            }

        sample = {**SAMPLE, "extra": {"deep": "5f0c"}}
        judged = verdict(learn, call("PUT", "/orders/7", sample, 200, sample), truth=loosen)
        assert all(not group.wrong for group in judged.groups.values()), free
        unseen = verdict(learn, truth=loosen)
        assert counts(unseen.groups["response formats"])[2] == 1, free


def test_a_map_is_no_object_with_those_members() -> None:
    def truth(document: Document) -> None:
        members(document)["marks"] = {"type": "object", "additionalProperties": {"type": "integer"}}

    def learn(document: Document) -> None:
        members(document)["marks"] = {"type": "object", "properties": {"ann": {"type": "integer"}}}

    sample = {**SAMPLE, "marks": {"ann": 3}}
    for one, other in ((truth, learn), (learn, truth)):
        judged = verdict(one, call("PUT", "/orders/7", sample, 200, sample), truth=other)
        assert counts(judged.groups["response properties"]) == (6, 1, 1)
        assert counts(judged.groups["request types"]) == (8, 1, 1)


def test_required_that_responses_refute_is_not_asked_for() -> None:
    lacking = {name: value for name, value in SAMPLE.items() if name != "state"}
    exchange = call("PUT", "/orders/7", SAMPLE, 200, lacking)
    judged = verdict(lambda d: order(d)["required"].remove("state"), exchange)
    assert counts(judged.groups["response required"]) == (1, 0, 0)
    assert counts(judged.groups["request required"]) == (1, 1, 0)


def test_credentials_that_decide_are_excused() -> None:
    def guard(learned: Document) -> None:
        learned["components"]["securitySchemes"]["key"] = {"type": "apiKey", "in": "cookie", "name": "sid"}
        operation(learned)["security"].append({"key": []})

    assert counts(verdict(guard).groups["security"]) == (1, 0, 1)
    denied = call("PUT", "/orders/7", SAMPLE, 401, "Who?", Authorization="Bearer x")
    allowed = call("PUT", "/orders/7", SAMPLE, 200, SAMPLE, Authorization="Bearer x", Cookie="a=b; sid=1")
    assert counts(verdict(guard, denied, allowed).groups["security"]) == (1, 0, 0)


# The milder count ----------------------------------------------------------------------------------------------------


def test_what_no_exchange_shows_is_not_asked_for_by_the_milder_count() -> None:
    def more(document: Document) -> None:
        parameters(document).append({"in": "query", "name": "rare", "schema": {"type": "integer"}})
        members(document)["rare"] = {"type": ["string", "null"], "format": "uuid"}
        members(document)["state"]["enum"].append("lost")
        order(document)["required"].append("rare")

    def less(document: Document) -> None:
        members(document)["state"].pop("enum")

    judged = verdict(less, truth=more)
    assert counts(judged.groups["parameters"]) == (3, 1, 0)
    assert counts(judged.shown["parameters"]) == (3, 0, 0)
    assert counts(judged.groups["request properties"]) == (5, 1, 0)
    assert counts(judged.groups["response enums"]) == (0, 1, 0)
    assert judged.shown_mean == 1.0


def test_what_all_samples_are_in_keeping_with_is_excused_by_the_milder_count() -> None:
    judged = verdict(lambda d: order(d)["required"].append("at"))
    assert counts(judged.groups["response required"]) == (2, 0, 1)
    assert counts(judged.shown["response required"]) == (2, 0, 0)
    narrow = verdict(lambda d: members(d)["state"]["enum"].pop())
    assert counts(narrow.groups["response enums"]) == (0, 1, 1)
    assert counts(narrow.shown["response enums"]) == (0, 0, 0)
    some = call("PUT", "/orders/7", {"total": 1.5, "state": "new"}, 200, {"total": 1.5, "state": "new"})
    assert counts(verdict(lambda d: order(d)["required"].append("at"), some).shown["response required"]) == (2, 0, 1)


# Reading documents ---------------------------------------------------------------------------------------------------


def test_30_and_31_say_the_same() -> None:
    old = declared()
    old["openapi"] = "3.0.3"
    members(old)["at"] = {"type": "string", "format": "date-time", "nullable": True}
    assert judge(declared(), old, calls()).mean == 1.0
    assert judge(old, declared(), calls()).mean == 1.0


def test_all_of_is_merged_and_alternatives_are_united() -> None:
    base = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    card = {"type": "object", "required": ["kind", "number"], "properties": {"kind": {"const": "card"}, "number": {}}}
    cash = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cash"}}}
    found = places({"allOf": [base, {"oneOf": [card, cash, {"type": "null"}]}]}, {})
    assert sorted(found) == ["", "/id", "/kind", "/number"]
    assert found[""] == Place({"object"}, nullable=True)
    assert found["/kind"] == Place({"string"}, enum=frozenset({"card", "cash"}), required=True)
    assert found["/id"].required
    assert not found["/number"].required
    assert found["/number"].free


def test_a_recursive_schema_ends() -> None:
    tree = {"type": "object", "properties": {"name": {"type": "string"}, "kids": {"type": "array"}}}
    tree["properties"]["kids"]["items"] = {"$ref": "#/components/schemas/Tree"}  # type: ignore[index]
    document = {"components": {"schemas": {"Tree": tree, "Self": {"$ref": "#/components/schemas/Self"}}}}
    found = places({"$ref": "#/components/schemas/Tree"}, document)
    assert sorted(found) == ["", "/kids", "/kids/*", "/name"]
    assert len(places({"$ref": "#/components/schemas/Tree"}, document, again=2)) == 10
    assert places({"$ref": "#/components/schemas/Self"}, document)[""].free
    assert places({"$ref": "#/nowhere"}, document)[""].free


def test_read_only_members_are_in_no_request_and_write_only_ones_in_no_response() -> None:
    def mark(document: Document) -> None:
        members(document)["total"]["readOnly"] = True
        members(document)["state"]["writeOnly"] = True

    judged = judge(marked := declared(), marked, calls())
    assert counts(judged.groups["request properties"]) == (5, 0, 0)
    mark(marked)
    judged = judge(marked, marked, calls())
    assert counts(judged.groups["request properties"]) == (4, 0, 0)
    assert counts(judged.groups["request required"]) == (1, 0, 0)
    assert counts(judged.groups["response properties"]) == (4, 0, 0)
    assert counts(judged.groups["response required"]) == (1, 0, 0)


def test_ranges_and_defaults_stand_for_the_statuses_that_were_seen() -> None:
    def widen(document: Document) -> None:
        responses = operation(document)["responses"]
        responses["4XX"] = responses.pop("404")

    assert verdict(widen).mean == 1.0
    assert verdict(truth=widen).mean == 1.0


def test_a_slash_at_the_end_is_no_mistake() -> None:
    def slash(document: Document) -> None:
        document["paths"][f"{ORDER}/"] = document["paths"].pop(ORDER)

    assert verdict(slash).mean == 1.0
    both = verdict(lambda d: d["paths"].update({f"{ORDER}/": d["paths"][ORDER]}))
    assert counts(both.groups["templates"]) == (1, 0, 1)
    assert validity(declared(), declared() | {"paths": {f"{ORDER}/": declared()["paths"][ORDER]}}, calls()).valid == 3


def test_base_paths_and_templates_of_more_than_a_segment() -> None:
    document = {
        "servers": [{"url": "http://x/api/"}],
        "paths": {"/files/{path}": {"get": {}}, "/files/all": {"get": {}}},
    }
    exchanges = [call("GET", "/api/files/a/b"), call("GET", "/api/files/all"), call("GET", "/files/a", status=404)]
    seen = exercised(document, exchanges)
    assert [str(key) for key in seen.seen] == ["GET /api/files/{}", "GET /api/files/all"]
    assert seen.nowhere == {("get", "/files/a")}


def test_the_most_literal_template_is_called() -> None:
    paths = {"/{a}/b": {"get": {}}, "/a/{b}": {"get": {}, "post": {}}, "/a/b": {"get": {}}}
    seen = exercised({"paths": paths}, [call("GET", "/a/b"), call("POST", "/a/b"), call("GET", "/x/b")])
    assert {str(key) for key in seen.seen} == {"GET /a/b", "POST /a/{}", "GET /{}/b"}


def test_values_at_a_place() -> None:
    value = {"a": [{"b/c": 1}, {"b/c": None}, 3], "m": {"x": 1, "y": 2}}
    assert values_at(value, "/a/*/b~1c") == [1, None]
    assert values_at(value, "/m/{}") == [1, 2]
    assert values_at(value, "/m/*") == []
    assert values_at(value, "") == [value]


@pytest.mark.parametrize("rest", [True, {}, {"x-mirror": {"samples": 3}}])
def test_what_extensions_alone_are_said_of_may_be_anything(rest: Any) -> None:
    assert places({"type": "object", "additionalProperties": rest}, {}).keys() == {""}
    assert places({"type": "array", "items": rest}, {}).keys() == {""}


@pytest.mark.parametrize(
    "learned", [{}, {"paths": None}, {"paths": {"x": None}}, {"paths": {"/a": {"get": {"responses": {"200": 5}}}}}]
)
def test_documents_that_are_hardly_any(learned: Document) -> None:
    assert judge(declared(), learned, calls()).mean == 0.0


# Validity ------------------------------------------------------------------------------------------------------------


def test_samples_are_valid_or_not() -> None:
    assert validity(declared(), declared(), calls()) == Validity(3, 3)  # the refused request is no sample
    assert validity(declared(), {"paths": {}}, calls())[:2] == (0, 3)
    narrow = declared()
    members(narrow)["total"]["type"] = "integer"
    valid, samples, first = validity(declared(), narrow, calls())
    assert (valid, samples) == (1, 3)
    assert first == "PUT /orders/{} request: $.total: 2.5 is not of type 'integer'"


def test_30_is_understood() -> None:
    old = declared()
    members(old)["at"] = {"type": "string", "nullable": True}
    assert validity(declared(), old, calls())[:2] == (3, 3)
    members(old)["at"].pop("nullable")
    assert validity(declared(), old, calls())[:2] == (1, 3)


# All of it ------------------------------------------------------------------------------------------------------------


def test_an_application_from_end_to_end(tmp_path: Path) -> None:
    """The suite under mirror, the capture, ``mirror learn`` with and without models and routes, the judge. (All
    applications and the figures: benchmarks/accuracy/RESULTS.md.)"""
    app = next(app for app in OWN if app.name == "telemetry")
    own = [learner for learner in LEARNERS if learner.name.startswith("mirror")]
    modelled, routed, values = measure([app], own, tmp_path, reuse=False)
    for result in (modelled, routed, values):
        assert result.verdict is not None, result.reason
        assert result.validity is not None
        assert result.verdict.mean > 0.85
    assert modelled.verdict is not None
    assert modelled.verdict.mean > 0.99
    assert routed.verdict is not None
    assert routed.validity is not None
    for name in ("templates", "operations", "statuses", "content types"):
        assert routed.verdict.groups[name].f1 == 1.0
    assert routed.validity.valid == routed.validity.samples
