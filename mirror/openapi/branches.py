"""Where paths branch: what is kept of the segments at one place of a path.

Words stay apart, because only all of them together tell whether they are names of routes or of things; where a node has
more than MOST_WORDS of them they are values, for good: then any part of the requests that has seen so many, and the
whole with it, comes to the same. What an interface calls its own doings (``me``, ``search``, ``v1``) is never a value
and not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from mirror.openapi.evidence import Fate, Operation
from mirror.openapi.merging import merge_into
from mirror.openapi.segments import kind_of
from mirror.openapi.texts import Texts

MOST_WORDS = 100
"""Distinct words that are kept apart at one place of a path."""
MOST_NAMES = 40
"""Distinct names of members that the values of a segment have in bodies."""


class Leaf(msgspec.Struct):
    """The requests with one method that ended at a node. ``segments`` are the values of each segment of their paths,
    by what became of the requests."""

    operation: Operation = msgspec.field(default_factory=Operation)
    segments: dict[Fate, list[Texts]] = {}

    def merge(self, other: Leaf) -> None:
        self.operation.merge(other.operation)
        for fate, theirs in other.segments.items():
            mine = self.segments.get(fate)
            if mine is None:
                self.segments[fate] = theirs
            else:
                for one, another in zip(mine, theirs, strict=True):
                    one.merge(another)


class Node(msgspec.Struct):
    """A place in paths. ``accepted`` requests went through it; of those, ``echoed`` had the segment for a value in
    a body; ``names`` are the names of the members it was the value of and how often, with a slash before those in
    bodies of what is below (None where they were too many). ``words`` are the literal children, None for those that are
    not kept apart any more; ``fixed`` those that are never a value; ``value`` is the variable child."""

    accepted: int = 0
    echoed: int = 0
    names: dict[str, int] | None = msgspec.field(default_factory=dict)
    leaves: dict[str, Leaf] = {}
    fixed: dict[str, Node] = {}
    words: dict[str, Node] | None = msgspec.field(default_factory=dict)
    value: Node | None = None

    def note(self, names: Iterable[str] | None, below: bool) -> None:
        """Take in an accepted request for the node or for what is ``below``; ``names`` are those of the members that
        its segment is a value of."""
        self.accepted += 1
        if names is not None:
            self.echoed += 1
            self._note({f"/{name}" if below else name: 1 for name in names})

    def call(self, names: Iterable[str]) -> None:
        """Take in names of members that its segment was the value of elsewhere."""
        self._note(dict.fromkeys(names, 1))

    def _note(self, names: Mapping[str, int] | None) -> None:
        if self.names is not None:
            for name, count in (names or {}).items():
                self.names[name] = self.names.get(name, 0) + count
            if names is None or len(self.names) > MOST_NAMES:
                self.names = None

    def child(self, segment: str) -> Node:
        """The child that a segment leads to."""
        kind = kind_of(segment)
        if kind == "word" and self.words is not None:
            found = self.words.get(segment)
            if found is None:
                found = self.words[segment] = Node()
                if len(self.words) > MOST_WORDS:
                    self.fold()
                    return self.variable()
            return found
        if kind == "fixed":
            found = self.fixed.get(segment)
            if found is None:
                found = self.fixed[segment] = Node()
            return found
        return self.variable()

    def variable(self) -> Node:
        if self.value is None:
            self.value = Node()
        return self.value

    def fold(self) -> None:
        """From now on all words are values."""
        for each in (self.words or {}).values():
            self.variable().merge(each)
        self.words = None

    def merge(self, other: Node) -> None:
        self.accepted += other.accepted
        self.echoed += other.echoed
        self._note(other.names)
        merge_into(self.leaves, other.leaves)
        merge_into(self.fixed, other.fixed)
        if other.value is not None:
            self.variable().merge(other.value)
        if self.words is None or other.words is None:
            self.fold()
            for each in (other.words or {}).values():
                self.variable().merge(each)
        else:
            merge_into(self.words, other.words)
            if len(self.words) > MOST_WORDS:
                self.fold()
