"""What developers have said of operations for their documentation (see mirror.exchange.KnownRoute)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mirror.exchange import KnownRoute
from mirror.openapi.naming import blank
from mirror.openapi.one_path import keys_by_path
from mirror.openapi.paths import template_of


class Documented(NamedTuple):
    """What is empty nobody has said."""

    tags: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    operation_id: str = ""
    deprecated: bool = False
    answers: Mapping[str, str] = {}


NOTHING = Documented()


def called(known: Iterable[KnownRoute]) -> tuple[str, str]:
    """The title and the version that the applications of these routes are given; empty where nobody has said one, or
    they say several."""
    several = {(route.title, route.version) for route in known} - {("", "")}
    return several.pop() if len(several) == 1 else ("", "")


def documented(known: Iterable[KnownRoute], operations: Iterable[str]) -> dict[str, Documented]:
    """Of these operations (``POST /orders``). Where several routes are one, each thing by the first that says it."""
    found: dict[str, Documented] = {}
    keys = keys_by_path(operations)
    for route in sorted(known):
        key = keys.get((route.method, blank(template_of(route.template).path)))
        if key is None:
            continue
        before = found.get(key, NOTHING)
        found[key] = Documented(
            before.tags or route.tags,
            before.summary or route.summary,
            before.description or route.description,
            before.operation_id or route.operation_id,
            before.deprecated or route.deprecated,
            {**dict(route.answers), **before.answers},
        )
    return found
