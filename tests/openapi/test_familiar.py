"""Parts of a text that stand there as they would be written: without reading them, all nodes stand where they do."""

from __future__ import annotations

from typing import Any

import pytest

from mirror.openapi import familiar
from mirror.openapi.familiar import restored, shortened
from mirror.openapi.placed import Node, Values
from mirror.openapi.reading import placed
from mirror.openapi.writing import write

ITEM = {"get": {"responses": {"200": {"description": "Fine"}}}}
LEARNED: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {"/a": ITEM, "/b": ITEM, "/none": {}, "/c": ITEM},
    "components": {"schemas": {"A": {"type": "object"}, "B": {"type": "string"}}},
}
TEXT = write(LEARNED, "yaml")


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(familiar, "SMALLEST", 0)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (TEXT, 5),
        (f"# by hand\n{TEXT}", 5),
        (f"{TEXT}# by hand\n", 5),
        (TEXT.replace("  /b:", "  /by/hand: 0\n  /b:"), 5),
        (TEXT.replace("description: Fine", "description: Well", 1), 4),
    ],
)
def test_what_is_familiar_is_not_read(text: str, number: int) -> None:
    short, parts = shortened(text, LEARNED)
    assert len(parts) == number
    found, whole = restored(placed(short, "api.yaml"), parts), placed(text, "api.yaml")
    assert Values().of(found) == Values().of(whole)
    for part in parts:
        assert text[part.start : part.end].startswith(part.short[: -len(" 0\n")])
    assert outer(found) == outer(whole)


def entries(node: Node) -> list[Any]:
    return [each for entry in node.entries for each in (entry, *entries(entry.node))]


def outer(node: Node) -> list[tuple[object, int, int, int]]:
    """The keys of the document, of its paths and of its components, and where their entries and values stand."""
    kept = [
        each for each in entries(node) if each.key in LEARNED or str(each.key)[:1] in "/AB" or each.key == "schemas"
    ]
    return [(each.key, each.start, each.stop, each.node.end) for each in kept]


@pytest.mark.parametrize("text", [TEXT.replace("\n", "\r\n"), f"\ufeff{TEXT}", write(LEARNED, "json")])
def test_texts_of_other_forms_are_read(text: str) -> None:
    assert shortened(text, LEARNED) == (text, [])
