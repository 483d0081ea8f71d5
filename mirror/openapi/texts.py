"""What the values of one name looked like that are written as text: parameters, header fields, fields of forms.

``12`` may be a number, ``true`` a truth value and ``a,b`` a list; which of them it is can only be said of all values
together. Like a Shape, this is a commutative monoid (see mirror.openapi.shape).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from mirror.formats import format_of
from mirror.openapi.strings import LONGEST_STRING, MOST_STRINGS
from mirror.redact.blanks import blanked

TRUTHS = frozenset({"true", "false"})
COMMAS = re.compile(r"[\w.:+-]+(?:,[\w.:+-]+)+")


class Texts(msgspec.Struct):
    """``present`` counts the messages that had the name, ``repeated`` those that had it several times, ``count`` the
    values. ``forms`` are the formats of mirror.formats that were seen, with ``boolean`` for truth values,
    ``zero-led`` for digits that are no number (``007``), ``signed`` for integers with a sign and
    ``commas`` for lists. ``values`` are the distinct ones, None where there were too many or too long ones. ``written``
    and ``counted``: whether answers had one of them, a segment of the path, for a string, and for an integer."""

    present: int = 0
    repeated: int = 0
    count: int = 0
    forms: set[str] = msgspec.field(default_factory=set)
    values: set[str] | None = msgspec.field(default_factory=set)
    written: bool = False
    counted: bool = False

    def add(self, texts: Sequence[str]) -> None:
        """Take in the values that one message had under the name."""
        self.present += 1
        self.repeated += len(texts) > 1
        self.count += len(texts)
        for text in texts:
            self.forms.add(form_of(text))
            if self.values is not None and text not in self.values:
                if len(self.values) >= MOST_STRINGS or len(text) > LONGEST_STRING or blanked(text) != text:
                    self.values = None
                else:
                    self.values.add(text)

    def note(self, written: bool, counted: bool) -> None:
        """Take in what an answer had the value for."""
        self.written |= written
        self.counted |= counted

    def merge(self, other: Texts) -> None:
        self.present += other.present
        self.repeated += other.repeated
        self.count += other.count
        self.forms |= other.forms
        self.note(other.written, other.counted)
        if self.values is not None:
            both = None if other.values is None else self.values | other.values
            self.values = None if both is None or len(both) > MOST_STRINGS else both


def form_of(text: str) -> str:
    """The format of a text, with what only matters where texts stand for other types."""
    if text.lower() in TRUTHS:
        return "boolean"
    form = format_of(text)
    if form == "integer":
        return "zero-led" if len(text) > 1 and text[0] == "0" else form
    if form == "number" and text[1:].isdecimal():
        return "signed"
    if form == "text" and COMMAS.fullmatch(text):
        return "commas"
    return form
