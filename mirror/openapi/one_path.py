"""Paths that differ in nothing but the names of their parameters are one (OpenAPI 3.1, Paths Object).

Frameworks have such routes: ``/items/{id}`` for one method and ``/items/{item_id}`` for another, or ``/users/<int:id>``
beside ``/users/<name>``, which their converters tell apart. OpenAPI has no converters. So their operations stand under
the path that most requests were for, and those of one method are one operation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from mirror.exchange import KnownRoute
from mirror.openapi.evidence import Operation
from mirror.openapi.kin import VARIABLE
from mirror.openapi.merging import copy
from mirror.openapi.naming import blank
from mirror.openapi.paths import template_of


def unified(operations: Mapping[str, Operation]) -> dict[str, Operation]:
    """The operations by method and path template, each path once. Nothing is changed in its place."""
    counts: dict[str, Counter[str]] = {}
    for key, operation in operations.items():
        path = key.partition(" ")[2]
        counts.setdefault(blank(path), Counter())[path] += operation.count
    if all(len(paths) == 1 for paths in counts.values()):
        return dict(operations)
    names = {alike: min(paths, key=lambda path: (-paths[path], path)) for alike, paths in counts.items()}
    found: dict[str, Operation] = {}
    for key in sorted(operations):
        method, _, path = key.partition(" ")
        name = names[blank(path)]
        operation = operations[key] if name == path else renamed(operations[key], renaming(path, name))
        kept = found.get(f"{method} {name}")
        if kept is not None:
            operation = copy(operation)
            operation.merge(copy(kept))
        found[f"{method} {name}"] = operation
    return found


def named(operations: dict[str, Operation], known: Iterable[KnownRoute]) -> dict[str, Operation]:
    """The operations, those that several routes are one of with the names of all of these: what an operation is called
    does not depend on which of its routes some run has called."""
    keys = keys_by_path(operations)
    routes: dict[str, list[KnownRoute]] = {}
    for route in sorted(known):
        key = keys.get((route.method, blank(template_of(route.template).path)))
        if key is not None:
            routes.setdefault(key, []).append(route)
    for key, each in routes.items():
        if len({template_of(route.template).path for route in each}) > 1:
            operation = copy(operations[key])
            for route in each:
                operation.merge(told_by(route, key.partition(" ")[2]))
            operations[key] = operation
    return operations


def told_by(route: KnownRoute, path: str) -> Operation:
    """What a route says of its operation, which stands under a path that is alike."""
    template = template_of(route.template)
    names = renaming(template.path, path)
    converters = {names[name]: {word} for name, word in template.converters.items()}
    return Operation(endpoints={route.endpoint}, docs=[route.doc] if route.doc else [], converters=converters)


def renaming(path: str, name: str) -> dict[str, str]:
    """What the parameters of a path are called in another one that is alike."""
    return dict(zip(VARIABLE.findall(path), VARIABLE.findall(name), strict=True))


def renamed(operation: Operation, names: Mapping[str, str]) -> Operation:
    """An operation with other names for its path parameters."""
    requests = {}
    for fate, each in operation.requests.items():
        parameters = msgspec.structs.replace(each.parameters, path=by_name(each.parameters.path, names.get))
        requests[fate] = msgspec.structs.replace(each, parameters=parameters)
    refusals = by_name(operation.refusals, lambda place, _: called(place, names))
    converters = by_name(operation.converters, names.get)
    return msgspec.structs.replace(operation, requests=requests, refusals=refusals, converters=converters)


def by_name(values: Mapping[str, Any], name: Callable[[str, str], str]) -> dict[str, Any]:
    return {name(key, key): value for key, value in values.items()}


def called(place: str, names: Mapping[str, str]) -> str:
    """The place of a refusal (``path id``) under the other names."""
    where, _, name = place.partition(" ")
    return f"path {names.get(name, name)}" if where == "path" else place


def keys_by_path(keys: Iterable[str]) -> dict[tuple[str, str], str]:
    """The operations by their method and their path without names."""
    split = ((key.partition(" "), key) for key in keys)
    return {(method, blank(path)): key for (method, _, path), key in split}
