"""What a framework's model says of the values of a place: no evidence, but who made the place said it."""

from __future__ import annotations

from typing import Literal

import msgspec

PLAIN = ""
"""The format of strings that may be any."""


class Word(msgspec.Struct, frozen=True, omit_defaults=True):
    """``presence`` is that of a member; ``format`` and ``choices`` are those of strings, None where nothing is said of
    strings or where any may stand there; ``integers`` are those to choose from. ``anything``: any value may stand
    there, whatever was seen; ``positions``: each position of a list is of a kind of its own. ``notes`` are what is said
    beside (limits, too), and ``checked`` how many values the framework has held against them. See
    mirror.exchange.Declaration."""

    presence: Literal["", "required", "optional"] = ""
    format: str | None = None
    choices: tuple[str, ...] | None = None
    integers: frozenset[int] = frozenset()
    anything: bool = False
    positions: bool = False
    notes: tuple[tuple[str, str], ...] = ()
    checked: int = 0

    def agrees(self, other: Word) -> bool:
        """Whether both say the same of the values, whatever is said of it beside."""
        if self == other:
            return True
        mine, theirs = (
            msgspec.structs.replace(each, notes=(), checked=0, choices=None if each.choices is None else ordered(each))
            for each in (self, other)
        )
        return mine == theirs


def agreed(one: Word | None, other: Word | None) -> Word | None:
    """What both say; where they differ, the wider of it."""
    if one is None or other is None:
        return one or other
    notes = one.notes if one.notes == other.notes else tuple(sorted({*one.notes} & {*other.notes}))
    checked = one.checked + other.checked
    if one.agrees(other):
        choices = one.choices if one.choices == other.choices else ordered(one)
        return msgspec.structs.replace(one, choices=choices, notes=notes, checked=checked)
    presence = "optional" if "optional" in (one.presence, other.presence) else one.presence or other.presence
    integers = one.integers | other.integers if one.integers and other.integers else frozenset()
    said = other if one.format is None else one
    form, choices = said.format, said.choices
    if one.format is not None and other.format is not None:
        form = one.format if one.format == other.format else PLAIN
        choices = None if one.choices is None or other.choices is None else ordered(one, other)
    anything, positions = one.anything or other.anything, one.positions and other.positions
    return Word(presence, form, choices, integers, anything, positions, notes, checked)


def ordered(*words: Word) -> tuple[str, ...]:
    """All choices, sorted: what several say has no order of its own."""
    return tuple(sorted({choice for each in words for choice in each.choices or ()}))
