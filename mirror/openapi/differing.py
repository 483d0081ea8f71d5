"""What of a text differs from the values that it is to have, and patches as the answer to that."""

from __future__ import annotations

from typing import Any, NamedTuple

from mirror.openapi.placed import MERGE, Entry, Node, inherited


class Patch(NamedTuple):
    """``text[start:end]`` becomes ``new``."""

    start: int
    end: int
    new: str


class Change(NamedTuple):
    """How a list becomes another: ``pairs`` are elements that become others, ``removed`` those that go, ``inserted``
    the new ones, at the index ``place``. All that differs begins at the index ``begin``."""

    begin: int
    pairs: list[tuple[int, Any]]
    removed: range
    inserted: list[Any]
    place: int


def same(node: Node, value: Any) -> bool:
    """Whether a node says a value, whatever the order of its members."""
    if node.kind == "alias":
        return node.target is not None and same(node.target, value)
    if node.kind == "known":
        return bool(node.value == value)
    if node.kind == "scalar":
        known = node.value
        return type(known) is type(value) and (known == value or (known != known and value != value))
    if node.kind == "list":
        return isinstance(value, list) and len(value) == len(node.items) and all(map(same, node.items, value))
    members = {each.key: each.node for each in node.entries if each.key != MERGE} | inherited(node)
    return (
        isinstance(value, dict)
        and members.keys() == value.keys()
        and all(same(member, value[name]) for name, member in members.items())
    )


def additions(node: Node, kept: list[Entry], target: dict[str, Any]) -> list[tuple[Entry | None, list[str]]]:
    """The names of new members, in groups, each with the member that it follows; None for those that come first."""
    known = {each.key: each for each in kept}
    given = inherited(node)
    groups: dict[str, tuple[Entry | None, list[str]]] = {}
    before: Entry | None = None
    for name, value in target.items():
        if name in known:
            before = known[name]
        elif name not in given or not same(given[name], value):
            groups.setdefault("" if before is None else f"/{before.key}", (before, []))[1].append(name)
    return list(groups.values())


def changed(items: list[Node], target: list[Any]) -> Change:
    """The change of a list that leaves as much as it can of its beginning and its end."""
    shorter = min(len(items), len(target))
    begin = 0
    while begin < shorter and same(items[begin], target[begin]):
        begin += 1
    ending = 0
    while ending < shorter - begin and same(items[-1 - ending], target[-1 - ending]):
        ending += 1
    old, new = len(items) - ending, len(target) - ending
    middle = min(old, new)
    pairs = [(at, target[at]) for at in range(begin, middle)]
    return Change(begin, pairs, range(max(middle, begin), old), target[middle:new], middle)
