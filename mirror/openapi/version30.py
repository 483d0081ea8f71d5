"""A 3.1 document as OpenAPI 3.0 has it.

3.0 has a dialect of its own in place of JSON Schema (OpenAPI 3.0.3, Schema Object): one type at a time and ``nullable``
beside it, no ``const``, no tuples, no content encodings; beside a ``$ref`` nothing counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mirror.openapi.marks import EVIDENCE

VERSION = "3.0.3"
NAMED = frozenset({"paths", "responses", "headers", "content", "securitySchemes"})
"""Members whose keys are names, whatever they are."""
SCALARS = ("string", "number", "integer", "boolean")
SCHEMAS = "#/components/schemas/"

Kinds = Mapping[str, str]
"""The types of components, by the references to them."""
UNKNOWN: Kinds = {}


def downgrade(document: dict[str, Any]) -> dict[str, Any]:
    """The same document in 3.0. The one given stays as it is."""
    known = document.get("components", {}).get("schemas", {})
    kinds = {SCHEMAS + name: said["type"] for name, said in known.items() if isinstance(said.get("type"), str)}
    return {**{name: rewritten(value, kinds) for name, value in document.items()}, "openapi": VERSION}


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
    """One schema in the dialect of 3.0."""
    made = {name: each for name, each in said.items() if name not in ("prefixItems", "contentEncoding", "const")}
    types = made.pop("type", None)
    names = types if isinstance(types, list) else [types] if types is not None else []
    nullable = "null" in names
    names = [name for name in names if name != "null"]
    if "properties" in made:
        made["properties"] = {name: schema(each, kinds) for name, each in made["properties"].items()}
    for name in ("items", "additionalProperties"):
        if isinstance(made.get(name), dict):
            made[name] = schema(made[name], kinds)
    for name in ("anyOf", "oneOf"):
        if name in made:
            choices = [each for each in made[name] if each != {"type": "null"}]
            nullable |= len(choices) < len(made[name])
            made[name] = [schema(each, kinds) for each in choices]
    if "prefixItems" in said:
        positions = [schema(each, kinds) for each in said["prefixItems"]]
        made["items"] = {"anyOf": [each for at, each in enumerate(positions) if each not in positions[:at]]}
    if said.get("contentEncoding") == "base64":
        made["format"] = "byte"
    if "const" in said:
        made["enum"] = [said["const"]]
    if len(names) == 1:
        made = {"type": names[0], **made}
    elif names:
        # What all of it stands on stands beside it.
        inner = {name: each for name, each in said.items() if name != EVIDENCE}
        apart = [schema({**inner, "type": name}, kinds) if name not in SCALARS else {"type": name} for name in names]
        made = {"anyOf": apart}
        made |= {name: said[name] for name in (EVIDENCE,) if name in said}
    if names == ["array"] or (not names and "items" in made):
        made.setdefault("items", {})
    return with_null(made, kinds) if nullable else made


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
    place = next((place for place, choice in enumerate(choices) if "type" in choice), None)
    if place is None:
        choices.append({"type": kind or "object", "nullable": True, "enum": [None]})
    else:
        choices[place] = {**choices[place], "nullable": True}
    # Some tools look for the word at the place itself.
    return {"type": kind, "nullable": True, **made} if are_named else made
