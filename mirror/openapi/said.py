"""What a schema says, in whichever words: people write what no learner would, and some of it is broken."""

from __future__ import annotations

import re
from typing import Any

from mirror.openapi.marks import NOTES, facts, samples_of

Json = dict[str, Any]
BRANCHES = ("oneOf", "anyOf")


def kinds(schema: Json) -> list[str] | None:
    """The types that a schema allows; None where it does not say."""
    said = schema.get("type")
    known = [said] if isinstance(said, str) else list(said) if isinstance(said, list) else []
    if not known and (words := enumeration(schema)) is not None:
        known = sorted({kind_of(word) for word in words})
    if not known and "properties" in schema:
        known = ["object"]
    if not known and "items" in schema:
        known = ["array"]
    if known and schema.get("nullable") is True and "null" not in known:
        known.append("null")
    return known or None


def basic_kinds(schema: Json) -> set[str]:
    """The types that a schema says, integers as the numbers that they are; none where it says none."""
    return {"number" if kind == "integer" else kind for kind in kinds(schema) or ()}


def kind_of(value: Any) -> str:
    names = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}
    return names.get(type(value), "null")


def enumeration(schema: Json) -> list[Any] | None:
    words = schema.get("enum")
    return words if isinstance(words, list) else [schema["const"]] if "const" in schema else None


def each_kind(seen: Json) -> list[Json]:
    """A learned schema of several types, as one for each where it says nothing else, or where null is the other: a
    branch may be each of them."""
    types = seen.get("type")
    if not isinstance(types, list):
        return [seen]
    if facts(seen, True) == {"type": types}:
        return [{**seen, "type": kind} for kind in types]
    if len(types) == 2 and "null" in types:
        beside = {key: value for key, value in seen.items() if key.startswith("x-") or key in NOTES}
        return [*but_null(seen), {**beside, "type": "null"}]
    return [seen]


def but_null(seen: Json) -> list[Json]:
    """A learned schema without null, alone in its list."""
    made = {key: value for key, value in seen.items() if key != "nullable"}
    if isinstance(made.get("type"), list):
        left = [kind for kind in made["type"] if kind != "null"]
        made["type"] = left[0] if len(left) == 1 else left
    if isinstance(made.get("enum"), list):
        made["enum"] = [word for word in made["enum"] if word is not None]
    return [made]


def elements_of(seen: Json) -> list[Any]:
    """The schemas of what is in a learned array: those of a tuple's positions, or that of all."""
    theirs = seen.get("prefixItems")
    return theirs if isinstance(theirs, list) else [seen["items"]] if "items" in seen else []


def tags(schema: Json) -> set[tuple[str, str]]:
    """The properties that have one of a few words, with those."""
    return {
        (name, str(word))
        for name, member in named(schema, "properties").items()
        if isinstance(member, dict)
        for word in enumeration(member) or ()
    }


def weight(schema: Json) -> int | None:
    """How many objects a schema stands on, as far as it says so."""
    counts = [samples_of(member) for member in (schema, *named(schema, "properties").values())]
    return counts[0] or max(filter(None, counts), default=None)


def listed(value: Any) -> list[Any]:
    """A list; empty where there is none."""
    return value if isinstance(value, list) else []


def named(schema: Json, key: str) -> Json:
    """A mapping in a schema; empty where there is none."""
    value = schema.get(key)
    return value if isinstance(value, dict) else {}


def merged(known: list[Any], fresh: list[Any], order: list[Any] | None = None) -> list[Any]:
    """A list with more in it, in its order where it has one: that of ``order``, or of sorted words."""
    if order is not None:
        whole = [name for name in order if name in known or name in fresh]
        if [name for name in whole if name in known] == known:
            return whole
    words = [word for word in (*known, *fresh) if word is not None]
    nothing = [None] if len(words) < len(known) + len(fresh) else []
    if (
        order is None
        and all(isinstance(word, str) for word in words)
        and known == sorted(word for word in known if word is not None) + [None] * known.count(None)
    ):
        return [*sorted(words), *nothing]
    return [*known, *fresh]


def key_of(parameter: Json) -> tuple[str, str]:
    """What tells a parameter from the others: names of headers are the same in all letters."""
    place, name = str(parameter.get("in")), str(parameter.get("name"))
    return place, name.lower() if place == "header" else name


def bare(name: str) -> str:
    """A name as far as spellings of it agree: ``pageSize`` and ``page_size``."""
    return re.sub(r"\W|_", "", name).lower()


def media_of(name: str) -> str:
    return name.partition(";")[0].strip().lower()


def token(step: str) -> str:
    """A step of a JSON pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")
