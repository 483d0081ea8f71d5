"""What a view of FastAPI's said of its path parameters was in the document only until a test had called it: then all
that counted were the values (``/orders/1001`` made an integer of a string)."""

# Annotations are not postponed: FastAPI reads those of the views below.

from enum import Enum
from typing import Any, Literal
from uuid import UUID

import pytest
from fastapi import Depends, FastAPI
from learning import learned_from

from mirror.adapters.known import starlette_routes
from mirror.openapi.document import Style, openapi


class Kind(Enum):
    BIG = "big"
    SMALL = "small"


def by_reference(ref: str) -> str:
    return ref


def site() -> FastAPI:
    app = FastAPI()

    @app.get("/text/{number}")
    def text(number: str) -> str:
        return number

    @app.get("/fraction/{x}")
    def fraction(x: float) -> float:
        return x

    @app.get("/kind/{kind}")
    def kind(kind: Kind) -> Kind:
        return kind

    @app.get("/export/{ext}")
    def export(ext: Literal["csv", "json"]) -> str:
        return ext

    @app.get("/depends/{ref}")
    def depends(ref: str = Depends(by_reference)) -> str:
        return ref

    @app.get("/things/{thing}")
    def thing(thing: str) -> str:
        return thing

    @app.delete("/things/{thing}")
    def forget(thing: UUID) -> None: ...

    return app


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    app = site()

    def calls(client: Any) -> None:
        for path in ("/text/1001", "/fraction/1", "/kind/big", "/export/csv", "/depends/7", "/things/12"):
            assert client.get(path).is_success
        assert client.delete("/things/0b39f2f0-58a5-4d2c-9c3b-6f5d5e1a4a9b").is_success

    service = learned_from(app, calls)
    service.known.update(starlette_routes(app.router, ""))
    return {
        f"{method} {path}": operation["parameters"][0]["schema"]
        for path, item in openapi(service, Style(evidence=False))["paths"].items()
        for method, operation in item.items()
    }


@pytest.mark.parametrize(
    ("operation", "schema"),
    [
        ("get /text/{number}", {"type": "string"}),
        ("get /fraction/{x}", {"type": "number"}),
        ("get /kind/{kind}", {"type": "string", "enum": ["big", "small"]}),
        ("get /export/{ext}", {"type": "string", "enum": ["csv", "json"]}),
        ("get /depends/{ref}", {"type": "string"}),
        ("get /things/{thing}", {"type": "string"}),
        ("delete /things/{thing}", {"type": "string", "format": "uuid"}),
    ],
)
def test_are_what_the_view_says(schemas: dict[str, Any], operation: str, schema: dict[str, Any]) -> None:
    assert schemas[operation] == schema
