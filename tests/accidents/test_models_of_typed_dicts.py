"""Accident: of a typed dict's members what ``Annotated`` says beside their types was lost, so that an integer that a
serializer makes a text of was declared as an integer."""

# Annotations are not postponed: FastAPI reads those of the view below.

from typing import Annotated, Any, NotRequired, Required

from fastapi import FastAPI
from pydantic import PlainSerializer
from typing_extensions import TypedDict

from mirror.adapters.known import starlette_routes


class Line(TypedDict, total=False):
    number: Required[int]
    text: Annotated[int, PlainSerializer(str)]
    note: NotRequired[str | None]
    both: NotRequired[Annotated[int, PlainSerializer(str)]]


def test_what_is_annotated_is_read() -> None:
    app = FastAPI()

    @app.get("/line")
    def line() -> Line: ...

    (route,) = starlette_routes(app.router, "")
    said: dict[str, Any] = {each.pointer: (each.kinds, each.presence) for each in route.declared}
    assert said == {
        "": ((), ""),
        "number": (("integer",), "required"),
        "text": ((), "optional"),
        "note": (("null", "string"), "optional"),
        "both": ((), "optional"),
    }
