"""What models say of values beside their types, written where nothing that was seen contradicts.

Descriptions and defaults say nothing of values that were seen. Limits do: of a request that was accepted its framework
has checked them, secrets as well, and else they hold where all the values are known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from mirror.openapi.said import basic_kinds, kind_of, kinds
from mirror.openapi.shape import Shape
from mirror.redact.blanks import is_marked

LIMITS = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"), "number"),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), "string"),
    **dict.fromkeys(("minItems", "maxItems"), "array"),
}
"""Keywords, by the type of the values that they limit."""
ORDER = ("description", "default", *LIMITS, "readOnly")

Notes = Iterable[tuple[str, str]]
Holds = Callable[[str, Any], bool]
"""Whether a limit can be claimed of the values of a place."""


def with_notes(made: dict[str, Any], notes: Notes, holds: Holds) -> dict[str, Any]:
    """A schema with what is said of its values; nothing stands beside a reference."""
    told = dict(notes)
    if not told or "$ref" in made:
        return made
    said = {}
    types = basic_kinds(made)
    for key in ORDER:
        if key not in told or key in made:
            continue
        value = json.loads(told[key])
        if key in LIMITS:
            if "type" not in made or "enum" in made or LIMITS[key] not in types or not holds(key, value):
                continue
        elif key == "default" and not is_among(value, made):
            continue
        said[key] = value
    if "default" in said and not all(is_within_all(said["default"], said)):
        del said["default"]  # legal in Python, and no value of the schema
    return {**made, **said}


def is_within_all(value: Any, said: Mapping[str, Any]) -> Iterator[bool]:
    """Whether a value is within each of the limits of its type."""
    kind = "number" if kind_of(value) == "integer" else kind_of(value)
    for key, limit in said.items():
        if LIMITS.get(key) == kind and key != "pattern":
            yield is_within(len(value) if kind == "array" else value, key, limit)


def is_among(value: Any, made: dict[str, Any]) -> bool:
    """Whether a default is of a type that the schema allows."""
    kind, types = kind_of(value), kinds(made)
    if not made:
        return True
    fits = types is not None and (kind in types or (kind == "integer" and "number" in types))
    return fits and ("enum" not in made or value in made["enum"])


def held_by(shape: Shape) -> Holds:
    """Asks the values of a shape."""
    checked = shape.word is not None and shape.word.checked >= shape.count

    def holds(key: str, limit: Any) -> bool:
        if key == "pattern":
            return checked  # never run: it may take for ever, in the dialect of another engine
        match LIMITS[key]:
            case "array":
                arrays = shape.arrays
                return (
                    arrays is None
                    or not arrays.count
                    or all(is_within(each, key, limit) for each in (arrays.least, arrays.most))
                )
            case "string":
                strings = shape.strings
                if strings is None:
                    return True
                if strings.values is not None and (checked or not any(map(is_marked, strings.values))):
                    return all(is_within(each, key, limit) for each in strings.values)
                return checked
            case _:
                integers = shape.integers
                known = integers.values if integers is not None else set()
                if known is None or shape.kinds & {"number", "nonfinite"}:
                    return checked
                return all(is_within(each, key, limit) for each in known)

    return holds


def held_by_texts(values: Collection[str] | None) -> Holds:
    """Asks the texts that were accepted, which stand for values of the limited type; None where there were too many
    of them, and the framework has checked them all."""

    def holds(key: str, limit: Any) -> bool:
        if values is None or LIMITS[key] == "array" or key == "pattern":
            return True
        try:
            return all(is_within(float(each) if LIMITS[key] == "number" else each, key, limit) for each in values)
        except ValueError:
            return False

    return holds


def is_within(value: Any, key: str, limit: Any) -> bool:
    """Whether one value, or the length of an array, is within a limit."""
    match key:
        case "minLength" | "maxLength":
            value, key = len(value), "minimum" if key == "minLength" else "maximum"
        case "multipleOf":
            return bool(value % limit == 0)
    match key:
        case "minimum" | "minItems":
            return bool(value >= limit)
        case "exclusiveMinimum":
            return bool(value > limit)
        case "exclusiveMaximum":
            return bool(value < limit)
    return bool(value <= limit)


def looser(key: str, one: Any, other: Any) -> Any:
    """Which of two limits lets more through; None where nobody can say."""
    if one == other:
        return one
    if key in ("pattern", "multipleOf"):
        return None
    return min(one, other) if key in ("minimum", "exclusiveMinimum", "minLength", "minItems") else max(one, other)


def docs_of(notes: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    """What is said of models, by the names of their components; not of those of which several things are."""
    found: dict[str, set[str]] = {}
    for name, said in notes:
        if name and "model" in said:
            found.setdefault(name, set()).add(json.loads(said["model"]))
    return {name: min(docs) for name, docs in found.items() if len(docs) == 1}
