"""What was learned, brought into the text of a document that people have edited.

    updated = update(path.read_text(), openapi(service))
    updated.text, updated.conflicts, updated.added, updated.changed, updated.pruned

What a person has changed survives, and what need not change is not touched, byte for byte: the text is patched (see
mirror.openapi.patching). Facts are joined as mirror.openapi.joining and mirror.openapi.widening say; the marks
(mirror.openapi.marks) tell whose a word is. The same facts once more give the same text.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from mirror.errors import DocumentError
from mirror.openapi.familiar import restored, shortened
from mirror.openapi.joining import Joining
from mirror.openapi.marks import marked
from mirror.openapi.meeting import Conflict, Meeting
from mirror.openapi.patching import patched
from mirror.openapi.placed import Node, Values
from mirror.openapi.pruning import prune as prune_names, user_of
from mirror.openapi.reading import document, placed
from mirror.openapi.said import named
from mirror.openapi.values_seen import ValuesSeen
from mirror.openapi.writing import Form, finite, write

__all__ = ["Conflict", "Updated", "update"]

AGAIN = 4
"""Times that a document is gone through once more, until nothing changes."""


class Updated(msgspec.Struct, frozen=True):
    """The new text, and what came of it.

    ``added`` names what is new (``GET /orders``, ``GET /orders query limit``, ``Order``, or a JSON pointer),
    ``changed`` are the pointers of mirror's own words that turned out otherwise.
    """

    text: str
    conflicts: list[Conflict] = []
    added: list[str] = []
    changed: list[str] = []
    pruned: list[str] = []


def update(
    existing: str,
    learned: dict[str, Any],
    *,
    prune: Collection[str] = (),
    name: str = "the document",
    form: Form = "yaml",
    shown: ValuesSeen | None = None,
) -> Updated:
    """The text with what was learned. ``prune`` names what is to be taken out first; what the run has shown of it comes
    back as newly learned. ``name`` is what errors call the text, ``form`` that of a text that is empty so far. Which
    enumerations hold for all that was seen, ``shown`` tells. Raises DocumentError where the text is no such document,
    or a name to prune is not in it."""
    if not existing.strip("\ufeff \t\r\n"):
        if prune:
            prune_names({}, prune)
        return Updated(write(marked(learned), form), added=list(names(learned)))
    fresh = marked(learned)
    if not prune and existing == write(fresh, "json" if existing.startswith("{") else "yaml"):
        return Updated(existing)  # reading it would take twenty times as long
    root = nodes(existing, fresh, name)
    values = Values()
    here = document(values.of(root), name)
    fresh = finite(fresh) if root.flow else fresh
    if version(here) != version(fresh):
        raise DocumentError(
            f"{name} is OpenAPI {version(here)}, what was learned is {version(fresh)}: "
            f"learn with --openapi-version {version(here)}"
        )
    if not isinstance(here["openapi"], str):
        raise DocumentError(f'{name}: "openapi" is no text: write "{fresh["openapi"]}"')
    pruned = prune_names(here, prune)
    meeting = Meeting(here, fresh, values.shared, name, shown, pruned)
    try:
        Joining(meeting).join()
        for _ in range(AGAIN):  # what one place has made of a component, another one of it may have to widen
            again = Meeting(here, fresh, values.shared, name, shown, pruned)
            Joining(again).join()
            meeting.found.conflicts |= again.found.conflicts
            meeting.found.added |= again.found.added
            meeting.found.changed |= again.found.changed
            if not (again.found.added or again.found.changed):
                break
    except RecursionError:
        raise DocumentError(f"{name} is nested too deeply: this is no OpenAPI document") from None
    for gone in pruned:
        if (user := user_of(here, gone)) is not None:
            raise DocumentError(f"{gone!r} cannot be pruned: {user} refers to it; prune or change that as well")
    found = meeting.found
    return Updated(
        patched(existing, root, here),
        sorted(found.conflicts.values(), key=lambda each: (each.operation, each.pointer)),
        list(found.added),
        list(found.changed),
        pruned,
    )


def nodes(text: str, learned: dict[str, Any], name: str) -> Node:
    """The nodes of a text; what is in it as it was learned is not read."""
    short, parts = shortened(text, learned)
    if parts:
        try:
            return restored(placed(short, name), parts)
        except DocumentError:
            pass  # the whole text has the right lines for an error
    return placed(text, name)


def version(document: dict[str, Any]) -> str:
    return str(document.get("openapi"))[:3]


def names(document: dict[str, Any]) -> list[str]:
    """What a learned document has, in the words of ``added``."""
    found = [f"{method.upper()} {path}" for path, item in named(document, "paths").items() for method in item]
    return found + list(named(named(document, "components"), "schemas"))
