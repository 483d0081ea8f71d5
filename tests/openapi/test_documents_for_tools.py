"""What tools ask of a document besides its being valid, and that nothing is invented for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response
from openapi_schema_validator import OAS30Validator

from mirror import Exchange, Route
from mirror.openapi.document import Document, Style, openapi
from mirror.openapi.model import Service
from mirror.openapi.update import update
from mirror.openapi.version30 import downgrade

JSON = [("Content-Type", "application/json")]
BEARER = [("Authorization", "Bearer abcdef0123456789")]


def learned(*made: Exchange, style: Style = Style()) -> Document:  # noqa: B008 (it is frozen)
    service = Service()
    for exchange in made:
        service.add(exchange)
    return openapi(service, style)


def got(path: str, value: Any, status: int = 200, asked: list[tuple[str, str]] | None = None) -> Exchange:
    request = make_request("GET", path, headers=asked or ())
    return make_exchange(request, make_response(status, json.dumps(value).encode(), headers=JSON), route=Route(path))


def sent(path: str, kind: str, body: str) -> Exchange:
    request = make_request("POST", path, body.encode(), headers=[("Content-Type", kind)])
    return make_exchange(request, make_response(204), route=Route(path))


def test_what_openapi_says_of_documents_without_servers_and_security_is_said() -> None:
    document = learned(got("/orders", {"id": 1}))
    assert document["servers"] == [{"url": "/"}]
    assert document["security"] == []
    assert document["info"]["description"]
    named = learned(got("/orders", {"id": 1}), style=Style(servers=("https://api.example.com",)))
    assert named["servers"] == [{"url": "https://api.example.com"}]


def test_security_that_comes_later_is_no_contradiction() -> None:
    open_to_all = got("/orders", {"id": 1})
    before = update("", learned(open_to_all)).text
    denied, let_in = got("/orders", {"error": "log in"}, 401), got("/orders", {"id": 1}, asked=BEARER)
    after = update(before, learned(open_to_all, denied, let_in))
    assert not after.conflicts
    assert "- bearer: []" in after.text


def test_only_what_something_refers_to_is_a_component() -> None:
    # The same page with different details: those are written in their place, and are nobody's component.
    document = learned(
        got("/carts", {"page": 1, "detail": {"id": 1, "name": "a"}}),
        got("/carts/last", {"page": 1, "detail": {"code": 1, "reason": "b"}}),
        got("/details", {"text": "c", "author": "d"}),
    )
    assert sorted(document["components"]["schemas"]) == ["Carts", "Details"]
    assert sorted(document["components"]["schemas"]["Details"]["properties"]) == ["author", "text"]


def test_a_scheme_that_nothing_asks_for_is_none() -> None:
    basic = [("Authorization", "Basic Ym9iOmJvYg==")]
    document = learned(
        got("/orders", {"id": 1}, asked=BEARER),
        got("/orders", {"error": "log in"}, 401),
        got("/orders", {"error": "log in"}, 401, basic),
    )
    assert document["paths"]["/orders"]["get"]["security"] == [{"bearer": []}]
    assert list(document["components"]["securitySchemes"]) == ["bearer"]


def test_an_example_of_an_upload_says_that_there_is_a_file() -> None:
    part = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    body = part.format("title", "", "x") + part.format("cover", '; filename="c"\r\nContent-Type: image/png', "p")
    exchange = sent("/covers", "multipart/form-data; boundary=b", body + "--b--\r\n")
    content = learned(exchange, exchange)["paths"]["/covers"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert content["schema"]["required"] == ["cover", "title"]
    assert content["examples"]["example"]["value"] == {"title": "x", "cover": "(image/png)"}


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("n=12&name=12a", {"n": 12, "name": "12a"}),
        ("price=1.5", {"price": 1.5}),
        ("draft=True", {"draft": True}),
        ("tag=a&tag=b", {"tag": ["a", "b"]}),
    ],
)
def test_an_example_of_a_form_has_the_types_of_its_schema(body: str, value: Any) -> None:
    made = sent("/forms", "application/x-www-form-urlencoded", body)
    (content,) = learned(made, made)["paths"]["/forms"]["post"]["requestBody"]["content"].values()
    assert content["examples"]["example"]["value"] == value


def test_a_list_that_came_once_is_one_in_its_example() -> None:
    one, two = (sent("/forms", "application/x-www-form-urlencoded", body) for body in ("tag=a", "tag=a&tag=b"))
    (content,) = learned(one, two)["paths"]["/forms"]["post"]["requestBody"]["content"].values()
    assert content["examples"]["example"]["value"] == {"tag": ["a"]}


def test_a_tuple_has_items() -> None:
    document = learned(got("/points", [["a", 1], ["b", 2], ["c", 3]]))
    (content,) = document["paths"]["/points"]["get"]["responses"]["200"]["content"].values()
    tuples = content["schema"]["items"]
    assert len(tuples["prefixItems"]) == 2
    assert tuples["items"] == {}
    (content,) = downgrade(document)["paths"]["/points"]["get"]["responses"]["200"]["content"].values()
    assert [each["type"] for each in content["schema"]["items"]["items"]["anyOf"]] == ["string", "integer"]


def test_a_tuple_that_turns_out_to_be_a_list_is_one() -> None:
    before = learned(got("/points", [["a", 1], ["b", 2], ["c", 3]]))
    after = learned(got("/points", [["a", 1], ["b", 2], ["c", 3, 4]]), got("/points", [["d"]]))
    updated = update(update("", before, form="json").text, after)
    (content,) = json.loads(updated.text)["paths"]["/points"]["get"]["responses"]["200"]["content"].values()
    assert "prefixItems" not in content["schema"]["items"]
    assert content["schema"]["items"]["items"]["type"] == ["integer", "string"]


def test_in_3_0_null_is_right_where_a_component_is() -> None:
    people = [{"owner": {"id": 1, "name": "a"}}, {"owner": None}]
    document = downgrade(learned(got("/orders", people)))
    schema = document["components"]["schemas"]["Order"]
    validator = OAS30Validator({**schema, "components": document["components"]})
    assert validator.is_valid({"owner": None})
    assert validator.is_valid({"owner": {"id": 1, "name": "a"}})
    assert not validator.is_valid({"owner": 1})
    assert not validator.is_valid({"owner": {}})
    assert schema["properties"]["owner"]["nullable"], "where datamodel-code-generator looks for it"


def test_in_3_0_null_is_right_where_a_component_is_an_enumeration() -> None:
    colours: dict[str, Any] = {"type": "string", "enum": ["red", "blue"]}
    reference = {"$ref": "#/components/schemas/Colour"}
    car = {"type": "object", "properties": {"colour": {"anyOf": [reference, {"type": "null"}]}}}
    document = downgrade({"openapi": "3.1.0", "components": {"schemas": {"Car": car, "Colour": colours}}})
    made = document["components"]["schemas"]["Car"]
    assert made["properties"]["colour"]["type"] == "string"
    assert made["properties"]["colour"]["nullable"]
    validator = OAS30Validator({**made, "components": document["components"]})
    assert validator.is_valid({"colour": None})
    assert validator.is_valid({"colour": "red"})
    assert not validator.is_valid({"colour": "green"})
    assert not validator.is_valid({"colour": {}})


def test_what_tells_variants_apart_is_required() -> None:
    kind = "application/json"
    document = learned(
        sent("/payments", kind, '{"method": "card", "number": "4"}'),
        sent("/payments", kind, '{"method": "iban", "iban": "D"}'),
    )
    assert [each["required"] for each in document["components"]["schemas"].values()] == [["method"], ["method"]]
