"""What a look at a framework's model gives: what it says of the values at its place, and the models inside it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, Literal, NamedTuple

from mirror.adapters.notes import Notes


class Member(NamedTuple):
    """A member of objects, or ``*`` for those of lists and maps."""

    name: str
    model: Any
    presence: Literal["", "required", "optional"] = ""
    notes: Notes = ()


class Seen(NamedTuple):
    """See mirror.exchange.Declaration; ``name`` is that of the model."""

    kinds: frozenset[str] = frozenset()
    name: str = ""
    format: str = ""
    choices: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    notes: Notes = ()


ANYTHING = Seen(frozenset({"anything"}))
"""Any value may stand there. (Of what says nothing, nobody knows what may.)"""


def as_choices(values: Iterable[Any]) -> tuple[str, ...]:
    """Values to choose from, as choices: of strings and others the strings, of integers their digits."""
    values = list(values)
    texts = tuple(str.__str__(each) for each in values if isinstance(each, str))
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in values)
    return texts or (tuple(int.__repr__(each) for each in values) if whole else ())


def either(choices: list[Seen | None]) -> Seen | None:
    """What is said of values that are of one of several models. Of several kinds of objects or lists nothing is: who
    sees one does not know which it is."""
    if ANYTHING in choices:
        return ANYTHING
    said = [each for each in choices if each is not None]
    if not said or len(said) < len(choices):
        return None
    inner = [each for each in said if each.members or not each.kinds or each.kinds & {"object", "map", "array"}]
    if len(inner) > 1:
        return None
    if inner and not inner[0].kinds:  # of a model that may be anything its name alone is said
        return Seen(name=inner[0].name)
    kinds = frozenset().union(*(each.kinds for each in said))
    texts = [each for each in said if "string" in each.kinds]
    chosen = texts or [each for each in said if "integer" in each.kinds]
    forms = {each.format for each in texts}
    alone = [each for each in said if each.kinds != {"null"}]
    return Seen(
        kinds,
        inner[0].name if inner else "",
        forms.pop() if len(forms) == 1 else "",
        tuple(dict.fromkeys(chain(*(each.choices for each in chosen)))) if all(each.choices for each in chosen) else (),
        inner[0].members if inner else (),
        alone[0].notes if len(alone) == 1 else (),
    )
