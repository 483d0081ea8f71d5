"""Accident: objects of a union of models that no field tells apart became one inline object that had the members of
all of them and required none."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from learning import learned_from
from pydantic import BaseModel

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import Style, openapi
from mirror.openapi.version30 import downgrade

Json = dict[str, Any]


class Person(BaseModel):
    name: str
    born: int | None = None


class Company(BaseModel):
    name: str
    vat: str


class Order(BaseModel):
    customer: Person | Company | None


def site() -> FastAPI:
    app = FastAPI()

    @app.post("/orders")
    def order(order: Order) -> Order:
        return order

    @app.put("/customer", response_model=Person | Company)
    def customer(customer: Person | Company) -> Any:
        return customer

    @app.get("/person")
    def person() -> Person:
        return Person(name="Ada")

    return app


def document(*calls: tuple[str, str, Json], app: FastAPI | None = None, **style: Any) -> Json:
    app = app or site()
    service = learned_from(app, lambda client: [client.request(how, at, json=sent) for how, at, sent in calls])
    service.known.update(starlette_routes(app.router, ""))
    return openapi(service, Style(**style))


ADA, ACME = {"name": "Ada"}, {"name": "Acme", "vat": "DE1"}
CALLS = (
    ("POST", "/orders", {"customer": ADA}),
    ("POST", "/orders", {"customer": ACME}),
    ("PUT", "/customer", ADA),
    ("PUT", "/customer", ACME),
    ("GET", "/person", {}),
)


def names(schema: Json) -> list[str]:
    return [each.get("$ref", each.get("type")).rpartition("/")[2] for each in schema["anyOf"]]


@pytest.mark.parametrize("calls", [CALLS, CALLS[:1], CALLS[1:3]])
def test_each_is_a_component(calls: Any) -> None:
    made = document(*calls)
    schemas = made["components"]["schemas"]
    for name, schema in schemas.items():
        if name.startswith("Person"):
            assert schema["required"] == ["name"]
            assert schema["properties"]["born"]["type"] == ["integer", "null"]
        if name.startswith("Company"):
            assert schema["required"] == ["name", "vat"]
    assert len(schemas) <= 6
    operations = {f"{how} {path}": each for path, item in made["paths"].items() for how, each in item.items()}
    if any(how == "POST" for how, _, _ in calls):
        assert names(schemas["Order"]["properties"]["customer"]) == ["Person", "Company", "null"]
        assert names(schemas["OrderInput"]["properties"]["customer"]) == ["PersonInput", "CompanyInput", "null"]
    if any(how == "PUT" for how, _, _ in calls):
        put = operations["put /customer"]
        answered = put["responses"]["200"]["content"]["application/json"]["schema"]
        assert names(answered) == ["Person", "Company"]
        assert len(names(put["requestBody"]["content"]["application/json"]["schema"])) == 2
    downgrade(made)


def test_what_stands_alone_is_the_same_component() -> None:
    made = document(*CALLS)
    answer = made["paths"]["/person"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/Person"}
    assert made["components"]["schemas"]["Person"]["x-mirror"]["samples"] == 3


def test_samples_are_valid_and_what_is_of_neither_is_not() -> None:
    made = document(*CALLS)
    validator = Draft202012Validator({"$ref": "#/components/schemas/OrderInput", **made})
    assert all(validator.is_valid({"customer": each}) for each in (ADA, ACME, None))
    assert not validator.is_valid({"customer": {"vat": "DE1"}})


def test_any_order_gives_the_same() -> None:
    assert len({str(document(*calls)) for calls in permutations(CALLS[:4])}) == 1


def test_only_what_was_seen() -> None:
    made = document(*CALLS[:1], unexercised=False)
    customer = made["components"]["schemas"]["Order"]["properties"]["customer"]
    assert names(customer) == ["Person", "null"]


def test_what_is_of_neither_leaves_them_as_they_are() -> None:
    made = document(*CALLS[:1], ("POST", "/orders", {"customer": {"name": "Ada", "extra": 1}}))
    assert names(made["components"]["schemas"]["Order"]["properties"]["customer"]) == ["Person", "Company", "null"]
    customer = made["components"]["schemas"]["OrderInput"]["properties"]["customer"]
    assert Draft202012Validator({**customer, **made}).is_valid({"name": "Ada", "extra": 1})


class Number(BaseModel):
    value: int


class Text(BaseModel):
    value: str


def test_those_that_have_the_same_members() -> None:
    app = FastAPI()

    @app.get("/number")
    def number() -> Number | Text:
        return Number(value=1)

    @app.get("/either")
    def either(which: bool) -> Number | Text:
        return Number(value=1) if which else Text(value="a")

    made = document(("GET", "/number", {}), app=app)
    answer = made["paths"]["/number"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert names(answer) == ["Number", "Text"]
    made = document(("GET", "/either?which=1", {}), ("GET", "/either?which=", {}), app=app)
    answer = made["paths"]["/either"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert all(Draft202012Validator({**answer, **made}).is_valid({"value": value}) for value in (1, "a"))


class Leaf(BaseModel):
    name: str


class Node(BaseModel):
    left: Node | Leaf | None = None
    right: Node | Leaf | None = None


def test_trees() -> None:
    app = FastAPI()

    @app.post("/trees")
    def tree(tree: Node) -> Node:
        return tree

    sent = {"left": {"left": {"left": {"left": {"name": "a"}}, "right": {"name": "b"}}}, "right": {"name": "c"}}
    made = document(("POST", "/trees", sent), app=app)
    for name in ("Node", "NodeInput"):
        assert Draft202012Validator({"$ref": f"#/components/schemas/{name}", **made}).is_valid(sent)
    assert set(made["components"]["schemas"]) <= {"Node", "Leaf", "NodeInput", "LeafInput"}
