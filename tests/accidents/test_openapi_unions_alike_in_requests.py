"""Accident: where requests of two models of a union had the same members (``{"kind": "main"}``, ``{"kind": "soup"}``:
the others have defaults), nothing was left of the union that the model declares."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import FastAPI
from jsonschema import Draft202012Validator
from learning import learned_from
from pydantic import BaseModel, Field

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import Style, openapi


class Main(BaseModel):
    kind: Literal["main"]
    sides: list[str] | None = None


class Soup(BaseModel):
    kind: Literal["soup", "stew"]
    litres: float = 0.3


class Plan(BaseModel):
    dishes: list[Annotated[Main | Soup, Field(discriminator="kind")]]


def document(*sent: list[dict[str, Any]], **style: Any) -> dict[str, Any]:
    app = FastAPI()

    @app.post("/plans")
    def plan(plan: Plan) -> None: ...

    service = learned_from(app, lambda client: [client.post("/plans", json={"dishes": dishes}) for dishes in sent])
    service.known.update(starlette_routes(app.router, ""))
    return openapi(service, Style(**style))


SENT = [{"kind": "main"}, {"kind": "soup"}, {"kind": "stew"}], [{"kind": "main", "sides": ["rice"]}]


def test_each_is_what_its_model_says() -> None:
    made = document(*SENT)
    schemas = made["components"]["schemas"]
    items = schemas["Plan"]["properties"]["dishes"]["items"]
    assert [each["$ref"].rpartition("/")[2] for each in items["oneOf"]] == ["Main", "Soup"]
    assert schemas["Main"]["properties"]["kind"]["const"] == "main"
    assert schemas["Soup"]["properties"]["kind"]["enum"] == ["soup", "stew"]
    assert schemas["Soup"]["properties"].keys() == {"kind", "litres"}
    assert {name: schemas[name]["required"] for name in ("Main", "Soup")} == {"Main": ["kind"], "Soup": ["kind"]}
    validator = Draft202012Validator({"$ref": "#/components/schemas/Plan", **made})
    assert all(validator.is_valid({"dishes": dishes}) for dishes in SENT)
    assert not validator.is_valid({"dishes": [{"kind": "pie"}]})


def test_how_many_there_were_is_not_made_up() -> None:
    schemas = document(*SENT)["components"]["schemas"]
    assert schemas["Main"]["x-mirror"]["samples"] == 2
    assert schemas["Soup"]["x-mirror"]["samples"] == 2


def test_what_is_of_neither_leaves_them_as_they_are() -> None:
    schemas = document([{"kind": "main", "extra": 1}, {"kind": "soup", "extra": 2}])["components"]["schemas"]
    assert "oneOf" not in schemas["Plan"]["properties"]["dishes"]["items"]
