"""What requests that change a thing may have: what the request that makes one may have.

``PUT /orders/{id}`` puts another thing in the place of one, so it takes what ``POST /orders`` takes, where tests have
sent it some of that. ``PATCH /orders/{id}`` may take any of it and needs none: so do marshmallow (``partial=True``) and
Django REST framework, of which refusals tell that they are at work. Elsewhere a PATCH mostly has a model of its own,
with members that nobody may change left out; so does one that has refused a member of the POST as unknown.

What is added stands on no samples. A model knows better: where there is one for either request, nothing is added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from mirror.openapi.answered import error_bodies, reads_with_marshmallow, says
from mirror.openapi.components import Root
from mirror.openapi.evidence import Omission, Operation, Refusal
from mirror.openapi.groups import variants
from mirror.openapi.maps import map_values
from mirror.openapi.merging import copy
from mirror.openapi.sameness import alike
from mirror.openapi.schema import Schemas
from mirror.openapi.shape import Members, Shape
from mirror.openapi.unseen import with_members
from mirror.openapi.word import Word

DJANGO_REST = frozenset({"This field is required.", "This field may not be null.", "This field may not be blank."})
"""What Django REST framework says of members."""
UNKNOWN = frozenset({"Unknown field."})
"""What marshmallow says of members that a schema has not."""
NOTHING_MISSING = Omission("body", (), ())
UNSEEN = Word("optional")


def patches_in_part(operations: Mapping[str, Operation]) -> bool:
    """Whether what reads these requests has one schema for a thing, of which a PATCH may have any part."""
    return reads_with_marshmallow(operations) or any(says(each, DJANGO_REST) for each in error_bodies(operations))


def makers(key: str) -> Iterator[str]:
    """The operations that may make what one changes: ``POST /orders`` for ``PUT /orders/{id}``."""
    method, _, template = key.partition(" ")
    above, _, last = template.rstrip("/").rpartition("/")
    if method in ("PUT", "PATCH") and last.startswith("{") and last.endswith("}"):
        yield from (f"POST {above}", f"POST {above}/")


def refuses_some(operation: Operation, made: Root) -> bool:
    """Whether a member that the body ``made`` of the POST may have was refused as unknown: then what changes the thing
    has a schema of its own."""
    theirs = record_of(made)
    return theirs is not None and any(is_unknown(theirs.members, each) for each in error_bodies({"": operation}))


def is_unknown(names: Collection[str], errors: Shape) -> bool:
    """Whether errors say of one of the names that nobody knows it."""
    groups = [] if errors.objects is None else errors.objects.groups()
    return any(
        (name in names and member.objects is None and says(member, UNKNOWN)) or is_unknown(names, member)
        for group in groups
        for name, member in group.members.items()
    )


def with_made(root: Root, made: Root) -> Root:
    """A PUT's or a PATCH's body with what it may have besides, as the body ``made`` of the POST has it. Changes
    nothing; gives the same root where they are not about the same members."""
    mine, theirs = record_of(root), record_of(made)
    if mine is None or theirs is None or not alike(mine, theirs):
        return root
    if not mine.members or not mine.members.keys() <= theirs.members.keys():
        return root
    place = root.place
    if root.method == "PATCH":
        place = place._replace(omissions=(*place.omissions, NOTHING_MISSING))
    elif not required(made) <= {name for name, shape in mine.members.items() if shape.count == mine.count}:
        return root  # another thing than is made there, or only a part of it
    lacking = theirs.members.keys() - mine.members.keys()
    if not lacking:
        return root._replace(place=place)
    shape = with_members(root.shape, theirs)
    if root.method == "PATCH":
        assert shape.objects is not None
        whole = shape.objects.joined()
        for name in lacking:
            member, counted = whole.members[name], theirs.members[name].strings
            member.word = UNSEEN
            whole.ranks[name] = theirs.names.index(name)
            if member.strings is not None and counted is not None:
                member.strings.count = counted.count  # words that came again and again are choices here as there
    told = {at: copy(each) for at, each in made.place.refusals.items() if at.partition("/")[0] in lacking}
    for at, each in place.refusals.items():
        told.setdefault(at, Refusal()).merge(copy(each))
    return root._replace(shape=shape, place=place._replace(refusals=told, records={*place.records, ()}))


def record_of(root: Root) -> Members | None:
    """The members of the objects of a body; None where it is no object, a map, or one of several kinds."""
    objects = root.shape.objects
    if objects is None or root.shape.kinds != {"object"} or variants(objects, "request") is not None:
        return None
    return None if map_values(objects, "", root.place.is_record) is not None else objects.joined()


def required(root: Root) -> set[str]:
    assert root.shape.objects is not None
    return {*Schemas().object(root.shape.objects, root.place).get("required", ())}
