"""Which words in paths are values: judged by the words beside them, and by what was answered.

    /users/alice        {"username": "alice"}        a segment that stands in the answer is a value
    /countries/de /fr /it                            members of a collection, answered alike
    PUT, DELETE /tags/red                            what is done to a member
    /orders/1/cancel  POST                           an action, whatever it answers
    /orders, /products                               nothing above them that could be a collection

A word is a value from ENOUGH points on; a single kind of evidence is never enough.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import islice

from mirror.openapi.branches import Leaf, Node
from mirror.openapi.likeness import Profile, answers, are_alike, overlap, profile
from mirror.openapi.made import KINDS, Made
from mirror.openapi.naming import free, snake
from mirror.openapi.segments import PREFIX, VERSION, is_plural, looks_made, variable_name
from mirror.openapi.spelling import encoded
from mirror.openapi.texts import Texts

ENOUGH = 3
EVIDENT = frozenset({"integer", "uuid", "hex", "date"})
"""Formats of members whose collections have no members with words for names."""

WRONG = frozenset({400, 404, 422})
"""What is answered where a value is wrong."""
DENIED = frozenset({401, 403})
"""What is answered before anybody looks at a value."""

VARIABLE = "{}"

SELF_NAMED = re.compile(
    r"(?:\w+_)?(?:isbn|sku|ean|iban|code|slug|name|year|month|day|date|email|token|key|hash|tag|language|lang|locale|country|"
    r"currency|city|zip|version)"
)
"""Words that name the value itself: ``/isbn/{isbn}``."""
TELLING = re.compile(r"isbn|sku|slug|code|tag|language|lang|locale|country|currency|city|year|month")
"""Those of them that nothing but values are below."""
SETTINGS = re.compile(r"preferences|settings|options|configs?|configuration|features")

IDENTIFIER = re.compile(r"_?id|uuid|guid|pk|\w+(?:_id|Id|ID|_uuid)")

ORDINAL = re.compile(
    r"(?:\w*_)?(?:number|no|nr|num|version|revision|position|index|line|seq|sequence|year|month|day|week|code)"
)
"""What numbers are called that tell one thing from another."""


class Word:
    """A word below a node, with what speaks for and against its being a value. ``names`` are those of the members that
    answers to POST had it for, ``made`` is how much that says."""

    def __init__(self, text: str, node: Node, names: Collection[str] = (), made: int = 0) -> None:
        self.text = text
        self.node = node
        self.names = names
        self.made = made
        self.looks_made = looks_made(text)
        self.is_plural = is_plural(text)

    @cached_property
    def profile(self) -> Profile:
        return profile(self.node)

    @cached_property
    def methods(self) -> set[str]:
        return {method for method, leaf in self.node.leaves.items() if not is_dead(leaf)}

    @cached_property
    def is_dead(self) -> bool:
        return is_dead_below(self.node)

    @cached_property
    def echo(self) -> int:
        """How much it says that the word is a value in the answers: 2; 1 where it is only ever a kind or a state."""
        if not 0 < self.node.accepted <= 10 * self.node.echoed:
            return 0
        names = {name.removeprefix("/").lower() for name in self.node.names or ()}
        return 1 if names and names <= KINDS else 2

    @cached_property
    def is_collection(self) -> bool:
        """It has members, or things are made there, or it answers with several."""
        return self.is_plural and (
            self.node.value is not None
            or "POST" in self.node.leaves
            or any("[]" in each for answers in self.profile.answers.values() for each in answers.values())
        )


def judged(node: Node, made: Made) -> Iterator[tuple[str, tuple[str, ...], Leaf]]:
    """The method, the segments of the template and the evidence of each operation. The node is used up."""
    settle_below(node, (), made)
    yield from walk(node, (), ())


def walk(
    node: Node, path: tuple[str, ...], names: tuple[str, ...], above: Node | None = None
) -> Iterator[tuple[str, tuple[str, ...], Leaf]]:
    for method, leaf in sorted(node.leaves.items()):
        if is_operation(leaf, node, path) and not is_detour(method, leaf, node, path, above):
            yield method, path, leaf
    for segment, child in sorted({**node.fixed, **(node.words or {})}.items()):
        yield from walk(child, (*path, encoded(segment)), names, node)
    if node.value is not None:
        name = name_of(node.value, path, names)
        yield from walk(node.value, (*path, f"{{{name}}}"), (*names, name), node)


def settle_below(node: Node, path: tuple[str, ...], made: Made) -> None:
    settle(node, path, made)
    for segment, child in [*node.fixed.items(), *(node.words or {}).items()]:
        settle_below(child, (*path, segment), made)
    if node.value is not None:
        settle_below(node.value, (*path, VARIABLE), made)


def settle(node: Node, path: tuple[str, ...], made: Made) -> None:
    """Merge the words that are values into the variable child; leave out those that were never found."""
    if node.words is None:
        return
    words = [
        Word(text, child, made.names_of(text), made.points(text, "POST" in node.leaves))
        for text, child in sorted(node.words.items())
    ]
    living = [word for word in words if not word.is_dead]
    found = [word for word in living if points(word, living, node, path) >= ENOUGH]
    for word in found:
        take(node, word)
    if node.value is not None:
        value = Word("", node.value)
        joined = [word for word in living if word not in found and joins(word, value, node, bool(found))]
        for word in joined:
            take(node, word)
        for text, child in sorted(node.fixed.items()):
            if text and is_wrong_value(Word(text, child), value):
                value.node.merge(node.fixed.pop(text))
    for word in words:
        if word.is_dead:
            if node.value is not None or (is_collection(path) and any(map(is_found, node.leaves.values()))):
                take(node, word)
            else:
                node.words.pop(word.text)


def take(node: Node, word: Word) -> None:
    assert node.words is not None
    if not word.node.echoed:
        word.node.call(word.names)
    node.variable().merge(node.words.pop(word.text))


def points(word: Word, words: list[Word], node: Node, path: tuple[str, ...]) -> int:
    """How much speaks for a word's being a value."""
    below_variable = bool(path) and path[-1].startswith("{")
    echoed = word.echo > 0
    total = word.echo + (word.looks_made if is_collection(path) else min(word.looks_made, 1))
    if is_collection(path) or (below_variable and echoed and not word.is_plural):
        total += 1
    if path and TELLING.fullmatch(path[-1]) and not word.is_plural:
        total += 3
    if path and SETTINGS.fullmatch(path[-1]):
        total -= 1  # each by its own name
    elif word.methods & {"PUT", "DELETE"}:
        total += 2 if not below_variable else 0
    elif "PATCH" in word.methods and not below_variable:
        total += 1
    if echoed and word.node.value is not None and not word.is_plural:
        total += 1
    total += word.made
    if refused_names(word.node):
        total += 3
    if is_root(path):
        total -= 2
    if below_variable and not echoed:
        total -= 1
    if word.methods == {"POST"}:
        total -= 2
    if word.is_collection:
        total -= 2
    if is_filter(word, node):
        total -= 2
    if ENOUGH - 2 <= total < ENOUGH:
        alike = (1 for other in words if other is not word and are_alike(word.profile, other.profile))
        total += sum(islice(alike, 2))
    return total


def joins(word: Word, value: Word, node: Node, has_words: bool) -> bool:
    """Whether a word is one more value beside others that are known to be."""
    if word.is_collection or is_filter(word, node):
        return False
    if is_wrong_value(word, value):
        return True
    if not are_alike(word.profile, value.profile):
        return False
    return has_words or word.echo == 2 or not only_evident(value.node)


def is_wrong_value(word: Word, value: Word) -> bool:
    """Whether it was only ever refused or not found, with methods that values have: ``/items/abc``. To be turned away
    says nothing of it."""
    found = {status for leaf in leaves_below(word.node) for status in leaf.operation.answers} - DENIED
    return bool(found) and found <= WRONG and word.node.leaves.keys() <= value.node.leaves.keys()


def only_evident(node: Node) -> bool:
    """Whether all accepted values are numbers and the like."""
    return forms_of(node) <= EVIDENT


def forms_of(node: Node) -> set[str]:
    """The forms of the accepted values of a node."""
    return {form for texts in texts_of(node) for form in texts.forms}


def texts_of(node: Node, above: int = 1) -> list[Texts]:
    """The accepted values of a node, ``above`` segments from the end of the paths that it knows; of those of what is
    below it where it has none itself."""
    found = [texts for leaf in node.leaves.values() for texts in leaf.segments.get("accepted", ())[-above:][:1]]
    return found or [texts for child in children(node) for texts in texts_of(child, above + 1)]


def name_of(node: Node, path: tuple[str, ...], names: tuple[str, ...]) -> str:
    """The name of a variable, other than those before it: as a refusal tells it, as the answers call it, else after the
    collection."""
    told = refused_names(node) - set(names)
    if len(told) == 1:
        return told.pop()
    above = next((each for each in reversed(path) if each and "{" not in each and not is_prefix(each)), "")
    name = variable_name(above)
    if SELF_NAMED.fullmatch(snake(above)):
        name = snake(above)
    member = member_of(node)
    if member is not None and member not in names and not IDENTIFIER.fullmatch(member):
        return member
    return free(name, names)


def member_of(node: Node) -> str | None:
    """The member whose value the variable's mostly is: in answers about it, else in those about what is below it. None
    where there is none, or several."""
    if not node.names:
        return None
    own = {name: count for name, count in node.names.items() if not name.startswith("/")}
    names = own or {name[1:]: count for name, count in node.names.items()}
    most = max(names.values())
    often = sorted(name for name, count in names.items() if count * 3 >= most * 2)
    found = [name for name in often if IDENTIFIER.fullmatch(name)] or often
    if len(found) > 1 or not found[0].isidentifier():
        return None
    # Small numbers stand everywhere.
    return found[0] if not only_small(node) or ORDINAL.fullmatch(found[0]) else None


def only_small(node: Node) -> bool:
    """Whether all accepted values are numbers of few digits."""
    kept = [texts.values for texts in texts_of(node)]
    return forms_of(node) == {"integer"} and all(values and max(map(len, values)) < 6 for values in kept)


def refused_names(node: Node) -> set[str]:
    """The path parameters that refusals name where the node's is the last."""
    found: set[str] = set()
    pending = [node]
    while pending:
        each = pending.pop()
        for leaf in each.leaves.values():
            found |= {place[5:] for place in leaf.operation.refusals if place.startswith("path ")}
        pending += [*each.fixed.values(), *(each.words or {}).values()]
    return {name for name in found if name.isidentifier()}


def is_filter(word: Word, node: Node) -> bool:
    """Whether it answers with several of what the collection itself answers with: ``/orders/overdue``."""
    mine, whole = word.profile.answers.get("GET", {}), answers(node.leaves["GET"]) if "GET" in node.leaves else {}
    return any(len(each) > 2 and overlap(each, whole.get(media, frozenset())) for media, each in mine.items())


# What a node is -------------------------------------------------------------------------------------------------------


def is_prefix(segment: str) -> bool:
    return bool(VERSION.fullmatch(segment) or PREFIX.fullmatch(segment))


def is_root(path: tuple[str, ...]) -> bool:
    """Whether nothing is above but what an interface is called."""
    return all(not segment or is_prefix(segment) for segment in path)


def is_collection(path: tuple[str, ...]) -> bool:
    return bool(path) and not is_prefix(path[-1]) and "{" not in path[-1] and is_plural(path[-1])


def is_found(leaf: Leaf) -> bool:
    return not is_dead(leaf)


def is_dead(leaf: Leaf) -> bool:
    """Nothing was ever found there."""
    found = leaf.operation.answers.keys()
    return bool(found) and found <= {404, 405}


def is_detour(method: str, leaf: Leaf, node: Node, path: tuple[str, ...], above: Node | None) -> bool:
    """Whether it only ever sends to the same path with a slash at the end or without."""
    if not leaf.operation.answers or not leaf.operation.answers.keys() <= {301, 302, 307, 308}:
        return False
    other = above if path and not path[-1] else node.fixed.get("")
    return other is not None and method in other.leaves


def is_operation(leaf: Leaf, node: Node, path: tuple[str, ...]) -> bool:
    """Whether the path has the method: one that was never found needs something beside it that was, or a variable."""
    if leaf.operation.answers.keys() == {405}:
        return False
    if not is_dead(leaf) or any(not is_dead(other) for other in node.leaves.values()):
        return True
    return any(segment.startswith("{") for segment in path) and not is_root(path[:-1])


def leaves_below(node: Node) -> Iterator[Leaf]:
    yield from node.leaves.values()
    for child in children(node):
        yield from leaves_below(child)


def children(node: Node) -> list[Node]:
    return [*node.fixed.values(), *(node.words or {}).values(), *([] if node.value is None else [node.value])]


def is_dead_below(node: Node) -> bool:
    return all(is_dead(leaf) for leaf in leaves_below(node))
