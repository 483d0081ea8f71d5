"""Patches of what stands in brackets: JSON, and flow style in YAML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mirror.openapi.differing import Patch, additions, changed, same
from mirror.openapi.placed import MERGE, Node
from mirror.openapi.writing import json_text


class Brackets:
    """Finds patches in brackets, in the style of the text: in lines of their own or in one."""

    def __init__(self, text: str, newline: str) -> None:
        self._text = text
        self._newline = newline

    def value(self, node: Node, value: Any) -> Iterator[Patch]:
        """The patches that make a value of a node."""
        if node.kind == "map" and isinstance(value, dict) and value.keys() & {each.key for each in node.entries}:
            yield from self._map(node, value)
        elif node.kind == "list" and isinstance(value, list) and value and node.items:
            yield from self._list(node, value)
        elif not same(node, value):
            yield Patch(node.start, node.end, self._instead(node, value))

    def _map(self, node: Node, target: dict[str, Any]) -> Iterator[Patch]:
        kept = [each for each in node.entries if each.key in target or each.key == MERGE]
        staying = {each.key for each in kept}
        for each in kept:
            if each.key != MERGE:
                yield from self.value(each.node, target[each.key])
        spans = [(each.start, each.node.end) for each in node.entries]
        yield from without(spans, [at for at, each in enumerate(node.entries) if each.key not in staying])
        style = Style(self._text, self._newline, node, kept[0].start)
        between = self._text[kept[0].stop : kept[0].node.start]
        colon = ":" if between == ":" else ": "
        for before, names in additions(node, kept, target):
            members = [json_text(name, None) + colon + style.of(target[name]) for name in names]
            if before is None:
                yield Patch(kept[0].start, kept[0].start, "".join(member + style.comma for member in members))
            else:
                yield Patch(before.node.end, before.node.end, "".join(style.comma + member for member in members))

    def _list(self, node: Node, target: list[Any]) -> Iterator[Patch]:
        change = changed(node.items, target)
        for at, value in change.pairs:
            yield from self.value(node.items[at], value)
        spans = [(each.start, each.end) for each in node.items]
        yield from without(spans, change.removed)
        style = Style(self._text, self._newline, node, node.items[0].start)
        elements = [style.of(value) for value in change.inserted]
        if elements and change.place:
            end = node.items[change.place - 1].end
            yield Patch(end, end, "".join(style.comma + element for element in elements))
        elif elements:
            start = node.items[0].start
            yield Patch(start, start, "".join(element + style.comma for element in elements))

    def _instead(self, node: Node, value: Any) -> str:
        """The text of a value in a place of brackets, in lines where the text around it is."""
        line = self._text[self._text.rfind("\n", 0, node.start) + 1 : node.start]
        lead = line[: len(line) - len(line.lstrip(" \t"))]
        if not lead and self._text.count("\n") < 2:
            return json_text(value, None)
        return json_text(value).replace("\n", self._newline + lead)


def without(spans: list[tuple[int, int]], removed: Sequence[int]) -> Iterator[Patch]:
    """Patches that take some of the things between commas away; at least one stays."""
    gone = set(removed)
    staying = [at for at in range(len(spans)) if at not in gone]
    for at in removed:
        if at + 1 < len(spans) and at < staying[-1]:
            yield Patch(spans[at][0], spans[at + 1][0], "")
    if staying[-1] + 1 < len(spans):
        yield Patch(spans[staying[-1]][1], spans[-1][1], "")


class Style:
    """How a collection is written: ``comma`` is what stands between two of its things."""

    def __init__(self, text: str, newline: str, node: Node, first: int) -> None:
        opening = text[node.start : first]
        self._newline = newline
        self._lead: str | None = None
        if "\n" in opening:
            lead = text[text.rfind("\n", 0, first) + 1 : first]
            outer = text[text.rfind("\n", 0, node.start) + 1 : node.start]
            outer = outer[: len(outer) - len(outer.lstrip(" \t"))]
            self._lead = lead if not lead.strip(" \t") else outer + "  "
            self._unit = self._lead[len(outer) :] or "  "
            self.comma = f",{newline}{self._lead}"
        else:
            self.comma = ", "

    def of(self, value: Any) -> str:
        """The text of a thing in it."""
        if self._lead is None:
            return json_text(value, None)
        return json_text(value, self._unit).replace("\n", self._newline + self._lead)
