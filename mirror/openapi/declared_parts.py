"""What the models of a framework declare (see mirror.exchange.Declaration), by the parts of operations and by places.

parts = declared_of(service.known, operations)["POST /orders"]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from mirror.exchange import Declaration, KnownRoute
from mirror.openapi.naming import blank, component_name
from mirror.openapi.notes import docs_of
from mirror.openapi.one_path import keys_by_path, renaming
from mirror.openapi.paths import template_of

Pointer = tuple[str, ...]


class Part:
    """What is declared of a part of an operation, by the places in it: header fields by their names in small letters,
    which ``spelled`` has as they are declared."""

    def __init__(self, declarations: Iterable[Declaration] = ()) -> None:
        self.places: dict[Pointer, Declaration] = {}
        self.below: dict[Pointer, list[str]] = {}
        self.spelled: dict[str, str] = {}
        for each in declarations:
            pointer = tuple(each.pointer.split("/")) if each.pointer else ()
            if each.part == "header" and pointer:
                name = pointer[0].lower()
                self.spelled.setdefault(name, pointer[0])
                pointer = (name, *pointer[1:])
            if pointer not in self.places:
                self.places[pointer] = each
                if pointer:
                    self.below.setdefault(pointer[:-1], []).append(pointer[-1])

    def origin(self, source: Pointer) -> Pointer:
        """Where the members are said of what a place has: of a tree within itself, above."""
        said = self.places[source]
        if said.model and "object" in said.kinds and source not in self.below:
            for length in reversed(range(len(source))):
                above = source[:length]
                if above in self.below and self.places[above].model == said.model:
                    return above
        return source

    def members(self, source: Pointer) -> set[str]:
        """The names of the members that are said of what a place has."""
        return set(self.below.get(self.origin(source), ()))


NOTHING = Part()


def declared_of(known: Iterable[KnownRoute], operations: Iterable[str]) -> dict[str, dict[str, Part]]:
    """The parts by operation, of those that are named (``POST /orders``). Where two routes are one operation, the first
    in order that says something of a part."""
    found: dict[str, dict[str, Part]] = {}
    keys = keys_by_path(operations)
    for route in sorted(known):
        path = template_of(route.template).path
        key = keys.get((route.method, blank(path)))
        if key is None:
            continue
        names = renaming(path, key.partition(" ")[2])
        parts: dict[str, list[Declaration]] = {}
        for each in route.declared:
            if each.part == "path":
                each = msgspec.structs.replace(each, pointer=names.get(each.pointer, each.pointer))
            parts.setdefault(each.part, []).append(each)
        said = found.setdefault(key, {})
        for name, declarations in parts.items():
            said.setdefault(name, Part(declarations))
    return found


def secured(parts: Mapping[str, Part]) -> dict[str, Declaration]:
    """The credentials that an operation is declared to ask for."""
    return {"/".join(pointer): each for pointer, each in parts["security"].places.items() if pointer}


def docs_in(parts: Iterable[Part]) -> dict[str, str]:
    """The docstrings of models, by the names of their components."""
    every = (each for part in parts for each in part.places.values() if each.model)
    return docs_of((component_name(each.model), dict(each.notes)) for each in every)


def kinds_in(said: Declaration) -> set[str]:
    """The kinds that shapes have of what is declared."""
    return {"object" if kind == "map" else kind for kind in said.kinds}


def is_tagged(below: Sequence[str]) -> bool:
    return bool(below) and below[0].startswith("=")
