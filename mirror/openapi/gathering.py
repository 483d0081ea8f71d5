"""Groups of objects that are brought to others once all are known, and where the objects of each stand."""

from __future__ import annotations

from collections.abc import Mapping

from mirror.openapi.evidence import Refusal
from mirror.openapi.group import Group
from mirror.openapi.groups import variants
from mirror.openapi.maps import map_values
from mirror.openapi.merging import copy
from mirror.openapi.sameness import alike, has_tag, is_part, is_whole, overlap

MOST_NAMESAKES = 50
"""Groups that would have one name and are looked at for being one."""
TAGGED = -2
"""In the place of a group: of several kinds, which a member tells apart. (-1: written where they stand.)"""

Pointer = tuple[str, ...]
Site = tuple[int, Pointer]
"""Where something stands: a number (groups upwards from 0, bodies downwards from -1), and the way from there."""


class Gathering:
    """Groups by number; ``links`` are those that stand at a place, ``labels`` the kinds of objects that a member tells
    apart there, ``judged`` whether its objects are maps. ``homes`` are the places where a group stands, in whatever
    is next above it."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.links: dict[Site, set[int]] = {}
        self.labels: dict[Site, set[str]] = {}
        self.judged: dict[Site, set[bool]] = {}
        self.homes: dict[int, set[Site]] = {}

    def unite(self) -> None:
        """Bring together objects that stand at one place of a component and nowhere else, whichever of their members
        they have: what each of several bodies has shown is a part of the same."""
        while into := self._united():
            for number, target in into.items():
                self._merge(number, target)
            self._remap(into)

    def _united(self) -> dict[int, int]:
        by_home: dict[Site, list[int]] = {}
        for number, homes in self.homes.items():
            if len(homes) == 1:
                by_home.setdefault(next(iter(homes)), []).append(number)
        into: dict[int, int] = {}
        for home, numbers in sorted(by_home.items()):
            # Groups come before bodies: what a body is in several bodies is nobody's place.
            if home[0] < 0 or len(numbers) < 2 or self.links[home] != set(numbers) or self.judged.get(home) != {False}:
                continue
            largest = max(numbers, key=lambda number: (len(self.groups[number].joined().members), -number))
            others = [number for number in numbers if number != largest]
            if self._are_one(largest, others, home[1]):
                into |= dict.fromkeys(others, largest)
        return into

    def _are_one(self, largest: int, others: list[int], pointer: Pointer) -> bool:
        whole = self.groups[largest]
        groups = [self.groups[number] for number in others]
        if any(
            told_apart(whole, each) or each.variant or (whole.method, whole.maker) != (each.method, each.maker)
            for each in groups
        ):
            return False
        objects = copy(whole.objects)
        for each in groups:
            mine, most = each.joined(), whole.joined()
            names = frozenset(mine.members)
            if not (names <= most.members.keys() or overlap(names, frozenset(most.members))):
                return False
            if not alike(objects.joined(), mine):
                return False
            objects.merge(copy(each.objects))
        name = "" if pointer[-1] == "*" else pointer[-1]
        is_record = any(each.is_record for each in (whole, *groups))
        return variants(objects, whole.maker) is None and map_values(objects, name, is_record) is None

    def adopt(self) -> None:
        """Bring objects from a place where no others were seen to those of their kind, where the same place elsewhere
        has several kinds that a member tells apart."""
        into: dict[int, int] = {}
        for (owner, pointer), labels in sorted(self.labels.items()):
            for number in sorted(self.links[owner, pointer] - into.keys()):
                fitting = {
                    target
                    for label in sorted(labels)
                    for target in self.links[owner, (*pointer, f"={label}")]
                    if number >= 0 and has_tag(self.groups[number].objects, label)
                }
                if len(fitting) == 1 and number not in fitting and not self.groups[number].variant:
                    into[number] = fitting.pop()
                    self.groups[number].narrow(self.groups[into[number]], self._members_at(owner, pointer))
                    self._merge(number, into[number])
        if into:
            self._remap(into)

    def _members_at(self, owner: int, pointer: Pointer) -> set[str]:
        """The members of all the kinds of objects that stand at a place."""
        numbers = {
            number for label in self.labels[owner, pointer] for number in self.links[owner, (*pointer, f"={label}")]
        }
        return {name for number in numbers for name in self.groups[number].joined().members}

    def _merge(self, number: int, target: int) -> None:
        group, into = self.groups[number], self.groups[target]
        into.merge(copy(group.objects))
        for key, refusal in group.refusals.items():
            into.refusals.setdefault(key, Refusal()).merge(copy(refusal))
        into.omissions += group.omissions
        into.is_record |= group.is_record
        into.is_inner &= group.is_inner
        into.always |= group.always
        if into.variant == group.variant:
            into.names.update(group.names)
            into.models.update(group.models)

    def fold(self) -> None:
        """Bring what looks like another kind of objects with optional members left out to those: applications that
        leave out what is not set show the whole only now and then."""
        into: dict[int, int] = {}
        # Of those that have equally many members, objects of a PATCH go first: they may be brought to others.
        keys = [(len(group.joined().members), group.method == "") for group in self.groups]
        order = [number for number in sorted(range(len(keys)), key=keys.__getitem__) if keys[number][0]]
        named: dict[str, list[int]] = {}
        for number in order:
            for name in self.groups[number].names:
                named.setdefault(name, []).append(number)
        # A name that stands for everything says nothing, and each is compared with each.
        named = {name: numbers for name, numbers in named.items() if len(numbers) <= MOST_NAMESAKES}
        rank = {number: place for place, number in enumerate(order)}
        for number in order:
            group = self.groups[number]
            others = {other for name in group.names for other in named.get(name, ()) if rank[other] > rank[number]}
            fitting = [
                other for other in sorted(others, key=rank.__getitem__) if self._is_part(group, self.groups[other])
            ]
            if fitting:
                self._merge(number, fitting[-1])
                into[number] = fitting[-1]
        if into:
            self._remap(into)

    def _is_part(self, group: Group, other: Group) -> bool:
        if told_apart(group, other) or (group.maker, group.variant) != (other.maker, other.variant):
            return False
        if group.models and not other.models:
            return False  # a model says all that it has: what has more is something else
        if group.method == other.method:
            # What is of a model itself may be less of it on purpose.
            return is_part(group.objects, other.objects, told=not group.models)
        # A PATCH leaves out members of a thing. What it has for one of those is mostly as whole as elsewhere.
        return group.method != "" and group.is_inner and other.is_inner and is_whole(group.objects, other.objects)

    def _remap(self, into: Mapping[int, int]) -> None:
        """Let other groups stand for some."""

        def final(number: int) -> int:
            while number in into:
                number = into[number]
            return number

        kept = [number for number in range(len(self.groups)) if number not in into]
        place = {number: at for at, number in enumerate(kept)}
        new = {number: place[final(number)] for number in range(len(self.groups))}
        self.groups = [self.groups[number] for number in kept]
        links: dict[tuple[int, Pointer], set[int]] = {}
        labels: dict[tuple[int, Pointer], set[str]] = {}
        judged: dict[tuple[int, Pointer], set[bool]] = {}
        for (owner, pointer), groups in self.links.items():
            key = (new.get(owner, owner), pointer)
            links.setdefault(key, set()).update(new.get(number, number) for number in groups)
            labels.setdefault(key, set()).update(self.labels.get((owner, pointer), ()))
            judged.setdefault(key, set()).update(self.judged.get((owner, pointer), ()))
        homes: dict[int, set[Site]] = {}
        for number, sites in self.homes.items():
            homes.setdefault(new[number], set()).update((new.get(owner, owner), pointer) for owner, pointer in sites)
        self.links, self.labels, self.judged, self.homes = links, labels, judged, homes


def told_apart(one: Group, other: Group) -> bool:
    """Whether the framework says of each what it is, and something else of each."""
    return bool(one.models and other.models and one.models.keys().isdisjoint(other.models))
