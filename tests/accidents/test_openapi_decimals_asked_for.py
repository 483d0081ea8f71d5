"""Accident: a ``Decimal`` in the query or the path was a number, in a body a number or a text; and an address of any
kind was one of IPv4, because one test had sent one."""

# Annotations are not postponed: FastAPI reads those of the views below.

import ipaddress
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Form
from learning import learned_from
from pydantic import BaseModel
from pydantic.networks import IPvAnyAddress

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import Style, openapi
from mirror.openapi.version30 import downgrade


class Host(BaseModel):
    address: IPvAnyAddress
    network: ipaddress.IPv4Network
    interface: ipaddress.IPv4Interface


def learned(app: FastAPI, calls: Any) -> dict[str, Any]:
    service = learned_from(app, calls)
    service.known.update(starlette_routes(app.router, ""))
    return openapi(service, Style(evidence=False))


def test_they_may_be_texts_wherever_they_stand() -> None:
    app = FastAPI()

    @app.get("/rates/{rate}")
    def shown(rate: Decimal, least: Decimal, page: int | Literal["all"] = 1, most: Decimal | None = None) -> None: ...

    document = learned(app, lambda client: client.get("/rates/1.5?least=2&page=all"))
    operation = document["paths"]["/rates/{rate}"]["get"]
    assert {each["name"]: each["schema"] for each in operation["parameters"]} == {
        "rate": {"type": ["number", "string"]},
        "least": {"type": ["number", "string"]},
        "most": {"type": ["number", "string"]},
        "page": {"type": ["integer", "string"], "default": 1},
    }


def test_they_may_be_texts_in_forms() -> None:
    app = FastAPI()

    @app.post("/rates")
    def add(rate: Annotated[Decimal, Form()], most: Annotated[Decimal | None, Form()] = None) -> None: ...

    document = learned(app, lambda client: client.post("/rates", data={"rate": "1.5"}))
    (content,) = document["paths"]["/rates"]["post"]["requestBody"]["content"].values()
    assert content["schema"]["properties"] == {
        "rate": {"type": ["number", "string"]},
        "most": {"type": ["number", "string", "null"]},
    }
    downgrade(document)


def test_addresses_are_of_the_declared_kind() -> None:
    app = FastAPI()

    @app.post("/hosts")
    def add(host: Host) -> None: ...

    sent = {"address": "10.0.0.1", "network": "10.0.0.0/8", "interface": "10.0.0.1"}
    (schema,) = learned(app, lambda client: client.post("/hosts", json=sent))["components"]["schemas"].values()
    formats = {name: each["format"] for name, each in schema["properties"].items()}
    assert formats == {"address": "ipvanyaddress", "network": "ipv4network", "interface": "ipv4interface"}
