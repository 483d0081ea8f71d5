"""What texts stand for, and what is claimed of parameters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from mirror.formats import format_of
from mirror.openapi.evidence import Answer, Omission, Operation, Parameters, Refusal, Requests, fate_of
from mirror.openapi.fieldnames import is_standard
from mirror.openapi.parameters import parameters
from mirror.openapi.text_types import text_schema
from mirror.openapi.texts import Texts

STRING = {"type": "string"}


def texts_of(*values: str | tuple[str, ...]) -> Texts:
    texts = Texts()
    for value in values:
        texts.add((value,) if isinstance(value, str) else value)
    return texts


SCHEMAS: list[tuple[tuple[Any, ...], str, dict[str, Any]]] = [
    (("1", "2"), "page", {"type": "integer"}),
    (("-1", "+2", "3"), "offset", {"type": "integer"}),
    (("1", "2.5"), "ratio", {"type": "number"}),
    (("1e3",), "ratio", {"type": "number"}),
    (("10", "20"), "min_price", {"type": "number"}),
    (("10",), "lat", {"type": "number"}),
    (("10",), "platform", {"type": "integer"}),
    (("007", "12"), "code", STRING),
    (("12345",), "zip_code", STRING),
    (("12",), "q", STRING),
    (("12",), "first_name", STRING),
    (("9780140449136",), "isbn", STRING),
    (("12",), "minPrice", {"type": "number"}),
    (("12",), "zipCode", STRING),
    (("1.0",), "x-client-version", STRING),
    (("1",), "version", {"type": "integer"}),
    (("true", "False"), "flag", {"type": "boolean"}),
    (("true", "1", "no"), "flag", {"type": "boolean"}),
    (("1", "0"), "flag", {"type": "integer"}),
    (("true", "maybe"), "flag", STRING),
    (("",), "x", STRING),
    (("", "1"), "x", STRING),
    (("2024-05-01",), "since", {"type": "string", "format": "date"}),
    (("2024-05-01", "2024-05-01T10:00:00Z"), "since", STRING),
    (("ann@example.com",), "email", {"type": "string", "format": "email"}),
    (("3fa85f64-5717-4562-b3fc-2c963f66afa6",), "id", {"type": "string", "format": "uuid"}),
    (("a", "b", "a", "b", "a", "b"), "status", {"type": "string", "enum": ["a", "b"]}),
    (("a", "b", "a", "b", "a", "b"), "title", STRING),
    (("a", "b"), "status", STRING),
    ((("a", "b"), "c"), "tag", {"type": "array", "items": STRING}),
    ((("1", "2"),), "id", {"type": "array", "items": {"type": "integer"}}),
    (("1",), "id[]", {"type": "array", "items": {"type": "integer"}}),
    ((), "x", STRING),
]


@pytest.mark.parametrize(("values", "name", "schema"), SCHEMAS)
def test_schema_of_values(values: tuple[Any, ...], name: str, schema: dict[str, Any]) -> None:
    assert text_schema(texts_of(*values), name) == schema


REFUSED: list[tuple[tuple[str, ...], Refusal, dict[str, Any]]] = [
    ((), Refusal(types={"integer"}), {"type": "integer"}),
    (("12",), Refusal(types={"string"}), STRING),
    (("12",), Refusal(types={"number"}), {"type": "number"}),
    (("x",), Refusal(types={"number"}), STRING),  # accepted all the same
    (("1",), Refusal(types={"boolean"}), {"type": "boolean"}),
    ((), Refusal(types={"uuid"}), {"type": "string", "format": "uuid"}),
    (("abc",), Refusal(types={"uuid"}), STRING),
    (("2024-05-01",), Refusal(types={"date-time"}), {"type": "string", "format": "date-time"}),
    (("1",), Refusal(types={"integer", "string"}), {"type": "integer"}),
    (("1",), Refusal(types={"array"}), {"type": "array", "items": {"type": "integer"}}),
    (("a",), Refusal(choices={"b", "a"}), {"type": "string", "enum": ["a", "b"]}),
    (("c",), Refusal(choices={"b", "a"}), STRING),
    (("1",), Refusal(choices={"10", "9", "1"}, types={"integer"}), {"type": "integer", "enum": [1, 9, 10]}),
]


@pytest.mark.parametrize(("values", "refusal", "schema"), REFUSED)
def test_schema_told_by_a_refusal(values: tuple[str, ...], refusal: Refusal, schema: dict[str, Any]) -> None:
    assert text_schema(texts_of(*values), "x", refusal) == schema


def test_elements_are_told_apart() -> None:
    assert text_schema(texts_of("1"), "x", None, Refusal(types={"integer"})) == {
        "type": "array",
        "items": {"type": "integer"},
    }


values = (
    st.sampled_from(["1", "-1", "007", "1.5", "true", "False", "no", "", "a,b", "2024-05-01", "a@b.io", "x"])
    | st.text()
)


@given(st.lists(st.lists(values, min_size=1, max_size=3).map(tuple), max_size=8), st.data())
def test_what_is_claimed_holds_for_all_values_in_any_order(many: list[tuple[str, ...]], data: st.DataObject) -> None:
    schema = text_schema(texts_of(*many), "x")
    merged = Texts()
    for each in data.draw(st.permutations(many)):
        merged.merge(texts_of(each))
    assert text_schema(merged, "x") == schema
    items = schema.get("items", schema)
    for text in (text for each in many for text in each):
        assert holds(items, text)


def holds(schema: dict[str, Any], text: str) -> bool:
    if "enum" in schema:
        return text in schema["enum"]
    form = format_of(text)
    if schema["type"] == "string":
        return "format" not in schema or form == schema["format"]
    if schema["type"] == "boolean":
        return text.lower() in {"true", "false", "0", "1", "yes", "no", "on", "off", "t", "f", "y", "n"}
    return form in ("integer", "number") if schema["type"] == "number" else text.lstrip("+-").isdecimal()


def operation_of(*calls: tuple[int, dict[str, str]], **evidence: Any) -> Operation:
    """An operation that was called with these queries and answered with these statuses."""
    operation = Operation(**evidence)
    for status, query in calls:
        requests = operation.requests.setdefault(fate_of(status), Requests())
        requests.count += 1
        requests.bodiless += 1
        requests.parameters.count += 1
        operation.answers.setdefault(status, Answer()).count += 1
        for name, value in query.items():
            requests.parameters.query.setdefault(name, Texts()).add((value,))
    return operation


def required(operation: Operation) -> dict[str, bool]:
    return {each["name"]: each.get("required", False) for each in parameters(operation, "/", ())}


X = {"x": "1"}

REQUIRED = [
    (operation_of((200, X), (200, X)), {"x": False}),
    (operation_of((200, X), (200, X), (200, X)), {"x": True}),
    (operation_of((200, X), (200, X), (200, X), (200, {})), {"x": False}),
    (operation_of(*[(200, {"limit": "1"})] * 9), {"limit": False}),
    (operation_of(*[(200, X)] * 3, (404, {})), {"x": False}),  # looked at, and nothing was missed
    (operation_of(*[(200, X)] * 3, (401, {})), {"x": True}),
    (operation_of((200, X), refusals={"query x": Refusal(missing=1)}), {"x": True}),
    (operation_of((200, X), (200, {}), refusals={"query x": Refusal(missing=1)}), {"x": False}),
    (operation_of((422, {}), refusals={"query x": Refusal(missing=1, types={"integer"})}), {"x": True}),
    (operation_of((422, X)), {}),
    (operation_of((404, X)), {"x": False}),
    (operation_of((200, {}), (404, X)), {}),
    (operation_of(*[(200, X)] * 3, omissions=[Omission("query", (), ("y",))]), {"x": False}),
    (operation_of(*[(200, X)] * 3, omissions=[Omission("query", (), ("x",))]), {"x": True}),
    (operation_of((200, X), (200, X), (400, {})), {"x": True}),  # with it nothing was refused
    (operation_of((200, X), (400, {})), {"x": False}),
]


@pytest.mark.parametrize(("operation", "expected"), REQUIRED)
def test_required(operation: Operation, expected: dict[str, bool]) -> None:
    assert required(operation) == expected


@pytest.mark.parametrize(
    ("lists", "schema"),
    [
        (["1,2", "3,4,5"], {"type": "array", "items": {"type": "integer"}}),
        (["name,id", "id"], {"type": "array", "items": STRING}),
        (["name,id", "id,price"], {"type": "array", "items": STRING}),
        (["Berlin,Mitte"], STRING),
        (["52.5,13.4"], STRING),
        (["a,b", "c,d"], STRING),
    ],
)
def test_lists_with_commas(lists: list[str], schema: dict[str, Any]) -> None:
    [found] = parameters(operation_of(*[(200, {"x": each}) for each in lists]), "/", ())
    assert found["schema"] == schema
    assert found.get("explode") is (False if schema["type"] == "array" else None)


def test_what_path_parameters_are() -> None:
    accepted = Requests(parameters=Parameters(path={"a": texts_of("1"), "b": texts_of("1"), "c": texts_of("1")}))
    refused = Requests(parameters=Parameters(path={"d": texts_of("x")}))
    operation = Operation(
        requests={"accepted": accepted, "refused": refused},
        converters={"a": {"string"}, "b": {"custom"}, "c": {"int", "string"}},
        refusals={"path d": Refusal(types={"integer"})},
    )
    found = parameters(operation, "GET /{a}/{b}/{c}/{d}/{e}", ())
    assert [(each["name"], each["schema"]["type"], each["required"]) for each in found] == [
        ("a", "string", True),
        ("b", "integer", True),
        ("c", "string", True),
        ("d", "integer", True),
        ("e", "string", True),
    ]


@pytest.mark.parametrize(("endpoints", "schema"), [({"view"}, STRING), (set(), {"type": "integer"})])
def test_what_a_route_let_through_is_a_value(endpoints: set[str], schema: dict[str, Any]) -> None:
    operation = Operation(
        endpoints=endpoints,
        requests={
            "accepted": Requests(parameters=Parameters(path={"x": texts_of("1")})),
            "other": Requests(parameters=Parameters(path={"x": texts_of("nobody")})),
        },
    )
    assert parameters(operation, "GET /{x}", ())[0]["schema"] == schema


def test_what_stands_elsewhere_or_says_who_somebody_is_is_no_parameter() -> None:
    seen = Parameters(
        count=1,
        query={"api_key": texts_of("k"), "page": texts_of("1")},
        header={"x-api-key": texts_of("k"), "x-tenant": texts_of("t"), "user-agent": texts_of("u")},
        cookie={"session": texts_of("s"), "_ga": texts_of("g"), "theme": texts_of("dark")},
    )
    operation = Operation(
        requests={"accepted": Requests(1, parameters=seen)},
        refusals={"header content-type": Refusal(missing=1), "header if-none-match": Refusal(missing=1)},
    )
    schemes = ["header x-api-key", "query.api_key"]
    names = [f"{each['in']} {each['name']}" for each in parameters(operation, "/", schemes)]
    assert names == ["query page", "header If-None-Match", "header X-Tenant", "cookie theme"]
    names = [f"{each['in']} {each['name']}" for each in parameters(operation, "/", ())]
    assert {"query api_key", "header X-Api-Key"} <= set(names)
    assert "cookie session" not in names


@pytest.mark.parametrize(
    "name",
    "accept user-agent sec-fetch-mode sec-ch-ua x-forwarded-for cf-ray traceparent x-b3-traceid :path dnt".split(),
)
def test_standard_fields(name: str) -> None:
    assert is_standard(name)


@pytest.mark.parametrize("name", "x-request-id idempotency-key x-tenant if-match prefer x-ratelimit-limit".split())
def test_fields_of_an_interface(name: str) -> None:
    assert not is_standard(name)


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("2026-01-02T03:04:05Z", STRING | {"format": "date-time"}),
        ("2026-01-02", STRING | {"format": "date"}),
        ("7", STRING),
        ("3f2b8c1e-0d4a-4b6f-9c3d-2e1f0a9b8c7d", STRING),
        ("ann@example.org", STRING),
    ],
)
def test_a_cookie_is_a_text_or_a_time(value: str, schema: dict[str, Any]) -> None:
    seen = Parameters(3, cookie={"seen": texts_of(*[value] * 3)})
    (found,) = parameters(Operation(requests={"accepted": Requests(3, parameters=seen)}), "/me", {})
    assert found["schema"] == schema
