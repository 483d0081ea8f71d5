"""A component to be: sites of objects that are the same, and the names that they get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from mirror.openapi.evidence import Omission, Refusal
from mirror.openapi.naming import ERROR, ERRORS
from mirror.openapi.shape import Objects

SENT = "Input"
"""What the name of a request's object ends with."""


class Group(msgspec.Struct):
    """Sites that are one component. ``names`` counts what they would be called, ``models`` what the framework says that
    they are; ``variant`` is the member that tells them apart from others at their places, and its values
    (``kind=card``). ``is_record``: at one of them it is known that they are no map."""

    objects: Objects
    refusals: dict[str, Refusal]
    omissions: list[Omission]
    maker: str
    method: str
    names: Counter[str]
    models: Counter[str]
    variant: str = ""
    name: str = ""
    is_record: bool = False


def name_groups(groups: Iterable[Group]) -> None:
    """Give each group the name that most of its sites would have, each name once. The framework's names go
    first, to responses before requests; one that several shapes should have goes to that with most sites."""
    taken: set[str] = set()
    order = sorted(groups, key=lambda group: (-group.names.total(), sorted(group.names)))
    for group in sorted(order, key=lambda group: (group.maker != "response", -group.models.total())):
        if group.models:
            suffixes = ("",) if group.maker == "response" else ("", SENT)
            group.name = free([name for name, _ in most_common(group.models)], suffixes, taken)
    for group in order:
        if group.name:
            continue
        wanted = [name for name, _ in most_common(told_by_several(group.names))]
        group.name = free(wanted, ("",) if group.maker == "response" else (SENT,), taken)


def told_by_several(names: Counter[str]) -> Counter[str]:
    """The names of a group, with one for all errors: what answers several statuses is called after none of them."""
    statuses = names.keys() & {ERROR, *ERRORS.values()}
    if len(statuses) < 2:
        return names
    found = Counter({name: number for name, number in names.items() if name not in statuses})
    found[ERROR] += sum(names[name] for name in statuses)
    return found


def most_common(names: Counter[str]) -> list[tuple[str, int]]:
    return sorted(names.items(), key=lambda each: (-each[1], each[0]))


def free(wanted: list[str], suffixes: tuple[str, ...], taken: set[str]) -> str:
    """The first of the names, with a suffix, that is not taken; else the first with a number. It is taken then."""
    names = [f"{name}{suffix}" for name in wanted for suffix in suffixes]
    name = next((name for name in names if name not in taken), "") or numbered(names[0], taken)
    taken.add(name)
    return name


def numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"
