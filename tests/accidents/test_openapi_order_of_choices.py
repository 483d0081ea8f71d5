"""Accident: choices that people declare in an order of their own (``created, picked_up, delivered``) were sorted."""

from __future__ import annotations

import enum
from itertools import permutations
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query
from learning import called, learned_from, model
from pydantic import BaseModel

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import openapi
from mirror.openapi.evidence import Refusal
from mirror.openapi.options import options

ORDER = ["created", "picked_up", "delivered"]


class Status(enum.StrEnum):
    CREATED = "created"
    PICKED_UP = "picked_up"
    DELIVERED = "delivered"


class Parcel(BaseModel):
    status: Status
    was: Literal["new", "lost", "found"] | None = None


def test_declared() -> None:
    app = FastAPI()

    @app.post("/parcels")
    def parcel(parcel: Parcel, status: Annotated[Status, Query()] = Status.CREATED) -> Parcel:
        return parcel

    service = learned_from(app, lambda client: client.post("/parcels", json={"status": "created", "was": "lost"}))
    service.known.update(starlette_routes(app.router, ""))
    made = openapi(service)
    for name in ("Parcel", "ParcelInput"):
        members = made["components"]["schemas"][name]["properties"]
        assert members["status"]["enum"] == ORDER
        assert members["was"]["enum"] == ["new", "lost", "found", None]
    (parameter,) = made["paths"]["/parcels"]["post"]["parameters"]
    assert parameter["schema"]["enum"] == ORDER


def said(*words: str) -> Any:
    body = f'{{"errors": {{"status": ["Must be one of: {", ".join(words)}."]}}}}'.encode()
    return called("POST", "/parcels", "/parcels", body, 422, b'{"status": "odd"}')


def test_named_by_a_refusal_whatever_came_first() -> None:
    seen = [said(*ORDER), called("POST", "/parcels", "/parcels", b"{}", 201, b'{"status": "created"}'), said(*ORDER)]
    documents = [openapi(model(*each).settled()[""]) for each in permutations(seen)]
    assert all(each == documents[0] for each in documents)
    (sent,) = (each for name, each in documents[0]["components"]["schemas"].items() if name.endswith("Input"))
    assert sent["properties"]["status"]["enum"] == ORDER


def test_so_are_those_of_its_collection() -> None:
    answers = [called("GET", "/parcels", "/parcels", b'[{"status": "created"}]'), said(*ORDER)]
    answers += [called("GET", "/parcels?status=created", "/parcels", b"[]"), answers[0]]
    made = openapi(model(*answers).settled()[""])
    listed = made["paths"]["/parcels"]["get"]
    assert listed["parameters"][0]["schema"]["enum"] == ORDER
    (schema,) = (each for name, each in made["components"]["schemas"].items() if "status" in each["properties"])
    assert schema["properties"]["status"]["enum"] == ORDER


def test_named_in_several_orders_they_are_sorted() -> None:
    orders = [tuple(ORDER), tuple(reversed(ORDER)), tuple(ORDER)]
    for several in permutations(orders):
        one, other = Refusal(), Refusal()
        one.choose(several[0])
        other.choose(several[1])
        other.choose(several[2])
        one.merge(other)
        assert one.in_order(one.choices) == sorted(ORDER)


def test_sets_have_no_order() -> None:
    found = options("must be one of {'b', 'c', 'a'}")
    assert found is not None
    assert found.choices == ("a", "b", "c")
