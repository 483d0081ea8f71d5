"""How paths are spelled: ``/cafés`` and ``/caf%C3%A9s`` are one path (RFC 3986, section 2.1; RFC 3987, section 3.1).

A template is written as its framework writes it and as people read it. Percent-encoded is what would mean something
else in a template or in a URL (``{``, ``?``, ``#``, ``%``), and what nobody could see (blanks, controls, no text).
Documents that people edit may have either spelling.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

# Kept as they are in a template: pchar of RFC 3986 without what templates are written with.
SAFE = "!$&'()*+,;=:@~-._"
VARIABLE = re.compile(r"(\{[^{}]*\})")
NO_TEXT = "\ufffd"


def decoded(segment: str) -> str:
    """A segment without its percent-encoding; what is no UTF-8 becomes U+FFFD."""
    return unquote(segment, errors="replace") if "%" in segment else segment


def encoded(segment: str) -> str:
    """A literal segment as a template has it."""
    if segment.isascii():
        return quote(segment, safe=SAFE)
    return "".join(each if is_readable(each) else quote(each, safe=SAFE, errors="replace") for each in segment)


def is_readable(character: str) -> bool:
    return not character.isascii() and character.isprintable() and character != NO_TEXT


@lru_cache(maxsize=4096)
def spelled(path: str) -> str:
    """A path or a template, however it is spelled, as a learned one is."""
    parts = VARIABLE.split(path)  # the variables are at the odd places
    return "".join(
        part if place % 2 else "/".join(encoded(decoded(segment)) for segment in part.split("/"))
        for place, part in enumerate(parts)
    )
