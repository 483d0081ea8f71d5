"""Names of which there may be too many: those in queries, header fields and forms are whatever was sent, and may be
values (``?1764424800123``, another one for each request).

Of more than MOST_NAMES only the first are kept, in an order of names alone: what looks like a name is before what looks
like a value. What is kept of a name is all that was seen of it, however it came and was divided (law 8): a name that is
among the first of all is among the first of each part of them, and was never let go. One more than MOST_NAMES says that
there were others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from heapq import nlargest
from typing import Protocol, TypeVar

from mirror.openapi.texts import Texts

MOST_NAMES = 200
"""Distinct names at one place; where there are more they are values."""
DIGIT = re.compile(r"\d")
ANYTHING = "anything"
"""The form of values that nobody has kept."""


class Counted(Protocol):
    """What is kept of a name: how many messages had it, at least."""

    @property
    def present(self) -> int: ...


Kept = TypeVar("Kept")
Seen = TypeVar("Seen", bound=Counted)


@lru_cache(maxsize=4096)
def rank(name: str) -> tuple[bool, int, str]:
    """Names before values: without digits, and short."""
    return DIGIT.search(name) is not None, len(name), name


def beyond(names: Collection[str], most: int = MOST_NAMES) -> list[str]:
    """Those that have to be let go."""
    return nlargest(len(names) - most - 1, names, key=rank) if len(names) > most + 1 else []


def entry(kept: dict[str, Kept], name: str, make: Callable[[], Kept], most: int = MOST_NAMES) -> Kept:
    """What is kept of a name, to be added to; made where there is nothing yet."""
    found = kept.get(name)
    if found is None:
        found = kept[name] = make()
        for each in beyond(kept, most):
            del kept[each]
    return found


def is_complete(names: Collection[str]) -> bool:
    """Whether all that there were are kept."""
    return len(names) <= MOST_NAMES


def usual(kept: Mapping[str, Seen], messages: int) -> Mapping[str, Seen]:
    """What is kept of names that are none of those values: all of them, or those that most messages had."""
    if is_complete(kept):
        return kept
    return {name: each for name, each in kept.items() if 2 * each.present > messages}


def texts_of(name: str, *kept: Mapping[str, Texts]) -> Texts:
    """The values of a name in the first that has it. They may be anything where it may have been let go."""
    for each in kept:
        if name in each:
            return each[name]
    return Texts() if all(map(is_complete, kept)) else Texts(forms={ANYTHING}, values=None)
