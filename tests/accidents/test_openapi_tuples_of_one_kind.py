"""Accident: a declared ``tuple[int, int]`` was a list of integers of any length, and a ``tuple[datetime, str]`` a list
of texts: only positions of different kinds were told apart."""

# Annotations are not postponed: FastAPI reads those of the views below.

from datetime import datetime
from typing import Any

from fastapi import FastAPI
from learning import learned_from
from pydantic import BaseModel
from starlette.responses import JSONResponse

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import Style, openapi


class Track(BaseModel):
    size: tuple[int, int]
    last: tuple[datetime, str]
    points: list[tuple[float, float]]
    never: list[tuple[int, int]] | None = None
    pair: tuple[str, int] | None = None


def closed(*positions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "prefixItems": [*positions], "items": {}, "minItems": 2, "maxItems": 2}


INTEGER, NUMBER, STRING = ({"type": name} for name in ("integer", "number", "string"))
TIME = STRING | {"format": "date-time"}
SENT = {"size": [3, 4], "last": ["2026-01-02T03:04:05", "x"], "points": [[1, 2.5], [3, 4]]}


def learned(*sent: dict[str, Any]) -> dict[str, Any]:
    app = FastAPI()

    @app.post("/tracks")
    def add(track: Track) -> None: ...

    service = learned_from(app, lambda client: [client.post("/tracks", json=each) for each in sent])
    service.known.update(starlette_routes(app.router, ""))
    (schema,) = openapi(service, Style(evidence=False))["components"]["schemas"].values()
    found: dict[str, Any] = schema["properties"]
    return found


def test_they_are_what_is_declared() -> None:
    assert learned(SENT) == {
        "size": closed(INTEGER, INTEGER),
        "last": closed(TIME, STRING),
        "points": {"type": "array", "items": closed(NUMBER, NUMBER)},
        "never": {"type": ["array", "null"], "items": closed(INTEGER, INTEGER)},
        "pair": closed(STRING, INTEGER) | {"type": ["array", "null"]},
    }


def test_what_is_of_other_lengths_is_a_list() -> None:
    app = FastAPI()

    @app.get("/tracks", response_model=Track)
    def shown() -> Any:
        return JSONResponse(SENT | {"size": [1, 2, 3]})

    service = learned_from(app, lambda client: client.get("/tracks"))
    service.known.update(starlette_routes(app.router, ""))
    schema = openapi(service, Style(evidence=False))["components"]["schemas"]["Track"]
    assert schema["properties"]["size"] == {"type": "array", "items": INTEGER}
