"""Whether texts are values of a schema that people wrote: those of parameters, header fields and the fields of forms.

All of them are written as text, so ``12`` is a string as well as a number, and ``6,46`` is one beside a list of two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mirror.formats import SCHEMA_FORMATS
from mirror.openapi.said import enumeration, kinds
from mirror.openapi.text_types import INTEGERS, NUMBERS, is_truth
from mirror.openapi.texts import Texts

Follow = Callable[[Any], dict[str, Any] | None]
"""Gives a schema through its references; None where they lead nowhere that can be seen."""
DIGITS = frozenset({"zero-led"})


def fits(schema: dict[str, Any], texts: Texts, follow: Follow) -> bool:
    """Whether all texts fit the type, the format and the enumeration of a schema, as far as they are known. Schemas
    that are put together of others are not looked into."""
    if not texts.count:
        return True
    words = enumeration(schema)
    if words is not None and not (texts.values is not None and texts.values <= set(map(text_of, words))):
        return False
    said = kinds(schema)
    return said is None or any(is_of(kind, schema, texts, follow) for kind in said)


def text_of(word: Any) -> str:
    return str(word).lower() if isinstance(word, bool) else str(word)


def is_of(kind: str, schema: dict[str, Any], texts: Texts, follow: Follow) -> bool:
    """Whether all texts are of one of the types that a schema has."""
    forms = texts.forms
    if kind == "array":
        items, elements = follow(schema.get("items", {})), elements_of(texts)
        return items is not None and elements is not None and fits(items, elements, follow)
    if texts.repeated:
        return False
    if kind == "string":
        told = schema.get("format")
        return told not in SCHEMA_FORMATS or forms == {told}
    if kind in ("integer", "number"):
        return forms <= (INTEGERS if kind == "integer" else NUMBERS) | DIGITS
    return kind == "boolean" and is_truth(texts)


def elements_of(texts: Texts) -> Texts | None:
    """The texts between commas; None where they are not known."""
    found = Texts()
    if texts.values is None:
        return None
    for text in texts.values:
        for element in text.split(","):
            found.add([element])
    return found
