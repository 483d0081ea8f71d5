"""Whether objects that were seen in different places are of one kind."""

from __future__ import annotations

from collections.abc import Collection

from mirror.openapi.groups import WORDS
from mirror.openapi.maps import kinds_of
from mirror.openapi.shape import Members, Objects, Shape


def is_part(small: Objects, large: Objects, told: bool = False) -> bool:
    """Whether objects can be of the kind of others: what these always have they have, and of what they lack these have
    been seen without, or, ``told``, may be without as their model says."""
    mine, whole = small.joined(), large.joined()
    lacking = whole.members.keys() - mine.members.keys()
    return (
        len(lacking) > 0
        and len(lacking) <= len(mine.members)
        and mine.members.keys() <= whole.members.keys()
        and all(may_lack(whole, name, told) for name in lacking)
        and alike(mine, whole)
    )


def may_lack(whole: Members, name: str, told: bool) -> bool:
    """Whether objects may be without a member: one was, or, ``told``, their model says so."""
    member = whole.members[name]
    return member.count < whole.count or (told and member.word is not None and member.word.presence == "optional")


def is_whole(one: Objects, other: Objects) -> bool:
    """Whether objects have the same members as others, or can be of their kind."""
    mine, theirs = one.joined(), other.joined()
    return is_part(one, other) or (mine.members.keys() == theirs.members.keys() and alike(mine, theirs))


def has_tag(objects: Objects, variant: str) -> bool:
    """Whether all objects have one of the values of a variant (``kind=card``) under its name."""
    tag, _, label = variant.partition("=")
    whole = objects.joined()
    shape = whole.members.get(tag)
    if shape is None or shape.count < whole.count or shape.strings is None or shape.kinds != {"string"}:
        return False
    return bool(shape.strings.values) and set(shape.strings.values or ()) <= set(label.split(WORDS))


def alike(one: Members, other: Members, but: Collection[str] = ()) -> bool:
    """Whether objects with the same members have values of kinds that go together; ``but`` are not looked at."""
    mine, theirs = one.members, other.members
    return all(go_together(mine[name], theirs[name]) for name in mine.keys() & theirs.keys() if name not in but)


def go_together(one: Shape, other: Shape) -> bool:
    if one.word is not None and other.word is not None and not one.word.agrees(other.word):
        return False  # of two models, or of one that is asked for in part
    mine, theirs = kinds_of(one), kinds_of(other)
    if mine and theirs and mine.isdisjoint(theirs):
        return False
    if not hold_alike(one, other):
        return False
    if one.strings is not None and other.strings is not None:
        formats = {one.strings.format, other.strings.format} - {None}
        return len(formats) < 2 or not formats & {"uuid"}
    return True


def hold_alike(one: Shape, other: Shape) -> bool:
    """Whether the lists of two places can be of the same things: a page of authors is no page of books. (A list that
    was always empty can be of anything.)"""
    if one.arrays is None or other.arrays is None:
        return True
    mine, theirs = one.arrays.items.objects, other.arrays.items.objects
    if mine is None or theirs is None or mine.values is not None or theirs.values is not None:
        return True
    return overlap(mine.names, theirs.names)


def overlap(names: frozenset[str], others: frozenset[str]) -> bool:
    """Whether more than half of all names are those of both; none go with any."""
    return not names or not others or 2 * len(names & others) > len(names | others)
