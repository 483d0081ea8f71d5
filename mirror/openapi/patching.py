"""A text that is made to say something else, with all that need not change left as it is, byte for byte.

    patched(text, placed(text, name), target)       read again, it is ``target``

Comments, blank lines, order, quotes, anchors and the style of what stays are the text's own, because nothing but the
differences is written. New members of mappings follow the one that comes before them in ``target``. (ruamel.yaml's own
round trip was tried: it keeps comments, but not indentation, folds and blanks, and takes four times as long.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mirror.openapi.brackets import Brackets
from mirror.openapi.differing import Patch, additions, changed, same
from mirror.openapi.placed import MERGE, Node, Values
from mirror.openapi.writing import UNBROKEN, WIDTH, block, entry, is_collection, item, lines_of
from mirror.openapi.yaml_nodes import move, yaml_node

BLOCK = re.compile(r"[|>]-?\r?$", re.MULTILINE)
KEEPING = re.compile(r"[|>][1-9]?\+[1-9]?[ \t]*(?:#|\r?$)", re.MULTILINE)
HEADER = re.compile(r"[|>][1-9+-]*")
BEHIND = re.compile(r"(?:(?<=\n)|\r?\n)(?:\r?\n)*+([ \t]++)(?:#|\r?\n|\Z)")
BLANKS = re.compile(r"(?:(?<=\n)|\r?\n)(?:[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z))+")
DASH = re.compile(r"^[ \t]*(-)(?=\s)", re.MULTILINE)


def patched(text: str, root: Node, target: Any) -> str:
    """The text with other values. ``root`` is the node of the whole text."""
    made, ends, blocks = with_patches(text, Patcher(text).value(root, target, root.start, -2))
    if blocks and any(swallows(made, end) for end in ends):
        made, ends, blocks = with_patches(text, Patcher(text, UNBROKEN).value(root, target, root.start, -2))
    if any(BEHIND.match(made, end) for end in ends):
        flush = flushed(made, ends)
        # What was taken away may have kept a block of a person's own from what stands behind.
        if not same(yaml_node(made, "a document"), Values().of(yaml_node(flush, "a document"))):
            made = flush
    if blocks and not made.endswith("\n"):
        made += "\r\n" if "\r\n" in text else "\n"  # a literal block ends with a line break
    header = unended(text, root)
    if header is not None and not same(yaml_node(made, "a document"), target):
        bare = text[: header[0]] + header[2] + text[header[1] :]
        return patched(bare, yaml_node(bare, "a document"), target)
    if KEEPING.search(text) and not same(yaml_node(made, "a document"), target):
        # A text that keeps the blank lines behind it took those behind what went away. Better no comments than that.
        made, *_ = with_patches(text, Patcher(text)._instead(root, target, root.start, -2))
    return made


def unended(text: str, root: Node) -> tuple[int, int, str] | None:
    """Where the header of a literal or folded text is that ends with the text, without a line break, and what it has to
    be if something comes behind (``|-``): the break that comes then would be part of it."""
    node = root
    while node.entries or node.items:
        node = node.entries[-1].node if node.entries else node.items[-1]
    found = HEADER.match(text, node.start) if node.kind == "scalar" and not text.endswith("\n") else None
    if found is None or "-" in found[0]:
        return None
    return *found.span(), found[0].replace("+", "") + "-"


def with_patches(text: str, patches: Iterable[Patch]) -> tuple[str, list[int], bool]:
    """The text that patches make, where they end in it, and whether there are literal or folded blocks in them."""
    found = [patch for patch in patches if patch.start < patch.end or patch.new]
    made, at = [""], 0
    ends, size = [], 0
    for patch in sorted(found, key=lambda patch: (patch.start, patch.end)):  # stable: inner ones come first
        assert patch.start >= at, "two patches of one place"
        made += text[at : patch.start], patch.new
        size += patch.start - at + len(patch.new)
        ends.append(size)
        at = patch.end
    return "".join([*made, text[at:]]), ends, any(BLOCK.search(patch.new) for patch in found)


def swallows(text: str, end: int) -> bool:
    """Whether a block that ends here would take what stands behind it, blanks or a person's comment, for its own."""
    behind = BEHIND.match(text, end)
    if behind is None:
        return False
    line = text[:end].rstrip().rpartition("\n")[2]
    return len(behind[1]) >= len(line) - len(line.lstrip(" "))


def flushed(text: str, ends: Iterable[int]) -> str:
    """The text with the blank lines and comments behind these places at the left edge."""
    for end in sorted(ends, reverse=True):
        if behind := BLANKS.match(text, end):
            text = text[:end] + re.sub(r"(?m)^[ \t]+", "", behind[0]) + text[behind.end() :]
    return text


class Patcher:
    """Finds the patches of one text: of its blocks here, of what stands in brackets in mirror.openapi.brackets."""

    def __init__(self, text: str, width: int = WIDTH) -> None:
        self._text = text
        self._width = width
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._brackets = Brackets(text, self._newline)

    def value(self, node: Node, value: Any, since: int, column: int) -> Iterator[Patch]:
        """The patches that make a value of a node. ``since`` is where its place begins, behind a colon or a dash;
        ``column`` that of its key or dash."""
        if node.kind == "known" and not same(node, value):
            start = node.start
            node = yaml_node(self._text[start : node.end], "a part")
            move(node, start)
        if node.flow and (node.entries or node.items) and is_collection(value):
            yield from self._brackets.value(node, value)
        elif node.kind == "map" and isinstance(value, dict) and value.keys() & {each.key for each in node.entries}:
            yield from self._map(node, value, since, column)
        elif node.kind == "list" and isinstance(value, list) and value and node.items:
            yield from self._list(node, value, since, column)
        elif not same(node, value):
            yield from self._instead(node, value, since, column)

    def _map(self, node: Node, target: dict[str, Any], since: int, column: int) -> Iterator[Patch]:
        first = node.entries[0]
        kept = [each for each in node.entries if each.key in target or each.key == MERGE]
        if kept[0] is not first and not self._leads(first.start):  # its dash would be lost
            yield from self._instead(node, target, since, column)
            return
        inner = self._column(first.start)
        for each in kept:
            if each.key != MERGE:
                yield from self.value(each.node, target[each.key], self._text.index(":", each.stop) + 1, inner)
        staying = {each.key for each in kept}
        for each in node.entries:
            if each.key not in staying:
                yield self._without(each.start, each.node.end)
        for before, names in additions(node, kept, target):
            lines = [line for name in names for line in entry(name, target[name], self._width - inner)]
            if before is None and self._leads(kept[0].start) and not self._is_commented(kept[0].start):
                yield self._before(kept[0].start, lines, inner)
            else:
                yield self._after((before or kept[-1]).node.end, lines, inner)

    def _list(self, node: Node, target: list[Any], since: int, column: int) -> Iterator[Patch]:
        change = changed(node.items, target)
        dashes = list(self._dashes(node))
        inner = dashes[0] - self._line_start(dashes[0])
        leads = not self._text[self._line_start(dashes[0]) : dashes[0]].strip(" ")
        if change.begin == 0 and not leads and len(target) != len(node.items):
            yield from self._instead(node, target, since, column)
            return
        for at, value in change.pairs:
            yield from self.value(node.items[at], value, dashes[at] + 1, inner)
        for at in change.removed:
            yield self._without(dashes[at], node.items[at].end)
        if change.inserted:
            lines = [line for value in change.inserted for line in item(value, self._width - inner)]
            if change.place:
                yield self._after(node.items[change.place - 1].end, lines, inner)
            else:
                yield self._before(dashes[0], lines, inner)

    def _dashes(self, node: Node) -> Iterator[int]:
        at = node.start
        for each in node.items:
            if self._text[at : at + 1] == "-" and at == node.start:
                yield at
            else:
                found = DASH.search(self._text[at : each.start + 1])
                assert found is not None, "an element has a dash"
                yield at + found.start(1)
            at = each.end

    def _instead(self, node: Node, value: Any, since: int, column: int) -> Iterator[Patch]:
        """Patches that put another value in the place of one."""
        text = self._text
        listed = text[since - 1 : since] == "-"
        indent = self._newline + " " * (column + 2)
        lines = list(block(value, self._width)) if is_collection(value) else lines_of(value, self._width - column - 2)
        below = "".join(f"{indent}{line}" if line else self._newline for line in lines)
        if is_collection(value) and not listed:
            head = ""
        else:
            head = f" {lines[0]}"
            below = "".join(f"{indent}{line}" if line else self._newline for line in lines[1:])
        first_end = self._line_end(since)
        if node.end <= first_end:
            yield Patch(since, node.end, head)
            yield Patch(first_end, first_end, below)
        elif node.start > first_end:
            yield Patch(since, since, head)
            yield Patch(first_end, self._line_end(node.end), below)
        else:
            yield Patch(since, self._line_end(node.end), head + below)

    # Lines ------------------------------------------------------------------------------------------------------------

    def _line_start(self, at: int) -> int:
        start = self._text.rfind("\n", 0, at) + 1
        return start + self._text.startswith("\ufeff", start, at)

    def _line_end(self, at: int) -> int:
        """Where the line ends that a place is in, before its line break."""
        end = self._text.find("\n", at)
        if end < 0:
            return len(self._text)
        return end - (end > at and self._text[end - 1] == "\r")

    def _column(self, start: int) -> int:
        """The column of a key, or that of the question mark before it."""
        line = self._text[self._line_start(start) : start]
        return len(line) if not line.rstrip(" ").endswith("?") else len(line.rstrip(" ")) - 1

    def _leads(self, start: int) -> bool:
        """Whether a key is the first thing in its line."""
        return not self._text[self._line_start(start) : start].strip(" ?")

    def _is_commented(self, start: int) -> bool:
        """Whether a comment stands in the line above, or nothing could stand above."""
        line = self._line_start(start)
        above = self._text[self._line_start(line - 1) : line].strip("\ufeff \t\r\n") if line else ""
        return above.startswith(("#", "---", "%"))

    def _joined(self, lines: list[str], column: int) -> str:
        return self._newline.join(" " * column + line if line else "" for line in lines)

    def _before(self, start: int, lines: list[str], column: int) -> Patch:
        line = self._line_start(start)
        return Patch(line, line, self._joined(lines, column) + self._newline)

    def _after(self, end: int, lines: list[str], column: int) -> Patch:
        line = self._text.find("\n", end) + 1
        if not line:
            return Patch(len(self._text), len(self._text), self._newline + self._joined(lines, column))
        return Patch(line, line, self._joined(lines, column) + self._newline)

    def _without(self, start: int, end: int) -> Patch:
        """Takes away all lines of a member or element."""
        return Patch(self._line_start(start), self._text.find("\n", end) + 1 or len(self._text), "")
