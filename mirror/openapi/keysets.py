"""Sets of names: the members that objects have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from mirror.redact.blanks import blanked

encode = msgspec.json.Encoder().encode


@lru_cache(maxsize=512)
def holds_secret(names: tuple[str, ...]) -> bool:
    """Whether a placeholder is among the names of members: it is a value, and another in every run."""
    return any(blanked(name) != name for name in names)


@lru_cache(maxsize=512)
def key_of(names: tuple[str, ...]) -> str:
    """The key of a set of names."""
    return encode(sorted(names)).decode()


def by_names(values: Sequence[dict[str, Any]]) -> Mapping[tuple[str, ...], Sequence[dict[str, Any]]]:
    """Objects by their members, in the order of these; mostly all have the same."""
    names = set(map(tuple, values))
    if len(names) == 1:
        return {names.pop(): values}
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for value in values:
        groups.setdefault(tuple(value), []).append(value)
    return groups
