"""Whether the values that a run has shown are among the words of an enumeration that stands in a document.

A learned schema without an enumeration does not tell: few words are none, whichever they are. The evidence does, by the
names of members and parameters. Where several places have one name it tells what holds of each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from mirror.openapi.evidence import Content, Operation
from mirror.openapi.parameters import path_values, values
from mirror.openapi.shape import Shape
from mirror.openapi.texts import Texts

PARAMETERS = ("query", "header", "cookie")
Spot = tuple[str, str]
"""``request``, ``response``, or the place of a parameter; and a name, that of the list for its elements."""


class Values(NamedTuple):
    """The values of one place: None where they are not known. ``texts`` are those of parameters and forms."""

    strings: frozenset[str] | None = frozenset()
    integers: frozenset[int] | None = frozenset()
    texts: frozenset[str] | None = frozenset()

    def joined(self, other: Values) -> Values:
        return Values(
            None if self.strings is None or other.strings is None else self.strings | other.strings,
            None if self.integers is None or other.integers is None else self.integers | other.integers,
            None if self.texts is None or other.texts is None else self.texts | other.texts,
        )


class ValuesSeen:
    """What the operations of a service have shown. They are asked for, and looked through, where it matters."""

    def __init__(self, operations: Callable[[], Mapping[str, Operation]]) -> None:
        self._operations = operations
        self._known: dict[str, dict[Spot, list[Values]]] | None = None

    def strays(
        self, words: list[Any], kinds: Collection[str], operation: str | None, spot: Spot, elements: bool = False
    ) -> list[Any] | None:
        """The values of these kinds that are not among the words, where each place of the name has some, in one
        operation or (None) in all of them; none where no place has any, None where nobody can tell. ``elements`` says
        that texts are lists. Raises LookupError where no value was seen."""
        if self._known is None:
            self._known = {key: of_operation(each) for key, each in self._operations().items()}
        keys = self._known if operation is None else [operation]
        places = [each for key in keys for each in self._known.get(key, {}).get(spot, ())]
        if not places:
            raise LookupError(spot)
        found = [beside(each, words, kinds, elements) for each in places]
        if all(found) or not any(each is None or each for each in found):
            return sorted({stray for each in found for stray in each or ()}, key=repr)
        return None


def beside(shown: Values, words: list[Any], kinds: Collection[str], elements: bool) -> set[Any] | None:
    """The values that are not among words; None where they are not known."""
    found: set[Any] = set()
    texts = shown.texts
    if elements and texts is not None:
        texts = frozenset(part for text in texts for part in text.split(","))
    known = {str(word).lower() if type(word) is bool else str(word) for word in words}
    for there, choice, asked in (
        (shown.strings, {word for word in words if type(word) is str}, "string" in kinds),
        (shown.integers, {word for word in words if type(word) in (int, float)}, "integer" in kinds),
        (texts, known, True),
    ):
        if asked and there is None:
            return None
        found |= there - choice if asked and there is not None else set()
    return None if "number" in kinds and not found else found


def of_operation(operation: Operation) -> dict[Spot, list[Values]]:
    """What one operation has shown, by place and name."""
    found: dict[Spot, list[Values]] = {}
    accepted, other = (operation.requests.get(fate) for fate in ("accepted", "other"))
    for place in PARAMETERS:
        known = values(operation, "accepted", place) or values(operation, "other", place)
        for name, texts in known.items():
            found[place, name] = [of_texts(texts)]
    for name in {name for each in operation.requests.values() for name in each.parameters.path}:
        found["path", name] = [of_texts(path_values(operation, name, operation.refusals.get(f"path {name}")))]
    asked = next((each.contents for each in (accepted, other) if each is not None and each.contents), {})
    answers = [content for answer in operation.answers.values() for content in answer.contents.values()]
    for maker, contents in (("request", asked.values()), ("response", answers)):
        for content in contents:
            for name, shown in of_content(content):
                found.setdefault((maker, name), []).append(shown)
    for answer in operation.answers.values():
        for name, texts in answer.headers.items():
            found.setdefault(("response header", name), []).append(of_texts(texts))
    return found


def of_texts(texts: Texts) -> Values:
    return Values(texts=None if texts.values is None else frozenset(texts.values))


def of_content(content: Content) -> Iterator[tuple[str, Values]]:
    """The values of bodies, by the names of members: each place once."""
    for name, texts in content.fields.items():
        yield name, of_texts(texts)
    found: dict[tuple[str, ...], Values] = {}
    left: list[tuple[tuple[str, ...], Shape]] = [((), content.shape)]
    while left:
        pointer, shape = left.pop()
        if shape.strings is not None or shape.integers is not None:
            strings = shape.strings.values if shape.strings is not None else set()
            integers = shape.integers.values if shape.integers is not None else set()
            shown = Values(
                None if strings is None else frozenset(strings), None if integers is None else frozenset(integers)
            )
            found[pointer] = found.get(pointer, Values()).joined(shown)
        if shape.arrays is not None:
            left.append(((*pointer, "*"), shape.arrays.items))
        for group in shape.objects.groups() if shape.objects is not None else ():
            left += [((*pointer, name), member) for name, member in group.members.items()]
    for pointer, shown in found.items():
        yield next((name for name in reversed(pointer) if name != "*"), ""), shown
