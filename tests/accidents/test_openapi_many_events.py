"""Accident: the name of each server-sent event was looked for in a list of all names before it, and so a stream whose
events have names of their own took the square of its length. What was looked for was not what was kept, besides."""

from __future__ import annotations

import pytest

from mirror.headers import Headers
from mirror.openapi import bodies

STREAM = Headers.from_text([("Content-Type", "text/event-stream")])


class Compared(str):
    """A name that counts how often names are compared."""

    number = 0

    def __eq__(self, other: object) -> bool:
        Compared.number += 1
        return super().__eq__(other)

    __hash__ = str.__hash__


def test_names_are_not_looked_for_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "blanked", Compared)
    text = "".join(f"event: e{each % 200}\ndata: 1\n\n" for each in range(400))
    assert bodies.read_body(STREAM, text.encode()).events == [f"e{each}" for each in range(200)]
    assert Compared.number <= 800


def test_a_name_that_was_kept_otherwise_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "blanked", lambda _: "blank")
    assert bodies.read_body(STREAM, b"event: one\n\nevent: other\n\nevent: one\n\n").events == ["blank"]
