"""What people say of values beside their types: descriptions, defaults, limits. Read by attribute.

    noted(description="How many at most", minimum=1)    (("description", '"How many at most"'), ("minimum", "1"))

What is said of a model itself (its docstring) is its ``model``.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import math
import re
import warnings
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

Notes = tuple[tuple[str, str], ...]

LONGEST = {"default": 200, "pattern": 500}
LONGEST_TEXT = 4000
"""Characters of what is said of anything, as JSON; what is longer is left out."""

NUMBERS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
LENGTHS = {"min_length": "min", "max_length": "max"}
ENCODED = frozenset({"binary", "base64"})
"""Formats of bytes, which are as long as their text only by chance."""
PYTHONS = re.compile(r"\(\?[Piasmxu#]|\\[AZz]")
"""What other readers of patterns do not know."""
CHANGING = frozenset({"AfterValidator"})
STRIPPING = ("strip_whitespace", "to_upper", "to_lower")


def noted(**said: Any) -> Notes:
    """What is said, as JSON by its words; without what is None, too long, or no JSON."""
    return tuple(sorted(written(said)))


def written(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        if value is None or value == "":
            continue
        try:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            text.encode()
        except (TypeError, ValueError, RecursionError):
            continue
        if len(text) <= LONGEST.get(name, LONGEST_TEXT):
            yield name, text


def joined(*several: Notes) -> Notes:
    """What all of them say; of one thing what the last says."""
    return tuple(sorted(dict(chain(*several)).items()))


def plain(default: Any) -> Any:
    """A default as JSON has it; None where it is another object."""
    if isinstance(default, enum.Enum):
        default = default.value
    return default if type(default) in (str, bool, int, float, list, dict) else None


def text_of(text: Any) -> str:
    return inspect.cleandoc(text.partition("\f")[0]).strip() if isinstance(text, str) else ""


def of_model(kind: type) -> Notes:
    """The docstring of a class; not the one that dataclasses are given."""
    doc = vars(kind).get("__doc__")
    if dataclasses.is_dataclass(kind) and isinstance(doc, str) and doc.startswith(f"{kind.__name__}("):
        return ()
    return noted(model=text_of(doc))


# Pydantic -------------------------------------------------------------------------------------------------------------


def of_field(info: Any) -> Notes:
    """What a field of Pydantic's, or a parameter of FastAPI's, says of itself."""
    has_default = not info.is_required() and getattr(info, "default_factory", None) is None
    extra = getattr(info, "json_schema_extra", None)
    return noted(
        description=text_of(getattr(info, "description", None)),
        default=plain(info.default) if has_default else None,
        readOnly=True if isinstance(extra, dict) and extra.get("readOnly") is True else None,
    )


def of_metadata(metadata: Iterable[Any], kinds: frozenset[str], form: str) -> Notes:
    """What stands beside a type in Annotated: of values of these kinds and of this format."""
    every = [one for each in metadata for one in (each, *several(getattr(each, "metadata", None)))]
    told = [text_of(getattr(each, "description", None)) for each in every]
    notes = noted(description=next(filter(None, told), None))
    if any(type(each).__name__ in CHANGING for each in every):
        return notes  # the limits are perhaps of what it makes
    limits: dict[str, Any] = {}
    is_stripped = any(getattr(each, name, None) for each in every for name in STRIPPING)
    for each in every:
        for name, word in NUMBERS.items():
            limits[word] = number(getattr(each, name, None), limits.get(word))
        step = getattr(each, "multiple_of", None)
        limits["multipleOf"] = step if type(step) is int and step > 0 else limits.get("multipleOf")
        if not is_stripped:
            of_lengths(each, kinds, form, limits)
    return joined(notes, noted(**limits)) if kinds else notes


def several(metadata: Any) -> Iterable[Any]:
    return metadata if isinstance(metadata, list | tuple) else ()


def of_lengths(each: Any, kinds: frozenset[str], form: str, limits: dict[str, Any]) -> None:
    what = "Length" if "string" in kinds else "Items"
    if len(kinds & {"string", "array", "map", "object"}) != 1 or form in ENCODED:
        return
    for name, word in LENGTHS.items():
        length = getattr(each, name, None)
        if type(length) is int and kinds & {"string", "array"}:
            limits[f"{word}{what}"] = length
    if "string" in kinds:
        limits["pattern"] = pattern(getattr(each, "pattern", None)) or limits.get("pattern")


def number(limit: Any, otherwise: Any = None) -> Any:
    if isinstance(limit, Decimal) and limit.is_finite():
        limit = int(limit) if limit == int(limit) else float(limit)
    return limit if type(limit) is int or (type(limit) is float and math.isfinite(limit)) else otherwise


def pattern(found: Any) -> str | None:
    """A pattern that means the same to all readers."""
    if isinstance(found, re.Pattern):
        found = found.pattern if found.flags in (0, re.UNICODE) else None
    if not isinstance(found, str) or PYTHONS.search(found):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of what other engines read in another way
            re.compile(found)
    except (re.error, Warning):
        return None
    return found


# marshmallow ----------------------------------------------------------------------------------------------------------


def of_marshmallow(field: Any, kinds: frozenset[str], side: str) -> Notes:
    """What a field of marshmallow's says of itself and asks for with the validators that come with it."""
    metadata = getattr(field, "metadata", None)
    told = metadata.get("description") if isinstance(metadata, dict) else None
    limits: dict[str, Any] = {}
    for each in () if is_changed_first(field) else getattr(field, "validators", ()):
        match type(each).__name__ if is_marshmallows(type(each)) else "":
            case "Range" if kinds & {"integer", "number"}:
                for name, word in (("min", "minimum"), ("max", "maximum")):
                    word = word if getattr(each, f"{name}_inclusive", True) else f"exclusive{word.capitalize()}"
                    limits[word] = number(getattr(each, name, None), limits.get(word))
            case "Length" if kinds & {"string", "array"}:
                what = "Length" if "string" in kinds else "Items"
                for name in ("min", "max"):
                    found = (getattr(each, word, None) for word in ("equal", name))
                    length = next((one for one in found if type(one) is int), None)
                    limits[f"{name}{what}"] = limits.get(f"{name}{what}") if length is None else length
            case "Regexp" if "string" in kinds:
                limits["pattern"] = pattern(getattr(each, "regex", None)) or limits.get("pattern")
    return noted(
        description=text_of(told),
        default=plain(getattr(field, "load_default", None)) if side == "request" else None,
        readOnly=True if side == "response" and field.dump_only else None,
        **limits,
    )


def is_changed_first(field: Any) -> bool:
    """Whether something of the user's own comes before the validators, so that the limits are of what it makes."""
    if not is_marshmallows(getattr(type(field), "_deserialize", None)):
        return True
    hooks = getattr(getattr(field, "parent", None), "_hooks", None)
    return isinstance(hooks, dict) and any(found for name, found in hooks.items() if "pre_load" in str(name))


def is_marshmallows(one: Any) -> bool:
    """Whether a class or a method is marshmallow's, and not a user's of the same name."""
    return str(getattr(one, "__module__", "")).partition(".")[0] in (
        "marshmallow",
        "webargs",
        "apiflask",
        "flask_smorest",
    )
