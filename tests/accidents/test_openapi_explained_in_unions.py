"""Accident: of a member of one kind of a union nobody was told what its model declares."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import FastAPI
from learning import learned_from
from pydantic import BaseModel, Field

from mirror.adapters.known import starlette_routes
from mirror.openapi.explain import explain


class A(BaseModel):
    mode: Literal["a"]
    side: Literal["left", "right"]


class B(BaseModel):
    mode: Literal["b"]
    side: int = 0


def explained(pointer: str) -> list[str]:
    app = FastAPI()

    @app.put("/s")
    def put(body: Annotated[A | B, Field(discriminator="mode")]) -> None: ...

    def calls(client: Any) -> None:
        for mode, side in (("a", "left"), ("b", 1), ("a", "up")):
            client.put("/s", json={"mode": mode, "side": side})
        client.put("/s", json=[])

    service = learned_from(app, calls)
    service.known.update(starlette_routes(app.router, ""))
    return [line.strip() for line in explain(service, f"PUT /s request {pointer}")]


def test_what_is_declared_of_each_kind_is_told() -> None:
    told = explained("#/side")
    assert "declared where mode=a: required; string; one of left, right" in told
    assert "declared where mode=b: optional; integer; default 0" in told
    assert "where mode=a: named by 1 refusal; 0 times as missing; expected: string; choices: left, right" in told


def test_and_of_the_whole_as_before() -> None:
    told = explained("#")
    assert "declared: required; object" in told
    assert "named by 1 refusal; 0 times as missing; expected: object" in told
