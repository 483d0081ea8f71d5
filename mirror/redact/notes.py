"""What models say of values, and applications of themselves (see mirror.exchange), without the secrets in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mirror.exchange import Declaration

TEXTS = frozenset({"description", "summary", "model"})
OBJECTS = frozenset({"contact", "license"})
LIMITS = frozenset(
    """minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems
    maxItems""".split()
)

Notes = tuple[tuple[str, str], ...]


def notes(said: Notes, is_secret: bool, doc: Callable[[str], str], body: Callable[[bytes], bytes]) -> Notes:
    """What is said of a place: texts as ``doc`` has them; nothing that would not stay as it is in a ``body`` of JSON.
    Of what has a secret's name no default and no pattern; how long it has to be is no secret."""

    def stays(value: dict[str, Any]) -> bool:
        sent = json.dumps(value, ensure_ascii=False).encode()
        return body(sent) == sent

    kept = []
    for word, text in said:
        value = json.loads(text)
        if word in TEXTS:
            kept.append((word, json.dumps(doc(value), ensure_ascii=False)))
            continue
        if word in OBJECTS and isinstance(value, dict):  # of an application's contact an address alone is none
            if left := {name: each for name, each in value.items() if stays({name: each})}:
                kept.append((word, json.dumps(left, ensure_ascii=False)))
        elif word == "readOnly" or word in LIMITS or (not is_secret and stays({"": value})):
            kept.append((word, text))
    return tuple(kept)


def name_of(declared: Declaration) -> str:
    """The name of the member that a declaration is about; empty for what has none."""
    names = [name for name in declared.pointer.split("/") if name != "*" and declared.part != "security"]
    return names[-1] if names else ""
