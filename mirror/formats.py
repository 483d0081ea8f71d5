"""What a string is: the one answer that redaction, schemas, assertions and replay share.

``format_of`` names the narrowest format that a whole string has; ``SCHEMA_FORMATS`` are those that a JSON schema knows
by the same name (JSON Schema 2020-12 Validation, section 7.3). Formats are judged by form, not by meaning: whether an
opaque string is a secret is what its key and ``mirror.redact`` say.
"""

from __future__ import annotations

import itertools
import json
import re
from base64 import urlsafe_b64decode
from datetime import date
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Literal, get_args

Format = Literal[
    "empty",
    "uuid",
    "date-time",
    "date",
    "time",
    "duration",  # ISO 8601, as RFC 3339 has it (appendix A), with fractions of seconds
    "email",
    "uri",
    "ipv4",
    "ipv6",
    "jwt",  # RFC 7519: three base64url parts, the first a JSON object
    "integer",  # digits only
    "number",  # a sign, a fraction or an exponent as well
    "hex",  # 8 or more hexadecimal digits, not all decimal
    "base64",  # 16 or more characters, mixed, whole groups of four
    "token",  # opaque: 16 or more characters of letters and digits in disorder, no blanks
    "slug",  # words of small letters and digits, joined by hyphens
    "text",
]
FORMATS: tuple[Format, ...] = get_args(Format)
SCHEMA_FORMATS = frozenset({"uuid", "date-time", "date", "time", "duration", "email", "uri", "ipv4", "ipv6"})

UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,9})?(?:[zZ]|[+-]\d\d:\d\d)?")
DURATION = re.compile(
    r"-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d{1,9})?S)?)?", re.ASCII
)
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_][\w-]{0,61}[^\W_]")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}:(?://[^\s<>\"\\^`{|}]+|[^\s<>\"\\^`{|}/]{3,})")
JWT = re.compile(r"[A-Za-z0-9_-]{4,}+\.[A-Za-z0-9_-]*+\.[A-Za-z0-9_-]*+")
INTEGER = re.compile(r"[0-9]+", re.ASCII)
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
HEX = re.compile(r"[0-9a-f]{8,}|[0-9A-F]{8,}")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{14,}={0,2}")
TOKEN = re.compile(r"[!-~]{16,}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

LONGEST = 2048
"""Characters beyond which a string is text: nothing longer has a format that anybody relies on."""


def format_of(text: str) -> Format:
    """The format of a whole string."""
    if len(text) > LONGEST:
        return "jwt" if text.startswith("eyJ") and is_jwt(text) else "text"
    return _format_of(text)


@lru_cache(maxsize=4096)
def _format_of(text: str) -> Format:
    if not text:
        return "empty"
    if len(text) == 36 and UUID.fullmatch(text):
        return "uuid"
    if text[0] in "0123456789+-":
        if text[4:5] == "-" and is_date(text[:10]):
            if len(text) == 10:
                return "date"
            if text[10] in "Tt " and TIME.fullmatch(text[11:]):
                return "date-time"
        if INTEGER.fullmatch(text):
            return "integer"
        if NUMBER.fullmatch(text):
            return "number"
        if TIME.fullmatch(text):
            return "time"
    if text[0] in "P-" and DURATION.fullmatch(text):
        return "duration"
    if "@" in text and EMAIL.fullmatch(text):
        return "email"
    if ("." in text or ":" in text) and (address := ip(text)):
        return address
    if ":" in text and URI.fullmatch(text) and ("://" in text or text[:4] in ("urn:", "mail", "data", "tel:")):
        return "uri"
    if "." in text and is_jwt(text):
        return "jwt"
    if HEX.fullmatch(text):
        return "hex"
    if SLUG.fullmatch(text) and not text.replace("-", "").isdigit() and ("-" in text or not is_opaque(text)):
        return "slug"
    if is_base64(text):
        return "base64"
    if is_opaque(text):
        return "token"
    return "text"


def is_date(text: str) -> bool:
    """Whether it is a day of the calendar (RFC 3339, full-date)."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":  # Python knows days of weeks as well
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def ip(text: str) -> Literal["ipv4", "ipv6"] | None:
    """Which version of an IP address it is."""
    try:
        if ":" in text:
            IPv6Address(text)
            return "ipv6"
        IPv4Address(text)
    except ValueError:
        return None
    return "ipv4"


def is_jwt(text: str) -> bool:
    """Whether it is a JWS in compact form whose header is a JSON object that names its algorithm (RFC 7515)."""
    if not JWT.fullmatch(text):
        return False
    head = text.partition(".")[0]
    if len(head) > LONGEST:
        return False
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header


def is_base64(text: str) -> bool:
    """Whether it is base64 of something that is not a word: whole groups of four, small and capital letters."""
    if len(text) % 4 or len(text) < 16 or not BASE64.fullmatch(text):
        return False
    return classes(text) >= 3 or text.endswith("=")


def is_opaque(text: str) -> bool:
    """Whether it is a string of disorder: 16 or more characters without blanks, letters and digits well mixed.

    The measure is how often letters and digits change places: words and numbers joined together change seldom.
    """
    if len(text) < 16 or not TOKEN.fullmatch(text) or classes(text) < 2:
        return False
    changes = sum(a.isalpha() != b.isalpha() for a, b in itertools.pairwise(text) if a.isalnum() and b.isalnum())
    return changes * 6 >= len(text)


def classes(text: str) -> int:
    """How many of small letters, capital letters and digits are in it."""
    return any("a" <= c <= "z" for c in text) + any("A" <= c <= "Z" for c in text) + any("0" <= c <= "9" for c in text)
