"""Accident: what one operation had shown of a component was told of another that has the component too; and that a
parameter was left out was told as ``required is true, but false was seen``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from learning import called, model

from mirror import Exchange
from mirror.openapi.document import Style
from mirror.openapi.output import brought_into
from mirror.openapi.writing import write

INVOICE = {"$ref": "#/components/schemas/Invoice"}
WORDS = {"type": "string", "enum": ["open", "paid"]}


def operation(schema: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}}, **rest}


def told(status: dict[str, Any], *seen: Exchange) -> list[str]:
    path = [{"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}]
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/invoices": {"get": operation({"type": "array", "items": INVOICE})},
            "/invoices/{number}": {"get": operation(INVOICE, parameters=path)},
            "/invoices/{number}/void": {"post": operation(INVOICE, parameters=path)},
        },
        "components": {
            "schemas": {
                "Invoice": {
                    "type": "object",
                    "properties": {"number": {"type": "integer"}, "status": status},
                    "required": ["number", "status"],
                }
            }
        },
    }
    found = brought_into(write(document, "yaml"), model(*seen).settled()[""], Style(), None)
    return [str(each).replace("#/components/schemas/Invoice", "Invoice") for each in found.conflicts]


def invoice(**members: Any) -> bytes:
    return json.dumps({"number": 1, "status": "open"} | members).encode()


def calls(voided: bytes) -> list[Exchange]:
    return [
        called("GET", "/invoices", "/invoices", b"[%s]" % b",".join([invoice(), invoice(status="paid")] * 5)),
        called("GET", "/invoices/1", "/invoices/<int:n>", invoice()),
        called("GET", "/invoices/2", "/invoices/<int:n>", invoice(number=2, status="paid")),
        called("POST", "/invoices/1/void", "/invoices/<int:n>/void", voided),
    ]


@pytest.mark.parametrize(
    ("status", "voided", "expected"),
    [
        (WORDS, invoice(status="void"), 'Invoice/properties/status/enum is ["open","paid"], but ["void"] was seen'),
        ({"type": "string"}, invoice(status=None), "Invoice/properties/status/type is"),
        ({"type": "string"}, b'{"number": 1}', 'Invoice/required is ["number","status"], but "status" was left out'),
    ],
)
def test_the_one_that_has_shown_it(status: dict[str, Any], voided: bytes, expected: str) -> None:
    (said,) = told(status, *calls(voided))
    assert said.startswith(f"POST /invoices/{{number}}/void: {expected}")


def test_the_one_that_met_it_where_it_has_shown_it_too() -> None:
    seen = called("GET", "/invoices", "/invoices", b"[%s]" % invoice(status="void"))
    (said,) = told(WORDS, *calls(invoice(status="void")), seen)
    assert said.startswith("GET /invoices: Invoice/properties/status/enum")


def test_what_was_left_out_is_told_in_words() -> None:
    parameter = {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": operation({"type": "object"}, parameters=[parameter])}},
    }
    seen = [called("GET", f"/a{query}", "/a") for query in ("", "", "?page=1", "?page=2")]
    (conflict,) = brought_into(write(document, "yaml"), model(*seen).settled()[""], Style(), None).conflicts
    assert str(conflict) == "GET /a: #/paths/~1a/get/parameters/0/required is true, but it was left out"
