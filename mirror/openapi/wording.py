"""What operations are called, and what is said of them: from the framework's names and docstrings, else from paths."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mirror.openapi.documented import NOTHING, Documented
from mirror.openapi.evidence import Operation
from mirror.openapi.naming import free, literals, pascal, readable, singular, snake, subject, words

FOR_PROGRAMMERS = re.compile(
    r"^---\s*$|^\s*:(?:param(?:eter)?|arg(?:ument)?|key(?:word)?|type|returns?|rtype|raises?|except(?:ion)?)\b",
    re.MULTILINE,
)
"""Where the part of a docstring begins that is for programmers: a line (apispec, flasgger), a field of Sphinx's.
(FastAPI takes a form feed, which is a blank to ``cleandoc``.)"""


def operation_ids(operations: Mapping[str, Operation], said: Mapping[str, Documented]) -> dict[str, str]:
    """A name for each operation, each once: the developers', the endpoint's, else made of method and path."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for key in operations:
        own = said.get(key, NOTHING).operation_id
        if own and own not in taken:
            given[key] = own
            taken.add(own)
    wanted: dict[str, str] = {}
    for key, operation in operations.items():
        endpoint = min(operation.endpoints, default="")
        wanted[key] = given.get(key) or re.sub(r"\W+", "_", endpoint).strip("_") or from_path(key)
    number = Counter(wanted.values())
    for key, name in wanted.items():
        if key in given:
            continue
        method = key.partition(" ")[0].lower()
        if number[name] > 1 and name != from_path(key):
            name = from_path(key) if f"{name}_{method}" in taken else f"{name}_{method}"
        name = free(name, taken)
        taken.add(name)
        wanted[key] = name
    return wanted


def from_path(key: str) -> str:
    """``get_orders_by_order_id`` for ``GET /orders/{order_id}``."""
    method, _, template = key.partition(" ")
    path = "/".join(map(readable, template.split("/")))
    return snake(method, re.sub(r"\{(\w+)\}", r" by \1 ", path))


def tags_for(operation: Operation, template: str) -> list[str]:
    """The blueprint of the endpoint, else the first segment of the path that says something."""
    endpoint = min(operation.endpoints, default="")
    if "." in endpoint:
        return [endpoint.rpartition(".")[0]]
    return literals(template)[:1]


def heading(operation: Operation, key: str, name: str, said: Documented) -> dict[str, Any]:
    """What stands first in an operation: ``name`` is its ID, ``said`` what its developers say of it."""
    method, _, template = key.partition(" ")
    tags = list(said.tags) or tags_for(operation, template)
    summary, description = described(operation, method, template, said)
    written: dict[str, Any] = {"tags": tags} if tags else {}
    written["summary"] = summary
    if description:
        written["description"] = description
    written["operationId"] = name
    return written | ({"deprecated": True} if said.deprecated else {})


def described(operation: Operation, method: str, template: str, said: Documented = NOTHING) -> tuple[str, str]:
    """Summary and description: the developers', of the docstring, of the endpoint's name, else of method and path."""
    doc = inspect.cleandoc(operation.docs[0].partition("\f")[0]) if operation.docs else ""
    doc = FOR_PROGRAMMERS.split(doc, maxsplit=1)[0].strip()
    endpoint = min(operation.endpoints, default="").rpartition(".")[2]
    called = " ".join(word.lower() for word in words(endpoint)).capitalize()
    if said.summary or said.description:
        return said.summary or called or f"{method.capitalize()} {template}", said.description or doc
    if doc:
        first, _, rest = doc.partition("\n\n")
        line = " ".join(first.split())
        if len(line) <= 120:
            return line.removesuffix("."), rest.strip()
        return called or line[:120], doc
    about = pascal(singular(subject(template, ""))) or next(reversed(literals(template)), "Root")
    return called or f"{method.capitalize()} {about}", ""


def object_name(operation: Operation, template: str) -> str:
    """What the objects are called that an operation takes and gives: after its path, else after its endpoint."""
    endpoint = min(operation.endpoints, default="").rpartition(".")[2]
    return subject(template, pascal(endpoint) or "Root")


# As RFC 9110 has them: Python before 3.13 has the words of older ones, and a document is the same under any.
PHRASES = {413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}


def phrase(status: int) -> str:
    if status in PHRASES:
        return PHRASES[status]
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def status_key(status: int) -> str:
    """What a response is called among the others; OpenAPI knows no statuses but 100 to 599."""
    return str(status) if 100 <= status <= 599 else f"x-{status}"
