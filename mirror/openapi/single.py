"""Paths at which one object stands, whatever they are called: ``/settings``, ``/stats``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from mirror.openapi.evidence import Operation
from mirror.openapi.groups import has_own_id, is_wrapper
from mirror.openapi.naming import blank
from mirror.openapi.shape import Shape

VARIABLE = re.compile(r"/\{\}")


def single_objects(operations: Mapping[str, Operation], known: Collection[str]) -> frozenset[str]:
    """The templates, of operations by method and template, that answer an object and are no collections: they answer no
    lists, have nothing like ``/{id}`` below them, and no POST makes something there. ``known`` are the templates of all
    routes."""
    found = templates(operations)
    collections = {above for each in {*found, *known} for above in above_variables(blank(each))}
    return frozenset(
        template
        for template in found
        if "{" not in template.rstrip("/").rpartition("/")[2]
        and blank(template) not in collections
        and not makes(operations.get(f"POST {template}"))
        and (
            given := [
                each for method in ("GET", "PUT", "PATCH") for each in answers(operations.get(f"{method} {template}"))
            ]
        )
        and all(map(is_one, given))
    )


def templates(operations: Mapping[str, Operation]) -> set[str]:
    return {key.partition(" ")[2] for key in operations}


def above_variables(path: str) -> Iterator[str]:
    """The paths that a variable stands behind: ``/a`` and ``/a/{}/b`` of ``/a/{}/b/{}``."""
    return (path[: found.start()] for found in VARIABLE.finditer(path))


def answers(operation: Operation | None) -> Iterator[Shape]:
    """What an operation answers to what it accepts; nothing where there is none."""
    for status, answer in operation.answers.items() if operation is not None else ():
        if status < 300:
            yield from (content.shape for content in answer.contents.values() if content.shape.count)


def is_one(shape: Shape) -> bool:
    """Whether all are objects that need not say which one they are, because there is one."""
    if shape.arrays is not None or shape.objects is None:
        return False
    whole = shape.objects.joined()
    return not is_wrapper(whole) and not has_own_id(whole)


def makes(operation: Operation | None) -> bool:
    """Whether a POST makes something: it says so (201), or answers with what has an identifier."""
    if operation is None:
        return False
    return 201 in operation.answers or any(
        each.objects is not None and has_own_id(each.objects.joined()) for each in answers(operation)
    )
