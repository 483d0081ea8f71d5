"""Routes that the framework knows and no test called, as operations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from mirror.exchange import KnownRoute
from mirror.openapi.documented import Documented
from mirror.openapi.evidence import Operation
from mirror.openapi.kin import VARIABLE, Kin
from mirror.openapi.marks import EVIDENCE
from mirror.openapi.naming import METHODS, blank
from mirror.openapi.parameters import parameters, path_parameter
from mirror.openapi.paths import template_of
from mirror.openapi.said import key_of, listed
from mirror.openapi.wording import heading

NOT_EXERCISED = {"description": "Not exercised by any test"}
"""What stands in the place of responses."""


def uncalled_operations(known: Iterable[KnownRoute], called: Collection[str]) -> Iterator[tuple[str, Operation]]:
    """The routes that are no operation yet, as operations of which nothing was seen; ``called`` are the others. Both by
    method and path template. Where several routes are the same operation, it is the first that says something of
    itself; where an operation has the same path but for the names of its parameters, the path is that one."""
    listed = set()
    paths: dict[str, str] = {}
    for key in sorted(called):
        method, _, path = key.partition(" ")
        listed.add((method, blank(path)))
        paths.setdefault(blank(path), path)
    for route in sorted(known, key=lambda route: (route.template, route.method, not route.doc, route)):
        if route.hidden:
            continue
        template = template_of(route.template)
        path = paths.setdefault(blank(template.path), template.path)
        if route.method.lower() not in METHODS or (route.method, blank(path)) in listed:
            continue
        listed.add((route.method, blank(path)))
        renamed = dict(zip(VARIABLE.findall(template.path), VARIABLE.findall(path), strict=True))
        words = {renamed.get(name, name): {word} for name, word in template.converters.items()}
        docs = [route.doc] if route.doc else []
        yield f"{route.method} {path}", Operation(endpoints={route.endpoint}, docs=docs, converters=words)


def uncalled(
    operation: Operation, key: str, name: str, schemes: Collection[str], kin: Kin, told: Documented
) -> dict[str, Any]:
    """An operation that no test called, as a document has it: what its framework says, and what the operations say
    that have the same path parameters. ``told`` is what its developers say; ``schemes`` are the security schemes of the
    document."""
    path = key.partition(" ")[2]
    written = heading(operation, key, name, told)
    found = [parameter(operation, path[: variable.end()], variable[1], kin) for variable in VARIABLE.finditer(path)]
    found += [each for each in parameters(operation, path, schemes) if each["in"] != "path"]
    if found:
        written["parameters"] = found
    written["responses"] = {"default": dict(NOT_EXERCISED)}
    return written


def parameter(operation: Operation, path: str, name: str, kin: Kin) -> dict[str, Any]:
    """A path parameter. Where neither its route nor anybody who has the same says its type, nothing is claimed."""
    words = operation.converters.get(name, set())
    if words or f"path {name}" in operation.refusals:
        return path_parameter(operation, name)
    relative = kin.paths.get(path)
    if relative is not None:
        return path_parameter(relative, name)
    return {"name": name, "in": "path", "required": True, "schema": {}}


def is_uncalled(operation: Mapping[str, Any]) -> bool:
    """Whether an operation of a document is such a one, and nobody has written a response of it."""
    responses = operation.get("responses")
    return isinstance(responses, dict) and responses.get("default") == NOT_EXERCISED


def begin(stands: dict[str, Any], seen: Mapping[str, Any], shared: set[int]) -> None:
    """A route that nobody had called has been called: what stood there for want of evidence goes, but for what has an
    alias."""
    if id(stands["responses"]) not in shared:
        del stands["responses"]["default"]
    told = {key_of(each): each for each in seen.get("parameters", ())}
    for parameter in listed(stands.get("parameters")):
        if isinstance(parameter, dict) and parameter.get("schema") == {} and id(parameter) not in shared:
            known = told.get(key_of(parameter), {})
            parameter.update({key: known[key] for key in ("schema", EVIDENCE) if key in known and key in parameter})
