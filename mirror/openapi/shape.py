"""What the values of one place looked like: evidence, without judgement.

A ``Shape`` takes JSON values one after another and keeps what a schema can be made of. It is a commutative monoid:
``merge`` of two shapes is the shape of all their values, in whatever order they came and however they were divided
(law 8). So whatever is kept for a bounded number of distinct things only (strings, sets of keys, members, lengths) is
either complete or given up for good: had one part of the values already too many, the whole has too many as well.

What follows from the evidence is said elsewhere (mirror.openapi.schema). Counts are numbers of values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, Literal, get_args

import msgspec

from mirror.openapi.integers import Integers
from mirror.openapi.keysets import by_names, holds_secret, key_of
from mirror.openapi.strings import Strings
from mirror.openapi.word import Word, agreed

Kind = Literal["null", "boolean", "integer", "number", "string", "array", "object", "nonfinite"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MOST_VARIANTS = 12
"""Distinct sets of keys that are kept apart; where there are more, the objects of a place have no variants."""
MOST_MEMBERS = 200
"""Distinct members of the objects of a place; where there are more it is a map."""
LONGEST_TUPLE = 6
"""Elements up to which the positions of an array are kept apart."""


class Arrays(msgspec.Struct):
    """The arrays of a place. ``least`` and ``most`` are lengths; ``items`` is the shape of all elements, ``positions``
    the shapes at each position, None where the lengths differ or are beyond a tuple's, or where elements hold what may
    be tuples: elements are kept twice, and so would be what is in those, and in those (2**64 times)."""

    count: int = 0
    least: int = 0
    most: int = 0
    items: Shape = msgspec.field(default_factory=lambda: Shape())
    positions: list[Shape] | None = None

    def add_all(self, values: Sequence[list[Any]]) -> None:
        lengths = set(map(len, values))
        self._span(min(lengths), max(lengths))
        self.count += len(values)
        elements = list(chain.from_iterable(values))
        self.items.add_all(elements)
        if self.positions is not None and any(map(holds_tuple, elements)):
            self.positions = None
        if self.positions is not None:
            for position, column in zip(self.positions, zip(*values, strict=True), strict=True):
                position.add_all(column)

    def merge(self, other: Arrays) -> None:
        if not other.count:
            return
        self._span(other.least, other.most)
        self.count += other.count
        self.items.merge(other.items)
        if other.positions is None:
            self.positions = None
        if self.positions is not None and other.positions is not None:
            for mine, theirs in zip(self.positions, other.positions, strict=True):
                mine.merge(theirs)

    def _span(self, least: int, most: int) -> None:
        """Take lengths from ``least`` to ``most`` in."""
        if not self.count:
            self.least, self.most = least, most
            self.positions = [Shape() for _ in range(least)] if least == most and 1 < least <= LONGEST_TUPLE else None
        elif not self.least == self.most == least == most:
            self.least, self.most = min(self.least, least), max(self.most, most)
            self.positions = None


class Members(msgspec.Struct):
    """Objects that are kept together: how many there were, and for each member the shape of its values, whose count is
    the number of objects that had it, and the sum of its positions in them (``ranks``)."""

    count: int = 0
    members: dict[str, Shape] = {}
    ranks: dict[str, int] = {}

    def add(self, values: dict[str, Any]) -> None:
        """Take in an object whose members are all known here."""
        self.count += 1
        members, ranks = self.members, self.ranks
        for rank, (name, value) in enumerate(values.items()):
            members[name].add(value)
            ranks[name] += rank

    def add_all(self, names: Sequence[str], values: Sequence[dict[str, Any]]) -> None:
        """Take in objects that have these members in this order: a column for each of them."""
        self.count += len(values)
        for rank, name in enumerate(names):
            self.members[name].add_all(list(map(itemgetter(name), values)))
            self.ranks[name] += rank * len(values)

    def merge(self, other: Members) -> None:
        self.count += other.count
        for name, shape in other.members.items():
            mine = self.members.get(name)
            if mine is None:
                self.members[name] = mine = Shape()
            mine.merge(shape)
            self.ranks[name] = self.ranks.get(name, 0) + other.ranks[name]

    @property
    def names(self) -> list[str]:
        """The members in the order in which they stand, as far as that is one."""
        return sorted(self.members, key=lambda name: (self.ranks[name] / (self.members[name].count or 1), name))


class Objects(msgspec.Struct):
    """The objects of a place, by their sets of keys (a JSON list, sorted) in ``variants``; None where there were too
    many of those, then all are in ``together``. Where there were too many members as well, the values of all are in
    ``values``. ``tag`` is the member that tells variants apart, where a model says so (mirror.openapi.declared).
    """

    count: int = 0
    variants: dict[str, Members] | None = msgspec.field(default_factory=dict)
    together: Members | None = None
    values: Shape | None = None
    tag: str = ""

    def add_all(self, values: Sequence[dict[str, Any]]) -> None:
        for names, group in by_names(values).items():
            if self.variants is None or len(group) == 1 or holds_secret(names):
                for value in group:
                    self.add(value)
            else:
                self.count += len(group)
                self._variant(self.variants, names).add_all(names, group)
                if len(self.variants) > MOST_VARIANTS or len(names) > MOST_MEMBERS:
                    self.join()

    def add(self, members: dict[str, Any]) -> None:
        self.count += 1
        names = tuple(members)
        if self.values is None and holds_secret(names):
            self.mix()
        if self.variants is not None:
            self._variant(self.variants, names).add(members)
            if len(self.variants) > MOST_VARIANTS or len(members) > MOST_MEMBERS:
                self.join()
        elif self.together is not None:
            for name in members.keys() - self.together.members.keys():
                self.together.members[name] = Shape()
                self.together.ranks[name] = 0
            self.together.add(members)
            self._bound()
        else:
            assert self.values is not None
            for value in members.values():
                self.values.add(value)

    def merge(self, other: Objects) -> None:
        self.count += other.count
        self.tag = self.tag or other.tag
        if self.variants is not None and other.variants is not None:
            for key, theirs in other.variants.items():
                self.variants.setdefault(key, Members()).merge(theirs)
            if len(self.variants) > MOST_VARIANTS:
                self.join()
            return
        self.join()
        if other.values is not None:
            self.mix()
        if self.values is not None:
            if other.values is not None:
                self.values.merge(other.values)
            for theirs in other.groups():
                for shape in theirs.members.values():
                    self.values.merge(shape)
            return
        assert self.together is not None
        for theirs in other.groups():
            self.together.merge(theirs)
        self._bound()

    def _variant(self, variants: dict[str, Members], names: tuple[str, ...]) -> Members:
        key = key_of(names)
        kept = variants.get(key)
        if kept is None:
            kept = variants[key] = Members(0, {name: Shape() for name in names}, dict.fromkeys(names, 0))
        return kept

    def groups(self) -> list[Members]:
        """The objects as they are kept apart; none where only their values are kept."""
        if self.variants is not None:
            return list(self.variants.values())
        return [] if self.together is None else [self.together]

    def joined(self) -> Members:
        """All objects together; a copy where several sets of keys are kept apart."""
        groups = self.groups()
        if len(groups) == 1:
            return groups[0]
        whole = Members()
        for group in groups:
            whole.merge(group)
        return whole

    @property
    def names(self) -> frozenset[str]:
        """The members that any of them has; none where only their values are kept."""
        return frozenset(name for group in self.groups() for name in group.members)

    def join(self) -> Members | None:
        """From now on all objects are kept together: gives them, None where only their values are kept."""
        if self.variants is not None:
            self.together, self.variants = self.joined(), None
            self._bound()
        return self.together

    def _bound(self) -> None:
        if self.together is not None and len(self.together.members) > MOST_MEMBERS:
            self.mix()

    def mix(self) -> None:
        """From now on only the values of members are kept: these objects are maps."""
        self.join()
        if self.values is None:
            self.values = Shape()
            for shape in (self.together or Members()).members.values():
                self.values.merge(shape)
            self.together = None


class Shape(msgspec.Struct):
    """The values of a place: how many there were, of which kinds, and what those were like. ``word`` is what the
    framework's model says of them; only who writes a document asks for it (mirror.openapi.declared)."""

    count: int = 0
    kinds: set[str] = msgspec.field(default_factory=set)
    strings: Strings | None = None
    integers: Integers | None = None
    arrays: Arrays | None = None
    objects: Objects | None = None
    word: Word | None = None

    def add(self, value: Any) -> None:
        """Take a value in, as ``json.loads`` makes them. Raises TypeError for what is no JSON."""
        self.count += 1
        kind = type(value)
        if kind is str:
            if self.strings is None:
                self.strings = Strings()
                self.kinds.add("string")
            self.strings.add(value)
        elif kind is dict:
            if self.objects is None:
                self.objects = Objects()
                self.kinds.add("object")
            self.objects.add(value)
        elif kind is list:
            if self.arrays is None:
                self.arrays = Arrays()
                self.kinds.add("array")
            self.arrays.add_all((value,))
        elif kind is int:
            if self.integers is None:
                self.integers = Integers()
                self.kinds.add("integer")
            if self.integers.values is not None:
                self.integers.add(value)
        elif kind in SCALARS:
            self.kinds.add(SCALARS[kind])
        elif kind is float:
            self.kinds.add("number" if math.isfinite(value) else "nonfinite")
        else:
            raise TypeError(f"{kind.__name__} is no JSON value")

    def add_all(self, values: Sequence[Any]) -> None:
        """The same for several values, which mostly are of one type: then each step is taken once for them all."""
        kinds = set(map(type, values))
        if len(kinds) != 1:
            for kind in kinds:
                self.add_all([value for value in values if type(value) is kind])
            return
        kind = kinds.pop()
        if kind is str:
            if self.strings is None:
                self.strings = Strings()
                self.kinds.add("string")
            self.strings.add_all(values)
        elif kind is dict:
            if self.objects is None:
                self.objects = Objects()
                self.kinds.add("object")
            self.objects.add_all(values)
        elif kind is list:
            if self.arrays is None:
                self.arrays = Arrays()
                self.kinds.add("array")
            self.arrays.add_all(values)
        elif kind is int:
            if self.integers is None:
                self.integers = Integers()
                self.kinds.add("integer")
            self.integers.add_all(values)
        elif kind in SCALARS:
            self.kinds.add(SCALARS[kind])
        elif kind is float and all(map(math.isfinite, values)):
            self.kinds.add("number")
        else:
            for value in values:
                self.add(value)
            return
        self.count += len(values)

    def merge(self, other: Shape) -> None:
        """Take in what another shape has taken in. The other may not be used any more: parts of it are shared."""
        self.count += other.count
        self.kinds |= other.kinds
        if other.word is not None:
            self.word = agreed(self.word, other.word)
        if other.strings is not None:
            self.strings = self.strings or Strings()
            self.strings.merge(other.strings)
        if other.integers is not None:
            self.integers = self.integers or Integers()
            self.integers.merge(other.integers)
        if other.arrays is not None:
            self.arrays = self.arrays or Arrays()
            self.arrays.merge(other.arrays)
        if other.objects is not None:
            self.objects = self.objects or Objects()
            self.objects.merge(other.objects)


SCALARS: dict[type | None, Kind] = {bool: "boolean", type(None): "null"}


def holds_tuple(value: Any) -> bool:
    """Whether an array whose positions may be kept apart is in a value."""
    if type(value) is list:
        return 1 < len(value) <= LONGEST_TUPLE or any(map(holds_tuple, value))
    return type(value) is dict and any(map(holds_tuple, value.values()))
