"""Accidents: limits were claimed of values that something had changed before they were checked; a validator of the
user's own that is called as one of marshmallow's threw the whole schema away; of two validators only the last counted;
the pattern of a model hung the end of a run."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from learning import learned_from
from marshmallow import Schema, ValidationError, fields, pre_load, validate
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter

from mirror.adapters.known import starlette_routes
from mirror.adapters.notes import of_marshmallow, of_metadata
from mirror.openapi.document import openapi

TEXT = frozenset({"string"})


class Trimmed(fields.String):
    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        return super()._deserialize(value, *rest, **more).strip()


class Length(validate.Validator):
    """Like nothing of marshmallow's but for its name."""

    def __call__(self, value: Any) -> Any:
        if not value:
            raise ValidationError("empty")
        return value


class Order(BaseModel):
    number: int = Field(0, gt=0)
    size: int = Field(3, ge=1)


class Page(BaseModel):
    title: str = Field(pattern=r"^([a-z0-9]+-?)+$")


class Cleaned(Schema):
    name = fields.String(validate=validate.Length(max=5))

    @pre_load
    def clean(self, data: Any, **more: Any) -> Any:
        return data


def schemas_of(app: FastAPI, call: Callable[[TestClient], None]) -> dict[str, Any]:
    service = learned_from(app, call)
    service.known.update(starlette_routes(app.router, ""))
    return openapi(service)["components"]["schemas"]  # type: ignore[no-any-return]


def test_what_is_stripped_first_has_no_lengths() -> None:
    kind = Annotated[str, StringConstraints(strip_whitespace=True), Field(max_length=5)]
    assert TypeAdapter(kind).validate_python("  1234  ") == "1234"
    assert of_metadata([StringConstraints(strip_whitespace=True), Field(max_length=5)], TEXT, "") == ()


def test_fields_and_schemas_of_the_users_own() -> None:
    assert of_marshmallow(Trimmed(validate=validate.Length(max=5)), TEXT, "request") == ()
    assert of_marshmallow(Cleaned().fields["name"], TEXT, "request") == ()
    assert of_marshmallow(fields.String(validate=Length()), TEXT, "request") == ()


def test_several_validators_all_count() -> None:
    field = fields.String(validate=[validate.Length(min=1), validate.Length(max=80)])
    assert of_marshmallow(field, TEXT, "request") == (("maxLength", "80"), ("minLength", "1"))
    field = fields.Integer(validate=[validate.Range(min=1), validate.Range(max=9, max_inclusive=False)])
    assert of_marshmallow(field, frozenset({"integer"}), "request") == (("exclusiveMaximum", "9"), ("minimum", "1"))


class Odd:
    metadata = 7
    pattern = "[[:alpha:]]+"


def test_what_is_odd_beside_a_type_says_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert of_metadata([Odd()], TEXT, "") == ()


def test_a_default_outside_its_own_limits_is_none() -> None:
    app = FastAPI()

    @app.post("/orders")
    def make(order: Order) -> None: ...

    def call(client: TestClient) -> None:
        assert client.post("/orders", json={"number": 5}).status_code == 200

    properties = schemas_of(app, call)["Order"]["properties"]
    assert "default" not in properties["number"]
    assert properties["number"]["exclusiveMinimum"] == 0
    assert properties["size"]["default"] == 3


@pytest.mark.timeout(20)
def test_no_pattern_is_ever_run() -> None:
    """It hung the end of a run: Python's engine goes back and forth where Pydantic's does not."""
    app = FastAPI()

    @app.get("/page", response_model=Page)
    def page() -> JSONResponse:
        return JSONResponse({"title": "the-perfectly-normal-title-of-an-article-people-wrote_2"})

    @app.post("/page")
    def make(page: Page) -> None: ...

    def call(client: TestClient) -> None:
        assert client.get("/page").status_code == 200
        assert client.post("/page", json={"title": "a-b"}).status_code == 200

    schemas = schemas_of(app, call)
    assert "pattern" not in schemas["Page"]["properties"]["title"]
    assert schemas["PageInput"]["properties"]["title"]["pattern"] == r"^([a-z0-9]+-?)+$"
