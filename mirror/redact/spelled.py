"""How a secret may be spelled in another text, and where its spellings stand there.

A value is looked for as it is, and as it stands in JSON, in reprs of text and of bytes, in names of pytest's tests, in
URLs and forms, in HTML, and as base64 or hexadecimal digits of the whole. What is found within a longer word is another
word (the password ``orders`` in ``test_orders.py``), except where the value is a string of disorder. Plain short words
and short numbers are found only where they stand in quotation marks.

All spellings are kept by their first characters. Where these are few, a text is searched for each, at the speed of
memory; where they are many, one pass over it looks up each place: the cost does not depend on how many there are.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Collection, Iterator
from html import escape
from typing import AnyStr
from urllib.parse import quote, quote_plus

from mirror.formats import is_opaque

HEAD = 6
"""Characters by which spellings are kept; no value that is looked for has fewer."""
FEW = 64
"""Heads up to which a text is searched for each."""
ENCODED = 512
"""Characters up to which base64 and hexadecimal digits of a value are looked for."""
SIMPLE = re.compile(r"[A-Za-z0-9_.~-]+")  # the same in all texts
BARE = re.compile(r"[ !#-&(-\[\]-~]*")  # has no escapes anywhere
# A letter before a value belongs to an escape, not to a word: \n, %20, \x41.
ESCAPED = re.compile(r"(?:\\[nrtbfv]|%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})\Z")
FILE = re.compile(r"\.(?:py|pyc|js|ts|json|html|xml|ya?ml|toml|txt|md|csv|log|ini|cfg|har|jsonl)\b")
MARKS = "\"'`"
URLS = ("", "/", "!'()*", "%!#$&'()*+,/:;=?@")
"""What different programs leave as it is in a URL."""

Found = tuple[int, int, str]
"""Where a spelling begins and ends, and its value."""


class Spelled:
    """The spellings of some values."""

    def __init__(self) -> None:
        # the head -> for each length, the longest first, the spellings that begin so, and their values
        self._forms: dict[str, dict[int, dict[str, str]]] = {}

    @property
    def heads(self) -> Collection[str]:
        """What the spellings begin with."""
        return self._forms.keys()

    def add(self, value: str) -> None:
        """Let a value be found from now on. Another thread may be searching meanwhile."""
        for form in spellings(value):
            here = self._forms.get(form[:HEAD], {})
            if len(form) in here:
                here[len(form)].setdefault(form, value)
            else:
                self._forms[form[:HEAD]] = dict(sorted({**here, len(form): {form: value}}.items(), reverse=True))

    def value(self, form: str) -> str | None:
        """The value that is spelled so, or None."""
        forms = self._forms.get(form[:HEAD], {}).get(len(form), {})
        return forms.get(form)

    def find(self, text: str) -> Iterator[Found]:
        """Where the values stand in a text, in order and without overlaps."""
        forms, end = self._forms, 0
        for place in places(text, forms):
            if place >= end:
                found = self._longest(forms[text[place : place + HEAD]], text, place)
                if found:
                    yield found
                    end = found[1]

    def _longest(self, here: dict[int, dict[str, str]], text: str, place: int) -> Found | None:
        for size, forms in here.items():
            if len(forms) == 1 and not text.startswith(next(iter(forms)), place):
                continue  # nothing is copied: they may be long, and begin at each character
            form = text[place : place + size]
            if form in forms and stands(form, text, place):
                return place, place + size, forms[form]
        return None


def places(text: str, heads: Collection[str]) -> Iterator[int]:
    """Where one of the heads stands in a text, in order."""
    if len(heads) > FEW:
        return (place for place in range(len(text) - HEAD + 1) if text[place : place + HEAD] in heads)
    found = []
    for head in list(heads):
        place = text.find(head)
        while place >= 0:
            found.append(place)
            place = text.find(head, place + 1)
    return iter(sorted(found))


def holds(text: AnyStr, heads: Collection[AnyStr]) -> bool:
    """Whether one of the heads stands in a text."""
    if len(heads) > FEW:
        return any(text[place : place + HEAD] in heads for place in range(len(text) - HEAD + 1))
    for head in heads:  # noqa: SIM110 (most texts are short: a generator would cost more than the search)
        if head in text:
            return True
    return False


def spellings(value: str) -> set[str]:
    """A value as it is, and as it stands in other texts."""
    found = {value}
    if not SIMPLE.fullmatch(value):
        for form in (value, *references(value)):
            found.add(form)
            found |= escapes(form)
        found |= {quote(value, safe=safe, errors="replace") for safe in URLS}
        found.add(quote_plus(value, errors="replace"))
    return found | digits(value) if len(value) <= ENCODED else found


def escapes(value: str) -> set[str]:
    """A value in JSON, in the repr of a text that holds it or its bytes, and both: the repr of a text with JSON in it.

    pytest writes what is not ASCII in the names of tests as ``ascii`` does, and leaves quotation marks alone.
    """
    if BARE.fullmatch(value):
        return {value}
    raw = value.encode("utf-8", "surrogatepass").decode("latin-1")
    found = {value.replace("\\", "\\\\"), repr(value)[1:-1], json.dumps(value)[1:-1]}
    found |= {one.encode("unicode_escape").decode() for one in (value, raw)}
    if not value.isascii():
        found.add(json.dumps(value, ensure_ascii=False)[1:-1])
    found |= {form.replace("\\", "\\\\") for form in found}
    return found | {form.replace("'", "\\'") for form in found} if "'" in value else found


def references(value: str) -> set[str]:
    """A value in HTML and XML, as different programs write it."""
    if not any(mark in value for mark in "&<>\"'"):
        return set()
    marked = escape(value)
    found = {escape(value, quote=False)}
    for apostrophe in ("&#x27;", "&#39;", "&apos;"):
        for quotation in ("&quot;", "&#34;"):
            found.add(marked.replace("&#x27;", apostrophe).replace("&quot;", quotation))
    return found


def digits(value: str) -> set[str]:
    """Base64 of a value in both alphabets, padded or not, and its hexadecimal digits."""
    raw = value.encode("utf-8", "surrogatepass")
    padded = {b64encode(raw).decode(), urlsafe_b64encode(raw).decode()}
    return padded | {form.rstrip("=") for form in padded} | {raw.hex(), raw.hex().upper()}


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
