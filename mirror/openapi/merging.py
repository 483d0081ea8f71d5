"""How evidence is merged and copied: every class of it has ``merge`` (see mirror.openapi.shape)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from mirror.openapi.bounded import MOST_NAMES, beyond

Evidence = TypeVar("Evidence", bound=msgspec.Struct)


def copy(evidence: Evidence) -> Evidence:
    """A copy that can be merged into."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(evidence), type=type(evidence))


def merge_into(mine: dict[Any, Any], theirs: dict[Any, Any]) -> None:
    """Merge the values of the same keys; other keys are taken over."""
    for key, value in theirs.items():
        kept = mine.get(key)
        if kept is None:
            mine[key] = value
        else:
            kept.merge(value)


def merge_names(mine: dict[str, Any], theirs: dict[str, Any], most: int = MOST_NAMES) -> None:
    """The same where there may be too many (see mirror.openapi.bounded)."""
    merge_into(mine, theirs)
    for name in beyond(mine, most):
        del mine[name]


def unite(mine: set[str], theirs: Iterable[str]) -> None:
    """Add names to a set where there may be too many."""
    mine.update(theirs)
    mine.difference_update(beyond(mine))
