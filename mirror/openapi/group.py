"""A component to be: sites of objects that are the same, and the names that they get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec

from mirror.openapi.evidence import Omission, Refusal
from mirror.openapi.groups import shapes_at
from mirror.openapi.naming import MYSELF, USER, pascal, words
from mirror.openapi.place import Place, is_of
from mirror.openapi.sameness import alike, overlap
from mirror.openapi.shape import Members, Objects, Shape

Schema = dict[str, Any]

SENT = "Input"
"""What the name of a request's object ends with."""


class Group(msgspec.Struct):
    """Sites that are one component. ``names`` counts what they would be called, ``models`` what the framework says that
    they are; ``variant`` is the member that tells them apart from others at their places, and its values
    (``kind=card``), and ``always`` the members that all objects at one of those have had. ``is_record``: at one of them
    it is known that they are no map. ``is_inner``: at all of them they are a member's value beside others."""

    objects: Objects
    refusals: dict[str, Refusal]
    omissions: list[Omission]
    maker: str
    method: str
    names: Counter[str]
    models: Counter[str]
    variant: str = ""
    always: frozenset[str] = frozenset()
    name: str = ""
    is_record: bool = False
    is_inner: bool = False
    whole: Members | None = None
    held: dict[str, frozenset[str]] = {}

    def merge(self, objects: Objects) -> None:
        """Take objects in; they may not be used any more."""
        self.objects.merge(objects)
        self.whole = None

    def narrow(self, kind: Group, names: Collection[str]) -> None:
        """Forget what was said of other kinds of objects than one; ``names`` are the members of all kinds (see
        mirror.openapi.place)."""
        whole = kind.joined()
        known = whole.members.keys()
        self.refusals = {
            key: told
            for key, told in self.refusals.items()
            if (name := key.partition("/")[0]) in known or name not in names
        }
        self.omissions = [each for each in self.omissions if is_of(each, whole, kind.variant.partition("=")[0])]

    def described(self, made: Schema, docs: Mapping[str, str]) -> Schema:
        """Its schema with what the framework's model says of itself, where all that it is said to be say the same."""
        told = {docs.get(model, "") for model in self.models}
        return {"type": made["type"], "description": min(told), **made} if len(told) == 1 and any(told) else made

    def joined(self) -> Members:
        """All objects together, as they are now."""
        if self.whole is None:
            self.whole = self.objects.joined()
            self.held = held_by(self.whole)
        return self.whole

    def is_like(self, whole: Members, held: dict[str, frozenset[str]], told: Collection[str] = ()) -> bool:
        """Whether objects are of this group; ``held`` is what ``held_by`` says of them, and ``told`` are members of
        which somebody else says what they are. Lists of other things are seen first: where all operations answer in
        envelopes of one form, each is compared with each."""
        mine = self.joined()
        for name, names in held.items():
            others = self.held.get(name)
            if others and not overlap(names, others):
                return False
        return alike(mine, whole, told)


def held_by(whole: Members) -> dict[str, frozenset[str]]:
    """For each member with lists of objects what these have."""
    lists = {name: shape.arrays.items.objects for name, shape in whole.members.items() if shape.arrays is not None}
    return {name: objects.names for name, objects in lists.items() if objects is not None and objects.names}


def is_inner(body: Shape, method: str, place: Place) -> bool:
    """Whether objects of a request are the value of a member beside others: neither what the body is about, nor in an
    envelope. A PATCH that has a single member may have left the others out."""
    names = [at for at, step in enumerate(place.pointer) if step != "*"]
    if place.maker != "request" or not names:
        return False
    above = shapes_at(body, place.pointer[: names[-1]])
    return method == "PATCH" or any(each.objects is not None and len(each.objects.names) > 1 for each in above)


def name_groups(groups: Iterable[Group]) -> None:
    """Give each group the name that most of its sites would have, each name once. The framework's names go
    first, to responses before requests; one that several shapes should have goes to that which has all that another
    has and more, else to that with most sites."""
    taken: dict[str, int] = {}
    answered: set[str] = set()
    order = sorted(groups, key=lambda group: (-group.names.total(), sorted(group.names)))
    reduced = parts_of_models(order)

    def rank(group: Group) -> tuple[bool, bool, int]:
        return group.maker != "response", id(group) in reduced, -group.models.total()

    for group in sorted(order, key=rank):
        if group.models:
            wanted = [name for name, _ in most_common(group.models)]
            if group.maker != "response":  # one that another request has gets a number
                wanted = [f"{name}{SENT}" if name in answered else name for name in wanted]
            group.name = free(wanted, ("",), taken)
            answered |= {group.name} if group.maker == "response" else set()
    for group in order:
        if group.name:
            continue
        named = [name for name, _ in most_common(group.names)]
        if any(map(is_mine, named)):  # who asks is a user
            named.sort(key=lambda name: not name.startswith(pascal(USER)))
        group.name = free(named, ("",) if group.maker == "response" else (SENT,), taken)


def parts_of_models(groups: Iterable[Group]) -> set[int]:
    """The ids of those of which another one of the same model has all members and more: a schema that is asked for in
    part (``only``, ``exclude``)."""
    by_model: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        for model in group.models:
            by_model.setdefault((group.maker, model), []).append(group)
    found = set()
    for kept in by_model.values():
        names = [group.joined().members.keys() for group in kept]
        whole = max(names, key=len)
        found |= {id(group) for group, mine in zip(kept, names, strict=True) if mine < whole}
    return found


def is_mine(name: str) -> bool:
    """Whether a name says no more than that it is that of whoever asks."""
    return not MYSELF.isdisjoint(word.lower() for word in words(name)[:1])


def most_common(names: Counter[str]) -> list[tuple[str, int]]:
    return sorted(names.items(), key=lambda each: (-each[1], each[0]))


def free(wanted: list[str], suffixes: tuple[str, ...], taken: dict[str, int]) -> str:
    """The first of the names, with a suffix, that is not taken; else the first with a number. It is taken then:
    ``taken`` has for each name the number from which on others may be free."""
    names = [f"{name}{suffix}" for name in wanted for suffix in suffixes]
    name = next((name for name in names if name not in taken), "") or numbered(names[0], taken)
    taken[name] = 2
    return name


def numbered(name: str, taken: dict[str, int]) -> str:
    number = taken.get(name, 2)
    while f"{name}{number}" in taken:
        number += 1
    taken[name] = number + 1
    return f"{name}{number}"
