"""Parts of a YAML text that are as they would be written: what stands there is known without reading it.

Reading is what an update costs (4 s for 1 MB), and most of a large document is as an earlier run has left it. So path
items and schemas that stand there byte for byte as the learned ones would be written are taken out before the text is
read, and come back as nodes that already know their values. Where anything is not as expected, the whole text is read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any, NamedTuple

from mirror.errors import DocumentError
from mirror.openapi.placed import Node
from mirror.openapi.said import named
from mirror.openapi.writing import WIDTH, entry

LINES = re.compile(r"^(?:  |    )[^ \n#][^\n]*\n", re.MULTILINE)
NEXT = {indent: re.compile(rf"(?:[ \t]*(?:#[^\n]*)?\n)*+(?: {{0,{indent}}}[^ \n]|\Z)") for indent in (2, 4)}
SMALLEST = 100_000
"""Characters of a text that it is worth the while for."""


class Part(NamedTuple):
    """``text[start:end]`` is ``value`` under a key, and stands as ``short`` at ``place`` in the shortened text."""

    place: int
    short: str
    start: int
    end: int
    value: Any


def shortened(text: str, learned: dict[str, Any]) -> tuple[str, list[Part]]:
    """The text without what is familiar, and what was taken out."""
    if len(text) < SMALLEST or "\r" in text or text.startswith(("\ufeff", "{")):
        return text, []
    lines = {found[0]: found.start() for found in LINES.finditer(text)}
    places: list[tuple[int, int, str, Any]] = []
    sections = ((2, named(learned, "paths")), (4, named(named(learned, "components"), "schemas")))
    for indent, section in sections:
        for name, value in section.items():
            written = [" " * indent + line if line else "" for line in entry(name, value, WIDTH - indent)]
            start = lines.get(f"{written[0]}\n", -1)
            if start < 0 or not written[0].endswith(":"):
                continue
            whole = "\n".join(written) + "\n"
            end = start + len(whole)
            if text.startswith(whole, start) and NEXT[indent].match(text, end):
                places.append((start, end, written[0], value))
    parts: list[Part] = []
    pieces: list[str] = []
    at = length = 0
    for start, end, head, value in sorted(places, key=lambda each: each[:2]):
        if start < at:
            return text, []
        pieces += text[at:start], f"{head} 0\n"
        length += start - at
        parts.append(Part(length, pieces[-1], start, end, value))
        length += len(pieces[-1])
        at = end
    return "".join([*pieces, text[at:]]), parts


def restored(root: Node, parts: list[Part]) -> Node:
    """The nodes of a shortened text with their places in the whole. Raises DocumentError where a part is not one."""
    by_place = {part.place: part for part in parts}
    for section in (member(root, "paths"), member(member(root, "components"), "schemas")):
        for each in section.entries if section is not None else ():
            part = by_place.pop(each.start - (2 if section is member(root, "paths") else 4), None)
            if part is not None and each.node.kind == "scalar" and each.node.value == 0:
                each.node = Node("known", each.node.start, each.node.end, part.value)
    if by_place:
        raise DocumentError("a part is somewhere else")
    move(root, [part.place for part in parts], parts)
    return root


def member(node: Node | None, name: str) -> Node | None:
    entries = node.entries if node is not None and node.kind == "map" else []
    return next((each.node for each in entries if each.key == name), None)


def move(node: Node, places: list[int], parts: list[Part]) -> None:
    """Put a node where it stands in the whole text."""

    def whole(at: int) -> int:
        number = bisect_right(places, at) - 1
        if number < 0:
            return at
        part = parts[number]
        inside = at - part.place
        return part.start + inside if inside < len(part.short) - 1 else part.end - len(part.short) + inside

    node.start = whole(node.start)
    node.end = whole(node.end)
    for each in node.entries:
        each.start, each.stop = whole(each.start), whole(each.stop)
        move(each.node, places, parts)
    for item in node.items:
        move(item, places, parts)
