"""JSON Web Tokens: a placeholder that can still be read as one.

Header and payload stay JSON objects in base64url with the same claims. Registered claims that say how a token is to
be used (issuer, times, scope) are treated like any other value; every other string in the payload becomes a
placeholder of its format, for who a token is about is nobody's business. The signature is base64url of ``redacted-``
and a keyed hash of the whole token: it is what tells the placeholder, and it verifies with no key.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Protocol

from mirror.redact.keys import Key, key_of
from mirror.redact.placeholders import SIGNED

KEPT = frozenset(
    "iss aud typ token_use token_type scope scp roles groups permissions exp iat nbf auth_time alg kty".split()
)
DEEPEST = 20


class Maker(Protocol):
    """What is needed of the redactor."""

    def secret(self, kind: str, text: str) -> str:
        """The placeholder of a value that is secret."""

    def string(self, text: str, key: Key | None = None, depth: int = 0) -> str:
        """A decoded string without its secrets."""

    def number(self, text: str, key: Key | None = None) -> str:
        """A number as it is written, without its secrets."""


def rewrite_jwt(text: str, free: str, maker: Maker, depth: int) -> str | None:
    """The placeholder of a token, or None where it cannot be read; ``free`` are 12 hexadecimal digits for it."""
    parts = text.split(".")
    try:
        header, payload = (json.loads(decode(part)) for part in parts[:2])
        if not isinstance(header, dict) or not isinstance(payload, dict):
            return None
        kept = {name: value for name, value in header.items() if name in ("alg", "typ", "cty", "enc", "zip", "b64")}
        claims = {
            maker.string(name, None, depth + 1): claim(name, value, maker, depth) for name, value in payload.items()
        }
        head = {name: claim("typ", value, maker, depth) for name, value in kept.items()}
        return f"{encode(head)}.{encode(claims)}.{SIGNED}{free}"
    except (ValueError, RecursionError):
        return None


def claim(name: str, value: Any, maker: Maker, depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError("claims are nested too deep")
    if isinstance(value, str):
        if name in KEPT:
            return maker.string(value, None, depth + 1)
        return maker.secret("claim", value) if value else value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(maker.number(str(value), None if name in KEPT else key_of(name)))
    if isinstance(value, float):
        return value
    if isinstance(value, list):
        return [claim(name, one, maker, depth + 1) for one in value]
    return {maker.string(key, None, depth + 1): claim(key, one, maker, depth + 1) for key, one in value.items()}


def decode(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encode(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()
