"""What stood in a request at the place that a refusal names: what was refused there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mirror.openapi.shape import Kind

KINDS: dict[type, Kind] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def kind_at(place: str, root: Any) -> Kind | None:
    """The kind of the values at a place (``body items/*/qty``, see mirror.openapi.refusals) of a body; None where there
    are none, or several kinds: nobody knows which of them was meant."""
    location, _, pointer = place.partition(" ")
    if location != "body":
        return None
    kinds = {KINDS.get(type(value)) for value in values_at(root, pointer.split("/") if pointer else [])}
    return kinds.pop() if len(kinds) == 1 else None


def values_at(value: Any, steps: list[str]) -> Iterator[Any]:
    for number, step in enumerate(steps):
        if step == "*" and isinstance(value, list):
            for each in value:
                yield from values_at(each, steps[number + 1 :])
            return
        if step.startswith("="):  # the word for one of several kinds of objects, which stands for the object itself
            continue
        if not isinstance(value, dict) or step not in value:
            return
        value = value[step]
    yield value
