"""What kind of objects those of a place are: variants, which a member tells apart; pages of lists. Maps are told in
mirror.openapi.maps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from mirror.openapi.choices import CHOICE
from mirror.openapi.known_errors import known_error
from mirror.openapi.merging import copy
from mirror.openapi.shape import Members, Objects, Shape
from mirror.openapi.strings import MIXED

WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,31}")
WORDS = "|"
OF_MODEL = "=="
"""Before the name of a model, in the place of a set of keys: objects that are of it (mirror.openapi.declared)."""
# What says which one a thing is, or where, not what it is.
NAMES = re.compile(
    r"(?:\w*_)?(?:names?|title|label|username|slug|text|message|description|code|city|country|currency|language|locale)",
    re.IGNORECASE,
)
WRAPPED = frozenset({"items", "results", "data", "records", "rows", "entries", "content", "list", "objects", "hits"})
"""Names under which lists put what they are a list of."""

ABOUT_PAGES = frozenset(
    """count total total_count page pages total_pages per_page page_size size limit offset next previous prev has_more
    has_next has_prev cursor next_cursor next_page prev_page meta links pagination""".split()
)
"""Members that say where in a list its page is."""

TAGS = tuple("type kind event object method action category shape variant mode op channel @type __typename".split())
"""Names of members that tell kinds of objects apart, those that do so most often first."""
KIND = re.compile(r"\w*_(?:type|kind|method|mode|variant)|\w*[a-z](?:Type|Kind|Method|Mode|Variant)")
"""Names that say what the kinds are those of: ``event_type``."""
OFTEN = 3
"""Objects with each word of a member that has no such name, before their kinds are told apart by it."""
OWN = 2
"""Members that objects with a word have and no others, before the name of a choice tells their kinds."""


def members_in(shape: Shape) -> Iterator[Shape]:
    """The members of the objects of a place, and of those in its lists."""
    for each in (shape, None if shape.arrays is None else shape.arrays.items):
        if each is not None and each.objects is not None:
            yield from (member for group in each.objects.groups() for member in group.members.values())
            yield from [] if each.objects.values is None else [each.objects.values]


def shapes_at(shape: Shape, steps: Sequence[str]) -> Iterator[Shape]:
    """What stands at the end of a pointer: members, and ``*`` for elements."""
    if not steps:
        yield shape
    elif steps[0] == "*" and shape.arrays is not None:
        yield from shapes_at(shape.arrays.items, steps[1:])
    else:
        for group in [] if shape.objects is None else shape.objects.groups():
            if steps[0] in group.members:
                yield from shapes_at(group.members[steps[0]], steps[1:])


class Tagged(NamedTuple):
    """Objects in groups, and the member whose value tells which group one is of. Without a ``name`` nothing does but
    what they have: then a model was found for each group, and ``models`` are their names."""

    name: str
    groups: list[Members]
    models: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How many values there are."""
        return sum(len(words_of(group, self.name)) for group in self.groups)

    @property
    def labels(self) -> list[str]:
        """The values of the member in each group, as one text; without a member the models."""
        return list(self.models) or [WORDS.join(words_of(group, self.name)) for group in self.groups]

    def label_of(self, group: Members) -> str:
        return next(label for each, label in zip(self.groups, self.labels, strict=True) if each is group)

    @property
    def always(self) -> frozenset[str]:
        """The members that all objects have."""
        return frozenset(
            name
            for name in self.groups[0].members
            if all(name in each.members and has_always(each, name) for each in self.groups)
        )

    def of_others(self, group: Members) -> set[str]:
        """The members that other groups have and this one has not."""
        return {name for each in self.groups for name in each.members}.difference(group.members)


def words_of(group: Members, tag: str) -> list[str]:
    strings = group.members[tag].strings
    return sorted((strings and strings.values) or ())


def variants(objects: Objects, maker: str) -> Tagged | None:
    """The groups of objects that a member tells apart and that have different members; None where there are none. Any
    word tells one odd object from the rest: a member with no name for kinds has to do so again and again. ``maker`` is
    who made them (request or response)."""
    if objects.variants is None or len(objects.variants) < 2:
        return None
    if all(key.startswith(OF_MODEL) for key in objects.variants):
        models = tuple(key.removeprefix(OF_MODEL) for key in objects.variants)
        return Tagged("", list(objects.variants.values()), models)
    known = known_error(objects.joined().members) if maker == "response" else None
    if known is not None and known.members:
        return None  # the framework says that these are one
    kept = [objects.variants[key] for key in sorted(objects.variants)]
    if objects.tag and all(objects.tag in each.members for each in kept):
        groups = grouped(kept, objects.tag)
        return Tagged(objects.tag, groups) if len(groups) > 1 else None
    shared = set.intersection(*(set(each.members) for each in kept))
    candidates = [
        name for name in shared if not NAMES.fullmatch(name) and all(is_tag(each.members[name]) for each in kept)
    ]
    found = []
    for name in candidates:
        groups = grouped(kept, name)
        if len(groups) < 2 or not all(apart(one, other) for one, other in combinations(groups, 2)):
            continue
        is_choice = CHOICE.fullmatch(name) is not None and all(has_own(group, groups, name) for group in groups)
        if rank(name) < len(TAGS) or is_choice or all(is_kept_to(group, name) for group in groups):
            found.append(Tagged(name, groups))
    # The one that is called so, else the one that tells them apart in the fewest words.
    return min(found, key=lambda each: (rank(each.name), each.words, each.name), default=None)


def rank(name: str) -> int:
    if name in TAGS:
        return TAGS.index(name)
    return TAGS.index("kind") if KIND.fullmatch(name) else len(TAGS)


def is_kept_to(group: Members, tag: str) -> bool:
    """Whether several different objects had the words of the tag. One that is sent or shown again is still the same."""
    others = (shape for name, shape in group.members.items() if name != tag)
    return group.count >= OFTEN * len(words_of(group, tag)) and any(map(differs, others))


def has_own(group: Members, groups: Iterable[Members], tag: str) -> bool:
    """Whether the objects of one word have always several members that no others ever have."""
    others = {name for each in groups if each is not group for name in each.members}
    own = [name for name in group.members.keys() - others if has_always(group, name)]
    return len(words_of(group, tag)) == 1 and len(own) >= OWN


def differs(shape: Shape) -> bool:
    """Whether values are known not to be all the same."""
    for seen in (shape.strings, shape.integers):
        if seen is not None and (seen.values is None or len(seen.values) > 1):
            return True
    if shape.arrays is not None and (shape.arrays.least < shape.arrays.most or differs(shape.arrays.items)):
        return True
    inner = [] if shape.objects is None else shape.objects.groups()
    return (
        len(shape.kinds) > 1 or len(inner) > 1 or any(differs(each) for one in inner for each in one.members.values())
    )


def is_tag(shape: Shape) -> bool:
    strings = shape.strings
    return (
        shape.kinds == {"string"}
        and strings is not None
        and strings.values is not None
        and strings.format == MIXED
        and all(map(WORD.fullmatch, strings.values))
    )


def grouped(kept: Iterable[Members], tag: str) -> list[Members]:
    """Those with a value of the tag in common, together."""
    groups: list[tuple[set[str], Members]] = []
    for each in kept:
        words = set(words_of(each, tag))
        whole = copy(each)
        apart = []
        for others, group in groups:
            if others & words:
                whole.merge(group)
                words |= others
            else:
                apart.append((others, group))
        groups = [*apart, (words, whole)]
    return [group for _, group in sorted(groups, key=lambda each: sorted(each[0]))]


def apart(one: Members, other: Members) -> bool:
    """Whether each has always a member that the other never has."""
    return any(has_always(one, name) for name in one.members.keys() - other.members.keys()) and any(
        has_always(other, name) for name in other.members.keys() - one.members.keys()
    )


def has_always(group: Members, name: str) -> bool:
    return group.members[name].count == group.count


def is_wrapper(whole: Members) -> bool:
    """Whether objects hold a list of others and say something about it: a page. An order has items, and is none."""
    if has_own_id(whole):
        return False
    lists = [
        name
        for name, shape in whole.members.items()
        if shape.arrays is not None and shape.arrays.items.objects is not None
    ]
    return not WRAPPED.isdisjoint(lists) or (len(lists) == 1 and whole.members.keys() - lists <= ABOUT_PAGES)


def has_own_id(members: Members) -> bool:
    """Whether objects say which ones they are."""
    return not members.members.keys().isdisjoint(("id", "_id", "uuid", "guid", "pk"))
