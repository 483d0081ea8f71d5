"""Where a document that people have and one that was learned meet: what both parts of an update share.

``Meeting`` knows the two documents, which components are which, which places are mirror's own, and takes down what was
found: conflicts, additions, changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, Literal, TypeVar

import msgspec

from mirror.errors import DocumentError
from mirror.openapi.marks import EVIDENCE, MARK, is_own, mark_of, samples_of
from mirror.openapi.said import listed, token
from mirror.openapi.showing import Showing
from mirror.openapi.values_seen import ValuesSeen

Json = dict[str, Any]
Part = TypeVar("Part", list[Any], Json)
SCHEMAS = "#/components/schemas/"


class Conflict(msgspec.Struct, frozen=True):
    """What was seen contradicts what stands there. ``operation`` is the one that showed it (``GET /orders/{id}``),
    ``pointer`` a JSON pointer into the document; what is None is not there: of the name of a path parameter, in the
    path."""

    operation: str
    pointer: str
    stands: Any
    seen: Any

    def __str__(self) -> str:
        what = f"{short(self.seen)} was seen"
        if self.pointer.endswith("/required") and (self.stands is True or isinstance(self.stands, list)):
            names = [short(each) for each in listed(self.stands) if each not in listed(self.seen)]
            what = f"{', '.join(names) or 'it'} {'were' if len(names) > 1 else 'was'} left out"
        elif self.pointer.endswith("/name") and self.seen is None:
            what = "the path has no such parameter"
        return f"{self.operation}: {self.pointer} is {short(self.stands)}, but {what}"


def short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = msgspec.json.encode(value).decode("utf-8")
    return text if len(text) <= 100 else f"{text[:97]}..."


class At(msgspec.Struct, frozen=True):
    """A place that is being compared. ``own`` says whether the words around it are mirror's, ``maker`` who makes the
    values there (request or response), ``name`` the member that they are of (None where it has no name of its own),
    ``part`` the part of the message where it is not the body, ``component`` the learned one that it is in. ``sure`` is
    whether the values are there at all: of several branches each may be for others. ``written`` is whether they are
    written as text, ``doubtful`` whether nobody has accepted them: then they contradict nothing."""

    operation: str
    pointer: str
    own: bool = False
    maker: Literal["request", "response"] = "response"
    name: str | None = ""
    part: str = ""
    sure: bool = True
    written: bool = False
    doubtful: bool = False
    component: str = ""

    def to(self, *names: str) -> At:
        steps = "".join(f"/{token(name)}" for name in names)
        called = self.name
        if names[0] == "properties" and len(names) > 1:
            called = names[1]
        elif names[0] == "additionalProperties":
            called = None
        return msgspec.structs.replace(self, pointer=self.pointer + steps, name=called)

    def within(self, component: str, answers: Collection[str]) -> At:
        """The place as one of a learned component; ``answers`` are those that responses are made of."""
        maker: Literal["request", "response"] = "response" if component in answers else "request"
        return msgspec.structs.replace(self, maker=maker, component=component)

    def owned(self, own: bool) -> At:
        return self if own == self.own else msgspec.structs.replace(self, own=own)


class Findings(msgspec.Struct):
    """What came of a comparison; the keys of ``added`` and ``changed`` are what they are called."""

    conflicts: dict[tuple[str, str], Conflict] = {}
    added: dict[str, None] = {}
    changed: dict[str, None] = {}


class Meeting:
    """Two documents. ``existing`` is changed in place, but for what is in ``shared`` (ids of what has an alias);
    ``name`` is what errors call it, ``shown`` are the values that the run has shown, where they are known; ``pruned``
    names what was taken out before."""

    def __init__(
        self,
        existing: Json,
        learned: Json,
        shared: set[int],
        name: str = "the document",
        shown: ValuesSeen | None = None,
        pruned: Collection[str] = (),
    ) -> None:
        self.pruned = pruned
        self.shown = shown
        self.showing = None if shown is None else Showing(learned, shown, self.component)
        self.learned_as = ""  # the operation that is being joined, as it was learned
        self.called: dict[str, str] = {}  # operations as they were learned, and what they are called here
        self.existing = existing
        self.name = name
        self.learned = learned
        self.shared = shared
        self.old = str(existing.get("openapi", "")).startswith("3.0")
        self.found = Findings()
        self.visited: set[tuple[int, object]] = set()
        self.under_way: set[tuple[int, object]] = set()
        self.frozen = False
        self.strict = False
        self.names: dict[str, str] = {}  # learned components, and the references that stand for them here
        self.operation = ""  # the one that is being joined
        self.inserted: list[tuple[Any, str]] = []
        self.mapped: list[tuple[Json, str, Json]] = []  # words of discriminators that lead where a reference will lead
        self.wanted: dict[str, str] = {}  # components that are referred to and missing, and what they are learned as
        self.answers = answered(learned)
        self._own: dict[int, bool] = {}
        self._places: dict[int, Json] = {}

    # Whose word it is -------------------------------------------------------------------------------------------------

    def is_own(self, place: Json, around: bool) -> bool:
        """Whether a place is mirror's, untouched; ``around`` is said of what it stands in."""
        if self.frozen or id(place) in self.shared:
            return False
        if EVIDENCE not in place:
            return around
        if id(place) not in self._own:
            self._own[id(place)] = is_own(place)
            self._places[id(place)] = place
        return self._own[id(place)]

    def take_evidence(self, place: Json, seen: Json) -> None:
        """The evidence of the run that had the most of it; a mark stays as it is until ``sign``. Of mirror's own places
        also what they are about, where nothing says that yet."""
        if self._own.get(id(place)) and "description" in seen and "description" not in place:
            self.put(place, "description", seen["description"], ("name", "in", "type", "description"))
        evidence, fresh = place.get(EVIDENCE), seen.get(EVIDENCE)
        if self.frozen or id(place) in self.shared or not isinstance(evidence, dict) or not isinstance(fresh, dict):
            return
        if (samples_of(place) or 0) <= (samples_of(seen) or 0):
            kept = {MARK: evidence[MARK]} if MARK in evidence else {}
            place[EVIDENCE] = {key: value for key, value in fresh.items() if key != MARK} | kept

    def sign(self) -> None:
        """Mark mirror's own places as they are now."""
        for key, place in self._places.items():
            if self._own[key]:
                place[EVIDENCE] = {**place[EVIDENCE], MARK: mark_of(place)}

    # What was found ---------------------------------------------------------------------------------------------------

    def conflict(self, at: At, stands: Any, seen: Any) -> None:
        if at.doubtful and not self.frozen:
            return  # which of several branches it is, doubtful values tell as well
        key = at.pointer, short(seen)
        if key not in self.found.conflicts:
            self.found.conflicts[key] = Conflict(self._shower(at, stands, seen), at.pointer, stands, seen)

    def _shower(self, at: At, stands: Any, seen: Any) -> str:
        """The operation that has shown it: of a component the others that have it may be the ones."""
        if self.showing is None or self.frozen or not at.component or at.part or at.name is None:
            return at.operation
        spot, keyword = (at.maker, at.name), at.pointer.rpartition("/")[2]
        key = self.showing.of(at.component, self.learned_as, spot, keyword, stands, seen)
        return at.operation if key == self.learned_as else self.called.get(key, key)

    def added(self, name: str) -> None:
        self.found.added[name] = None

    def changed(self, at: At) -> None:
        self.found.changed[at.pointer] = None

    def put(self, mapping: Json, name: str, value: Any, order: Iterable[str] = (), called: str = "") -> None:
        """Add a learned member to a mapping that stands there, behind what it follows in ``order``."""
        if id(mapping) in self.shared:
            return
        if called:
            self.added(called)
        if self.frozen:
            return
        if name in mapping:  # nothing stands there
            mapping[name] = self.fresh(value)
            return
        before = None
        for each in order:
            if each == name:
                break
            if each in mapping:
                before = each
        else:
            before = next(reversed(mapping), None)
        if before == next(reversed(mapping), None):  # at the end, which needs nothing moved
            mapping[name] = self.fresh(value)
            return
        members = list(mapping.items())
        place = next((at for at, (key, _) in enumerate(members, 1) if key == before), 0)
        members.insert(place, (name, self.fresh(value)))
        mapping.clear()
        mapping.update(members)

    def arrange(self, mapping: Json, names: Collection[str], order: Iterable[str]) -> None:
        """Move members that were put at the end of a mapping behind what they follow in ``order``: all at once, because
        there may be thousands."""
        if not names:
            return
        behind: dict[str | None, list[str]] = {}
        before = None
        for each in dict.fromkeys(order):
            if each in names:
                behind.setdefault(before, []).append(each)
            elif each in mapping:
                before = each
        moved = {each for kept in behind.values() for each in kept}
        members = dict(mapping)
        mapping.clear()
        for name in (None, *(each for each in members if each not in moved)):
            for each in (*([] if name is None else [name]), *behind.get(name, ())):
                mapping[each] = members[each]

    def part(self, mapping: Json, name: str, empty: Part, order: Iterable[str], at: At) -> Part | None:
        """The list or the mapping below a name, made where none is; None where it cannot be. Raises DocumentError."""
        kind = type(empty)
        self.expect(mapping, name, kind, at)
        if not isinstance(mapping.get(name), kind):
            self.put(mapping, name, empty, order)
        value = mapping.get(name)
        return value if isinstance(value, kind) else None

    def expect(self, mapping: Json, name: str, kind: type, at: At) -> None:
        """Raises DocumentError where something of another kind stands below a name: that is a person's."""
        if mapping.get(name) and not isinstance(mapping[name], kind):
            called = "list" if kind is list else "mapping"
            raise DocumentError(f"{self.name}: {at.to(name).pointer} is no {called}: make it one, or take it out")

    def put_instead(self, mapping: Json, name: str, value: Any) -> None:
        """Put a value where none, or nothing, stands."""
        if id(mapping) not in self.shared and not self.frozen:
            mapping[name] = self.fresh(value)

    def fresh(self, value: Any) -> Any:
        """A copy of something learned that is put into the document; its references are seen to in the end."""
        made = deepcopy(value)
        self.inserted.append((made, self.operation))
        return made

    @contextmanager
    def trial(self, strict: bool = False) -> Iterator[Findings]:
        """Within, nothing changes: what would be found is all that comes of it. ``strict`` is for mirror's own words,
        which would be made wider by all that was learned, whether or not a value has shown it."""
        kept = self.found, self.visited, self.frozen, self.strict
        self.found, self.visited, self.frozen, self.strict = Findings(), set(), True, self.strict or strict
        try:
            yield self.found
        finally:
            self.found, self.visited, self.frozen, self.strict = kept

    # References -------------------------------------------------------------------------------------------------------

    def resolve(self, reference: str) -> Json | None:
        """What a reference into this document stands for; None where it is in another file, or missing."""
        if not reference.startswith("#/"):
            return None
        value: Any = self.existing
        for step in reference[2:].split("/"):
            name = step.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else None

    def followed(self, value: Any) -> tuple[Json | None, str | None]:
        """A mapping, through its references, and the last of them; None where they lead nowhere that can be seen."""
        reference = None
        for _ in range(20):
            if not isinstance(value, dict):
                return None, reference
            if not isinstance(value.get("$ref"), str):
                return value, reference
            reference = value["$ref"]
            value = self.resolve(reference)
        return None, reference

    def component(self, schema: Any) -> str | None:
        """The name of the learned component that a learned schema refers to."""
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        return reference.removeprefix(SCHEMAS) if isinstance(reference, str) and reference.startswith(SCHEMAS) else None

    def seen(self, schema: Json) -> Json:
        """A learned schema, through its reference."""
        name = self.component(schema)
        while name is not None:
            schema = self.learned.get("components", {}).get("schemas", {}).get(name, {})
            name = self.component(schema)
        return schema


def answered(document: Json) -> set[str]:
    """The components that responses are made of."""
    schemas = document.get("components", {}).get("schemas", {})
    found: set[str] = set()
    left = [
        operation["responses"]
        for item in document.get("paths", {}).values()
        for operation in item.values()
        if isinstance(operation, dict) and "responses" in operation
    ]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and reference.startswith(SCHEMAS):
                name = reference.removeprefix(SCHEMAS)
                if name not in found:
                    found.add(name)
                    left.append(schemas.get(name))
            left += value.values()
        elif isinstance(value, list):
            left += value
    return found
