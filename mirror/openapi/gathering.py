"""Groups of objects that are brought to others once all are known, and where the objects of each stand."""

from __future__ import annotations

from collections.abc import Mapping

from mirror.openapi.evidence import Refusal
from mirror.openapi.group import Group
from mirror.openapi.merging import copy
from mirror.openapi.sameness import has_tag, is_part, is_whole

MOST_NAMESAKES = 50
"""Groups that would have one name and are looked at for being one."""
TAGGED = -2
"""In the place of a group: of several kinds, which a member tells apart. (-1: written where they stand.)"""

Pointer = tuple[str, ...]
Site = tuple[int, Pointer]
"""Where something stands: a number (groups upwards from 0, bodies downwards from -1), and the way from there."""


class Gathering:
    """Groups by number; ``links`` are those that stand at a place, ``labels`` the kinds of objects that a member tells
    apart there, ``judged`` whether its objects are maps."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.links: dict[Site, set[int]] = {}
        self.labels: dict[Site, set[str]] = {}
        self.judged: dict[Site, set[bool]] = {}

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
        leave out what is not set show the whole only now and then. Groups that went away stay as empty places."""
        into: dict[int, int] = {}
        # Of those that have equally many members, objects of a PATCH go first: they may be brought to others.
        keys = [(len(group.joined().members), group.method == "") for group in self.groups]
        order = sorted(range(len(keys)), key=keys.__getitem__)
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
        told_apart = group.models and other.models and group.models.keys().isdisjoint(other.models)
        if told_apart or (group.maker, group.variant) != (other.maker, other.variant):
            return False
        if group.method == other.method:
            return is_part(group.objects, other.objects)
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
        self.links, self.labels, self.judged = links, labels, judged
