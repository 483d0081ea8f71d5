"""A 3.1 document as OpenAPI 3.0 has it.

3.0 has a dialect of its own in place of JSON Schema (OpenAPI 3.0.3, Schema Object): one type at a time and ``nullable``
beside it, no ``const``, no tuples, no content encodings; beside a ``$ref`` nothing counts.
"""

from __future__ import annotations

from typing import Any

from mirror.openapi.marks import EVIDENCE

VERSION = "3.0.3"
NAMED = frozenset({"paths", "responses", "headers", "content", "securitySchemes"})
"""Members whose keys are names, whatever they are."""
SCALARS = ("string", "number", "integer", "boolean")
NULL = {"type": "object", "nullable": True, "enum": [None]}


def downgrade(document: dict[str, Any]) -> dict[str, Any]:
    """The same document in 3.0. The one given stays as it is."""
    return {**{name: rewritten(value) for name, value in document.items()}, "openapi": VERSION}


def rewritten(value: Any) -> Any:
    """The same with each schema in it in the dialect of 3.0."""
    if isinstance(value, list):
        return [rewritten(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, each in value.items():
        if name in ("schema", "x-item-schema") and isinstance(each, dict):
            made[name] = schema(each)
        elif name == "schemas" and isinstance(each, dict):
            made[name] = {key: schema(one) for key, one in each.items()}
        elif name == "examples":
            made[name] = each
        elif name == "x-graphql" and isinstance(each, dict):
            made[name] = {called: graph(one) for called, one in each.items()}
        elif name in NAMED and isinstance(each, dict):  # what is called schema there is a name
            made[name] = {called: rewritten(one) for called, one in each.items()}
        else:
            made[name] = rewritten(each)
    return made


def graph(said: dict[str, Any]) -> dict[str, Any]:
    return {name: schema(each) if name in ("variables", "data") else each for name, each in said.items()}


def schema(said: dict[str, Any]) -> dict[str, Any]:
    """One schema in the dialect of 3.0."""
    made = {name: each for name, each in said.items() if name not in ("prefixItems", "contentEncoding", "const")}
    types = made.pop("type", None)
    names = types if isinstance(types, list) else [types] if types is not None else []
    nullable = "null" in names
    names = [name for name in names if name != "null"]
    if "properties" in made:
        made["properties"] = {name: schema(each) for name, each in made["properties"].items()}
    for name in ("items", "additionalProperties"):
        if isinstance(made.get(name), dict):
            made[name] = schema(made[name])
    for name in ("anyOf", "oneOf"):
        if name in made:
            choices = [each for each in made[name] if each != {"type": "null"}]
            nullable |= len(choices) < len(made[name])
            made[name] = [schema(each) for each in choices]
    if "prefixItems" in said:
        kinds = [schema(each) for each in said["prefixItems"]]
        made["items"] = {"anyOf": [each for at, each in enumerate(kinds) if each not in kinds[:at]]}
    if said.get("contentEncoding") == "base64":
        made["format"] = "byte"
    if "const" in said:
        made["enum"] = [said["const"]]
    if len(names) == 1:
        made = {"type": names[0], **made}
    elif names:
        # What all of it stands on stands beside it.
        inner = {name: each for name, each in said.items() if name != EVIDENCE}
        made = {"anyOf": [schema({**inner, "type": name}) if name not in SCALARS else {"type": name} for name in names]}
        made |= {name: said[name] for name in (EVIDENCE,) if name in said}
    if names == ["array"] or (not names and "items" in made):
        made.setdefault("items", {})
    return with_null(made) if nullable else made


def with_null(made: dict[str, Any]) -> dict[str, Any]:
    """The schema, null allowed: ``nullable`` counts only beside a type, and nothing beside a reference."""
    if "type" in made:
        return {**made, "nullable": True}
    choices = made.get("anyOf") or made.get("oneOf") or []
    if not choices:
        return {"type": "string", "nullable": True, **made}
    place = next((place for place, choice in enumerate(choices) if "type" in choice), None)
    if place is None:
        choices.append(dict(NULL))
    else:
        choices[place] = {**choices[place], "nullable": True}
    # References are to objects. Some tools look for the word at the place itself.
    are_objects = all("$ref" in choice or choice.get("type") == "object" for choice in choices)
    return {"type": "object", "nullable": True, **made} if are_objects else made
