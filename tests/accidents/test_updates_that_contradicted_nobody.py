"""Accident: an update told contradictions of what people had written although nothing of the kind was seen: a value
that was answered 404, a body that was not shown to be required, text with commas, a cookie that came along, and what a
model declares and no value had."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from flask import Flask, request
from learning import called, learned_from, model

from mirror import Exchange
from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.document import Style
from mirror.openapi.meeting import Conflict
from mirror.openapi.model import Service
from mirror.openapi.output import brought_into
from mirror.openapi.writing import write

FORM = "application/x-www-form-urlencoded"
OK = {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}}
TEXT = {"type": "string"}


def contradicted(key: str, written: dict[str, Any], *seen: Exchange, service: Service | None = None) -> list[str]:
    """The last words of the pointers of what contradicts an operation that a person wrote."""
    return [each.pointer.rpartition("/")[2] for each in conflicts(key, written, *seen, service=service)]


def conflicts(
    key: str, written: dict[str, Any], *seen: Exchange, service: Service | None = None
) -> tuple[Conflict, ...]:
    """What contradicts an operation that a person wrote."""
    method, _, path = key.partition(" ")
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {method.lower(): {"responses": OK, **written}}},
        "components": {"securitySchemes": {"sid": {"type": "apiKey", "in": "cookie", "name": "session"}}},
    }
    service = model(*seen).settled()[""] if service is None else service
    return tuple(brought_into(write(document, "yaml"), service, Style(), None).conflicts)


def parameter(place: str, schema: dict[str, Any], required: bool = False) -> dict[str, Any]:
    return {"parameters": [{"name": "x", "in": place, "schema": schema, **({"required": True} if required else {})}]}


def got(*answers: tuple[str, int]) -> list[Exchange]:
    return [called("GET", f"/a/{x}", "/a/<x>", status=status) for x, status in answers]


@pytest.mark.parametrize(
    ("schema", "accepted", "refused"),
    [
        ({"type": "string", "enum": ["air", "sea"]}, ["air", "sea"], "teleport"),
        ({"type": "integer"}, ["1", "2"], "nobody"),
        ({"type": "string", "format": "date"}, ["2026-01-02"], "today"),
    ],
)
def test_a_value_of_a_path_that_was_not_accepted(schema: dict[str, Any], accepted: list[str], refused: str) -> None:
    fine = [(each, 200) for each in accepted]
    for status in (400, 404, 422):
        assert not contradicted("GET /a/{x}", parameter("path", schema, True), *got(*fine, (refused, status)))
    assert contradicted("GET /a/{x}", parameter("path", schema, True), *got(*fine, (refused, 200)))


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (TEXT, "6,46,7,47"),
        ({"type": "string", "minLength": 1}, "12"),
        ({"type": "array", "items": {"type": "number"}}, "6.5,46"),
        ({"type": "array", "items": {"type": "integer"}}, "6"),
        ({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}, "a,b"),
    ],
)
def test_parameters_are_written_as_text(schema: dict[str, Any], text: str) -> None:
    assert not contradicted("GET /m", parameter("query", schema), called("GET", f"/m?x={text}", "/m"))


def test_of_a_parameter_and_texts_what_does_not_fit_is_told() -> None:
    assert contradicted("GET /m", parameter("query", {"type": "integer"}), called("GET", "/m?x=a", "/m")) == ["type"]
    twice = called("GET", "/m?x=a&x=b", "/m")
    assert contradicted("GET /m", parameter("query", TEXT), twice) == ["type"]


def test_fields_of_forms_are_written_as_text() -> None:
    schema = {"type": "object", "properties": {"box": {"type": "string", "maxLength": 5}, "size": {"type": "integer"}}}
    form = {"requestBody": {"content": {FORM: {"schema": schema}}}}

    def sent(text: bytes) -> list[str]:
        posted = called("POST", "/f", "/f", b"", sent=text, media=FORM)
        return contradicted("POST /f", form | {"responses": {"200": {"description": "OK"}}}, posted)

    assert sent(b"box=12345&size=2") == []
    assert sent(b"box=12345&size=big") == ["type"]


def test_a_body_is_required_until_a_request_without_is_accepted() -> None:
    schema = {"type": "object", "required": ["user"], "properties": {"user": {"type": "string"}}}
    body = {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
    fine = called("POST", "/login", "/login", sent=b'{"user": "olga"}')
    wrong = called("POST", "/login", "/login", status=401, sent=b'{"user": "x"}')
    assert not contradicted("POST /login", body, fine, wrong, wrong)
    assert not contradicted("POST /login", body, called("POST", "/login", "/login", status=409, sent=b'{"user": 1}'))
    assert contradicted("POST /login", body, fine, called("POST", "/login", "/login")) == ["required"]


def test_a_parameter_is_required_until_a_request_without_is_accepted() -> None:
    written = parameter("query", {"type": "integer"}, True)
    without = [called("GET", "/m", "/m", status=status) for status in (401, 404, 500)]
    fine = called("GET", "/m?x=1", "/m")
    assert not contradicted("GET /m", written, fine, *without)
    assert contradicted("GET /m", written, fine, called("GET", "/m", "/m")) == ["required"]


@pytest.mark.parametrize("written", [{}, {"security": []}])
def test_only_a_denial_says_that_credentials_are_asked_for(written: dict[str, Any]) -> None:
    app = Flask(__name__)

    @app.get("/me")
    @app.post("/logout")
    def me() -> Any:
        return ("", 204) if request.cookies.get("session") else ("", 401)

    def calls(client: Any, logouts: int) -> None:
        client.get("/me")
        client.set_cookie("session", "abc")
        client.get("/me")
        client.post("/logout")
        client.delete_cookie("session")
        for _ in range(logouts - 1):
            client.post("/logout")

    for logouts, told in ((1, []), (2, ["security"])):
        service = learned_from(app, partial(calls, logouts=logouts))
        assert contradicted("POST /logout", written, service=service) == told


DECLARED = tuple(
    Declaration("200", pointer, "", tuple(kinds.split()), presence=presence, choices=tuple(choices))
    for pointer, kinds, presence, *choices in [
        ("", "object", ""),
        ("price", "number", "required"),
        ("note", "null string", "optional"),
        ("made", "string", "required"),
        ("more", "string", "optional"),
        ("state", "null string", "optional", "new", "paid", "lost"),
    ]
)


def test_what_only_a_model_says_was_not_seen() -> None:
    properties = {"price": {"type": "integer"}, "note": TEXT, "made": {"type": "string", "format": "date-time"}}
    properties["state"] = {"type": ["string", "null"], "enum": ["new", "paid"]}
    schema = {"type": "object", "required": [*properties], "properties": properties, "additionalProperties": False}
    answer = {"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}}}

    def told(**members: Any) -> list[str]:
        whole = {"price": 8, "note": "n", "made": "2026-01-02T03:04:05Z", "state": "new"} | members
        body = json.dumps({name: each for name, each in whole.items() if each is not ...}).encode()
        known = KnownRoute("/a", "GET", declared=DECLARED)
        return contradicted("GET /a", answer, service=model(called("GET", "/a", "/a", body), known).settled()[""])

    assert told() == []
    assert told(price=8.5) == ["type"]
    assert told(note=None) == ["type"]
    assert told(note=...) == ["required"]
    assert told(made="now") == ["format"]
    assert told(more="x") == ["additionalProperties"]
    assert told(state="lost") == told(state=None) == ["enum"]


def test_what_only_a_model_says_is_not_told_as_seen() -> None:
    """Of a contradiction: texts were seen where an integer stands, and null only in the model."""
    properties = {
        "note": {"type": "integer"},
        "price": {"type": "string"},
        "made": {"type": "string", "format": "date"},
    }
    schema = {"type": "object", "properties": properties}
    answer = {"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}}}
    known = KnownRoute("/a", "GET", declared=(*DECLARED[:3], Declaration("200", "made", "", ("string",), "uuid")))
    bodies = b'{"note": "n", "price": 8, "made": "now"}', b'{"note": 7, "price": 8, "made": "then"}'
    seen = [called("GET", "/a", "/a", body) for body in bodies]
    told = conflicts("GET /a", answer, service=model(*seen, known).settled()[""])
    assert {each.pointer.split("/")[-2]: each.seen for each in told} == {
        "note": ["integer", "string"],
        "price": "integer",
        "made": "text of another format",
    }


def test_what_is_read_only_is_not_asked_of_requests() -> None:
    properties = {"id": {"type": "integer", "readOnly": True}, "name": TEXT}
    schema = {"type": "object", "required": ["id", "name"], "properties": properties}
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    for sent, told in ((b'{"name": "Ann"}', []), (b"{}", ["required"])):
        assert contradicted("POST /a", body, *[called("POST", "/a", "/a", sent=sent)] * 2) == told


def test_members_of_one_kind_are_not_lacking_because_another_has_none() -> None:
    def kind(name: str, member: str) -> dict[str, Any]:
        properties = {"kind": {"type": "string", "const": name}, member: TEXT}
        return {"type": "object", "required": ["kind", member], "properties": properties}

    schema = {"oneOf": [kind("card", "number"), kind("bank", "iban")], "discriminator": {"propertyName": "kind"}}
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    sent = [b'{"kind": "card", "number": "1x"}', b'{"kind": "bank", "iban": "DE"}'] * 2
    # It lists what is missing, and not these: so they need not be there, which no request has shown.
    answer = b'{"detail": [{"type": "missing", "loc": ["body", "kind"], "msg": "Field required"}]}'
    refused = called("POST", "/a", "/a", answer, 422, b"{}")
    assert not contradicted("POST /a", body, refused, *[called("POST", "/a", "/a", sent=each) for each in sent])
