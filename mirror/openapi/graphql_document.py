"""Executable GraphQL documents, parsed (October 2021 specification, sections 2.2 to 2.12).

Only what clients send: operations and fragments; no type definitions. Directives are read over. The parser is our own,
although graphql-core judges it in the tests: what is learned may not depend on whether a library happens to be
installed, and of a whole implementation of GraphQL this would be the one part in use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, NoReturn

LONGEST = 200_000
DEEPEST = 50

TOKEN = re.compile(
    r"[\s,\ufeff]*+(?:#[^\n\r]*+[\s,\ufeff]*+)*+(?:(?P<name>[A-Za-z_]\w*+)|(?P<mark>\.\.\.|[!$&()\[\]{}:=@|])"
    r"|(?P<float>-?\d++(?:\.\d++(?:[eE][+-]?\d++)?+|[eE][+-]?\d++)(?![\w.]))|(?P<int>-?\d++(?![\w.]))"
    r'|(?P<block>"""(?:[^"\\]|\\"""|\\(?!""")|"(?!""))*+""")|(?P<string>"(?:[^"\\\n\r]|'
    # \u{10FFFF} is of the next edition; halves of a pair are their judge's affair.
    r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,8}\}))*+")|(?P<end>\Z)|(?P<other>.))',
    re.ASCII | re.DOTALL,
)


class DocumentError(ValueError):
    """Text that is no executable document."""


class Value(NamedTuple):
    """A value in a document. ``kind`` is ``variable``, ``int``, ``float``, ``string``, ``boolean``, ``null``, ``enum``,
    ``list`` or ``object``; ``word`` the name of a variable or of an enumeration's value."""

    kind: str
    word: str = ""
    items: tuple[Value, ...] = ()
    fields: Mapping[str, Value] = {}


class Field(NamedTuple):
    """``key`` is the name under which the response has it: its alias, if it has one."""

    name: str
    key: str
    arguments: Mapping[str, Value]
    selections: Selections | None


class Spread(NamedTuple):
    """``...Name``"""

    fragment: str


class Inline(NamedTuple):
    """``... on Type { }``, or without a type (empty); fragments themselves are the same."""

    condition: str
    selections: Selections


Selections = tuple["Field | Spread | Inline", ...]


class Definition(NamedTuple):
    """An operation. ``variables`` are its variables with their types as written (``[ID!]!``)."""

    kind: str
    name: str
    variables: Mapping[str, str]
    selections: Selections


class Document(NamedTuple):
    operations: tuple[Definition, ...]
    fragments: Mapping[str, Inline]

    def operation(self, name: str | None) -> Definition:
        """The operation of that name; else the first."""
        return next((each for each in self.operations if each.name == name), self.operations[0])


@lru_cache(maxsize=1024)
def parse(text: str) -> Document:
    """The document in a text. Raises DocumentError, also for a document without an operation."""
    if len(text) > LONGEST:
        raise DocumentError("the document is too long")
    return Parser(text).document()


def definition(text: str, name: str) -> tuple[Document, Definition] | None:
    """The operation that a call of that name means in a document."""
    try:
        document = parse(text)
    except DocumentError:
        return None
    return document, document.operation(name)


class Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self.kind, self.word = "", ""
        self.advance()

    def advance(self) -> str:
        """The current token; the next one becomes current."""
        passed = self.word
        found = TOKEN.match(self._text, self._position)
        assert found is not None
        assert found.lastgroup is not None
        self.kind, self.word = found.lastgroup, found[found.lastgroup]
        self._position = found.end()
        return passed

    def fail(self) -> NoReturn:
        raise DocumentError(f"unexpected {self.word[:20] or 'end'!r} before position {self._position}")

    def skip(self, mark: str) -> bool:
        """Whether the current token is that mark, which is then read over."""
        found = self.kind == "mark" and self.word == mark
        if found:
            self.advance()
        return found

    def expect(self, mark: str) -> None:
        if not self.skip(mark):
            self.fail()

    def name(self) -> str:
        return self.advance() if self.kind == "name" else self.fail()

    def document(self) -> Document:
        operations: list[Definition] = []
        fragments: dict[str, Inline] = {}
        while self.kind != "end":
            if self.kind == "mark" and self.word == "{":
                operations.append(Definition("query", "", {}, self.selections(0)))
                continue
            word = self.name()
            if word == "fragment":
                name = self.name()
                if self.name() != "on":
                    self.fail()
                condition = self.name()
                self.directives()
                fragments[name] = Inline(condition, self.selections(0))
            elif word in ("query", "mutation", "subscription"):
                name = self.advance() if self.kind == "name" else ""
                variables = self.variables() if self.skip("(") else {}
                self.directives()
                operations.append(Definition(word, name, variables, self.selections(0)))
            else:
                self.fail()
        if not operations:
            raise DocumentError("there is no operation")
        return Document(tuple(operations), fragments)

    def variables(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while not self.skip(")"):
            self.expect("$")
            name = self.name()
            self.expect(":")
            found[name] = self.type(0)
            if self.skip("="):
                self.value(0)
                # A variable with a default may be given where null may not be.
            self.directives()
        return found

    def type(self, depth: int) -> str:
        if self.skip("["):
            if depth > DEEPEST:
                self.fail()
            written = f"[{self.type(depth + 1)}]"
            self.expect("]")
        else:
            written = self.name()
        return f"{written}!" if self.skip("!") else written

    def directives(self) -> None:
        while self.skip("@"):
            self.name()
            if self.skip("("):
                self.arguments(0)

    def arguments(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while not self.skip(")"):
            name = self.name()
            self.expect(":")
            found[name] = self.value(depth)
        return found

    def selections(self, depth: int) -> Selections:
        if depth > DEEPEST:
            self.fail()
        self.expect("{")
        found: list[Field | Spread | Inline] = []
        while not self.skip("}"):
            found.append(self.selection(depth))
        return tuple(found)

    def selection(self, depth: int) -> Field | Spread | Inline:
        if self.skip("..."):
            condition = ""
            if self.kind == "name":
                name = self.advance()
                if name != "on":
                    self.directives()
                    return Spread(name)
                condition = self.name()
            self.directives()
            return Inline(condition, self.selections(depth + 1))
        name = key = self.name()
        if self.skip(":"):
            name = self.name()
        arguments = self.arguments(depth) if self.skip("(") else {}
        self.directives()
        inner = self.selections(depth + 1) if self.kind == "mark" and self.word == "{" else None
        return Field(name, key, arguments, inner)

    def value(self, depth: int) -> Value:
        if depth > DEEPEST:
            self.fail()
        if self.skip("$"):
            return Value("variable", self.name())
        if self.skip("["):
            items = []
            while not self.skip("]"):
                items.append(self.value(depth + 1))
            return Value("list", items=tuple(items))
        if self.skip("{"):
            fields: dict[str, Value] = {}
            while not self.skip("}"):
                name = self.name()
                self.expect(":")
                fields[name] = self.value(depth + 1)
            return Value("object", fields=fields)
        if self.kind == "name":
            word = self.advance()
            kind = {"true": "boolean", "false": "boolean", "null": "null"}.get(word, "enum")
            return Value(kind, word if kind == "enum" else "")
        kind = {"block": "string"}.get(self.kind, self.kind)
        if kind not in ("int", "float", "string"):
            self.fail()
        self.advance()
        return Value(kind)
