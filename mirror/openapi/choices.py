"""What there is to choose from, where a refusal has named it."""

from __future__ import annotations

from typing import Any

from mirror.openapi.evidence import Refusal
from mirror.openapi.integers import integers_in


def chosen(refusal: Refusal) -> dict[str, Any]:
    """The schema of the choices that a refusal has named."""
    if integers := chosen_integers(refusal):
        return {"type": "integer", "enum": sorted(integers)}
    return {"type": "string", "enum": sorted(refusal.choices)}


def chosen_integers(refusal: Refusal) -> frozenset[int]:
    """The choices of a refusal that is about integers; none of any other."""
    return integers_in(refusal.choices) if refusal.types - {"null"} == {"integer"} else frozenset()
