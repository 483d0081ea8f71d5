"""Refusals that may be prose: ``data is required``, which one request alone cannot tell from ``token is required``.

Where bodies that were accepted have a member, a field or a file of that name, it is what the refused one lacked.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mirror.openapi.evidence import Operation, Refusal
from mirror.openapi.merging import copy

PROSE = "prose "
"""What the places of such refusals begin with, in the evidence."""


def with_prose(operations: Mapping[str, Operation]) -> dict[str, Operation]:
    """The operations, what may be prose believed or left out. Nothing is changed in its place."""
    return {
        key: judged(operation) if any(place.startswith(PROSE) for place in operation.refusals) else operation
        for key, operation in operations.items()
    }


def judged(operation: Operation) -> Operation:
    known = names_in_bodies(operation)
    refusals = {place: told for place, told in operation.refusals.items() if not place.startswith(PROSE)}
    for place, told in operation.refusals.items():
        name = place.removeprefix(PROSE)
        if place.startswith(PROSE) and name in known:
            whole = copy(refusals.get(f"body {name}", Refusal()))
            whole.merge(told)
            refusals[f"body {name}"] = whole
    return replace(operation, refusals=refusals)


def names_in_bodies(operation: Operation) -> set[str]:
    """The names of members, fields and files in bodies that were accepted."""
    accepted = operation.requests.get("accepted")
    found: set[str] = set()
    for content in () if accepted is None else accepted.contents.values():
        found.update(content.fields, content.files)
        if content.shape.objects is not None:
            found.update(content.shape.objects.joined().members)
    return found
