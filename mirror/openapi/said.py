"""What a schema says, in whichever words: people write what no learner would, and some of it is broken."""

from __future__ import annotations

from typing import Any

from mirror.openapi.marks import samples_of

Json = dict[str, Any]


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


def kind_of(value: Any) -> str:
    names = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}
    return names.get(type(value), "null")


def enumeration(schema: Json) -> list[Any] | None:
    words = schema.get("enum")
    return words if isinstance(words, list) else [schema["const"]] if "const" in schema else None


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
