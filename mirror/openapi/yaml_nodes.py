"""YAML as nodes: ruamel.yaml's parser says where everything stands, the core schema of YAML 1.2 what it is.

So ``no``, ``2024-01-01`` and ``1:30`` are strings, and a key is always one (``200:`` as well as ``"200":``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mirror.errors import DocumentError
from mirror.openapi.placed import MERGE, Entry, Node

# The core schema of YAML 1.2.2 (section 10.3.2).
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
DASH = re.compile(r"^[ \t]*(?:- +)*-(?=\s)", re.MULTILINE)
MOST_REPEATED = 1_000_000
"""Values that aliases may stand for: of aliases within aliases a few lines can make billions."""
LONE_RETURN = re.compile(r"\r(?!\n)")
NO_NUMBERS = re.compile(r"([-+])?\.(?:(inf|Inf|INF)|(nan|NaN|NAN))")


def yaml_node(text: str, name: str) -> Node:
    """The root of a YAML text. Raises DocumentError."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    if LONE_RETURN.search(text):  # a line's end to YAML, and to nobody who writes one
        raise DocumentError(f"{name} has lines that end with CR alone: write it with LF")
    try:
        events = YAML(typ="safe", pure=True).parse(text.removeprefix("\ufeff"))
        root = Yaml(text.removeprefix("\ufeff"), name, events).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark is not None else name
        raise DocumentError(f"{where}: this is no YAML ({error.problem or error.context}): mend that line") from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DocumentError(f"{name}, line {line}: a character that YAML forbids: remove it") from None
    except (YAMLError, ValueError) as error:
        raise DocumentError(f"{name} cannot be read as YAML: {' '.join(str(error).split())}") from None
    if text.startswith("\ufeff"):
        move(root, 1)
    return root


def move(node: Node, by: int) -> None:
    node.start += by
    node.end += by
    for entry in node.entries:
        entry.start += by
        entry.stop += by
        move(entry.node, by)
    for item in node.items:
        move(item, by)


class Yaml:
    """Nodes of the events of a parser."""

    def __init__(self, text: str, name: str, events: Iterator[Any]) -> None:
        self._text = text
        self._name = name
        self._events = events
        self._anchors: dict[str, Node] = {}
        self._sizes: dict[str, int] = {}  # of what anchors name: the values in it, those of aliases included
        self._values = self._repeated = 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent" and root is not None:
                line = event.start_mark.line + 1
                raise DocumentError(f"{self._name}, line {line}: a second document begins: keep one in a file")
            if kind in ("StreamStartEvent", "DocumentStartEvent", "DocumentEndEvent", "StreamEndEvent"):
                continue
            root = self._node(event)
        if root is None:
            raise DocumentError(f"{self._name} is empty: this is no OpenAPI document")
        return root

    def _node(self, event: Any) -> Node:
        kind = type(event).__name__
        start, end = event.start_mark.index, event.end_mark.index
        if kind == "AliasEvent":
            if event.anchor not in self._anchors:
                line = event.start_mark.line + 1
                raise DocumentError(f"{self._name}, line {line}: nothing is called &{event.anchor} before this line")
            size = self._sizes[event.anchor]
            self._values += size
            self._repeated += size
            if self._repeated > MOST_REPEATED:
                line = event.start_mark.line + 1
                said = f"aliases stand for more than {MOST_REPEATED:,} values"
                raise DocumentError(f"{self._name}, line {line}: {said}: refer to components instead")
            return Node("alias", start, end, name=event.anchor, target=self._anchors[event.anchor])
        before, self._values = self._values, self._values + 1
        if kind == "ScalarEvent":
            if event.style in ("|", ">"):
                end = self._block_end(start, end, event.value)
            node = Node("scalar", start, end, self._scalar(event), name=event.anchor)
        elif kind == "SequenceStartEvent":
            node = Node("list", start, end, flow=bool(event.flow_style), items=[], name=event.anchor)
            for event in self._events:
                if type(event).__name__ == "SequenceEndEvent":
                    break
                element = self._node(event)
                if element.start == element.end and not node.flow:
                    after = node.items[-1].end if node.items else node.start
                    dash = DASH.search(self._text, after)
                    opens = not node.items and self._text.startswith("-", after)
                    element.start = element.end = after + 1 if opens or dash is None else dash.end()
                node.items.append(element)
            node.end = event.end_mark.index if node.flow or not node.items else node.items[-1].end
        else:
            node = Node("map", start, end, flow=bool(event.flow_style), entries=[], name=event.anchor)
            seen: set[str] = set()
            for event in self._events:
                if type(event).__name__ == "MappingEndEvent":
                    break
                key, stop = self._key(event, seen), event.end_mark.index
                member = self._node(next(self._events))
                if member.start == member.end:  # nothing: its mark is that of what comes next
                    colon = self._text.find(":", stop, member.start)
                    member.start = member.end = colon + 1 or stop
                node.entries.append(Entry(key, event.start_mark.index, stop, member))
            node.end = event.end_mark.index if node.flow or not node.entries else node.entries[-1].node.end
        if node.name is not None:
            self._anchors[node.name] = node
            self._sizes[node.name] = self._values - before
        return node

    def _key(self, event: Any, seen: set[str]) -> str:
        line = event.start_mark.line + 1
        if type(event).__name__ != "ScalarEvent":
            raise DocumentError(f"{self._name}, line {line}: a key that is no string: write it as one")
        key: str = MERGE if event.value == "<<" and event.style in (None, "") else event.value
        if key in seen and key != MERGE:
            raise DocumentError(f"{self._name}, line {line}: {key!r} stands there twice: remove one of them")
        seen.add(key)
        return key

    def _block_end(self, start: int, end: int, value: str) -> int:
        """The end of a literal or folded text: that of its last line, with blank ones only where it keeps them. A line
        that is indented further than the text is none of those."""
        head = self._text[start : self._text.find("\n", start)]
        if "+" in head.partition("#")[0]:
            whole = self._text[start:end]
            return start + len(whole.removesuffix("\n").removesuffix("\r") if whole.endswith("\n") else whole)
        blanks = "\r\n" if value.rstrip("\n")[-1:] in (" ", "\t") else None
        return start + len(self._text[start:end].rstrip(blanks))

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        tag = str(event.tag) if event.tag is not None else None
        if tag is not None and tag.endswith(":str"):
            return text
        return core(text) if event.style in (None, "") and event.implicit[0] else text


def core(text: str) -> Any:
    """A plain scalar's value."""
    if text in NULLS:
        return None
    if text in TRUTHS:
        return TRUTHS[text]
    if text[0] not in "0123456789+-.":
        return text
    try:
        if INTEGER.fullmatch(text):
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if FLOAT.fullmatch(text):
            return float(text)
    except ValueError:  # more digits than Python takes
        return text
    if found := NO_NUMBERS.fullmatch(text):
        return float("nan") if found[3] else float(f"{found[1] or ''}inf")
    return text
