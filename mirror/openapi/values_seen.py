"""What values a run has really shown: whether they contradict what stands in a document.

A learned schema does not tell. Without an enumeration it may have seen a few words, whichever they are; it calls
optional what was not shown to be required, and has types and formats of models that no value had. The evidence tells,
by the names of members and parameters, of all places or of those that a component describes (mirror.openapi.showing).
Where several places have one name it tells what holds of each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from mirror.openapi.bounded import is_complete
from mirror.openapi.evidence import Content, Operation, Requests
from mirror.openapi.fieldnames import is_custom
from mirror.openapi.fitting import text_of
from mirror.openapi.merging import copy
from mirror.openapi.parameters import values
from mirror.openapi.shape import Shape
from mirror.openapi.texts import Texts

UNTYPED = "application/octet-stream"
PARAMETERS = ("query", "header", "cookie")
Spot = tuple[str, str]
"""``request``, ``response``, or the place of a parameter; and a name, that of the list for its elements."""

Kept = TypeVar("Kept")
Pointer = tuple[str, ...]
"""A body (``request application/json``, ``200 application/json``) and the names down to a place in it, ``*`` for
elements; empty outside of bodies."""
Places = dict[Spot, list[tuple[Pointer, Kept]]]
Known = dict[str, Places[Kept]]
"""What is kept of each place, by operation and spot."""
Where = Mapping[str, Mapping[str, Collection[Pointer]]]
"""Some places, by operation and by who makes the bodies that they are in."""


class Values(NamedTuple):
    """The values of one place: None where they are not known. ``texts`` are those of parameters and forms, ``kinds``
    the types of JSON and ``formats`` those of strings (empty for none); ``lacking`` tells that objects were without."""

    strings: frozenset[str] | None = frozenset()
    integers: frozenset[int] | None = frozenset()
    texts: frozenset[str] | None = frozenset()
    kinds: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    lacking: bool = False

    def joined(self, other: Values) -> Values:
        return Values(
            None if self.strings is None or other.strings is None else self.strings | other.strings,
            None if self.integers is None or other.integers is None else self.integers | other.integers,
            None if self.texts is None or other.texts is None else self.texts | other.texts,
            self.kinds | other.kinds,
            self.formats | other.formats,
            self.lacking or other.lacking,
        )

    def may_have(self, word: Any) -> bool:
        """Whether a word of an enumeration is among them, as far as they are known."""
        if word is None:
            return "null" in self.kinds
        known = self.strings if isinstance(word, str) else self.integers
        return known is None or word in known

    @property
    def may_be_words(self) -> bool:
        """Whether there may be words of an enumeration among them."""
        return not self.kinds or not self.kinds.isdisjoint(("string", "integer"))


class Names(NamedTuple):
    """The names in the objects of one place: those that all of them had, and those that any had."""

    always: frozenset[str]
    ever: frozenset[str]


class ValuesSeen:
    """What the operations of a service have shown. They are asked for, and looked through, where it matters."""

    def __init__(self, operations: Callable[[], Mapping[str, Operation]]) -> None:
        self._made = operations

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        return self._made()

    @cached_property
    def _values(self) -> Known[Values]:
        return {key: of_operation(each) for key, each in self.operations.items()}

    @cached_property
    def _names(self) -> Known[Names | None]:
        return {key: objects_of(each) for key, each in self.operations.items()}

    @cached_property
    def _lengths(self) -> Known[tuple[int, int]]:
        return {key: arrays_of(each) for key, each in self.operations.items()}

    def pointers(self, operation: str, maker: str) -> set[Pointer]:
        """The places where the bodies of an operation had something."""
        known = self._values.get(operation, {})
        return {pointer for (who, _), found in known.items() if who == maker for pointer, _ in found}

    def places(self, operation: str | None, spot: Spot, where: Where | None = None) -> list[Values]:
        """The values of each place of the name, in one operation or (None) in all of them; ``where`` says which."""
        return at(self._values, operation, spot, where)

    def texts(self, operation: str, spot: Spot) -> Texts | None:
        """The texts of a parameter, of a field of a form (``request``) or of a response's header: those that were
        accepted, as no others contradict anything. None where nobody knows of any."""
        found = self.operations.get(operation)
        if found is None:
            return None
        place, name = spot
        if place in ("path", *PARAMETERS):
            return values(found, "accepted", place).get(name, Texts())
        accepted = found.requests.get("accepted", Requests())
        parts = [each.fields for each in accepted.contents.values()] if place == "request" else []
        parts += [each.headers for each in found.answers.values()] if place == "response header" else []
        whole = Texts()
        for each in parts:
            if name in each:
                whole.merge(copy(each[name]))
        return whole if whole.present else None

    def is_lacking(self, operation: str, place: str, name: str = "") -> bool | None:
        """Whether an accepted request was without a parameter, or (``request``) without a body; None where nobody
        knows the operation, or keeps the parameter."""
        if operation not in self.operations:
            return None
        accepted = self.operations[operation].requests.get("accepted", Requests())
        if place == "request":
            return accepted.bodiless > 0
        known = values(self.operations[operation], "accepted", place)
        if name not in known and not (is_complete(known) and (place != "header" or is_custom(name))):
            return None
        return known.get(name, Texts()).present < accepted.count

    def is_missed(self, operation: str, place: str, name: str = "") -> bool:
        """Whether a request was refused because it was without a parameter, or (``request``) without a body."""
        found = self.operations.get(operation, Operation())
        refusal = found.refusals.get("body" if place == "request" else f"{place} {name}")
        return refusal is not None and refusal.missing > 0

    def is_doubtful(self, operation: str) -> bool:
        """Whether no request with a body was accepted, so that those which were seen may have been wrong."""
        found = self.operations.get(operation)
        return found is not None and not found.requests.get("accepted", Requests()).contents

    def strays(
        self, words: list[Any], kinds: Collection[str], places: Collection[Values], elements: bool = False
    ) -> list[Any] | None:
        """The values of these kinds that are not among the words, where each of the places has some; none where none
        has any, None where nobody can tell. ``elements`` says that texts are lists. Raises LookupError where no value
        was seen."""
        places = [each for each in places if each.may_be_words]
        if not places:
            raise LookupError(words)
        found = [beside(each, words, kinds, elements) for each in places]
        if all(found) or not any(each is None or each for each in found):
            return sorted({stray for each in found for stray in each or ()}, key=repr)
        return None

    def names(self, operation: str | None, spot: Spot, where: Where | None = None) -> list[Names] | None:
        """The names that the objects of a place had, for each place that may be it; None where nobody can tell."""
        places = at(self._names, operation, spot, where)
        known = [each for each in places if each is not None]
        return known if known and len(known) == len(places) else None

    def lengths(self, operation: str | None, spot: Spot, where: Where | None = None) -> list[tuple[int, int]]:
        """The shortest and the longest array of a place, for each place that may be it."""
        return at(self._lengths, operation, spot, where)


def at(known: Known[Kept], operation: str | None, spot: Spot, where: Where | None) -> list[Kept]:
    """What is known of a spot in one operation or (None) in all of them, at all places or those of ``where``."""
    keys = [operation] if operation is not None else known if where is None else where
    return [
        each
        for key in keys
        for pointer, each in known.get(key, {}).get(spot, ())
        if where is None or pointer in where.get(key, {}).get(spot[0], ())
    ]


def beside(shown: Values, words: list[Any], kinds: Collection[str], elements: bool) -> set[Any] | None:
    """The values that are not among words; None where they are not known."""
    found: set[Any] = set()
    texts = shown.texts
    if elements and texts is not None:
        texts = frozenset(part for text in texts for part in text.split(","))
    known = set(map(text_of, words))
    for there, choice, asked in (
        (shown.strings, {word for word in words if type(word) is str}, "string" in kinds),
        (shown.integers, {word for word in words if type(word) in (int, float)}, "integer" in kinds),
        (texts, known, True),
    ):
        if asked and there is None:
            return None
        found |= there - choice if asked and there is not None else set()
    return None if "number" in kinds and not found else found


def of_operation(operation: Operation) -> Places[Values]:
    """What one operation has shown, by place and name."""
    found: Places[Values] = {}
    for place in PARAMETERS:
        known = values(operation, "accepted", place) or values(operation, "other", place)
        for name, texts in known.items():
            found[place, name] = [((), of_texts(texts))]
    for name in {name for each in operation.requests.values() for name in each.parameters.path}:
        found["path", name] = [((), of_texts(values(operation, "accepted", "path").get(name, Texts())))]
    for maker, body, content in contents(operation):
        for pointer, shown in of_content(content):
            found.setdefault((maker, name_of(pointer)), []).append(((body, *pointer), shown))
    for answer in operation.answers.values():
        for name, texts in answer.headers.items():
            found.setdefault(("response header", name), []).append(((), of_texts(texts)))
    return found


def contents(operation: Operation) -> Iterator[tuple[str, str, Content]]:
    """The bodies of an operation, with who made them and what they are called in pointers."""
    accepted, other = (operation.requests.get(fate) for fate in ("accepted", "other"))
    asked = next((each.contents for each in (accepted, other) if each is not None and each.contents), {})
    for media, content in asked.items():
        yield "request", f"request {media or UNTYPED}", content
    for status, answer in operation.answers.items():
        for media, content in answer.contents.items():
            yield "response", f"{status} {media or UNTYPED}", content


def objects_of(operation: Operation) -> Places[Names | None]:
    """The names in the objects of one operation, by place and name; None where they were too many to be kept."""
    found: Places[Names | None] = {}
    for maker, body, content in contents(operation):
        counts: dict[Pointer, Counter[str]] = {}
        totals: Counter[Pointer] = Counter()
        lost = set()
        for pointer, shape, _ in shapes(content.shape):
            if shape.objects is not None:
                totals[pointer] += shape.objects.count
                had = counts.setdefault(pointer, Counter())
                for group in shape.objects.groups():
                    had.update({name: member.count for name, member in group.members.items()})
                if shape.objects.values is not None:
                    lost.add(pointer)
        for pointer, had in counts.items():
            always = frozenset(name for name, count in had.items() if count == totals[pointer])
            known = None if pointer in lost else Names(always, frozenset(had))
            found.setdefault((maker, name_of(pointer)), []).append(((body, *pointer), known))
    return found


def arrays_of(operation: Operation) -> Places[tuple[int, int]]:
    """The shortest and the longest array of one operation, by place and name."""
    found: Places[tuple[int, int]] = {}
    for maker, body, content in contents(operation):
        places: dict[Pointer, tuple[int, int]] = {}
        for pointer, shape, _ in shapes(content.shape):
            if shape.arrays is not None:
                least, most = places.get(pointer, (shape.arrays.least, shape.arrays.most))
                places[pointer] = min(least, shape.arrays.least), max(most, shape.arrays.most)
        for pointer, lengths in places.items():
            found.setdefault((maker, name_of(pointer)), []).append(((body, *pointer), lengths))
    return found


def of_texts(texts: Texts) -> Values:
    return Values(texts=None if texts.values is None else frozenset(texts.values))


def of_content(content: Content) -> Iterator[tuple[Pointer, Values]]:
    """The values of bodies, each place once."""
    for name, texts in content.fields.items():
        yield (name,), of_texts(texts)._replace(lacking=texts.present < content.count)
    found: dict[Pointer, Values] = {}
    for pointer, shape, lacking in shapes(content.shape):
        if shape.count:
            found[pointer] = found.get(pointer, Values()).joined(of_shape(shape)._replace(lacking=lacking))
    yield from found.items()


def of_shape(shape: Shape) -> Values:
    strings = shape.strings.values if shape.strings is not None else set()
    integers = shape.integers.values if shape.integers is not None else set()
    form = shape.strings.format if shape.strings is not None else None
    return Values(
        None if strings is None else frozenset(strings),
        None if integers is None else frozenset(integers),
        kinds=frozenset("number" if kind == "nonfinite" else kind for kind in shape.kinds),
        formats=frozenset() if form is None else frozenset({"byte" if form == "base64" else form}),
    )


def shapes(whole: Shape) -> Iterator[tuple[Pointer, Shape, bool]]:
    """A shape and those within it, with the names down to them (``*`` for elements), and whether objects were without
    it."""
    left: list[tuple[Pointer, Shape, bool]] = [((), whole, False)]
    while left:
        pointer, shape, lacking = left.pop()
        yield pointer, shape, lacking
        if shape.arrays is not None:
            left.append(((*pointer, "*"), shape.arrays.items, False))
        if shape.objects is not None and shape.objects.values is not None:
            left.append(((*pointer, "*"), shape.objects.values, False))
        elif shape.objects is not None:
            mine = shape.objects.joined()
            left += [((*pointer, name), each, each.count < mine.count) for name, each in mine.members.items()]


def name_of(pointer: Pointer) -> str:
    """The name of a member, or of the one that holds the list."""
    return next((name for name in reversed(pointer) if name != "*"), "")
