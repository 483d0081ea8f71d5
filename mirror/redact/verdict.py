"""Whether a value is secret that stands under a name which says so.

Most are. Not what says that there is none (``null``, ``****``), what is said about it (``is required``), nor what the
kind of secret never looks like.
"""

from __future__ import annotations

import re

from mirror.redact.keys import Key
from mirror.redact.placeholders import FLOAT, LAYOUT, PLAIN, holds_placeholder, only_digits

NOTHING = frozenset({"true", "false", "null", "none", "undefined", "nil", "deleted", "[object object]"})
MASKED = re.compile(r"[*•x.…#\-_\s]+")
SENTENCE = re.compile(r"[A-ZÀ-Þ][^\s]*(?: [^\s]+){2,}\.")
# What is said about a field, under the field's own name. A passphrase in these words would be taken for a message.
SAID = frozenset(
    """required must invalid incorrect field characters missing least cannot match blank empty valid expired weak common
    similar short""".split()
)
# Single words that are said of a field, or to it: {"password": "required"}, {"credentials": "include"}.
WORDS = SAID | frozenset(
    """include omit same-origin optional wrong incorrect changed reset updated accepted rejected unchanged hidden
    enabled disabled string boolean str bytes int float bool any object yes no on off ok""".split()
)
PATH = re.compile(r"~?(?:/[a-z][a-z._-]{1,40}){1,12}/?")
ALGORITHM = re.compile(
    r"(?:HS|RS|ES|PS)(?:256|384|512)|EdDSA|(?:(?:HMAC|RSA|ECDSA|PBKDF2|HKDF)[-_]?)?(?:SHA-?(?:1|224|256|384|512)|MD5)(?:-v\d)?",
    re.IGNORECASE,
)
ENDED = re.compile(rf"{PLAIN.pattern}\W+")
"""A placeholder, and what only ends it in a text."""
NUMBERS = frozenset({"pin", "otp", "cvv", "tan"})
"""Kinds of secrets that always have digits in them."""
# How many digits an integer has that is such a secret; one of other lengths counts something.
LENGTHS = {
    "pin": (3, 12),
    "otp": (4, 10),
    "cvv": (3, 4),
    "ssn": (7, 14),
    "sin": (9, 9),
    "tan": (6, 8),
    "password": (4, 40),
    "phone": (7, 19),
    "card": (12, 19),
}


LEAST_DIGITS = 6


def is_said(text: str) -> bool:
    """Whether a text under a secret name, below ``errors`` or the like, reads as what is said about the secret."""
    return " " in text and (text[0].isupper() or not SAID.isdisjoint(text.lower().rstrip(".!").split()))


def covers(key: Key, text: str) -> bool:
    """Whether a value under such a name is secret."""
    if not text or text.isspace() or len(text) > 65536:
        return len(text) > 65536
    if text.lower() in NOTHING or (len(text) > 2 and MASKED.fullmatch(text)):
        return False
    if text in WORDS or PATH.fullmatch(text) or (len(text) < 20 and ALGORITHM.fullmatch(text)):
        return False
    if key.digits:
        return (
            bool(LAYOUT.fullmatch(text.strip())) and (7 if key.kind == "phone" else 12) <= len(only_digits(text)) <= 19
        )
    if ENDED.fullmatch(text):
        return False
    if (key.opaque or key.kind in NUMBERS) and holds_placeholder(text):
        return False  # before a part of it was replaced it was not covered, or all of it would have been
    if key.opaque:
        long = len(text) >= 20
        return " " not in text and len(text) >= 8 and (long or any(c.isdigit() for c in text)) and not text.isdecimal()
    if key.kind in NUMBERS:
        return any(c.isdigit() for c in text) and len(text) <= 64 and not (text.isdecimal() and len(text) < 3)
    if " " in text and SENTENCE.fullmatch(text) and not SAID.isdisjoint(text.lower().rstrip(".!").split()):
        return False
    # What may be a count, unless it is as long as a secret.
    return key.numbers or not FLOAT.fullmatch(text) or (text.isdecimal() and len(text) >= LEAST_DIGITS)


def is_secret_number(key: Key, text: str) -> bool:
    """Whether a number under such a name is secret: an integer as long as such secrets are."""
    if not key.numbers or key.counted or not text.isdecimal():
        return False
    least, most = LENGTHS.get(key.kind, (6, 40))
    return least <= len(text) <= most and (not key.digits or covers(key, text))
