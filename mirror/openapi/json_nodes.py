"""JSON as nodes: the standard library's strings and numbers, and where each value stands."""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]

from mirror.errors import DocumentError
from mirror.openapi.placed import Entry, Node

BLANK = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)
LITERALS = {"true": True, "false": False, "null": None}
LITERAL = re.compile("|".join(LITERALS))


class Json:
    """Nodes of a JSON text."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name

    def document(self) -> Node:
        root = self._node(self._skip(1 if self._text.startswith("\ufeff") else 0))
        if self._skip(root.end) != len(self._text):
            raise self._error(self._skip(root.end), "there is more after the document")
        return root

    def _skip(self, at: int) -> int:
        return BLANK.match(self._text, at).end()  # type: ignore[union-attr]

    def _error(self, at: int, what: str) -> DocumentError:
        line = self._text.count("\n", 0, at) + 1
        column = at - self._text.rfind("\n", 0, at)
        return DocumentError(f"{self._name}, line {line}, column {column}: this is no JSON ({what}): mend that line")

    def _string(self, at: int) -> tuple[str, int]:
        if self._text[at : at + 1] != '"':
            raise self._error(at, "a string is missing")
        try:
            value, end = scanstring(self._text, at + 1)
        except ValueError as error:
            raise self._error(at, getattr(error, "msg", "a string does not end")) from None
        return value, end

    def _node(self, start: int) -> Node:
        first = self._text[start : start + 1]
        if first == "{":
            return self._map(start)
        if first == "[":
            return self._list(start)
        if first == '"':
            value, end = self._string(start)
            return Node("scalar", start, end, value)
        if found := NUMBER.match(self._text, start):
            try:
                number = float(found[0]) if found[1] or found[2] else int(found[0])
            except ValueError:
                raise self._error(start, "a number of too many digits") from None
            return Node("scalar", start, found.end(), number)
        if found := LITERAL.match(self._text, start):
            return Node("scalar", start, found.end(), LITERALS[found[0]])
        raise self._error(start, "a value is missing")

    def _map(self, start: int) -> Node:
        node = Node("map", start, flow=True, entries=[])
        seen: set[str] = set()
        at = self._skip(start + 1)
        while self._text[at : at + 1] != "}":
            if node.entries:
                at = self._comma(at)
            key, stop = self._string(at)
            if key in seen:
                raise self._error(at, f"{key!r} stands there twice")
            seen.add(key)
            colon = self._skip(stop)
            if self._text[colon : colon + 1] != ":":
                raise self._error(colon, "a colon is missing")
            node.entries.append(Entry(key, at, stop, self._node(self._skip(colon + 1))))
            at = self._skip(node.entries[-1].node.end)
        node.end = at + 1
        return node

    def _list(self, start: int) -> Node:
        node = Node("list", start, flow=True, items=[])
        at = self._skip(start + 1)
        while self._text[at : at + 1] != "]":
            if node.items:
                at = self._comma(at)
            node.items.append(self._node(at))
            at = self._skip(node.items[-1].end)
        node.end = at + 1
        return node

    def _comma(self, at: int) -> int:
        if self._text[at : at + 1] != ",":
            raise self._error(at, "a comma is missing")
        return self._skip(at + 1)
