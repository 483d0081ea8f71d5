"""Credentials behind the name of their scheme, as they stand in logs: ``Authorization: Bearer ...``, ``Bearer ...``."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator

from mirror.redact.keys import is_name
from mirror.redact.own import Span
from mirror.redact.verdict import WORDS

CAMEL = re.compile(r"(?:[A-Z]{0,4}[a-z]{2,}+)++[A-Z]{0,4}")
AUTHORIZATION = re.compile(r"(?i)\b(bearer|basic|token)\s{1,4}([A-Za-z0-9._~+/=-]{6,4096})")
# In a field of that name whatever stands behind a scheme is a credential, if it is not the name of a parameter.
CREDENTIALS = re.compile(
    r"(?i)authorization[\"'\\]{0,4}\s{0,2}[:=]\s{0,2}[\"'\\]{0,4}"
    r"(?:bearer|basic|token|api-?key|jwt|oauth|negotiate|ntlm|dpop|key|mac)\s{1,4}([A-Za-z0-9._~+/-]{6,4096}+=*+)(?![\"(])"
)
PROSE = WORDS | {"authentication", "authorization", "credentials", "scheme", "header", "tokens"}
# What has digits behind "Bearer" and is none.
STANDARD = re.compile(r"(?i)oauth[ -]?2?|rfc-?\d+|http/?\d?|v\d+|\w+=.*")


def authorizations(text: str) -> Iterator[Span]:
    """Credentials behind the name of their scheme, as they stand in logs."""
    for found in AUTHORIZATION.finditer(text):
        word = found[2].rstrip(".=").strip("x")  # of what was overwritten in binary data, only the rest counts
        mixed = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
        least = 6 if found[1].lower() == "bearer" and not STANDARD.fullmatch(word) else 12
        if len(word) >= least and (mixed or is_shuffled(word) or is_user_and_password(word)):
            yield Span(*found.span(2), "token")
    for found in CREDENTIALS.finditer(text):
        if found[1].strip("x") and not is_name(found[1]) and found[1].lower() not in PROSE:
            yield Span(*found.span(1), "token")


def is_shuffled(word: str) -> bool:
    """Whether letters are no words that are joined by capitals."""
    return len(word) >= 20 and word != word.lower() and word != word.upper() and not CAMEL.fullmatch(word)


def is_user_and_password(word: str) -> bool:
    """Whether base64 says ``user:password``."""
    try:
        plain = b64decode(word + "=" * (-len(word) % 4), validate=True).decode()
    except ValueError:
        return False
    return ":" in plain and plain.isprintable()
