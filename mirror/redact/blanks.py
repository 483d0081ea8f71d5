"""Placeholders in a text, each made the same for all values of its format: what a document may show.

The free part of a placeholder is another in every run (its key is random), and a document that is learned twice from
the same exchanges has to be the same twice.
"""

from __future__ import annotations

import json
import re

from mirror.redact.jwt import decode, encode
from mirror.redact.placeholders import ACCOUNT_LENGTHS, IN_TEXT, LAYOUT, MAIL, SIGNED, Placeholders, is_placeholder

# In every placeholder that has a free part stands one of these, or three nines: of ten digits or more, or an account's.
MARKS = ("redacted", "facade00", "FACADE00", SIGNED)
GAP = r"[ ().\-/]{0,3}"
NINES = re.compile(f"9{GAP}9{GAP}9")
DIGITS = re.compile(f"{NINES.pattern}(?:{GAP}[0-9]){{7}}")
ACCOUNT = re.compile(r"[A-Za-z]{2}[0-9]{2}[A-Za-z -]*$")
TOKEN = re.compile(
    rf"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.({SIGNED})[0-9a-f]{{12}}"
    rf"|{MAIL.pattern}|{IN_TEXT.pattern}|{SIGNED}[A-Za-z0-9+/]+=*"
    rf"|\b[A-Za-z]{{2}}[0-9]{{2}}(?:[ -]?[A-Za-z0-9]){{11,46}}|{LAYOUT.pattern}",
    re.ASCII,
)


def blanked(text: str) -> str:
    """The text with blank placeholders; the very same where it has none."""
    if not is_marked(text):
        return text
    made = Placeholders(blank=True)

    def blank(match: re.Match[str]) -> str:
        found = match[0]
        if found.count("9") < 3 and not any(mark in found for mark in MARKS):
            return found  # most are dates and numbers; of few digits a placeholder is blank as it stands
        if match[2]:
            return f"{found.partition('.')[0]}.{claims(match[1])}.{SIGNED}{made.free('', 12)}"
        if is_placeholder(found):
            return made.make(found)
        account = found[: account_end(found)]  # with the words behind it
        return made.make(account) + found[len(account) :] if is_placeholder(account) else found

    return TOKEN.sub(blank, text)


def account_end(text: str) -> int:
    """Where an account's number (IBAN) that a text begins with ends, by its country; 0 where it begins with none."""
    left = ACCOUNT_LENGTHS.get(text[:2].upper(), 0)
    for place, character in enumerate(text):
        left -= character.isalnum()
        if left == 0:
            return place + 1
    return 0


def is_marked(text: str) -> bool:
    """Whether a placeholder may be in it. Quick, because most texts have none."""
    if any(mark in text for mark in MARKS):
        return True
    for found in NINES.finditer(text):
        place = found.start()
        if DIGITS.match(text, place) or ACCOUNT.search(text[max(0, place - 20) : place]):
            return True
    return False


def claims(payload: str) -> str:
    """The payload of a JWT's placeholder, whose claims are placeholders."""
    try:
        return encode(json.loads(blanked(decode(payload).decode("utf-8"))))
    except (ValueError, RecursionError):
        return payload
