"""Accident: choices that a refusal named for a member of one kind of a union, which another member tells apart, were
lost."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Body, FastAPI
from learning import learned_from
from pydantic import BaseModel, Field

from mirror.openapi.document import Style, openapi


class A(BaseModel):
    mode: Literal["a"]
    side: Literal["left", "right", "both"]
    tints: list[Literal["red", "blue", "pink"]]


class B(BaseModel):
    mode: Literal["b"]
    side: Literal["up", "down", "any"]
    z: int


def test_they_are_those_of_the_kind() -> None:
    app = FastAPI()
    union = Annotated[A | B, Field(discriminator="mode")]

    def put(body: Any) -> None: ...

    def post(setups: Any) -> None: ...

    put.__annotations__["body"] = Annotated[union, Body()]
    post.__annotations__["setups"] = Annotated[list[union], Body(embed=True)]  # type: ignore[valid-type]
    app.put("/s")(put)
    app.post("/boxes")(post)
    sent: list[dict[str, Any]] = [
        {"mode": "a", "side": "left", "tints": ["red"]},
        {"mode": "b", "side": "up", "z": 1},
    ]

    def calls(client: Any) -> None:
        for each in sent * 2:
            assert client.put("/s", json=each).status_code == 200
            assert client.post("/boxes", json={"setups": [each]}).status_code == 200
        for each in sent:
            wrong = each | {"side": "?"} | ({"tints": ["?"]} if "tints" in each else {})
            assert client.put("/s", json=wrong).status_code == 422
            assert client.post("/boxes", json={"setups": [wrong]}).status_code == 422

    made = openapi(learned_from(app, calls), Style(models=False, evidence=False))
    found = [each["properties"] for each in made["components"]["schemas"].values() if "side" in each["properties"]]
    assert {tuple(each["side"]["enum"]) for each in found} == {("left", "right", "both"), ("up", "down", "any")}
    assert {tuple(each["tints"]["items"]["enum"]) for each in found if "tints" in each} == {("red", "blue", "pink")}
