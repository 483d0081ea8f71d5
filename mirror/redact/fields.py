"""Credentials and cookies as header fields carry them.

RFC 9110 section 11.4 (``scheme token68`` or ``scheme name=value, ...``), RFC 7617 (Basic), RFC 7616 (Digest), RFC 6265
(Cookie, Set-Cookie). The scheme, the names and the attributes stay; Basic stays base64 of ``user:password``.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Protocol

from mirror.formats import is_opaque
from mirror.redact.keys import SESSION, TOKEN, Key, key_of, words_of
from mirror.redact.placeholders import holds_placeholder
from mirror.redact.urls import encoded, unquote
from mirror.redact.within import decoded

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{1,39})(\s+)(\S.*)", re.DOTALL)
PARAMETER = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,40})(\s?=\s?)(\"[^\"]*+\"|[^\s,\"]++)")
KEPT = frozenset({"realm", "uri", "algorithm", "qop", "nc", "signedheaders", "headers", "scope", "version", "charset"})


SCHEMES = frozenset(
    """basic bearer digest token apikey api-key jwt oauth hawk negotiate ntlm dpop mutual privatetoken scram-sha-256
    aws4-hmac-sha256 signature sharedkey ssws geniekey splunk vapid hoba mac key""".split()
)


def has_scheme(text: str, known: bool) -> bool:
    """Whether credentials stand behind the name of a scheme; of a ``known`` one, or one that nobody has heard of."""
    found = SCHEME.fullmatch(text)
    if not found:
        return False
    return found[1].lower() in SCHEMES or (not known and len(found[3].split()) == 1)


class Maker(Protocol):
    """What these walkers need: placeholders, and the way an ordinary string is redacted."""

    def secret(self, kind: str, text: str) -> str:
        """The placeholder of a value that is secret."""

    def string(self, text: str, key: Key | None = None, depth: int = 0) -> str:
        """A decoded string without its secrets."""


def rewrite_authorization(text: str, maker: Maker) -> str:
    """The value of an Authorization or Proxy-Authorization field."""
    found = SCHEME.fullmatch(text)
    if found is None:
        return maker.secret("token", text)
    scheme, space, rest = found.groups()
    if scheme.lower() == "basic":
        return f"{scheme}{space}{rewrite_basic(rest, maker)}"
    if PARAMETER.match(rest):
        return f"{scheme}{space}{PARAMETER.sub(lambda one: parameter(one, maker), rest)}"
    stripped = rest.rstrip()
    return f"{scheme}{space}{maker.secret('token', stripped)}{rest[len(stripped) :]}"


def rewrite_basic(text: str, maker: Maker) -> str:
    """``user:password`` in base64."""
    try:
        plain = b64decode(text.strip() + "=" * (-len(text.strip()) % 4), validate=True).decode("utf-8")
    except ValueError:
        return maker.secret("token", text)
    user, colon, password = plain.partition(":")
    if not colon:
        return maker.secret("token", text)
    new_user = maker.secret("user", user) if user else user
    new_password = maker.secret("password", password) if password else password
    if (new_user, new_password) == (user, password):
        return text
    return b64encode(f"{new_user}:{new_password}".encode("utf-8", "surrogatepass")).decode()


def parameter(found: re.Match[str], maker: Maker) -> str:
    name, equals, value = found.groups()
    quoted = value.startswith('"')
    plain = value[1:-1] if quoted else value
    if not plain:
        return found[0]
    kind = "user" if name.lower() in ("username", "client_id") else "token"
    if name.lower() == "credential" and "/" in plain:  # AWS: the key's id, then date, region and service
        head, slash, scope = plain.partition("/")
        new = f"{maker.secret('aws-key', head)}{slash}{maker.string(scope)}"
    elif name.lower() in KEPT:  # said by both sides, or what the request is: a URL may hold anything
        new = maker.string(plain)
    else:
        new = maker.secret(kind, plain)
    return f'{name}{equals}"{new}"' if quoted else f"{name}{equals}{new}"


ATTRIBUTES = frozenset(
    {"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned", "priority"}
)
SESSION_WORDS = frozenset(
    """sess session sessid sessionid sid auth token csrf xsrf csrftoken jwt remember login identity ticket access
    refresh""".split()
)


def rewrite_cookies(text: str, maker: Maker, depth: int = 0) -> str:
    """``name=value; name=value``, or a cookie that is set, with its attributes."""
    parts = text.split(";")
    changed = False
    for place, part in enumerate(parts):
        name, equals, value = part.partition("=")
        label = name.strip()
        if not equals or label.lower() in ATTRIBUTES:
            if part.strip() and (new := maker.string(part.strip(), None, depth + 1)) != part.strip():
                parts[place] = part.replace(part.strip(), new)
                changed = True
            continue
        stripped = value.strip()
        quoted = len(stripped) > 1 and stripped[0] == stripped[-1] == '"'
        plain = stripped[1:-1] if quoted else stripped
        new = rewrite_cookie(label, plain, maker, depth)
        if new != plain:
            parts[place] = f'{name}={value[: len(value) - len(value.lstrip())]}"{new}"' if quoted else f"{name}={new}"
            changed = True
        if len(label) > 5 and (said := unquote(label, plus=False)) != (new := maker.string(said, None, depth + 1)):
            parts[place] = parts[place].replace(label, encoded(new), 1)
            changed = True
    return ";".join(parts) if changed else text


def is_mixed(value: str) -> bool:
    """Whether it may be what stands for a session, under a name that says little: letters and digits, 12 or more."""
    return len(value) >= 12 and value.isalnum() and any(map(str.isdigit, value)) and any(map(str.isalpha, value))


def rewrite_cookie(name: str, value: str, maker: Maker, depth: int) -> str:
    if not value or value.lower() in ("deleted", "true", "false", "null", "0", "1"):
        return value
    plain = unquote(value, plus=False) if "%" in value else value
    new = rewrite_plain(name, plain, maker, depth)
    if new == plain:
        return value
    return encoded(new) if "%" in value else new


def rewrite_plain(name: str, value: str, maker: Maker, depth: int) -> str:
    """The value of a cookie, percent-decoded."""
    key = key_of(name)
    if key is None and not SESSION_WORDS.isdisjoint(words_of(name)):
        key = SESSION
    says_little = name.lower() in ("id", "s", "uid")
    looks_random = is_opaque(value) or (says_little and is_mixed(value))
    # What base64 says can be looked at. (Made of a placeholder, it looks random as well.)
    if key is None and looks_random and not holds_placeholder(value) and decoded(value) is None:
        return maker.secret("session", value)
    if key is not None and (key.opaque or key in (SESSION, TOKEN)):
        return maker.secret(key.kind, value)
    return maker.string(value, key, depth + 1)
