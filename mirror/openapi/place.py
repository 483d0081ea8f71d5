"""Where a schema is made for, and what validation errors said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from mirror.openapi.evidence import Omission, Refusal
from mirror.openapi.groups import WORDS, Tagged
from mirror.openapi.merging import copy
from mirror.openapi.shape import Members


class Place(NamedTuple):
    """Where a schema is made for. ``maker`` is ``request`` or ``response``; ``pointer`` the names down to it (``*`` for
    elements and for the values of maps) from its ``owner``, a body or a component; ``refusals`` what validation errors
    said, by pointers from there, and ``omissions`` what might be missing. ``records`` are the places whose objects are
    known to have members of their own, so that they are no maps; ``always`` the members that all objects here have had,
    those of other kinds as well."""

    maker: str
    pointer: tuple[str, ...] = ()
    refusals: Mapping[str, Refusal] = {}
    omissions: Sequence[Omission] = ()
    owner: int = 0
    records: Collection[tuple[str, ...]] = frozenset()
    always: frozenset[str] = frozenset()

    def at(self, *names: str) -> Place:
        return self._replace(pointer=(*self.pointer, *names), always=frozenset())

    @property
    def name(self) -> str:
        """The name of the member, or of the one that holds the list."""
        return next((name for name in reversed(self.pointer) if name != "*"), "")

    @property
    def own_name(self) -> str:
        """The name of the member; empty for elements and the values of maps."""
        return self.pointer[-1] if self.pointer and self.pointer[-1] != "*" else ""

    @property
    def is_record(self) -> bool:
        """Whether the objects are known to be no map."""
        return self.pointer in self.records

    def omitted(self) -> list[Omission]:
        """What might be missing of the objects here."""
        here = f"body {'/'.join(self.pointer)}".strip()
        return [each for each in self.omissions if each.place == here]

    def of_kind(self, tagged: Tagged, group: Members) -> Place:
        """The place of one of the kinds of objects here. What is wrong with a member that only others have, and what is
        missing where there is more than this one has, was said of those. What was said of this kind alone
        (``=mode=a/x``, see mirror.openapi.refusals) is said of its members."""
        prefix = "".join(f"{step}/" for step in self.pointer)
        label = tagged.label_of(group)
        others = tagged.of_others(group)
        own = [f"{prefix}={tagged.name}={word}/" for word in label.split(WORDS)]
        refusals = {
            key: told
            for key, told in self.refusals.items()
            if not key.startswith(prefix) or key.removeprefix(prefix).partition("/")[0] not in others
        }
        for step in own:
            for key in [key for key in self.refusals if key.startswith(step)]:
                name = prefix + key.removeprefix(step)
                refusals[name] = copy(refusals.get(name, Refusal()))
                refusals[name].merge(self.refusals[key])
        of_others = {each for each in self.omitted() if not is_of(each, group, tagged.name)}
        omissions = [each for each in self.omissions if each not in of_others]
        here = (*self.pointer, f"={tagged.name}={label}")
        records = {*self.records, *below_all(self.records, here)}
        return self._replace(refusals=refusals, omissions=omissions, records=records, always=tagged.always)

    @property
    def refusal(self) -> Refusal | None:
        return self.refusals.get("/".join(self.pointer))


def below_all(pointers: Iterable[tuple[str, ...]], kind: tuple[str, ...]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The pointers of what is below one of the kinds of objects at a place (``=mode=a`` at its end), by those of the
    same below all of them."""
    depth = len(kind)
    found = [pointer for pointer in pointers if len(pointer) > depth and pointer[:depth] == kind]
    return {(*kind[:-1], *pointer[depth:]): pointer for pointer in found}


def is_of(omission: Omission, kind: Members, tag: str) -> bool:
    """Whether a refusal that listed what is missing can have been about one of these objects, known by its ``tag``."""
    known = kind.members.keys() >= {*omission.present, *omission.missing}
    return known and tag in omission.present and tag not in omission.unfit
