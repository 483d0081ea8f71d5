"""Documents as text with places: which characters of a text are which value.

mirror.openapi.yaml_nodes and json_nodes make nodes of texts; ``Values`` makes plain values of nodes. An alias
(``*common``) is the very value that it stands for, the same object, and ``Values.shared`` holds the ids of such: to
change one would change the other.

    Node("map", entries=[Entry("paths", Node(...)), ...], start=0, end=812, flow=False)
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Literal

import msgspec

Kind = Literal["map", "list", "scalar", "alias", "known"]


class Node(msgspec.Struct):
    """A value and its place: ``text[start:end]``, comments and white space around it apart.

    ``value`` is that of a scalar, and of what has not been read (``known``, see mirror.openapi.familiar); ``target``
    what an alias stands for. ``flow`` says whether it is written in brackets (JSON always is). ``name`` is its anchor.
    """

    kind: Kind
    start: int
    end: int = 0
    value: Any = None
    entries: list[Entry] = []
    items: list[Node] = []
    flow: bool = False
    name: str | None = None
    target: Node | None = None


class Entry(msgspec.Struct):
    """A member of a mapping; ``start`` and ``stop`` are those of its key."""

    key: str
    start: int
    stop: int
    node: Node


class Values(msgspec.Struct):
    """Plain values of nodes. ``shared`` are the ids of mappings and lists that stand in several places."""

    shared: set[int] = msgspec.field(default_factory=set)
    made: dict[int, Any] = {}

    def of(self, node: Node) -> Any:
        if node.kind == "alias":
            assert node.target is not None
            value = self.of(node.target) if id(node.target) not in self.made else self.made[id(node.target)]
            self._share(value)
            return value
        if node.kind == "scalar":
            return node.value
        if node.kind == "known":
            return deepcopy(node.value)
        if id(node) in self.made:
            return self.made[id(node)]
        if node.kind == "list":
            value = [self.of(item) for item in node.items]
        else:
            value = {entry.key: self.of(entry.node) for entry in node.entries if entry.key != MERGE}
            for name, member in inherited(node).items():
                value[name] = self.of(member)
                self._share(value[name])
        if node.name is not None:
            self.made[id(node)] = value
        return value

    def _share(self, value: Any) -> None:
        if isinstance(value, dict | list) and id(value) not in self.shared:
            self.shared.add(id(value))
            for member in value.values() if isinstance(value, dict) else value:
                self._share(member)


class Merge(str):
    """A key that is no other one, whatever that says."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


MERGE = Merge("<<")
"""The key of a node for ``<<`` without quotes."""


def inherited(node: Node) -> dict[str, Node]:
    """What a mapping takes over from others (``<<: *common``, a key of YAML 1.1 that people use) and does not have."""
    own = {entry.key for entry in node.entries}
    found: dict[str, Node] = {}
    for entry in node.entries:
        if entry.key == MERGE:
            for source in entry.node.items if entry.node.kind == "list" else [entry.node]:
                whole = source.target if source.kind == "alias" else source
                if whole is not None and whole.kind == "map":
                    members = {each.key: each.node for each in whole.entries if each.key != MERGE} | inherited(whole)
                    found = {name: member for name, member in members.items() if name not in own} | found
    return found
