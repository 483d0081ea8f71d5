"""Paths: a framework's route as OpenAPI writes it, and templates for requests whose route nobody knows.

``template_of`` translates. A ``Tree`` takes paths one after another and keeps them by their segments; like a Shape it
is a commutative monoid (see mirror.openapi.shape). What is evidently a value goes to a node's variable child at once.
Words stay apart (mirror.openapi.branches), and which of them are values is judged at the end (mirror.openapi.siblings).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import count
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from mirror.openapi.branches import Leaf, Node
from mirror.openapi.evidence import Fate, Operation, Requests
from mirror.openapi.made import Made
from mirror.openapi.merging import copy
from mirror.openapi.siblings import judged
from mirror.openapi.spelling import decoded, encoded
from mirror.openapi.texts import Texts
from mirror.redact.blanks import is_marked

Echoes = Mapping[str | int, Collection[str]]
"""The strings and integers in an answer, and the names of the members that they are values of."""

NOTHING: Echoes = MappingProxyType({})

LONGEST_ECHO = 200
"""Characters of a value that may be a segment of the path."""
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")

DEEPEST = 24
"""Segments that are told apart; all behind them are one value."""

# Routes ---------------------------------------------------------------------------------------------------------------


class Template(NamedTuple):
    """A path template, and the framework's words for the types of its variables (``int``, ``any(a,b)``)."""

    path: str
    converters: dict[str, str]


# <int:id>, <any(a, b):kind>, <name> (Werkzeug, Django); <id:int> (Sanic, Bottle)
ANGLES = re.compile(r"<(?:([A-Za-z_]\w*)(\(.*?\))?:)?([A-Za-z_]\w*)(?::[^>]*)?>")
# {id}, {id:int}, {path:path} (Starlette, FastAPI, Litestar, Falcon); {id:\d{3}} (aiohttp)
BRACES = re.compile(r"{([A-Za-z_]\w*)(?::((?:[^{}]|{[^{}]*})*))?}")
TYPES = frozenset("int integer float number decimal uuid path str string slug date datetime any bool default".split())
HOST = re.compile(r"https?://[^/]*|[^/|<{]*\|(?=/)")
EMPTY = re.compile(r"\\[AbBZ]|[\^$]")


@lru_cache(maxsize=1024)
def template_of(route: str) -> Template:
    """The template of a route as Flask, Django, Starlette, FastAPI and others write it; slashes stay as they are.

    Remembered, because each exchange of an operation has the same: nobody may change it.
    """
    route = HOST.sub("", route, count=1) if HOST.match(route) else route
    if "(?P<" in route:
        return from_pattern(route)
    converters: dict[str, str] = {}
    pieces: list[str] = []
    names: list[str] = []
    place = 0
    pattern = ANGLES if ANGLES.search(route) else BRACES
    for found in pattern.finditer(route):
        if pattern is BRACES:
            name, word = found[1], found[2] or ""
            if name in TYPES and word.isidentifier() and word not in TYPES:
                name, word = word, name  # Django Ninja has the type first
        else:
            name, word = found[3], found[1] + (found[2] or "") if found[1] else "string"
            if found[1] and not found[2] and found[1] not in TYPES and name in TYPES:
                name, word = found[1], name  # Sanic has the name first
        if name in names:  # of a mount and of what is in it: the inner one is what the framework calls so
            other = next(f"{name}{number}" for number in count(2) if f"{name}{number}" not in names)
            pieces[pieces.index("{" + name + "}")] = "{" + other + "}"
            names.append(other)
            if name in converters:
                converters[other] = converters.pop(name)
        names.append(name)
        if word:
            converters[name] = word
        pieces += [literal(route[place : found.start()]), "{" + name + "}"]
        place = found.end()
    pieces.append(literal(route[place:]))
    path = "".join(pieces)
    return Template(path if path.startswith("/") else f"/{path}", converters)


def from_pattern(route: str) -> Template:
    """The template of a regular expression with named groups, as Django's ``re_path`` has it; best effort."""
    converters: dict[str, str] = {}
    pieces: list[str] = []
    place = 0
    while (start := route.find("(?P<", place)) >= 0:
        end = closing(route, start)
        name, _, inner = route[start + 4 : end].partition(">")
        if re.fullmatch(r"(?:\\d|\[0-9\])(?:\+|\{[\d,]+\})", inner):
            converters[name] = "int"
        elif inner in (".*", ".+"):
            converters[name] = "path"
        pieces += [plain(route[place:start]), "{", name, "}"]
        place = end + 1
    pieces.append(plain(route[place:]))
    path = "".join(pieces)
    return Template(path if path.startswith("/") else f"/{path}", converters)


def closing(pattern: str, start: int) -> int:
    """Where the group that begins at ``start`` ends."""
    depth, place, bracket = 0, start, False
    while place < len(pattern):
        each = pattern[place]
        if each == "\\":
            place += 1
        elif bracket:
            bracket = each != "]"
        elif each == "[":
            bracket = True
        elif each == "(":
            depth += 1
        elif each == ")":
            depth -= 1
            if not depth:
                return place
        place += 1
    return len(pattern)


def plain(pattern: str) -> str:
    """What a regular expression without groups matches."""
    pattern = EMPTY.sub("", pattern)
    pattern = re.sub(r"\(\?:(.*?)\)\??|\\?/\?$|\\(.)", lambda found: found[1] or found[2] or "/", pattern)
    return literal(pattern.replace("?", ""))


def literal(text: str) -> str:
    """Literal text of a route, percent-encoded where a template must be."""
    return "/".join(map(encoded, text.split("/")))


# Values ---------------------------------------------------------------------------------------------------------------


class Tree(msgspec.Struct):
    """The paths of requests whose routes nobody knows.

    operation = tree.add("GET", "/orders/17", {17: {"id"}, "new": {"status"}}, "accepted")
    dict(tree.templates())          # {"GET /orders/{order_id}": Operation(...)}

    ``made`` is what was in answers to POST.
    """

    root: Node = msgspec.field(default_factory=Node)
    made: Made = msgspec.field(default_factory=Made)

    def add(self, method: str, path: str, echoes: Echoes = NOTHING, fate: Fate = "accepted") -> Operation:
        """The evidence that a request adds to. ``path`` is percent-encoded and without its query; ``echoes`` are the
        values in the answer; ``fate`` is what became of the request."""
        if method == "POST" and fate == "accepted" and echoes:
            self.made.add(echoes)
        segments = segments_of(path)
        node = self.root
        for place, segment in enumerate(segments, 1):
            node = node.variable() if is_marked(segment) else node.child(segment)
            if fate == "accepted":
                node.note(named(segment, echoes), place < len(segments))
        leaf = node.leaves.get(method)
        if leaf is None:
            leaf = node.leaves[method] = Leaf()
        texts = leaf.segments.get(fate)
        if texts is None:
            texts = leaf.segments[fate] = [Texts() for _ in segments]
        for each, segment in zip(texts, segments, strict=True):
            each.add((segment,))
            if fate == "accepted":
                number = number_of(segment)
                each.note(segment in echoes, number is not None and number in echoes)
        return leaf.operation

    def merge(self, other: Tree) -> None:
        """Take in what another tree has taken in; that one may not be used any more."""
        self.root.merge(other.root)
        self.made.merge(other.made)

    def templates(self) -> Iterator[tuple[str, Operation]]:
        """The operations by method and path template, judged now, with the values of their path parameters."""
        for method, path, leaf in judged(copy(self.root), self.made):
            names = {place: segment[1:-1] for place, segment in enumerate(path) if segment[:1] == "{"}
            for fate, texts in sorted(leaf.segments.items()):
                if names:
                    requests = leaf.operation.requests.setdefault(fate, Requests())
                    requests.parameters.path = {name: texts[place] for place, name in names.items()}
            yield f"{method} /{'/'.join(path)}", leaf.operation


def named(segment: str, echoes: Echoes) -> Collection[str] | None:
    """The names of the members that have a segment as their value, in whatever case; None where none has."""
    number = number_of(segment)
    if number is not None and number in echoes:
        return {*echoes[number], *echoes.get(segment, ())}
    for each in (segment, segment.lower(), segment.upper()):
        if each in echoes:
            return echoes[each]
    return None


def number_of(segment: str) -> int | None:
    """The integer that is written so; None where none is."""
    return int(segment) if len(segment) <= LONGEST_ECHO and INTEGER.fullmatch(segment) else None


def segments_of(path: str) -> list[str]:
    """The segments of a path, decoded; ``/`` has none, a trailing slash is an empty one."""
    parts = path.removeprefix("/").split("/") if path not in ("", "/") else []
    if len(parts) > DEEPEST:
        parts[DEEPEST - 1 :] = ["/".join(parts[DEEPEST - 1 :])]
    return [decoded(part) for part in parts]
