"""Whether two places in paths do the same: judged by what was answered there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mirror.openapi.branches import Leaf, Node
from mirror.openapi.shape import Shape

Answered = frozenset[str]
"""What an accepted answer was like: its kind, and the names of its members and of theirs (``[]`` for elements)."""

DEEPEST = 3


class Profile(NamedTuple):
    """What a place answers, by method, and what the places with literal names below it do."""

    answers: Mapping[str, Mapping[str, Answered]]
    below: Mapping[str, Profile]


def profile(node: Node) -> Profile:
    return Profile(
        {method: answers(leaf) for method, leaf in node.leaves.items()},
        {name: profile(child) for name, child in {**(node.words or {}), **node.fixed}.items()},
    )


def answers(leaf: Leaf) -> dict[str, Answered]:
    """What the accepted answers were like, by status and media type."""
    found: dict[str, Answered] = {}
    for status, answer in leaf.operation.answers.items():
        if status < 400:
            found[str(status)] = frozenset()
            for media, content in answer.contents.items():
                found[f"{status} {media}"] = frozenset(members(content.shape))
    return found


def members(shape: Shape, where: str = "", depth: int = 0) -> Iterator[str]:
    if not depth:
        yield from shape.kinds - {"null"}
    if depth < DEEPEST and shape.objects is not None:
        for group in shape.objects.groups():
            for name, member in group.members.items():
                yield f"{where}/{name}"
                yield from members(member, f"{where}/{name}", depth + 1)
    if depth < DEEPEST and shape.arrays is not None:
        yield f"{where}[]"
        yield from members(shape.arrays.items, f"{where}[]", depth + 1)


def are_alike(one: Profile, other: Profile) -> bool:
    """Whether both do the same: a method in common that answers the same, or else something below them that does."""
    for method in one.answers.keys() & other.answers.keys():
        verdict = compared(one.answers[method], other.answers[method])
        if verdict is not None:
            return verdict
    return any(are_alike(one.below[name], other.below[name]) for name in one.below.keys() & other.below.keys())


def compared(one: Mapping[str, Answered], other: Mapping[str, Answered]) -> bool | None:
    """None where there is too little to compare: answers with less than two members say nothing."""
    shared = one.keys() & other.keys()
    if one and other and not shared:
        return False
    if not all(overlap(one[each], other[each]) for each in shared):
        return False
    return True if any(len(one[each]) > 2 for each in shared) else None


def overlap(one: Answered, other: Answered) -> bool:
    return one == other or len(one & other) * 4 >= len(one | other) * 3
