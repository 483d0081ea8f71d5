"""Accident: kinds of a union that have the same members were each given what the members of all of them are: a
``Text``'s ``value`` was a text, a whole number or a list, as were a ``Number``'s and a ``Choice``'s."""

from __future__ import annotations

from itertools import permutations
from typing import Annotated, Any, Literal

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from learning import learned_from
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import Style, openapi


class Text(BaseModel):
    kind: Literal["text"]
    value: str = Field(max_length=5)


class Number(BaseModel):
    kind: Literal["number"]
    value: int


class Choice(BaseModel):
    kind: Literal["choice"]
    value: list[str] = Field(min_length=2)


class Point(BaseModel):
    kind: Literal["Point"]
    value: tuple[float, float]


class Line(BaseModel):
    kind: Literal["Line"]
    value: list[tuple[float, float]] = Field(min_length=2)


class Limits(BaseModel):
    low: int


class Between(BaseModel):
    kind: Literal["between"]
    value: Limits


class Unit(BaseModel):
    kind: Literal["unit"]
    value: Literal["m", "km"] | None


KINDS = Text | Number | Choice | Point | Line | Between | Unit
SENT: dict[str, Any] = {
    "text": "abc",
    "number": 3,
    "choice": ["a", "b"],
    "Point": [7.5, 46.9],
    "Line": [[7.5, 46.9], [8.5, 47.3], [8, 47]],
    "between": {"low": 1},
    "unit": None,
}


class Setting(BaseModel):
    data: Annotated[KINDS, Field(discriminator="kind")]


def made(*sent: dict[str, Any], answer: Any = None, unseen: bool = True) -> dict[str, Any]:
    app = FastAPI()

    @app.post("/settings", response_model=Setting)
    def make(setting: Setting) -> Any:
        return setting if answer is None else JSONResponse(answer)

    def calls(client: TestClient) -> None:
        for each in sent:
            assert client.post("/settings", json={"data": each}).status_code == 200

    service = learned_from(app, calls)
    service.known.update(starlette_routes(app.router, ""))
    return openapi(service, Style(examples=False, evidence=False, unexercised=unseen))


def validator(document: dict[str, Any], name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})


@pytest.mark.parametrize("part", ["", "Input"])
def test_each_has_its_own(part: str) -> None:
    document = made(*({"kind": kind, "value": value} for kind, value in SENT.items()))
    schemas = document["components"]["schemas"]
    found = {name: schemas[f"{name}{part}"]["properties"]["value"] for name in ("Text", "Number", "Choice", "Line")}
    assert found["Text"] == {"type": "string", "maxLength": 5}
    assert found["Number"] == {"type": "integer"}
    assert found["Choice"] == {"type": "array", "items": {"type": "string"}, "minItems": 2}
    line = found["Line"]
    assert (line["minItems"], line["items"]["minItems"], line["items"]["maxItems"]) == (2, 2, 2)
    assert schemas[f"Unit{part}"]["properties"]["value"] == {"type": ["string", "null"], "enum": ["m", "km", None]}
    for kind, value in SENT.items():
        validator(document, f"Setting{part}").validate({"data": {"kind": kind, "value": value}})
        assert not validator(document, f"Setting{part}").is_valid({"data": {"kind": kind, "value": {"high": 1}}})


def test_in_any_order() -> None:
    sent = [{"kind": kind, "value": SENT[kind]} for kind in ("text", "Point", "Line", "choice")]
    documents = [made(*each) for each in permutations(sent)]
    assert all(each == documents[0] for each in documents)


def test_what_no_kind_has_is_as_it_was_seen() -> None:
    sent = [{"kind": "text", "value": "abc"}, {"kind": "number", "value": 3}]
    answer = {"data": {"kind": "text", "value": 2.5}}
    app_documents = [made(*sent, answer=answer), made(*sent, unseen=False)]
    validator(app_documents[0], "Setting").validate(answer)
    for each in sent:
        validator(app_documents[1], "SettingInput").validate({"data": each})
