"""What the operations of a service say of each other's parameters.

``{item_id}`` of ``GET /items/{item_id}`` is that of ``DELETE /items/{item_id}`` and ``/items/{item_id}/prices`` too:
what any of them took is right for all. A header field that one operation has refused to do without belongs to all that
have always had it: no one writes the same check twice. A name in the query says less, and so do words to choose from:
the ``status`` of a user is not that of a ticket. Choices that a refusal has named are those of its own collection.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from mirror.openapi.evidence import Operation, Refusal, Requests
from mirror.openapi.naming import VERSION, singular
from mirror.openapi.shape import Shape
from mirror.openapi.texts import Texts

LANGUAGE = "accept-language"
VARIABLE = re.compile(r"\{([^{}]+)\}")

Collected = tuple[tuple[str, ...], ...]
"""The literal segments of a path up to its variable, and of each collection within that."""
Named = dict[Collected, set[tuple[str, frozenset[str]]]]
"""Names with choices, by what they were said of."""


class Kin(NamedTuple):
    """``paths`` has, by each path up to a variable of its, the evidence of all operations for that variable;
    ``refusals`` those of query, header and cookies by place, without choices, which are an operation's own. ``near``
    has, by collection, the choices that refusals about it have named, by name; ``choices`` those names of which all
    refusals say the same; ``orders`` in which order choices are named, where that is always the same.
    ``few_say_language``: fewer than half of all requests say which they accept."""

    paths: Mapping[str, Operation]
    refusals: Mapping[str, Refusal]
    near: Mapping[Collected, Mapping[str, frozenset[str]]]
    choices: Mapping[str, frozenset[str]]
    orders: Mapping[frozenset[str], tuple[str, ...]] = {}
    few_say_language: bool = False

    def in_order(self, words: Collection[str]) -> list[str]:
        """Choices as refusals name them, else sorted."""
        return list(self.orders.get(frozenset(words), ())) or sorted(words)

    def choices_at(self, template: str) -> Mapping[str, frozenset[str]]:
        """The choices that refusals about the collection of a path have named, where they all name the same; none of a
        name where it is known that there are, but not which."""
        return self.near.get(collection(template), {}) if self.near else {}


NOBODY = Kin({}, {}, {}, {})


def kin_of(operations: Mapping[str, Operation]) -> Kin:
    """What these operations, by method and path template, say of each other's parameters."""
    paths: dict[str, Operation] = {}
    refusals: dict[str, Refusal] = {}
    for key, operation in operations.items():
        path = key.partition(" ")[2]
        for variable in VARIABLE.finditer(path):
            add(paths.setdefault(path[: variable.end()], Operation()), operation, variable[1])
        for where, refusal in operation.refusals.items():
            if where.startswith(("query ", "header ", "cookie ")):
                refusals.setdefault(where, Refusal()).merge(refusal)
    for refusal in refusals.values():
        refusal.choices, refusal.doubtful = set(), 0
    named = choices(operations)
    everywhere = agreed(said for each in named.values() for said in each)
    here = near(named, {collection(key.partition(" ")[2]) for key in operations})
    some = {name: choices for name, choices in everywhere.items() if choices}
    return Kin(paths, refusals, here, some, orders(operations), few_say(LANGUAGE, operations.values()))


def orders(operations: Mapping[str, Operation]) -> dict[frozenset[str], tuple[str, ...]]:
    """The order in which refusals name choices, of those that always come in one."""
    found: dict[frozenset[str], set[tuple[str, ...]]] = {}
    for operation in operations.values():
        for refusal in operation.refusals.values():
            if refusal.choices:
                found.setdefault(frozenset(refusal.choices), set()).add(tuple(refusal.in_order(refusal.choices)))
    return {words: several.pop() for words, several in found.items() if len(several) == 1}


def few_say(header: str, operations: Iterable[Operation]) -> bool:
    """Whether fewer than half of the requests had a header field: no client sends it by itself."""
    asked = [requests.parameters for operation in operations for requests in operation.requests.values()]
    had = sum(each.header[header].present for each in asked if header in each.header)
    return 2 * had < sum(each.count for each in asked)


def choices(operations: Mapping[str, Operation]) -> Named:
    """What refusals have named as the choices for a name, by the collection that they were about."""
    named: Named = {}
    for key, operation in operations.items():
        for place, refusal in operation.refusals.items():
            if refusal.choices or refusal.doubtful:
                name = next((part for part in reversed(re.split("[ /]", place)) if part != "*"), "")
                named.setdefault(collection(key.partition(" ")[2]), set()).add((name, frozenset(refusal.choices)))
    return named


def near(named: Named, collections: Iterable[Collected]) -> dict[Collected, dict[str, frozenset[str]]]:
    """What was named for each of the collections: for it, for what it is a part or a view of, and for its parts and
    views."""
    parts: Named = {}
    for there, said in named.items():
        for whole in wholes(there):
            parts.setdefault(whole, set()).update(said)
    found = {}
    for here in collections if named else ():
        above = [each for whole in wholes(here) for each in named.get(whole, ())]
        found[here] = agreed([*above, *parts.get(here, ())])
    return found


def agreed(said: Iterable[tuple[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    """The choices of each name that all name who name any; not where they name others, none where nobody does."""
    found: dict[str, set[frozenset[str]]] = {}
    for name, choices in said:
        found.setdefault(name, set()).add(choices)
    some = {name: {choices for choices in sets if choices} for name, sets in found.items()}
    return {name: next(iter(sets), frozenset()) for name, sets in some.items() if len(sets) < 2}


def collection(template: str) -> Collected:
    """``/v1/users/search`` is about ``((users, search),)``, ``/users/{id}/activate`` about ``((users,),)``, and
    ``/users/{id}/tickets`` about ``((users,), (tickets,))``."""
    found: list[tuple[str, ...]] = [()]
    is_behind = False
    for part in template.split("/"):
        if "{" in part:
            is_behind = found[-1] != ()
        elif not part or VERSION.fullmatch(part):
            continue
        elif not is_behind:
            found[-1] += (part,)
        elif singular(part) != part:
            found.append((part,))
            is_behind = False
    return tuple(found)


def wholes(part: Collected) -> list[Collected]:
    """The collections that one is a part or a view of, itself among them: ``/users`` of ``/users/search``."""
    above, last = part[:-1], part[-1]
    return [(*above, last[:length]) for length in range(1, len(last) + 1)] or [part]


def is_same(one: Collected, other: Collected) -> bool:
    """Whether both are about one collection, or one is about a part or a view of the other."""
    if len(one) != len(other) or one[:-1] != other[:-1]:
        return False
    short, long = sorted((one[-1], other[-1]), key=len)
    return (bool(short) or not long) and long[: len(short)] == short


class Resources:
    """Finds the operations, of those by method and path template, that are about one collection."""

    def __init__(self, operations: Iterable[str]) -> None:
        self._keys: dict[Collected, list[tuple[Collected, str]]] = {}
        for key in operations:
            whole = collection(key.partition(" ")[2])
            self._keys.setdefault(self._first(whole), []).append((whole, key))

    def about(self, template: str) -> list[str]:
        here = collection(template)
        return [key for whole, key in self._keys.get(self._first(here), ()) if is_same(here, whole)]

    @staticmethod
    def _first(whole: Collected) -> Collected:
        """What all have in common that may be the same: there are many in a document."""
        return (*whole[:-1], whole[-1][:1])


def told_of(
    shape: Shape,
    choices: Mapping[str, frozenset[str]],
    orders: Mapping[frozenset[str], tuple[str, ...]] = NOBODY.orders,
) -> dict[str, Refusal]:
    """Choices by name as refusals (which nobody has counted) of the places in a body that have these names."""
    found: dict[str, Refusal] = {}
    for pointer, types in places(shape) if choices else ():
        name = next((step for step in reversed(pointer) if step != "*"), "")
        if name in choices:
            told = Refusal(types=types, choices=set(choices[name]), doubtful=int(not choices[name]))
            told.order = orders.get(choices[name])
            found["/".join(pointer)] = told
    return found


def places(shape: Shape, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """The places in a body that have strings, and those that have integers, with the word for these."""
    if shape.strings is not None:
        yield above, set()
    elif shape.integers is not None:
        yield above, {"integer"}
    if shape.arrays is not None:
        yield from places(shape.arrays.items, (*above, "*"))
    if shape.objects is not None:
        if shape.objects.values is not None:
            yield from places(shape.objects.values, (*above, "*"))
        for name, member in shape.objects.joined().members.items():
            yield from places(member, (*above, name))


def add(whole: Operation, operation: Operation, name: str) -> None:
    """Add what an operation says of a variable of its path."""
    whole.endpoints |= operation.endpoints
    if name in operation.converters:
        whole.converters.setdefault(name, set()).update(operation.converters[name])
    where = f"path {name}"
    if where in operation.refusals:
        whole.refusals.setdefault(where, Refusal()).merge(operation.refusals[where])
    for fate, requests in operation.requests.items():
        if name in requests.parameters.path:
            kept = whole.requests.setdefault(fate, Requests()).parameters.path
            kept.setdefault(name, Texts()).merge(requests.parameters.path[name])
