"""The secrets that were found in a run, looked for wherever else they stand: in errors, reports, names of tests.

See ``mirror.redact.spelled`` for how they may be spelled there. Of a value of several lines each line is looked for as
well, as a diff shows it.
"""

from __future__ import annotations

import re
from itertools import islice

from mirror.redact.keys import is_name
from mirror.redact.placeholders import Placeholders, is_placeholder
from mirror.redact.spelled import HEAD, Spelled

WORD = re.compile(r"[a-z_]+|[0-9]{1,5}|-----.*")
"""Lines that mean nothing by themselves: words, short numbers, where a key begins and ends."""
TORN = ("\\", "&")
"""What is in spellings that what looks for forms does not read: it would take a part of them for the whole."""


class Known:
    """Replaces the values that ``placeholders`` remember."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._seen = 0
        self._values: set[str] = set()
        self._spelled = Spelled()

    def replace(self, text: str) -> str:
        """The text without them; the very same object where there are none."""
        return self._replace(text)

    def replace_torn(self, text: str) -> str:
        """The text without those spellings that would be torn apart, if forms were looked for in it first."""
        return self._replace(text, TORN) if any(mark in text for mark in TORN) else text

    def _replace(self, text: str, marks: tuple[str, ...] = ()) -> str:
        if self._seen != self._placeholders.remembered:
            self._learn()
        parts, position = [], 0
        for start, end, value in self._spelled.find(text):
            if marks and not any(mark in text[start:end] for mark in marks):
                continue
            # Within other words perhaps, so it is not given a format.
            parts += [text[position:start], self._placeholders.plain(value)]
            position = end
        return "".join([*parts, text[position:]]) if parts else text

    def _learn(self) -> None:
        """Take over what has been remembered since."""
        count = self._placeholders.remembered
        known = self._placeholders.known.copy()
        if len(self._values) > 2 * len(known):  # most of them have been forgotten
            self._values, self._spelled, self._seen = set(), Spelled(), 0
        for value in list(islice(reversed(known), min(len(known), count - self._seen))):
            if value not in self._values and not is_name(value) and not is_placeholder(value):
                self._values.add(value)
                self._spelled.add(value)
                for line in map(str.strip, value.split("\n") if "\n" in value else ()):
                    if len(line) >= HEAD and not (WORD.fullmatch(line) or is_name(line) or is_placeholder(line)):
                        self._spelled.add(line)
        self._seen = count
