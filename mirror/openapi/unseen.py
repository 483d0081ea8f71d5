"""Members that objects were never seen with, but others of their kind: added, they stand on no samples."""

from __future__ import annotations

from mirror.openapi.merging import copy
from mirror.openapi.shape import Members, Objects, Shape


def with_members(shape: Shape, others: Members) -> Shape:
    """Objects with the members of others that they lack, which none of them has had. Changes nothing; where only the
    values of members are kept, there is nothing to add."""
    told = copy(shape)
    whole = None if told.objects is None else told.objects.join()
    for name in others.members.keys() - whole.members.keys() if whole is not None else ():
        assert whole is not None
        whole.members[name] = uncounted(copy(others.members[name]))
        whole.ranks[name] = 0
    return told


def uncounted(shape: Shape) -> Shape:
    """The same shape of no values. What it is merged with is then of the same kinds, and no more often seen."""
    shape.count = 0
    if shape.strings is not None:
        shape.strings.count = 0
    if shape.arrays is not None:
        shape.arrays.count = 0
        for each in (shape.arrays.items, *(shape.arrays.positions or ())):
            uncounted(each)
    if shape.objects is not None:
        uncount(shape.objects)
    return shape


def uncount(objects: Objects) -> None:
    objects.count = 0
    for group in objects.groups():
        group.count, group.ranks = 0, dict.fromkeys(group.ranks, 0)
        for member in group.members.values():
            uncounted(member)
    if objects.values is not None:
        uncounted(objects.values)
