"""What there is to choose from: a refusal has named it, or it came again and again."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from mirror.openapi.evidence import Refusal
from mirror.openapi.integers import integers_in
from mirror.openapi.strings import Strings

# Names under which one of a few words stands.
CHOICE = re.compile(
    r"(?!content_?type|media_?type|mime)(?:.*[_-]|.*(?=[A-Z]))?(?:status|state|type|kind|role|level|priority|severity|mode|phase|stage|visibility|currency|"
    r"unit|gender|plan|tier|direction|order|sort|method|reason|action|event|format|scope|channel|provider|condition)",
    re.IGNORECASE,
)
AGAIN, UNLIKELY_AGAIN = 3, 6
"""How often each word of an enumeration was seen, on average."""
# Words that are more likely somebody's than an interface's: letters among digits, sentences.
UNLIKELY = re.compile(r"\d[A-Za-z]|[A-Za-z]\d{3}|\..*\.|[._/:-].*[._/:-].*[._/:-].*[._/:-]")


def chosen(refusal: Refusal) -> dict[str, Any]:
    """The schema of the choices that a refusal has named."""
    if integers := chosen_integers(refusal):
        return {"type": "integer", "enum": sorted(integers)}
    return {"type": "string", "enum": refusal.in_order(refusal.choices)}


def chosen_integers(refusal: Refusal, seen: bool = False) -> frozenset[int]:
    """The choices of a refusal that is about integers; none of any other. Where it does not say so itself (``Must be
    one of: 15, 30.``), it is about an integer that was sent, or about those that are ``seen`` there."""
    expected = refusal.types - {"null"}
    about = expected == {"integer"} or (not expected and (seen or "integer" in refusal.sent))
    return integers_in(refusal.choices) if about else frozenset()


def is_among(strings: Strings, named: Collection[str]) -> bool:
    """Whether a few of the words were seen again and again."""
    seen = strings.values
    return seen is not None and seen.issubset(named) and is_repeated(seen, strings.count)


def is_repeated(words: Collection[str], count: int) -> bool:
    """Whether these words came again often enough to be all that there are."""
    often = UNLIKELY_AGAIN if any(map(UNLIKELY.search, words)) else AGAIN
    return 2 <= len(words) <= 12 and count >= often * len(words)
