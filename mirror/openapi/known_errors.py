"""Bodies that frameworks answer with when something is wrong, known by their form.

What stands in them repeats the request or names its fields, so the samples say little of what else may stand there. But
the frameworks say it themselves, in the documents that they make:

    Pydantic        an error: ``{"type", "loc", "msg", "input", "ctx"}`` (ErrorDetails); ``loc`` are names and
                    positions, ``input`` is whatever was sent
    FastAPI         ``{"detail": [error, ...]}`` (HTTPValidationError)
    flask-smorest   ``{"code", "status", "message", "errors"}`` (ErrorSchema)
    APIFlask        ``{"detail": {...}, "message"}`` (HTTPError, ValidationError)

A body is only taken for one of these where all that was seen fits what is said there (law 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from mirror.openapi.shape import Shape

PHRASES = frozenset({status.phrase for status in HTTPStatus}) | {
    # As Python names them before and since 3.13.
    *("Unprocessable Entity", "Unprocessable Content", "Request Entity Too Large", "Content Too Large"),
    *("Request-URI Too Long", "URI Too Long", "Requested Range Not Satisfiable", "Range Not Satisfiable"),
}
PLACES = frozenset("json query querystring headers cookies form files path json_or_form form_and_files".split())


class Known(NamedTuple):
    """What a framework says of its errors: the schemas of members that the samples cannot tell, and which members are
    required (as far as all samples have them). ``name`` keeps errors of one kind together; ``component`` is what the
    framework calls them in its documents, empty where that differs."""

    name: str
    members: Mapping[str, dict[str, Any]]
    required: frozenset[str]
    component: str = ""


COMPLAINT = frozenset({"type", "loc", "msg"})
PYDANTIC = Known(
    "Pydantic's error",
    {
        "loc": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
        "msg": {"type": "string"},
        "type": {"type": "string"},
        "input": {},
        "ctx": {"type": "object"},
    },
    COMPLAINT,
    "ValidationError",
)
FASTAPI = Known("FastAPI's errors", {}, frozenset(), "HTTPValidationError")
SMOREST = Known(
    "flask-smorest's error",
    {"message": {"type": "string"}, "errors": {"type": "object", "additionalProperties": {}}},
    frozenset(),
    "Error",
)
ANYTHING: dict[str, Any] = {"type": "object", "additionalProperties": {}}
MESSAGES = {"type": "array", "items": {"type": "string"}}
# The names in angle brackets are what APIFlask's documents have for any; what else stands there is open.
BY_LOCATION = ANYTHING | {"properties": {"<location>": ANYTHING | {"properties": {"<field_name>": MESSAGES}}}}
APIFLASK = Known("APIFlask's error", {"detail": ANYTHING}, frozenset(), "HTTPError")
APIFLASK_INVALID = Known("APIFlask's validation error", {"detail": BY_LOCATION}, frozenset(), "ValidationError")
OF_MARSHMALLOW = (SMOREST, APIFLASK, APIFLASK_INVALID)
"""Those of the frameworks that read requests with it."""


def known_error(members: Mapping[str, Shape]) -> Known | None:
    """The kind of error that objects with these members are; None where they are none of these."""
    if is_complaint(members):
        return PYDANTIC
    if members.keys() == {"detail"}:
        return FASTAPI if lists_complaints(members["detail"]) else None
    if {"code", "status"} <= members.keys() <= {"code", "status", "message", "errors"}:
        return SMOREST if is_of_smorest(members) else None
    if members.keys() == {"detail", "message"}:
        return of_apiflask(members)
    return None


def is_complaint(members: Mapping[str, Shape]) -> bool:
    if not COMPLAINT <= members.keys() <= COMPLAINT | {"input", "ctx", "url"}:
        return False
    arrays = members["loc"].arrays
    return (
        members["loc"].kinds == {"array"}
        and arrays is not None
        and arrays.items.kinds <= {"string", "integer"}
        and members["msg"].kinds == members["type"].kinds == {"string"}
        and ("ctx" not in members or members["ctx"].kinds == {"object"})
    )


def lists_complaints(shape: Shape) -> bool:
    objects = None if shape.arrays is None else shape.arrays.items.objects
    return shape.kinds == {"array"} and objects is not None and is_complaint(objects.joined().members)


def is_of_smorest(members: Mapping[str, Shape]) -> bool:
    said = members["status"].strings
    return (
        members["code"].kinds == {"integer"}
        and members["status"].kinds == {"string"}
        and said is not None
        and said.values is not None
        and said.values <= PHRASES
        and ("message" not in members or members["message"].kinds == {"string"})
        and ("errors" not in members or members["errors"].kinds == {"object"})
    )


def of_apiflask(members: Mapping[str, Shape]) -> Known | None:
    """Which of APIFlask's errors it is: the detail of a validation error is by the parts of the request."""
    objects = members["detail"].objects
    if members["detail"].kinds != {"object"} or members["message"].kinds != {"string"}:
        return None
    if objects is None or objects.values is not None or not objects.joined().members.keys() <= PLACES:
        return None
    return APIFLASK_INVALID if objects.joined().members else APIFLASK
