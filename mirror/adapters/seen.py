"""What a look at a framework's model gives: what it says of the values at its place, and the models inside it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple


class Member(NamedTuple):
    """A member of objects, or ``*`` for those of lists and maps."""

    name: str
    model: Any
    presence: Literal["", "required", "optional"] = ""


class Seen(NamedTuple):
    """See mirror.exchange.Declaration; ``name`` is that of the model."""

    kinds: frozenset[str] = frozenset()
    name: str = ""
    format: str = ""
    choices: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()


def either(choices: list[Seen | None]) -> Seen | None:
    """What is said of values that are of one of several models. Of several kinds of objects or lists nothing is: who
    sees one does not know which it is."""
    said = [each for each in choices if each is not None]
    if not said or len(said) < len(choices):
        return None
    inner = [each for each in said if each.members or each.kinds & {"object", "map", "array"}]
    if len(inner) > 1:
        return None
    kinds = frozenset().union(*(each.kinds for each in said))
    texts = [each for each in said if "string" in each.kinds]
    forms = {each.format for each in texts}
    words = tuple(dict.fromkeys(word for each in texts for word in each.choices))
    return Seen(
        kinds,
        inner[0].name if inner else "",
        forms.pop() if len(forms) == 1 else "",
        words if all(each.choices for each in texts) else (),
        inner[0].members if inner else (),
    )
