"""What the strings of one place looked like (see mirror.openapi.shape)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mirror.formats import SCHEMA_FORMATS, format_of
from mirror.redact.blanks import blanked

MOST_STRINGS = 24
"""Distinct strings that are kept of one place; where there are more it is no enumeration."""
LONGEST_STRING = 64
"""Characters that a string of an enumeration may have."""
KEPT_FORMATS = SCHEMA_FORMATS | {"base64"}

MIXED = ""
"""The format of strings that have none in common."""


class Strings(msgspec.Struct):
    """The strings of a place. ``format`` is the one that all of them have, MIXED where they have none in common (None
    before the first). ``values`` are the distinct ones, None where there were too many or too long ones, or a
    placeholder: a secret is no word to choose."""

    count: int = 0
    format: str | None = None
    values: set[str] | None = msgspec.field(default_factory=set)

    def add_all(self, texts: Sequence[str]) -> None:
        if self.values is None:
            self.count += len(texts)
            if self.format != MIXED:
                for form in set(map(format_of, texts)):
                    self._agree(form)
            return
        different = set(texts)
        if self.format == MIXED and different <= self.values:
            self.count += len(texts)
            return
        self.count += len(texts) - len(different)
        for text in different:
            self.add(text)

    def add(self, text: str) -> None:
        self.count += 1
        if self.format != MIXED:
            form = format_of(text)
            if form != self.format:
                self._agree(form)
        values = self.values
        if values is not None and text not in values:
            if len(values) >= MOST_STRINGS or len(text) > LONGEST_STRING or blanked(text) != text:
                self.values = None
            else:
                values.add(text)

    def merge(self, other: Strings) -> None:
        self.count += other.count
        if other.format is not None:
            self._agree(other.format)
        if self.values is not None:
            both = None if other.values is None else self.values | other.values
            self.values = None if both is None or len(both) > MOST_STRINGS else both

    def _agree(self, form: str) -> None:
        self.format = form if form in KEPT_FORMATS and self.format in (None, form) else MIXED
