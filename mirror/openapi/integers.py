"""What the integers of one place were (see mirror.openapi.shape)."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})")
MOST_INTEGERS = 24
"""Distinct integers that are kept of one place; where there are more it is no enumeration."""
LARGEST = 2**53
"""Integers beyond it are none to choose, and not all JSON readers tell them apart (RFC 8259, 6)."""


class Integers(msgspec.Struct):
    """The distinct ones, None where there were too many or too large ones."""

    values: set[int] | None = msgspec.field(default_factory=set)

    def add(self, value: int) -> None:
        values = self.values
        if values is not None and value not in values:
            if len(values) >= MOST_INTEGERS or not -LARGEST <= value <= LARGEST:
                self.values = None
            else:
                values.add(value)

    def add_all(self, values: Iterable[int]) -> None:
        if self.values is not None:
            for value in set(values):
                self.add(value)

    def merge(self, other: Integers) -> None:
        both = None if self.values is None or other.values is None else self.values | other.values
        self.values = None if both is None or len(both) > MOST_INTEGERS else both


def integers_in(texts: Iterable[str]) -> frozenset[int]:
    """The integers that texts stand for; none where one stands for something else."""
    texts = list(texts)
    return frozenset(map(int, texts)) if all(map(INTEGER.fullmatch, texts)) else frozenset()
