"""The secrets that were found in a run, looked for wherever else they stand: in errors, reports, names of tests.

A value is looked for as it is, and as it stands in reprs, in JSON and in URLs. What is found within a longer word is
another word (the password ``orders`` in ``test_orders.py``), except where the value is a string of disorder. Plain
short words and short numbers are replaced only where they stand in quotation marks.

All spellings are kept by their first characters. One pass over a text looks up each place: its cost does not depend on
how many values there are, and a new value costs one entry.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from urllib.parse import quote

from mirror.formats import is_opaque
from mirror.redact.keys import is_name
from mirror.redact.placeholders import Placeholders, is_placeholder

HEAD = 6
"""Characters by which spellings are kept; no value that is remembered has fewer."""
# A letter before a value belongs to an escape, not to a word: \n, %20, \x41.
ESCAPED = re.compile(r"(?:\\[nrtbfv]|%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})\Z")
FILE = re.compile(r"\.(?:py|pyc|js|ts|json|html|xml|ya?ml|toml|txt|md|csv|log|ini|cfg|har|jsonl)\b")
MARKS = "\"'`"


class Known:
    """Replaces the values that ``placeholders`` remember."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._seen = 0
        self._values: set[str] = set()
        # the head -> for each length, the longest first, the spellings that begin so, and their values
        self._forms: dict[str, dict[int, dict[str, str]]] = {}

    def replace(self, text: str) -> str:
        """The text without them; the very same object where there are none."""
        if self._seen != self._placeholders.remembered:
            self._learn()
        forms = self._forms
        if not forms or len(text) < HEAD:
            return text
        parts, position, place, last = [], 0, 0, len(text) - HEAD
        while place <= last:
            here = forms.get(text[place : place + HEAD])
            found = here and longest(here, text, place)
            if found:
                value, size = found
                # Within other words perhaps, so it is not given a format.
                parts += [text[position:place], self._placeholders.plain(value)]
                place = position = place + size
            else:
                place += 1
        return "".join([*parts, text[position:]]) if parts else text

    def _learn(self) -> None:
        """Take over what has been remembered since."""
        count = self._placeholders.remembered
        known = self._placeholders.known.copy()
        if len(self._values) > 2 * len(known):  # most of them have been forgotten
            self._values, self._forms, self._seen = set(), {}, 0
        for value in list(islice(reversed(known), min(len(known), count - self._seen))):
            if value not in self._values and not is_name(value) and not is_placeholder(value):
                self._values.add(value)
                for form in spellings(value):
                    here = self._forms.get(form[:HEAD], {})
                    if len(form) in here:
                        here[len(form)].setdefault(form, value)
                    else:  # made anew: another thread may be reading it
                        made = sorted({**here, len(form): {form: value}}.items(), reverse=True)
                        self._forms[form[:HEAD]] = dict(made)
        self._seen = count


def longest(here: dict[int, dict[str, str]], text: str, place: int) -> tuple[str, int] | None:
    """The value whose spelling stands at this place of a text, and the spelling's length."""
    for size, forms in here.items():
        form = text[place : place + size]
        if form in forms and stands(form, text, place):
            return forms[form], size
    return None


def spellings(value: str) -> set[str]:
    """A value as it is, and as it stands in reprs, in JSON and in URLs."""
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    return {value, quoted, json.dumps(value)[1:-1], repr(value)[1:-1], quote(value, safe="", errors="replace")}


def stands(form: str, text: str, place: int) -> bool:
    """Whether a spelling that begins at this place of a text is a word of its own there."""
    end = place + len(form)
    if is_opaque(form):
        return True
    before, after = text[place - 1 : place] if place else "", text[end : end + 1]
    if is_plain(form) and not (before and before in MARKS and after == before):
        return False
    if is_word(form[-1]) and (is_word(after) or FILE.match(text, end)):
        return False
    return not (is_word(form[0]) and is_word(before)) or bool(ESCAPED.search(text[max(0, place - 6) : place]))


def is_word(character: str) -> bool:
    return bool(character) and (character.isalnum() or character == "_")


def is_plain(form: str) -> bool:
    """Whether it is a word, or a number, that stands in many texts and means nothing there."""
    return (form.isdecimal() and len(form) < 6) or (len(form) < 8 and form.isalpha() and form.islower())
