"""What is taken out of a document because its name was said: an operation, a parameter or response of one, a component.

DELETE /orders/{order_id}        an operation; its path with the last one
GET /orders query limit          a parameter
GET /orders 404                  a response
/orders                          a path
Order                            a component
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any

from mirror.errors import DocumentError
from mirror.openapi.joining import method_of
from mirror.openapi.meeting import Json
from mirror.openapi.naming import blank
from mirror.openapi.said import named, token
from mirror.openapi.settling import operations

FORMS = (
    "say it as the document does: 'GET /orders' (an operation), 'GET /orders query limit' (a parameter), "
    "'GET /orders 404' (a response), /orders (a path) or Order (a component)"
)
KINDS = (
    "schemas responses parameters examples requestBodies headers securitySchemes links callbacks pathItems"
).split()
"""The kinds of components."""
LEFT_OVER = frozenset({"parameters", "summary", "description", "servers"})
"""What may stay behind in a path whose operations are gone, and means nothing then."""


def prune(document: Json, names: Collection[str]) -> list[str]:
    """Take out what has these names; returns them as the document has them. Raises DocumentError for unknown ones."""
    if not names:
        return []
    known = removals(document)
    chosen = {}
    for name in names:
        found = known.get(normal(name))
        if found is None:
            raise unknown(name, [called for called, _ in known.values()], "not in the document")
        chosen[found[0]] = found[1]
    for remove in chosen.values():
        remove()
    return list(chosen)


def holders(documents: Mapping[str, Json], names: Collection[str]) -> dict[str, list[str]]:
    """Which of these names each document has, by the documents' names. Raises DocumentError for one that none has."""
    known = {each: removals(document) for each, document in documents.items()}
    for name in names:
        if not any(normal(name) in each for each in known.values()):
            there = [called for each in known.values() for called, _ in each.values()]
            raise unknown(name, there, f"in none of {', '.join(documents)}")
    return {each: [name for name in names if normal(name) in there] for each, there in known.items()}


def unknown(name: str, known: Collection[str], where: str) -> DocumentError:
    near = get_close_matches(name, sorted(set(known)), n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else FORMS
    return DocumentError(f"{name!r} cannot be pruned: it is {where}; {hint}")


def normal(name: str) -> str:
    path, place, field = " ".join(name.split()).partition(" header ")
    method, space, rest = f"{path}{place}{field.lower()}".partition(" ")
    return f"{method.upper()} {blank(rest)}" if space else blank(method)


def removals(document: Json) -> dict[str, tuple[str, Callable[[], Any]]]:
    """What can be taken out, by its name in the words of ``normal``: its name here, and how."""
    known: dict[str, tuple[str, Callable[[], Any]]] = {}

    def add(called: str, remove: Callable[[], Any]) -> None:
        known.setdefault(normal(called), (called, remove))

    paths = named(document, "paths")
    for template, item in paths.items():
        add(template, partial(paths.pop, template, None))
        for name, operation in operations(item):
            called = f"{method_of(name)} {template}"
            add(called, partial(remove_operation, paths, template, name))
            listed = operation.get("parameters")
            for parameter in listed if isinstance(listed, list) else ():
                if isinstance(parameter, dict) and "name" in parameter:
                    which = f"{called} {parameter.get('in')} {parameter['name']}"
                    add(which, partial(remove_parameter, operation, parameter))
            responses = named(operation, "responses")
            for status in responses:
                add(f"{called} {status}", partial(responses.pop, status, None))
    for members in named(document, "components").values():
        if isinstance(members, dict):
            for name in members:
                add(name, partial(remove_component, document, members, name))
    return known


def remove_operation(paths: Json, template: str, name: str) -> None:
    item = paths.get(template, {})
    item.pop(name, None)
    if item.keys() <= LEFT_OVER:
        paths.pop(template, None)


def remove_parameter(operation: Json, parameter: Json) -> None:
    operation["parameters"] = [each for each in operation["parameters"] if each is not parameter]
    if not operation["parameters"]:
        del operation["parameters"]


def remove_component(document: Json, members: Json, name: str) -> None:
    del members[name]
    if members:
        return
    components = document["components"]
    for kind in [kind for kind, left in components.items() if left is members]:
        del components[kind]
    if not components:
        del document["components"]


def user_of(document: Json, name: str) -> str | None:
    """Where a document refers to a component of that name that is not there; None where it does not."""
    components = named(document, "components")
    for kind in KINDS:
        if name in named(components, kind):
            continue
        reference = f"#/components/{kind}/{token(name)}"
        user = asking_for(document, name) if kind == "securitySchemes" else reference_to(document, reference)
        if user is not None:
            return user
    return None


def asking_for(document: Json, scheme: str) -> str | None:
    """Where credentials of a scheme are asked for."""
    asked = {"#/security": document.get("security")}
    for template, item in named(document, "paths").items():
        for method, operation in operations(item):
            asked[f"#/paths/{token(template)}/{method}/security"] = operation.get("security")
    return next((place for place, needed in asked.items() if is_among(scheme, needed)), None)


def is_among(scheme: str, needed: Any) -> bool:
    return isinstance(needed, list) and any(isinstance(each, dict) and scheme in each for each in needed)


def reference_to(value: Any, reference: str, pointer: str = "#") -> str | None:
    """Where a document refers to something; None where it does not."""
    if isinstance(value, dict):
        if value.get("$ref") == reference:
            return pointer
        members = list(value.items())
    else:
        members = list(enumerate(value)) if isinstance(value, list) else []
    found = (reference_to(member, reference, f"{pointer}/{token(str(key))}") for key, member in members)
    return next((place for place in found if place is not None), None)
