"""What developers have said of operations for their documentation: to their framework (see mirror.exchange.KnownRoute),
or in the docstring of a view, behind a line ``---``, as apispec and Flasgger read it:

    get:                        # or without the method
      tags: [orders]
      summary: All orders
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Self

from mirror.errors import DocumentError
from mirror.exchange import KnownRoute
from mirror.openapi.evidence import Operation
from mirror.openapi.naming import METHODS, blank
from mirror.openapi.one_path import keys_by_path
from mirror.openapi.paths import template_of
from mirror.openapi.placed import Values
from mirror.openapi.reading import placed
from mirror.openapi.said import listed

RULE = re.compile(r"^---[ \t]*$", re.MULTILINE)
LONGEST = 20_000
"""Characters of a docstring that is looked into."""


class Documented(NamedTuple):
    """What is empty nobody has said."""

    tags: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    operation_id: str = ""
    deprecated: bool = False
    answers: Mapping[str, str] = {}

    def completed(self, other: Documented | KnownRoute) -> Self:
        """The same, with what another says where nobody has said anything."""
        return type(self)(
            self.tags or other.tags,
            self.summary or other.summary,
            self.description or other.description,
            self.operation_id or other.operation_id,
            self.deprecated or other.deprecated,
            {**dict(other.answers), **self.answers},
        )


NOTHING = Documented()


def documented(known: Iterable[KnownRoute], operations: Mapping[str, Operation]) -> dict[str, Documented]:
    """Of these operations (``POST /orders``). Where several routes are one, each thing by the first that says it; what
    the framework was told goes before docstrings."""
    found: dict[str, Documented] = {}
    keys = keys_by_path(operations)
    for route in sorted(known):
        key = keys.get((route.method, blank(template_of(route.template).path)))
        if key is not None:
            found[key] = found.get(key, NOTHING).completed(route)
    for key, operation in operations.items():
        told = in_docstring(operation.docs[0], key.partition(" ")[0].lower()) if operation.docs else NOTHING
        if told != NOTHING:
            found[key] = found.get(key, NOTHING).completed(told)
    return found


@lru_cache(maxsize=1024)
def in_docstring(doc: str, method: str) -> Documented:
    """What the YAML in a docstring says of a method; nothing where there is none, or it is something else."""
    if "---" not in doc or len(doc) > LONGEST:
        return NOTHING
    before, *behind = RULE.split(inspect.cleandoc(doc), maxsplit=1)
    try:
        told = Values().of(placed(behind[0], "a docstring")) if behind else None
    except DocumentError:
        return NOTHING
    if not isinstance(told, dict):
        return NOTHING
    if not told.keys().isdisjoint(METHODS):
        told = told.get(method)
    if not isinstance(told, dict):
        return NOTHING
    summary, description, name = (text_in(told, key) for key in ("summary", "description", "operationId"))
    if description and not summary:  # the docstring begins with one
        summary = " ".join(before.strip().partition("\n\n")[0].split()).removesuffix(".")
    tags = tuple(each for each in listed(told.get("tags")) if isinstance(each, str))
    return Documented(tags, summary, description, name, told.get("deprecated") is True)


def text_in(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    return value.strip() if isinstance(value, str) else ""
