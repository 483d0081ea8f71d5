"""What the models of a framework declare (see mirror.openapi.declared_parts), brought to the evidence.

    content, models = with_declared(content, parts["201"], "response", unseen=True)

The models say what few samples cannot: that a member may be left out or null although it never was, that a whole
number is one of many, that a text which looked like an address is any text. They say it of what is there: where the
samples are not what the model says (a view that answers something else), the samples are right and the model is not
asked. What no sample has, the models may add; it stands on no samples, and is marked so.

What is declared of a tree ends where it begins again. It is what it is above there, as far down as samples go and once
more: so it comes to refer to itself.

Nothing is changed in its place. Parameters and forms are texts (see mirror.openapi.declared_texts).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import msgspec

from mirror.exchange import Declaration
from mirror.openapi.covering import covers
from mirror.openapi.declared_parts import Part, Pointer, is_tagged, kinds_in
from mirror.openapi.evidence import Content
from mirror.openapi.examples import placeholders
from mirror.openapi.groups import WORDS, words_of
from mirror.openapi.integers import integers_in
from mirror.openapi.merging import copy
from mirror.openapi.naming import component_name
from mirror.openapi.notes import LIMITS, is_within
from mirror.openapi.shape import Arrays, Members, Objects, Shape
from mirror.openapi.strings import Strings
from mirror.openapi.word import Word

SCALARS = frozenset({"boolean", "integer", "number", "null"})


def with_declared(
    content: Content, part: Part, maker: str, unseen: bool, checked: bool = False
) -> tuple[Content, dict[Pointer, str]]:
    """A JSON body with what is declared of it, and what the objects in it are called, where they are what is declared.
    ``maker`` is ``request`` or ``response``; ``unseen``: also what no sample has; ``checked``: the framework has held
    the samples against it, and let them in."""
    if () not in part.places or content.family != "json" or not content.shape.count:
        return content, {}
    content = msgspec.structs.replace(content, shape=copy(content.shape))
    saying = Saying(part, maker, unseen, checked, placeholders(content))
    saying.say(content.shape)
    return content, saying.models


class Saying:
    """Brings what is declared of a part into shapes of its values; ``models`` are the names of what it was said of, and
    ``hiding`` are the placeholders that examples show, by the names of members."""

    def __init__(self, part: Part, maker: str, unseen: bool, checked: bool, hiding: Mapping[str, set[str]]) -> None:
        self.part = part
        self.maker = maker
        self.unseen = unseen
        self.checked = checked
        self.hiding = hiding
        self.models: dict[Pointer, str] = {}

    def say(self, shape: Shape) -> None:
        self._say(shape, (), (), False)

    def _say(self, shape: Shape, pointer: Pointer, source: Pointer, again: bool) -> None:
        """``source`` is the place of what is said, which is further up where a tree has begun ``again``: there, what no
        sample has is said without what is in it."""
        said = self.part.places[source]
        if "anything" in said.kinds:
            # What was seen is what tests have put there: nobody has to, nor only that.
            shape.kinds, shape.strings, shape.integers, shape.arrays, shape.objects = set(), None, None, None, None
            shape.word = Word(said.presence, anything=True, notes=beside(said))
            return
        kinds = kinds_in(said)
        source = self.part.origin(source)
        below = self.part.below.get(source, ())
        if not self._fits(shape, source, kinds):
            # Whether it is there, at least, what it is about, and whether it may be null.
            shape.word = Word(said.presence, notes=described(said))
            shape.kinds |= kinds & {"null"}
            if "number" in kinds and "integer" in shape.kinds:  # beside what is none
                shape.kinds.add("number")
            return
        if name := component_name(said.model):
            self.models[pointer] = name
        text = "string" in kinds
        shape.word = Word(
            said.presence,
            said.format if text else None,
            tuple(dict.fromkeys(said.choices)) if text and said.choices else None,
            integers_in(said.choices) if "integer" in kinds and not text else frozenset(),
            notes=self._notes(said, pointer),
            checked=shape.count if self.checked else 0,
        )
        shape.kinds |= kinds & SCALARS
        if text and shape.strings is None:
            shape.kinds.add("string")
            shape.strings = Strings()
        if again and shape.arrays is None and shape.objects is None:
            return
        if "array" in kinds and below:
            self._list(shape, pointer, source, again)
        if "map" in said.kinds:
            self._map(shape, pointer, source, again)
        elif "object" in kinds and is_tagged(below):
            self._alternatives(shape, pointer, source)
        elif "object" in kinds and below:
            self._record(shape, pointer, source)

    def _notes(self, said: Declaration, pointer: Pointer) -> tuple[tuple[str, str], ...]:
        """What is said beside, without limits that an example would break which has a placeholder for a secret."""
        name = next((step for step in reversed(pointer) if step != "*"), "")
        hiding = self.hiding.get(name, ())
        return tuple(
            (key, value)
            for key, value in beside(said)
            if LIMITS.get(key) != "string" or all(is_within(each, key, json.loads(value)) for each in hiding)
        )

    def _fits(self, shape: Shape, source: Pointer, kinds: set[str]) -> bool:
        """Whether the values can be what is declared. (A number is declared, a whole one is there.)"""
        seen = {"number" if kind == "nonfinite" else kind for kind in shape.kinds}
        if not kinds:
            return True
        if not seen <= kinds | {"null"} | ({"integer"} if "number" in kinds else set()):
            return False
        objects, below = shape.objects, self.part.below.get(source, ())
        if objects is None or "map" in self.part.places[source].kinds or "*" in below or not below or is_tagged(below):
            return True
        # Requests may have more than is read of them; what an application answers is its model, or something else.
        return objects.values is None and (self.maker == "request" or objects.joined().members.keys() <= set(below))

    def _list(self, shape: Shape, pointer: Pointer, source: Pointer, again: bool) -> None:
        below = self.part.below[source]
        if shape.arrays is None:
            shape.kinds.add("array")
            size = 0 if "*" in below else len(below)
            shape.arrays = Arrays(0, size, size, positions=[Shape() for _ in range(size)] if size > 1 else None)
        positions = shape.arrays.positions
        if "*" in below:
            shape.arrays.positions = None
            self._say(shape.arrays.items, (*pointer, "*"), (*source, "*"), again)
        elif positions is not None and len(positions) == len(below):
            assert shape.word is not None  # it has just been said
            shape.word = msgspec.structs.replace(shape.word, positions=True)
            for at, position in enumerate(positions):
                self._say(position, (*pointer, str(at)), (*source, str(at)), again)

    def _map(self, shape: Shape, pointer: Pointer, source: Pointer, again: bool) -> None:
        if shape.objects is None:
            shape.kinds.add("object")
            shape.objects = Objects()
        shape.objects.mix()
        assert shape.objects.values is not None
        if (*source, "*") in self.part.places:
            self._say(shape.objects.values, (*pointer, "*"), (*source, "*"), again)

    def _record(self, shape: Shape, pointer: Pointer, source: Pointer) -> None:
        """Objects of one model are of one kind, whatever they have."""
        if shape.objects is None:
            shape.kinds.add("object")
            shape.objects = Objects()
        whole = shape.objects.join()
        if whole is not None:  # else they have more members than any model has
            self._fill(whole, pointer, source)

    def _fill(self, whole: Members, pointer: Pointer, source: Pointer) -> None:
        source = self.part.origin(source)
        for rank, name in enumerate(each for each in self.part.below.get(source, ()) if each != "*"):
            member = whole.members.get(name)
            if member is None:
                if not self.unseen:
                    continue
                member = whole.members[name] = Shape()
                whole.ranks[name] = rank
            self._say(member, (*pointer, name), (*source, name), len(source) < len(pointer))

    def _alternatives(self, shape: Shape, pointer: Pointer, source: Pointer) -> None:
        """Objects of several models. What is of none of them leaves all as they are."""
        below = self.part.below[source]
        objects = shape.objects or Objects()
        tag = below[0][1:].partition("=")[0]
        if objects.variants is None:
            return
        found = self._by_tag(objects.variants, source, tag) if tag else self._by_members(objects.variants, source)
        if found is None:
            return
        for step in below if self.unseen else ():
            if step not in found:
                found[step] = Members(0, {tag: Shape(0, {"string"}, Strings())}, {tag: 0}) if tag else Members()
        if not found:
            return
        found = {step: found[step] for step in below if step in found}
        shape.kinds.add("object")
        if len(found) == 1 and not tag:
            ((step, group),) = found.items()
            shape.objects = Objects(objects.count, None, group)
            self.models[pointer] = component_name(self.part.places[*source, step].model)
            self._fill(group, pointer, (*source, step))
            return
        for step, group in found.items():
            if tag:
                strings = group.members[tag].strings
                assert strings is not None
                strings.values = set(step.rpartition("=")[2].split(WORDS))
            self.models[*pointer, step] = component_name(self.part.places[*source, step].model)
            self._fill(group, (*pointer, step), (*source, step))
        shape.objects = Objects(objects.count, found, tag=tag)

    def _by_tag(self, variants: Mapping[str, Members], source: Pointer, tag: str) -> dict[str, Members] | None:
        """Objects by the models that a member tells apart; None where some are of none of them."""
        steps = {word: step for step in self.part.below[source] for word in step.rpartition("=")[2].split(WORDS)}
        found: dict[str, Members] = {}
        for group in variants.values():
            words = words_of(group, tag) if tag in group.members else []
            chosen = [steps.get(word, "") for word in words]
            several = len(set(chosen)) > 1
            known = all(
                each and (not several or group.members.keys() <= self.part.members((*source, each))) for each in chosen
            )
            if not chosen or not known:
                return None
            for step in set(chosen):
                mine = copy(group)
                if several:  # alike in what they have: of each kind at least as many as it has words
                    mine.count = chosen.count(step)
                    for name, member in [*mine.members.items()]:
                        if name != tag:
                            mine.members[name] = self._own(name, member, source, step, chosen)
                        mine.members[name].count = mine.count
                found.setdefault(step, Members()).merge(mine)
        return found

    def _own(self, name: str, member: Shape, source: Pointer, step: str, chosen: Iterable[str]) -> Shape:
        """A member of one kind, where several have the same members and its values are those of all: where they are not
        what the kind has, but what one or another has, the model alone tells which."""
        places = {each: (*self.part.origin((*source, each)), name) for each in chosen}
        if not self.unseen or covers(self.part, [places[step]], member):
            return member
        return Shape() if covers(self.part, [*places.values()], member) else member

    def _by_members(self, variants: Mapping[str, Members], source: Pointer) -> dict[str, Members] | None:
        """Objects by the models that they fit: by the one of which they lack the least, where they fit several."""
        found: dict[str, Members] = {}
        for group in variants.values():
            fitting = [step for step in self.part.below[source] if self._is_of(group, (*source, step))]
            if not fitting:
                return None
            step = min(fitting, key=lambda each: len(self.part.members((*source, each)) - group.members.keys()))
            found.setdefault(step, Members()).merge(copy(group))
        return found

    def _is_of(self, group: Members, source: Pointer) -> bool:
        """Whether objects have what a model says that its have, and nothing else."""
        source = self.part.origin(source)
        below = self.part.below.get(source, [])
        if "*" not in below and not group.members.keys() <= set(below):
            return False
        for name in below:
            said = self.part.places[*source, name]
            member = group.members.get(name)
            if member is None:
                if said.presence == "required" and name != "*":
                    return False
            elif not (self._fits(member, (*source, name), kinds_in(said)) and is_chosen(member, said)):
                return False
        return True


def beside(said: Declaration) -> tuple[tuple[str, str], ...]:
    """What is said of the values of a place, without what is said of their model."""
    return tuple(each for each in said.notes if each[0] != "model")


def described(said: Declaration) -> tuple[tuple[str, str], ...]:
    """What a place is about."""
    return tuple(each for each in said.notes if each[0] == "description")


def is_chosen(shape: Shape, said: Declaration) -> bool:
    """Whether the values can be those that are declared to choose from."""
    words = shape.strings.values if shape.strings is not None else set()
    integers = shape.integers.values if shape.integers is not None and "string" not in said.kinds else set()
    if not said.choices or words is None or integers is None:
        return not said.choices
    return {*words, *map(str, integers)} <= set(said.choices)
