"""What operations are called, and what is said of them: from the framework's names and docstrings, else from paths."""

from __future__ import annotations

import inspect
import re
from collections.abc import Container, Iterator, Mapping
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
    """A name for each operation, each once: the developers', the endpoint's, else made of method and path. Where
    several endpoints are called alike, all of them get names of one kind: the first of ``kinds_of_ids`` that tells them
    apart."""
    given: dict[str, str] = {}  # by the ID
    for key in operations:
        if own := said.get(key, NOTHING).operation_id:
            given.setdefault(own, key)
    ids = {key: own for own, key in given.items()}
    alike: dict[str, list[str]] = {}
    for key, operation in operations.items():
        if key not in ids:
            endpoint = min(operation.endpoints, default="")
            alike.setdefault(re.sub(r"\W+", "_", endpoint).strip("_") or from_path(key), []).append(key)
    single = {name: keys[0] for name, keys in alike.items() if len(keys) == 1 and name not in given}
    ids |= {key: name for name, key in single.items()}
    taken = set(ids.values())
    for name in sorted(alike.keys() - single.keys()):
        keys = alike[name]
        plain = [from_path(key) for key in keys]
        kinds = kinds_of_ids(name, keys, operations, said) if any(each != name for each in plain) else ()
        made = next((each for each in kinds if is_told_apart(each, taken)), plain)
        for key, wanted in zip(keys, made, strict=True):
            ids[key] = free(wanted, taken)
            taken.add(ids[key])
    return {key: ids[key] for key in operations}


def kinds_of_ids(
    name: str, keys: list[str], operations: Mapping[str, Operation], said: Mapping[str, Documented]
) -> Iterator[list[str]]:
    """IDs for operations whose endpoints have one name, in the order in which people would think of them: with the
    method where it is one path (``orders_get``), with the tag or the first word of the path (``users_list``), with
    both."""
    methods = [key.partition(" ")[0].lower() for key in keys]
    templates = [key.partition(" ")[2] for key in keys]
    with_method = [f"{name}_{method}" for method in methods]
    if len(set(templates)) == 1:
        yield with_method
    tags = [
        next(iter(said.get(key, NOTHING).tags or tags_for(operations[key], template)), "")
        for key, template in zip(keys, templates, strict=True)
    ]
    for above in (tags, [next(iter(literals(template)), "") for template in templates]):
        owned = ["_".join(filter(None, (snake(each), name))) for each in above]
        if len(set(owned)) > 1:
            yield owned
            yield [f"{one}_{method}" for one, method in zip(owned, methods, strict=True)]
    yield with_method


def is_told_apart(names: list[str], taken: Container[str]) -> bool:
    return len(set(names)) == len(names) and not any(name in taken for name in names)


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


def object_name(operation: Operation, template: str, singulars: Mapping[str, str], is_single: bool = False) -> str:
    """What the objects are called that an operation takes and gives: after its path, else after its endpoint.
    ``is_single``: there is one of them at the path, whatever that is called."""
    endpoint = min(operation.endpoints, default="").rpartition(".")[2]
    return subject(template, pascal(endpoint) or "Root", singulars, is_single)


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
