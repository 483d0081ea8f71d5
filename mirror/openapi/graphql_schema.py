"""A GraphQL schema as far as calls show it: the selections of documents joined with the data that came back.

Roots, fields, arguments and the types of variables stand in the documents; what a field is (a list, a number, never
null) is in the data. Types of objects are called by what ``__typename`` or a fragment says, else after the field
(``users`` is a list of ``User``). Where several types are told it is an interface, or a union where no field is
selected of all of them. All operations are read together, level by level, so that their order does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from mirror.openapi.evidence import GraphQL
from mirror.openapi.graphql_document import Definition, Document, Field, Selections, Spread, definition
from mirror.openapi.graphql_inputs import ANY, BUILT_IN, ENOUGH, NAME, Inputs, Seen, block, members_of, scalar
from mirror.openapi.naming import pascal, singular
from mirror.openapi.shape import Shape

ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
GENERIC = frozenset("edge edges node nodes item items result results data payload list entries page value".split())
"""Fields whose name says nothing without that of their parent."""
DEEPEST = 60
MOST_FIELDS = 20_000
"""Fields of a document: only one made for it has more, and is left out."""
CONNECTED = frozenset({"edges", "pageInfo"})
"""Fields of a page of things (the GraphQL Cursor Connections Specification)."""
TYPENAME = "__typename"


class Visit(NamedTuple):
    """Selections in an operation, and the shapes of the objects that they were made of."""

    document: Document
    operation: Definition
    selections: Selections
    shapes: tuple[Shape, ...]


class Output(msgspec.Struct):
    """What is known of a field: how many lists are around its values, of which kinds those are, how many were seen and
    where null was (by the number of lists around), the type of its objects, its selections and their arguments."""

    lists: int = 0
    kinds: set[str] = msgspec.field(default_factory=set)
    counts: dict[int, int] = {}
    nulls: set[int] = msgspec.field(default_factory=set)
    type: str = ""
    uses: int = 0
    arguments: dict[str, Seen] = {}

    def add(self, shape: Shape) -> None:
        depth = 0
        while True:
            self.counts[depth] = self.counts.get(depth, 0) + shape.count
            if "null" in shape.kinds:
                self.nulls.add(depth)
            self.kinds |= shape.kinds - {"null", "array"}
            if shape.arrays is None:
                break
            shape = shape.arrays.items
            depth += 1
        self.lists = max(self.lists, depth)

    def merge(self, other: Output) -> None:
        self.lists = max(self.lists, other.lists)
        self.kinds |= other.kinds
        self.nulls |= other.nulls
        for depth, number in other.counts.items():
            self.counts[depth] = self.counts.get(depth, 0) + number
        self.type = max(self.type, other.type)
        self.uses += other.uses
        for name, seen in other.arguments.items():
            self.arguments.setdefault(name, Seen()).add(seen)

    def written(self, name: str) -> str:
        """The type as a schema has it."""
        text = self.type or scalar(self.kinds)
        if text == "String" and is_id(name):
            text = "ID"
        for depth in range(self.lists, -1, -1):
            if depth not in self.nulls and self.counts.get(depth, 0) >= ENOUGH:
                text += "!"
            if depth:
                text = f"[{text}]"
        return text


class Type(msgspec.Struct):
    """A type of objects; of several types where it has ``members``."""

    fields: dict[str, Output] = {}
    members: set[str] = msgspec.field(default_factory=set)


def sdl(operations: Mapping[str, GraphQL]) -> str:
    """The schema in GraphQL's definition language; the same text for the same operations. What nothing is known of is a
    ``JSON``; a type without a field has one called ``_``."""
    return Writer(operations).text()


class Writer:
    """Makes one schema."""

    def __init__(self, operations: Mapping[str, GraphQL]) -> None:
        self._types: dict[str, Type] = {"Query": Type()}
        self._names: dict[tuple[str, str], str] = {}
        self._inputs = Inputs()
        level: dict[str, list[Visit]] = defaultdict(list)
        for name in sorted(operations):
            graph = operations[name]
            variables: dict[str, str] = {}
            for text in graph.documents:
                found = definition(text, name)
                if found is not None and size(found[0], found[1].selections, 0, {}) < MOST_FIELDS:
                    document, operation = found
                    level[ROOTS[operation.kind]].append(Visit(document, operation, operation.selections, (graph.data,)))
                    variables |= operation.variables
            self._inputs.declare(variables, graph)
        self._told: set[str] = set()
        self._called: dict[str, set[str]] = defaultdict(set)
        self._look_ahead([visit for visits in level.values() for visit in visits])
        for _ in range(DEEPEST):
            level = self._descend(level)
        self._share()

    def _look_ahead(self, level: list[Visit]) -> None:
        """Take in which types are told anywhere, and which fields have one type."""
        for _ in range(DEEPEST):
            lower: list[Visit] = []
            for visit in level:
                for _, field in flat(visit):
                    if field.selections is not None:
                        inner = below(visit, field)
                        told = told_by(inner)
                        self._told |= told
                        if len(told) == 1:
                            self._called[field.name] |= told
                        lower.append(inner)
            level = lower

    def _descend(self, level: Mapping[str, list[Visit]]) -> dict[str, list[Visit]]:
        """Take in the fields of each type on a level. The level below is what comes back."""
        lower: dict[str, list[Visit]] = defaultdict(list)
        for type_name in sorted(level):
            made = self._types.setdefault(type_name, Type())
            found: dict[str, list[tuple[Visit, Field]]] = defaultdict(list)
            for visit in level[type_name]:
                for condition, field in flat(visit):
                    if field.name == TYPENAME:
                        continue
                    if condition in made.members:
                        lower[condition].append(visit._replace(selections=(field,)))
                    else:
                        found[field.name].append((visit, field))
            for name in sorted(found):
                output = made.fields.setdefault(name, Output())
                inner = [below(visit, field) for visit, field in found[name]]
                for shape in {id(shape): shape for under in inner for shape in under.shapes}.values():
                    output.add(shape)
                for visit, field in found[name]:
                    output.uses += 1
                    for argument, value in field.arguments.items():
                        if NAME.fullmatch(argument):
                            output.arguments.setdefault(argument, Seen()).literals.append((value, visit.operation))
                selecting = [under for under in inner if under.selections]
                if selecting:
                    output.type = self._name(type_name, name, selecting)
                    lower[output.type] += selecting
        return lower

    def _name(self, parent: str, field: str, visits: list[Visit]) -> str:
        """The type of the objects of a field, the same whenever it is asked for."""
        known = self._names.get((parent, field))
        if known is None:
            told = {name for visit in visits for name in told_by(visit)}
            called = told or self._called[field]
            if len(called) == 1:
                known = self._free(min(called))
                self._types.setdefault(known, Type())
            else:
                is_connection = any(each.name in CONNECTED for visit in visits for _, each in flat(visit))
                known = self._guess(parent, field, "Connection" if is_connection else "")
                self._types.setdefault(known, Type()).members |= {self._free(name) for name in told} - {known}
                for name in self._types[known].members:
                    self._types.setdefault(name, Type())
            self._names[parent, field] = known
        return known

    def _guess(self, parent: str, field: str, suffix: str) -> str:
        """``User`` for ``users``, ``PostConnectionEdge`` for the ``edges`` of a ``PostConnection``."""
        name = (pascal(singular(field)) or "Object") + suffix
        if field in GENERIC and parent not in ROOTS.values():
            name = parent + name
        while name in self._told or name in ROOTS.values():
            name += "Type"
        return self._free(name)

    def _free(self, name: str) -> str:
        while name in BUILT_IN or name == ANY or name in self._inputs.known:
            name += "Type"
        return name

    def _share(self) -> None:
        """What an interface has, its types have: the very same fields."""
        for name in sorted(self._types):
            for member in sorted(self._implementing(name)):
                for field, output in sorted(self._types[name].fields.items()):
                    theirs = self._types[member].fields.get(field)
                    self._types[member].fields[field] = output
                    if theirs is not None and theirs is not output:
                        output.merge(theirs)
                        for other in self._types.values():
                            if other.fields.get(field) is theirs:
                                other.fields[field] = output

    def _implementing(self, name: str) -> set[str]:
        """The members of a type that are plain types of objects."""
        return {member for member in self._types[name].members if not self._types[member].members}

    def text(self) -> str:
        self._inputs.taken = set(self._types)
        implemented: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._types):
            if self._types[name].fields:
                for member in self._implementing(name):
                    implemented[member].append(name)
        made = {name: self._written(name, implemented[name]) for name in sorted(self._types)}
        made |= self._inputs.definitions()
        if any(ANY in text for text in made.values()):
            made[ANY] = f"scalar {ANY}"
        roots = [name for name in ROOTS.values() if name in made]
        return "\n\n".join(made[name] for name in [*roots, *sorted(made.keys() - roots)]) + "\n"

    def _written(self, name: str, interfaces: list[str]) -> str:
        type_ = self._types[name]
        members = self._implementing(name)
        if members and not type_.fields:
            return f"union {name} = {' | '.join(sorted(members))}"
        lines = [
            f"{field}{self._arguments(name, field, output)}: {output.written(field)}"
            for field, output in sorted(type_.fields.items())
        ]
        head = f"{'interface' if members else 'type'} {name}"
        if interfaces:
            head += f" implements {' & '.join(interfaces)}"
        return block(head, lines or ["_: Boolean"])

    def _arguments(self, type_name: str, field: str, output: Output) -> str:
        made = []
        for name, seen in sorted(output.arguments.items()):
            hint = ("" if type_name in ROOTS.values() else type_name) + pascal(field, name)
            written = self._inputs.type(hint, seen)
            if written == "String" and is_id(name) and not seen.is_declared:
                written = "ID"
            made.append(f"{name}: {written}{'!' if self._inputs.required(seen, output.uses) else ''}")
        return f"({', '.join(made)})" if made else ""


def size(document: Document, selections: Selections, depth: int, sizes: dict[str, int]) -> int:
    """How many fields there are where all fragments are put in their places; MOST_FIELDS where they are too many, too
    deep, or fragments of themselves. ``sizes`` remembers those of fragments."""
    total = 0 if depth < DEEPEST else MOST_FIELDS
    for selection in selections:
        if total >= MOST_FIELDS:
            return MOST_FIELDS
        if isinstance(selection, Spread):
            if selection.fragment not in sizes and selection.fragment in document.fragments:
                sizes[selection.fragment] = MOST_FIELDS  # until it is known
                inner = document.fragments[selection.fragment].selections
                sizes[selection.fragment] = size(document, inner, depth + 1, sizes)
            total += sizes.get(selection.fragment, 0)
        else:
            total += 1 + size(document, selection.selections or (), depth + 1, sizes)
    return min(total, MOST_FIELDS)


def flat(visit: Visit) -> Iterator[tuple[str, Field]]:
    """The fields of selections, each with the innermost condition that it stands under."""
    left = [("", selection) for selection in reversed(visit.selections)]
    while left:
        condition, selection = left.pop()
        if isinstance(selection, Field):
            if NAME.fullmatch(selection.name) or selection.name == TYPENAME:
                yield condition, selection
            continue
        if isinstance(selection, Spread):
            if selection.fragment not in visit.document.fragments:
                continue
            selection = visit.document.fragments[selection.fragment]
        left += [(selection.condition or condition, inner) for inner in reversed(selection.selections)]


def below(visit: Visit, field: Field) -> Visit:
    """What a field selects, with the shapes of its objects: those in its lists."""
    shapes = tuple(members_of(inside(visit.shapes)).get(field.key, ()))
    return visit._replace(selections=field.selections or (), shapes=shapes)


def inside(shapes: Iterable[Shape]) -> list[Shape]:
    """Shapes, and those of the elements of all their lists."""
    found = list(shapes)
    for shape in found:
        if shape.arrays is not None:
            found.append(shape.arrays.items)
    return found


def told_by(visit: Visit) -> set[str]:
    """The types of objects that ``__typename`` or the conditions of fragments tell."""
    told = set()
    members = members_of(inside(visit.shapes))
    for condition, field in flat(visit):
        told.add(condition)
        if field.name == TYPENAME:
            for shape in members.get(field.key, ()):
                told |= (shape.strings and shape.strings.values) or set()
    return set(filter(NAME.fullmatch, told))


def is_id(name: str) -> bool:
    return name == "id" or name.endswith(("Id", "_id"))
