"""Validation errors as they are written down by hand, by other frameworks and by nobody: what they may not say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from factories import make_headers
from hypothesis import example, given, strategies as st

from mirror.openapi.bodies import Body, read_body
from mirror.openapi.complaints import ENVELOPES, LOCATIONS, NAMES, SENTENCES, SOURCES
from mirror.openapi.options import BESIDE
from mirror.openapi.prose import PROSE
from mirror.openapi.refusals import omissions, refused
from mirror.openapi.sentences import LONGEST, choices_in, type_named


def body_of(value: Any) -> Body:
    return read_body(make_headers(("Content-Type", "application/json")), json.dumps(value).encode())


def said(answer: Any, sent: Any = None, method: str = "POST", status: int = 400) -> list[str]:
    """What was said of each place, in short: ``body a missing``, ``query b integer``, ``body c x|y``."""
    refusal = refused(status, answer, None if sent is None else body_of(sent), method)
    return [
        " ".join(filter(None, [each.place, "missing" * each.missing, each.type, "|".join(sorted(each.choices))]))
        for each in refusal.places
    ]


# As the frameworks write it (Litestar 2.25, Connexion 3, Flask-RESTful 0.3, FastAPI 0.99 with Pydantic 1) ---


@pytest.mark.parametrize(
    ("answer", "sent", "expected"),
    [
        ({"detail": "Missing required header parameter 'X-Token' for path /i"}, None, ["header x-token missing"]),
        ({"detail": "Missing required query parameter 'limit' for path /i?a=1"}, None, ["query limit missing"]),
        (
            {
                "detail": "Validation failed for POST /i",
                "extra": [
                    {"message": "Object missing required field `qty`", "key": "lines[0]", "source": "body"},
                    {"message": "Expected `int | null`, got `str`", "key": "limit", "source": "query"},
                ],
            },
            {"lines": [{}]},
            ["body lines/*/qty missing", "query limit integer"],
        ),
        (
            {"detail": "x", "extra": [{"message": "Field required", "key": "lines.0.qty"}]},
            {"lines": [{}]},
            ["body lines/*/qty missing"],
        ),
        (
            {"type": "about:blank", "title": "Bad Request", "detail": "'qty' is a required property - 'lines.0'"},
            {"lines": [{}]},
            ["body lines/*/qty missing"],
        ),
        # Cerberus, voluptuous, Falcon, Django's forms, Django Ninja, marshmallow as Python shows it
        (
            {"errors": {"name": ["required field"], "lines": [{"0": [{"qty": ["must be of integer type"]}]}]}},
            {"lines": [{"qty": "x"}]},
            ["body name missing", "body lines/*/qty integer"],
        ),
        (
            {"error": "required key not provided @ data['lines'][0]['qty']"},
            {"lines": [{}]},
            ["body lines/*/qty missing"],
        ),
        ({"error": "expected int for dictionary value @ data['age']"}, {"age": "x"}, ["body age integer"]),
        (
            {"title": "Missing header value", "description": "The X-Token header is required."},
            None,
            ["header x-token missing"],
        ),
        (
            {
                "name": [{"message": "This field is required.", "code": "required"}],
                "age": [{"message": "Enter a whole number."}],
            },
            {},
            ["body name missing", "body age integer"],
        ),
        (
            {"detail": [{"type": "missing", "loc": ["body", "payload", "name"], "msg": "Field required"}]},
            {},
            ["body name missing"],
        ),
        (
            {"errors": [{"code": "required", "detail": "This field is required.", "attr": "name"}]},
            {},
            ["body name missing"],
        ),
        ({"error": "{'name': ['Missing data for required field.']}"}, {}, ["body name missing"]),
        ({"detail": "body.name: Field required"}, {}, ["body name missing"]),
        ({"errors": {"body.name": "Field required"}}, {}, ["body name missing"]),
        ({"detail": "query -> limit: Input should be a valid integer"}, {}, ["query limit integer"]),
        ({"title": "Bad Request", "detail": "Missing query parameter 'limit'"}, None, ["query limit missing"]),
        (
            {"detail": "Wrong type, expected 'integer' for query parameter 'limit'"},
            None,
            ["query limit integer"],
        ),
        (
            {"message": {"name": "Missing required parameter in the JSON body or the query string"}},
            {},
            ["body name missing"],
        ),
        (
            {
                "detail": [
                    {"loc": ["query", "limit"], "msg": "value is not a valid integer", "type": "type_error.integer"},
                    {"loc": ["body", "name"], "msg": "field required", "type": "value_error.missing"},
                    {
                        "loc": ["body", "email"],
                        "msg": "value is not a valid email address",
                        "type": "value_error.email",
                    },
                    {
                        "loc": ["body", "color"],
                        "msg": "value is not a valid enumeration member; permitted: 'red', 'blue'",
                        "type": "type_error.enum",
                        "ctx": {"enum_values": ["red", "blue"]},
                    },
                    {"loc": ["body", "site"], "msg": "invalid or missing URL scheme", "type": "value_error.url.scheme"},
                    {"loc": ["body", "x"], "msg": "extra fields not permitted", "type": "value_error.extra"},
                ]
            },
            {"email": "x", "color": "z", "site": "x", "x": 1},
            [
                "query limit integer",
                "body name missing",
                "body email email",
                "body color string blue|red",
                "body site uri",
            ],
        ),
    ],
)
def test_other_frameworks(answer: Any, sent: Any, expected: list[str]) -> None:
    assert said(answer, sent) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # RFC 7807, RFC 9457
        (
            {
                "title": "Your request parameters didn't validate.",
                "invalid-params": [
                    {"name": "age", "reason": "must be a positive integer"},
                    {"name": "color", "reason": "must be 'green', 'red' or 'blue'"},
                ],
            },
            ["body age integer", "body color string blue|green|red"],
        ),
        ({"errors": [{"detail": "must be an integer", "pointer": "#/lines/0/qty"}]}, ["body lines/*/qty integer"]),
        # express-validator, zod, Ajv, Laravel
        (
            {"errors": [{"type": "field", "msg": "Invalid value", "path": "a", "location": "query"}]},
            ["query a"],
        ),
        (
            {"issues": [{"code": "invalid_type", "path": ["lines", 0, "a"], "message": "Required"}]},
            ["body lines/*/a missing"],
        ),
        (
            [{"instancePath": "/lines/0", "keyword": "required", "message": "must have required property 'a'"}],
            ["body lines/*/a missing"],
        ),
        (
            {"message": "The given data was invalid.", "errors": {"lines.0.a": ["The lines.0.a field is required."]}},
            ["body lines/*/a missing"],
        ),
        # by hand
        ({"error": "missing field: name"}, ["body name missing"]),
        ({"error": "Missing required field 'name'"}, ["body name missing"]),
        ({"error": "Missing required query parameter: page"}, ["query page missing"]),
        ({"error": "'name' is required"}, ["body name missing"]),
        ({"error": "The field 'name' is required."}, ["body name missing"]),
        ({"error": "name is required"}, ["body name missing"]),
        ({"errors": ["'a' is required", "'b' is required"]}, ["body a missing", "body b missing"]),
        ({"errors": {"name": "is required", "age": "must be an integer"}}, ["body name missing", "body age integer"]),
        ({"errors": {"name": ["required"]}, "status": "error"}, ["body name missing"]),
        ({"errors": [{"field": "name", "error": "Field is required"}]}, ["body name missing"]),
        ({"field": "name", "message": "required"}, ["body name missing"]),
        ({"errors": [{"loc": "body -> name", "msg": "Field required"}]}, ["body name missing"]),
        ({"detail": [{"field": "query.page", "message": "Field required"}]}, ["query page missing"]),
    ],
)
def test_what_people_write(answer: Any, expected: list[str]) -> None:
    assert said(answer, {"age": "x", "color": "z"}) == expected


@pytest.mark.parametrize(
    "answer",
    [
        None,
        3,
        "",
        [],
        {},
        {"detail": "Not authenticated"},
        {"error": "Authentication is required"},
        {"error": "authentication is required"},
        {"error": "json is required"},
        {"error": "username is required to log in"},
        {"error": "there is a missing parameter: none of them was given"},
        {"error": "age is required"},  # it was there
        {"message": "Username already taken", "code": 400},
        {"error": "'alice' is not available"},
        {"error": "3 is not of type 'string'"},  # which one?
        {"message": "This field is required."},
        {"error": "required"},
        {"name": ["has already been taken"]},
        {"items": [{"name": "a", "message": "hello"}]},
        {"errors": {"name": "is too short"}},
        {"detail": [{"loc": ["body", 1], "msg": "JSON decode error", "type": "json_invalid"}]},
        {"age": {"message": "Field may be null."}},
    ],
)
def test_prose_is_no_evidence(answer: Any) -> None:
    assert [each for each in said(answer, {"age": 1}) if not each.startswith(PROSE)] == []


def test_a_bare_name_needs_a_body_without_it() -> None:
    assert said({"error": "name is required"}) == []
    assert said({"error": "name is required"}, method="GET") == []
    assert said({"error": "'name' is required"}, method="GET") == ["query name missing"]


@pytest.mark.parametrize("status", [200, 401, 403, 404, 409, 429, 500])
def test_other_statuses_are_no_refusals(status: int) -> None:
    assert said({"detail": [{"loc": ["query", "a"], "msg": "Field required", "type": "missing"}]}, status=status) == []


def test_words_for_types_of_a_union_where_no_body_is_known() -> None:
    def place(*loc: Any) -> list[str]:
        return said({"detail": [{"loc": ["body", *loc], "msg": "x", "type": "missing"}]})

    assert place("pet", "Cat", "name") == ["body pet/name missing"]
    assert place("pet", "function-after[check(), Cat]", "name") == ["body pet/name missing"]
    assert place("Order", "Lines", 0, "Name") == ["body Order/Lines/*/Name missing"]
    assert place("pets", 0, "list[Cat]", 1, "name") == ["body pets/*/*/name missing"]


def test_a_body_decides_what_a_path_means() -> None:
    error = {"detail": [{"loc": ["body", "pet", "cat", "name"], "msg": "x", "type": "missing"}]}
    assert said(error, {"pet": {"kind": "cat"}}) == ["body pet/name missing"]
    assert said(error, {"pet": {"cat": {}}}) == ["body pet/cat/name missing"]
    nested = {"details": {"name": ["This field is required."]}, "name": ["This field is required."]}
    assert said(nested, {"details": {}}) == ["body details/name missing", "body name missing"]


def test_words() -> None:
    assert choices_in("'a', \"b's\" or 3") == (("a", "b's", "3"), "")
    assert choices_in("[1, 2]") == (("1", "2"), "integer")
    assert choices_in("'it\\'s'") == (("it's",), "string")
    assert type_named("int | null") == "integer"
    assert type_named("'string', 'integer'") == ""
    assert type_named("gadget") == ""


# Anything -------------------------------------------------------------------------------------------------------------

words = (
    st.sampled_from([*ENVELOPES, *NAMES, *SENTENCES, *SOURCES, *LOCATIONS, *BESIDE, "type", "ctx", "0", "_schema"])
    | st.text()
)
sentences = st.sampled_from(
    [
        "Field required",
        "This field is required.",
        "Missing data for required field.",
        "Must be one of: a, b.",
        "must be one of a, b or c",
        "a must be one of b, c and more",
        "'x' is a required property",
        "3 is not of type 'string'",
        "missing field: x",
        "x is required",
        "Expected `int`, got `str` - at `$.a[0]`",
        "1 validation error for A\na.0\n  Field required [type=missing, input_value={}]",
        "'x' is a required property\n\nFailed validating 'required' in schema:\n\nOn instance['a'][0]:\n    {}",
        '{"name": ["This field is required."]}',
        "missing",
        "enum",
        "union_tag_invalid",
        "body",
        "query",
    ]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | sentences | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=15,
)


@given(anything, st.none() | anything, st.sampled_from(["GET", "POST", ""]))
@example(json.loads("[" * 300 + "]" * 300), None, "")
@example({"errors": "x" * (LONGEST + 1)}, {}, "")
def test_no_answer_raises(answer: Any, sent: Any, method: str) -> None:
    body = None if sent is None else body_of(sent)
    refusal = refused(422, answer, body, method)
    for each in refusal.places:
        assert each.place.partition(" ")[0] in ("path", "query", "header", "cookie", "body")
    assert refusal.exhaustive is bool(refusal.checked)
    if body is not None:
        made = omissions(refusal, ["a"], body)
        assert all(not set(each.present) & set(each.missing) for each in made)
        assert sorted(made) == sorted(set(made))


@given(st.text("'\\\"[], -1a", max_size=300))
def test_no_choices_raise(text: str) -> None:
    choices, type_ = choices_in(text)
    assert bool(choices) or not type_
