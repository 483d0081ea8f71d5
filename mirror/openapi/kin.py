"""What the operations of a service say of each other's parameters.

``{item_id}`` of ``GET /items/{item_id}`` is that of ``DELETE /items/{item_id}`` and ``/items/{item_id}/prices`` too:
what any of them took is right for all. And what one operation has refused to do without, in the query or in a header
field, belongs to all that have always had it: no one writes the same check twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from mirror.openapi.evidence import Operation, Refusal, Requests
from mirror.openapi.texts import Texts

VARIABLE = re.compile(r"\{([^{}]+)\}")


class Kin(NamedTuple):
    """``paths`` has, by each path up to a variable of its, the evidence of all operations for that variable;
    ``refusals`` those of query, header and cookies by place, without choices, which are an operation's own. ``choices``
    are what refusals anywhere have named as the choices for a name."""

    paths: Mapping[str, Operation]
    refusals: Mapping[str, Refusal]
    choices: Mapping[str, frozenset[str]]


NOBODY = Kin({}, {}, {})


def kin_of(operations: Mapping[str, Operation]) -> Kin:
    """What these operations, by method and path template, say of each other's parameters."""
    paths: dict[str, Operation] = {}
    refusals: dict[str, Refusal] = {}
    for key, operation in operations.items():
        path = key.partition(" ")[2]
        for variable in VARIABLE.finditer(path):
            add(paths.setdefault(path[: variable.end()], Operation()), operation, variable[1])
        for where, refusal in operation.refusals.items():
            if where.startswith(("query ", "header ", "cookie ")):
                refusals.setdefault(where, Refusal()).merge(refusal)
    for refusal in refusals.values():
        refusal.choices = set()
    return Kin(paths, refusals, choices(operations))


def choices(operations: Mapping[str, Operation]) -> dict[str, frozenset[str]]:
    """What refusals have named as the choices for a name, where they all name the same."""
    named: dict[str, set[frozenset[str]]] = {}
    for operation in operations.values():
        for place, refusal in operation.refusals.items():
            if refusal.choices:
                name = next((part for part in reversed(re.split("[ /]", place)) if part != "*"), "")
                named.setdefault(name, set()).add(frozenset(refusal.choices))
    return {name: next(iter(sets)) for name, sets in named.items() if len(sets) == 1}


def add(whole: Operation, operation: Operation, name: str) -> None:
    """Add what an operation says of a variable of its path."""
    whole.endpoints |= operation.endpoints
    if name in operation.converters:
        whole.converters.setdefault(name, set()).update(operation.converters[name])
    where = f"path {name}"
    if where in operation.refusals:
        whole.refusals.setdefault(where, Refusal()).merge(operation.refusals[where])
    for fate, requests in operation.requests.items():
        if name in requests.parameters.path:
            kept = whole.requests.setdefault(fate, Requests()).parameters.path
            kept.setdefault(name, Texts()).merge(requests.parameters.path[name])
