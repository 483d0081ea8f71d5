"""Whether what was seen at a place is what a model declares, or what one or another of several models does, whatever is
in it.

    covers(part, [("value",)], shape)

Of evidence of several models at once nobody can tell which value is of which. So it is asked what no model explains.
"""

from __future__ import annotations

from collections.abc import Sequence

from mirror.exchange import Declaration
from mirror.openapi.declared_parts import Part, Pointer, is_tagged, kinds_in
from mirror.openapi.shape import Arrays, Objects, Shape


def covers(part: Part, places: Sequence[Pointer], shape: Shape) -> bool:
    """Whether each value can be what is said of one of the places."""
    said = [(place, part.places[place]) for place in places if place in part.places]
    if len(said) < len(places) or any("anything" in each.kinds or not each.kinds for _, each in said):
        return True
    kinds = {kind for _, each in said for kind in kinds_in(each)}
    seen = {"number" if kind == "nonfinite" else kind for kind in shape.kinds}
    if not seen <= kinds | ({"integer"} if "number" in kinds else set()):
        return False
    if not chooses([each for _, each in said], shape):
        return False
    lists = [place for place, each in said if "array" in each.kinds]
    if shape.arrays is not None and lists and not covers_elements(part, lists, shape.arrays):
        return False
    whole = [part.origin(place) for place, each in said if "object" in kinds_in(each)]
    return shape.objects is None or not whole or covers_members(part, whole, shape.objects)


def chooses(said: Sequence[Declaration], shape: Shape) -> bool:
    """Whether each text and each whole number is one to choose, where all that may be one are chosen."""
    texts = shape.strings.values if shape.strings is not None else set()
    integers = shape.integers.values if shape.integers is not None else set()
    for values, kinds in ((texts, {"string"}), (integers, {"integer", "number"})):
        choosing = [each.choices for each in said if kinds.intersection(each.kinds)]
        if choosing and all(choosing):
            choices = {choice for each in choosing for choice in each}
            if values is None or not {*map(str, values)} <= choices:
                return False
    return True


def covers_elements(part: Part, lists: Sequence[Pointer], arrays: Arrays) -> bool:
    below = {place: part.below.get(place, []) for place in lists}
    if not all(below.values()):
        return True
    if not any("*" in steps for steps in below.values()):
        sizes = {*map(len, below.values())}
        if not min(sizes) <= arrays.least <= arrays.most <= max(sizes):
            return False
    return covers(part, [(*place, step) for place, steps in below.items() for step in steps], arrays.items)


def covers_members(part: Part, whole: Sequence[Pointer], objects: Objects) -> bool:
    below: dict[Pointer, list[str]] = {}
    for place in whole:
        steps = part.below.get(place, [])
        kinds = [part.origin((*place, step)) for step in steps] if is_tagged(steps) else [place]
        below |= {kind: part.below.get(kind, []) for kind in kinds}
    if not all(below.values()):
        return True
    members = {"*": objects.values} if objects.values is not None else objects.joined().members
    for name, member in members.items():
        places = [(*place, step) for place, steps in below.items() for step in (name, "*") if step in steps]
        if not places or not covers(part, places, member):
            return False
    return True
