"""What a question about a fact names: the operation that a path is a call of, and the places where a component stands.

matched("GET /orders/7/lines", operations)      "GET /orders/{order_id}/lines"
places("Event", document)                       [("GET /parcels", "200", "#/items/*/events/*")]
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from mirror.openapi.evidence import Operation
from mirror.openapi.kin import VARIABLE
from mirror.openapi.meeting import SCHEMAS
from mirror.openapi.observation import pattern
from mirror.openapi.said import named, token
from mirror.openapi.settling import operations as methods_of
from mirror.openapi.spelling import spelled
from mirror.openapi.text_types import CONVERTERS

WITHIN_A_SEGMENT = CONVERTERS.keys() - {"path"} | {"any"}
"""Converters whose values have no slash."""
MOST_NEAR = 3


def matched(key: str, operations: Mapping[str, Operation]) -> str:
    """The operation that a path is a call of (``GET /orders/7``), literal segments before variables; else the key."""
    method, _, path = key.partition(" ")
    path = spelled(path.partition("?")[0])
    fitting = [each for each in operations if each.startswith(f"{method} ") and is_call(path, each, operations[each])]
    return min(fitting, key=lambda each: (*of_literals(each), each), default=key)


def is_call(path: str, key: str, operation: Operation) -> bool:
    """Whether a path is one of the template's: a variable is within a segment, but where its converter says more."""
    template = key.partition(" ")[2]
    if path.count("/") != template.count("/") and not any(
        word.partition("(")[0] not in WITHIN_A_SEGMENT for words in operation.converters.values() for word in words
    ):
        return False
    return pattern(template).fullmatch(path) is not None


def of_literals(key: str) -> tuple[list[bool], int]:
    """Sorts what has literal segments where others have variables before those."""
    segments = key.split("/")
    return [VARIABLE.search(segment) is not None for segment in segments], len(segments)


def near_operations(key: str, operations: Collection[str]) -> list[str]:
    """The operations that might have been meant: those whose templates begin like the path, and those called alike."""
    method, _, path = key.partition(" ")
    segments = spelled(path.partition("?")[0]).strip("/").split("/")

    def distance(each: str) -> tuple[int, bool, int, str]:
        others = each.partition(" ")[2].strip("/").split("/")
        same = len(list(takewhile(lambda pair: is_segment(*pair), zip(segments, others, strict=False))))
        return -same, not each.startswith(f"{method} "), abs(len(others) - len(segments)), each

    begun = sorted(each for each in operations if distance(each)[0])
    alike = difflib.get_close_matches(key, [each for each in operations if each not in begun], MOST_NEAR, 0.5)
    return [*sorted(begun, key=distance), *alike][:MOST_NEAR]


def is_segment(text: str, segment: str) -> bool:
    return text == segment or ("{" in segment and pattern(segment).fullmatch(text) is not None)


# Components -----------------------------------------------------------------------------------------------------------


def places(name: str, document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Where a component of a document stands: the operation, ``request`` or the status, the pointer into the body."""
    found: dict[tuple[str, str, str], None] = {}
    schemas = named(named(document, "components"), "schemas")
    for template, item in named(document, "paths").items():
        for method, operation in methods_of(item):
            key = f"{method.removeprefix('x-').upper()} {template}"
            bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for which, body in bodies.items():
                if which != "request" and not which.isdecimal():
                    continue  # nobody can ask for it
                for content in named(body, "content").values():
                    for schema in (content.get("schema"), content.get("x-item-schema")):
                        for pointer in standing(SCHEMAS + name, schema, schemas, "#", frozenset()):
                            found[key, which, pointer] = None
    return list(found)


def standing(
    reference: str, schema: Any, schemas: Mapping[str, Any], pointer: str, above: frozenset[str]
) -> Iterator[str]:
    """The pointers at which a schema refers to a component: not those within it, nor what refers to itself twice."""
    if not isinstance(schema, dict):
        return
    target = schema.get("$ref")
    if target == reference:
        yield pointer
    elif isinstance(target, str) and target not in above:
        inner = schemas.get(target.removeprefix(SCHEMAS))
        yield from standing(reference, inner, schemas, pointer, above | {target})
    for key, member in parts(schema):
        yield from standing(reference, member, schemas, pointer + key, above)


def parts(schema: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    """The schemas within a schema, with the steps to their values."""
    for name, member in named(schema, "properties").items():
        yield f"/{token(name)}", member
    for key in ("items", "additionalProperties"):
        yield "/*", schema.get(key)
    for key, step in (("oneOf", ""), ("anyOf", ""), ("prefixItems", "/*")):
        for member in schema.get(key) or ():
            yield step, member


def stands(schema: Any, steps: Sequence[str], schemas: Mapping[str, Any], above: frozenset[str] = frozenset()) -> bool:
    """Whether a schema has a value at a pointer."""
    if not steps or not isinstance(schema, dict):
        return not steps
    target = schema.get("$ref")
    if isinstance(target, str):
        inner = schemas.get(target.removeprefix(SCHEMAS))
        return target not in above and stands(inner, steps, schemas, above | {target})
    step = "/*" if steps[0].isdecimal() else f"/{token(steps[0])}"
    return any(
        stands(member, steps[1:] if key else steps, schemas, frozenset() if key else above)
        for key, member in parts(schema)
        if key in ("", step)
    )
