"""Types of arguments: those that variables are declared with, and those that literals and the values of variables show.

A declared type of objects is an ``input`` with the members that were seen; one of words in capital letters, or of which
a document has words without quotation marks, an ``enum``; every other one a ``scalar``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from mirror.openapi.evidence import GraphQL
from mirror.openapi.graphql_document import Definition, Value
from mirror.openapi.naming import pascal
from mirror.openapi.shape import Shape

BUILT_IN = frozenset("Int Float String Boolean ID".split())
ANY = "JSON"
"""The scalar for values of which nothing else can be said."""
NAME = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
CAPITALS = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)
ENOUGH = 2
"""Values after which what was always there and never null is said to be so."""

SCALARS = (
    (frozenset({"string"}), "String"),
    (frozenset({"integer"}), "Int"),
    (frozenset({"integer", "number"}), "Float"),
    (frozenset({"boolean"}), "Boolean"),
    (frozenset({"integer", "string"}), "ID"),
)
KINDS = {"int": "integer", "float": "number", "list": "array"}
"""Kinds of literals that JSON calls otherwise."""

Literal = tuple[Value, Definition]


class Seen(msgspec.Struct):
    """The values of a place: shapes of what variables held, and literals with the operations that they stand in."""

    shapes: list[Shape] = []
    literals: list[Literal] = []

    def add(self, other: Seen) -> None:
        self.shapes += other.shapes
        self.literals += other.literals

    @property
    def kinds(self) -> set[str]:
        found = {kind for shape in self.shapes for kind in shape.kinds}
        return found | {KINDS.get(value.kind, value.kind) for value, _ in self.literals}

    @property
    def count(self) -> int:
        return sum(shape.count for shape in self.shapes) + len(self.literals)

    @property
    def items(self) -> Seen:
        """The elements of lists; what is no list is one of its own (section 3.11)."""
        found = Seen([shape.arrays.items for shape in self.shapes if shape.arrays is not None])
        for value, operation in self.literals:
            found.literals += [(each, operation) for each in (value.items if value.kind == "list" else (value,))]
        return found

    @property
    def words(self) -> set[str]:
        found = {value.word for value, _ in self.literals if value.kind == "enum"}
        for shape in self.shapes:
            found |= (shape.strings and shape.strings.values) or set()
        return {word for word in found if NAME.fullmatch(word) and word not in ("true", "false", "null")} or {"_"}

    @property
    def is_declared(self) -> bool:
        """Whether a variable tells the type."""
        return any(value.kind == "variable" for value, _ in self.literals)

    @property
    def is_capital(self) -> bool:
        """Whether all strings are words in capital letters."""
        strings = [shape.strings for shape in self.shapes if shape.strings is not None]
        return bool(strings) and all(each.values and all(map(CAPITALS.fullmatch, each.values)) for each in strings)

    def members(self) -> dict[str, Seen] | None:
        """The members of objects; None where there is one that no schema could name."""
        found: dict[str, Seen] = {}
        for shape in self.shapes:
            for name, inner in members_of([shape]).items():
                found.setdefault(name, Seen()).shapes += inner
            if shape.objects is not None and shape.objects.values is not None:
                return None
        for value, operation in self.literals:
            for name, field in value.fields.items():
                found.setdefault(name, Seen()).literals.append((field, operation))
        return found if found and all(map(NAME.fullmatch, found)) else None


def members_of(shapes: Iterable[Shape]) -> dict[str, list[Shape]]:
    """The shapes of the members of objects, by name."""
    found: dict[str, list[Shape]] = {}
    for shape in shapes:
        for group in shape.objects.groups() if shape.objects is not None else ():
            for name, member in group.members.items():
                found.setdefault(name, []).append(member)
    return found


def base_of(written: str) -> str:
    """``User`` in ``[User!]!``."""
    return written.strip("[]!").lstrip("_") or "Any"


class Inputs:
    """The types of arguments of a schema. ``taken`` are the names of its other types."""

    def __init__(self) -> None:
        self.known: dict[str, Seen] = {}
        self.taken: set[str] = set()

    def declare(self, variables: Mapping[str, str], graph: GraphQL) -> None:
        """Take in the variables of an operation, as they are declared and as they were given."""
        given = members_of([graph.variables])
        for name, written in sorted(variables.items()):
            base = base_of(written)
            if base not in BUILT_IN:
                seen = Seen(list(given.get(name, [])))
                while any(shape.arrays is not None for shape in seen.shapes):
                    seen = seen.items
                self.known.setdefault(base, Seen()).add(seen)

    def type(self, hint: str, seen: Seen) -> str:
        """The type of the values of a place, nullable. ``hint`` is its name where it has to be given one."""
        declared = [
            (operation.variables[value.word], operation)
            for value, operation in seen.literals
            if value.kind == "variable" and value.word in operation.variables
        ]
        rest = Seen(seen.shapes, [literal for literal in seen.literals if literal[0].kind not in ("variable", "null")])
        if declared:
            written = min(text.removesuffix("!") for text, _ in declared)
            base = base_of(written)
            if base in BUILT_IN:
                return written
            for _ in range(written.count("[")):
                rest = rest.items
            self.known.setdefault(base, Seen()).add(rest)
            return re.sub(r"\w+", base, written)
        kinds = frozenset(rest.kinds) - {"null"}
        if "array" in kinds:
            return f"[{self.type(hint, rest.items)}]"
        if kinds and kinds <= {"enum", "object"} and len(kinds) == 1:
            while hint in self.taken or hint in BUILT_IN or not NAME.fullmatch(hint):
                hint += "Input"
            self.known.setdefault(hint, Seen()).add(rest)
            return hint
        return scalar(kinds)

    def required(self, seen: Seen, uses: int) -> bool:
        """Whether a value has to be given: it always was, and every variable for it was one that cannot be null."""
        for value, operation in seen.literals:
            if value.kind == "null":
                return False
            if value.kind == "variable" and not operation.variables.get(value.word, "").endswith("!"):
                return False
        return uses >= ENOUGH and seen.count >= uses and not any("null" in shape.kinds for shape in seen.shapes)

    def definitions(self) -> dict[str, str]:
        """All types by their names. Defining one may bring up others."""
        made: dict[str, str] = {}
        while missing := sorted(self.known.keys() - made.keys()):
            for name in missing:
                made[name] = self._define(name, self.known[name])
        return made

    def _define(self, name: str, seen: Seen) -> str:
        kinds = seen.kinds - {"null", "variable"}
        if "enum" in kinds or (kinds == {"string"} and seen.is_capital):
            return block(f"enum {name}", sorted(seen.words))
        members = seen.members() if kinds == {"object"} else None
        if members is None:
            return f"scalar {name}"
        lines = []
        for field in sorted(members):
            inner = members[field]
            written = self.type(f"{name}{pascal(field)}", inner)
            lines.append(f"{field}: {written}{'!' if self.required(inner, seen.count) else ''}")
        return block(f"input {name}", lines)


def scalar(kinds: Iterable[str]) -> str:
    found = frozenset(kinds)
    return next((name for of, name in SCALARS if found and found <= of), ANY)


def block(head: str, lines: list[str]) -> str:
    return "\n".join([f"{head} {{", *(f"  {line}" for line in lines), "}"])
