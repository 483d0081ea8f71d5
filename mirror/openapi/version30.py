"""A 3.1 document as OpenAPI 3.0 has it.

3.0 has a dialect of its own in place of JSON Schema (OpenAPI 3.0.3, Schema Object): one type at a time and ``nullable``
beside it, no ``const``, no tuples, no content encodings; beside a ``$ref`` nothing counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mirror.openapi.marks import EVIDENCE, NOTES

VERSION = "3.0.3"
NAMED = frozenset({"paths", "responses", "headers", "content", "securitySchemes"})
"""Members whose keys are names, whatever they are."""
OF_OBJECTS = ("properties", "required", "additionalProperties")
OF_ARRAYS = ("items", "prefixItems", "minItems", "maxItems")
SCALARS = ("string", "number", "integer", "boolean")
EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
"""Limits that say in 3.0 only whether those beside them are meant."""
SCHEMAS = "#/components/schemas/"

Kinds = Mapping[str, str]
"""The types of components, by the references to them."""
UNKNOWN: Kinds = {}


def downgrade(document: dict[str, Any]) -> dict[str, Any]:
    """The same document in 3.0. The one given stays as it is."""
    known = document.get("components", {}).get("schemas", {})
    kinds = {SCHEMAS + name: said["type"] for name, said in known.items() if isinstance(said.get("type"), str)}
    made = {name: rewritten(value, kinds) for name, value in document.items()}
    return made | {"openapi": VERSION} | ({"info": lowered_info(made["info"])} if "info" in made else {})


def lowered_info(info: dict[str, Any]) -> dict[str, Any]:
    """What 3.0 lets a document say of itself."""
    made = {name: value for name, value in info.items() if name != "summary"}
    if isinstance(made.get("license"), dict):
        made["license"] = {name: value for name, value in made["license"].items() if name != "identifier"}
    return made


def rewritten(value: Any, kinds: Kinds) -> Any:
    """The same with each schema in it in the dialect of 3.0."""
    if isinstance(value, list):
        return [rewritten(each, kinds) for each in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, each in value.items():
        if name in ("schema", "x-item-schema") and isinstance(each, dict):
            made[name] = schema(each, kinds)
        elif name == "schemas" and isinstance(each, dict):
            made[name] = {key: schema(one, kinds) for key, one in each.items()}
        elif name == "examples":
            made[name] = each
        elif name == "x-graphql" and isinstance(each, dict):
            made[name] = {called: graph(one, kinds) for called, one in each.items()}
        elif name in NAMED and isinstance(each, dict):  # what is called schema there is a name
            made[name] = {called: rewritten(one, kinds) for called, one in each.items()}
        else:
            made[name] = rewritten(each, kinds)
    return made


def graph(said: dict[str, Any], kinds: Kinds) -> dict[str, Any]:
    return {name: schema(each, kinds) if name in ("variables", "data") else each for name, each in said.items()}


def schema(said: dict[str, Any], kinds: Kinds = UNKNOWN) -> dict[str, Any]:
    """One schema in the dialect of 3.0, with those in it."""
    return lowered(said, partial(schema, kinds=kinds), kinds)


def lowered(
    said: dict[str, Any], inner: Callable[[dict[str, Any]], dict[str, Any]], kinds: Kinds = UNKNOWN
) -> dict[str, Any]:
    """One schema in the dialect of 3.0; ``inner`` makes those in it."""
    made = {name: each for name, each in said.items() if name not in ("prefixItems", "contentEncoding", "const")}
    for word, limit in EXCLUSIVE.items():
        if is_number(made.get(word)):
            value, other = made.pop(word), made.get(limit)
            if not is_number(other) or (value >= other if word == "exclusiveMinimum" else value <= other):
                made |= {limit: value, word: True}
    types = made.pop("type", None)
    names = types if isinstance(types, list) else [types] if types is not None else []
    nullable = "null" in names
    names = [name for name in names if name != "null"]
    if "properties" in made:
        made["properties"] = {name: inner(each) for name, each in made["properties"].items()}
    for name in ("items", "additionalProperties"):
        if isinstance(made.get(name), dict):
            made[name] = inner(made[name])
    for name in ("anyOf", "oneOf"):
        if name in made:
            choices = [each for each in made[name] if each != {"type": "null"}]
            nullable |= len(choices) < len(made[name])
            made[name] = [inner(each) for each in choices]
    if "prefixItems" in said:
        positions = [inner(each) for each in said["prefixItems"]]
        made["items"] = {"anyOf": [each for at, each in enumerate(positions) if each not in positions[:at]]}
    if said.get("contentEncoding") == "base64":
        made["format"] = "byte"
    if "const" in said:
        made["enum"] = [said["const"]]
    if len(names) == 1:
        made = {"type": names[0], **made}
    elif names:
        # What all of it stands on, and what is said of it, stands beside it.
        beside = {name: each for name, each in said.items() if name.startswith("x-") or name in NOTES}
        rest = {name: each for name, each in said.items() if name not in beside}
        parts = [{"type": name} if name in SCALARS else lowered(of_kind(name, rest), inner, kinds) for name in names]
        made = {"anyOf": parts, **beside}
    if names == ["array"] or (not names and "items" in made):
        made.setdefault("items", {})
    return with_null(made, kinds) if nullable else made


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def of_kind(kind: str, said: dict[str, Any]) -> dict[str, Any]:
    """What a schema of several types says of the objects or of the arrays among its values."""
    other = OF_ARRAYS if kind == "object" else OF_OBJECTS
    return {**{name: each for name, each in said.items() if name not in other}, "type": kind}


def with_null(made: dict[str, Any], kinds: Kinds) -> dict[str, Any]:
    """The schema, null allowed: ``nullable`` counts only beside a type, and nothing beside a reference. (Within
    ``allOf`` it would not count either: what is referred to refuses null.)"""
    if "type" in made:
        return {**made, "nullable": True}
    choices = made.get("anyOf") or made.get("oneOf") or []
    if not choices:
        return {"type": "string", "nullable": True, **made}
    # References are to objects where their components do not say otherwise.
    types = {kinds.get(choice["$ref"], "object") if "$ref" in choice else choice.get("type") for choice in choices}
    kind = types.pop() if len(types) == 1 else None
    are_named = kind is not None and all("$ref" in choice or kind == "object" for choice in choices)
    place = next((place for place, each in enumerate(choices) if "type" in each and EVIDENCE not in each), None)
    if place is None:
        choices.append({"type": kind or "object", "nullable": True, "enum": [None]})
    else:
        choices[place] = {**choices[place], "nullable": True}
    # Some tools look for the word at the place itself.
    return {"type": kind, "nullable": True, **made} if are_named else made


def is_null(said: Any) -> bool:
    """Whether a schema lets nothing through but null."""
    return isinstance(said, dict) and said.get("enum") == [None] and said.get("nullable") is True


def raised(said: dict[str, Any]) -> dict[str, Any]:
    """A schema in the dialect of 3.0 as 3.1 has it, as far as null goes; those in it stay as they are."""
    made = dict(said)
    for word, limit in EXCLUSIVE.items():
        if made.get(word) is True and limit in made:
            made[word] = made.pop(limit)
    nullable = made.pop("nullable", None) is True
    key = next((key for key in ("anyOf", "oneOf") if isinstance(made.get(key), list)), None)
    if key is None:
        if nullable and isinstance(made.get("type"), str):
            made["type"] = [made["type"], "null"]
        return made
    choices = [each for each in made[key] if not is_null(each)]
    nullable |= len(choices) < len(made[key])
    for place, each in enumerate(choices):
        # What has evidence of its own is a whole of its own.
        if isinstance(each, dict) and each.get("nullable") is True and "type" in each and EVIDENCE not in each:
            choices[place] = {name: one for name, one in each.items() if name != "nullable"}
            nullable = True
    if nullable:
        choices = [*(each for each in choices if each != {"type": "null"}), {"type": "null"}]
        if isinstance(made.get("type"), str):
            del made["type"]  # it stood there for the word beside it
    return {**made, key: choices}


def in_31(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The same, alone in its list: the schema itself where there is nothing to raise."""
    made = raised(said)
    return [said if made == said else made]
