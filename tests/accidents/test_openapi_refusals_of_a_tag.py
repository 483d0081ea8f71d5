"""Accident: requests of several kinds, which a member tells apart: one refusal that this member is wrong, or missing,
made all others optional, because it did not list them."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from fastapi import Body, FastAPI
from learning import called, learned_from, model
from pydantic import BaseModel, Discriminator, Field, Tag

from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Service


class A(BaseModel):
    mode: Literal["a"]
    x: int
    y: int


class B(BaseModel):
    mode: Literal["b"]
    z: int


def mode_of(value: dict[str, Any]) -> Any:
    return value.get("mode")


BY_NAME = Annotated[A | B, Field(discriminator="mode")]
BY_FUNCTION = Annotated[Annotated[A, Tag("a")] | Annotated[B, Tag("b")], Discriminator(mode_of)]
SENT: list[dict[str, Any]] = [{"mode": "a", "x": 1, "y": 2}, {"mode": "b", "z": 1}] * 3
REQUIRED = {("mode", "x", "y"), ("mode", "z")}


def required(service: Service) -> set[tuple[str, ...]]:
    schemas = openapi(service, Style(models=False))["components"]["schemas"]
    return {
        tuple(each["required"]) for each in schemas.values() if "const" in each.get("properties", {}).get("mode", ())
    }


@pytest.mark.parametrize("union", [BY_NAME, BY_FUNCTION])
@pytest.mark.parametrize("wrong", [{"mode": "c"}, {"x": 1}, {}])
def test_a_wrong_tag_says_nothing_of_what_is_missing(union: Any, wrong: dict[str, Any]) -> None:
    app = FastAPI()

    def put(body: Any) -> None: ...

    def post(setup: Any) -> None: ...

    put.__annotations__["body"] = Annotated[union, Body()]
    post.__annotations__["setup"] = Annotated[union, Body(embed=True)]
    app.put("/s")(put)
    app.post("/boxes")(post)

    def calls(client: Any) -> None:
        for each in SENT:
            assert client.put("/s", json=each).status_code == 200
            assert client.post("/boxes", json={"setup": each}).status_code == 200
        assert client.put("/s", json=wrong).status_code == 422
        assert client.post("/boxes", json={"setup": wrong}).status_code == 422

    assert required(learned_from(app, calls)) == REQUIRED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mode": "c"}, "Unsupported value: c"),  # marshmallow-oneofschema
        ({}, "Missing data for required field."),
        ({"mode": "c"}, "Must be one of: a, b."),  # of marshmallow itself, by hand
    ],
)
def test_in_the_words_of_marshmallow(wrong: dict[str, Any], said: str) -> None:
    def sent(body: dict[str, Any], answer: Any, status: int) -> Any:
        return called("PUT", "/s", "/s", json.dumps(answer).encode(), status, json.dumps(body).encode())

    seen = [sent({"setup": each, "name": "n"}, {}, 200) for each in SENT]
    errors = {"json": {"setup": {"mode": [said]}, "name": ["Missing data for required field."]}}
    seen.append(sent({"setup": wrong}, {"errors": errors}, 422))
    assert required(model(*seen).settled()[""]) == REQUIRED
