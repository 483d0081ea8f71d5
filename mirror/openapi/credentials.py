"""Credentials: what a request carries that says who sent it.

They are named by where they stand: ``bearer`` (``bearer jwt`` where the token is one), ``basic``, ``digest``,
``header x-api-key``, ``query api_key``, ``cookie session``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mirror.exchange import Request
from mirror.formats import is_jwt
from mirror.headers import Headers

SCHEMES = frozenset({"bearer", "basic", "digest"})
LONGEST_NAME = 64

KEY_HEADER = re.compile(
    r"(?:[a-z0-9]+-)*(?:key|token|secret|auth|authorization|apikey|apitoken|authtoken|accesstoken|jwt|password|session|"
    r"session-id|sessionid|credentials?)"
)
NO_KEY = re.compile(
    r".*(?:idempoten|csrf|xsrf|request|cache|partition|routing|surrogate|sort|page|next|continuation|sync|sec-|lock|dedup|"
    r"postman|proxy|correlation|trace|public|encryption).*|key|auth|session|password"
)
KEY_QUERY = re.compile(
    r"(?:x[_-])?(?:api[_-]?key|apikey|api[_-]?token|access[_-]?token|auth[_-]?token|auth[_-]?key|app[_-]?key|appid)",
    re.I,
)
SESSION = re.compile(
    r"(?:__(?:host|secure)-)?(?:session|sessionid|session[_-]?id|sid|connect\.sid|phpsessid|jsessionid|asp\.net_sessionid|"
    r"\.aspnetcore\.\w+(?:\.\w+)*|remember_token|laravel_session|auth|authorization|jwt|token|auth[_-]?token|access[_-]?token|"
    r"access_token_cookie|id[_-]?token|refresh[_-]?token|refresh_token_cookie|fastapiusersauth|user_session|"
    r"\w+[._-]session|\w+[._-]sess(?:ion)?[_-]?id|\w+[_-]sid|\w+[_-]auth|\w*[_-]auth[_-]token|session[_-]\w*token)",
    re.IGNORECASE,
)


def is_key(name: str) -> bool:
    """Whether a header field of that name, in small letters, says who somebody is. (Whether anybody looks at it is what
    mirror.openapi.security judges.)"""
    return len(name) <= LONGEST_NAME and bool(KEY_HEADER.fullmatch(name)) and not NO_KEY.fullmatch(name)


def is_session(name: str) -> bool:
    """Whether a cookie of that name says who somebody is."""
    return len(name) <= LONGEST_NAME and SESSION.fullmatch(name) is not None


def credentials_of(request: Request) -> tuple[str, ...]:
    """The credentials of a request, sorted; empty where it has none."""
    return carried(request.headers, request.query)


@lru_cache(maxsize=1024)
def carried(headers: Headers, query: str) -> tuple[str, ...]:
    found = set()
    for name, value in headers:
        low = name.lower()
        if low == "authorization":
            word, _, rest = value.strip().partition(" ")
            scheme = word.lower()
            if scheme in SCHEMES and rest.strip():
                found.add("bearer jwt" if scheme == "bearer" and is_jwt(rest.strip()) else scheme)
            elif word:
                found.add("header authorization")
        elif low == "cookie":
            for part in value.split(";"):
                cookie, equals, text = part.strip().partition("=")
                if equals and text and is_session(cookie):
                    found.add(f"cookie {cookie}")
        elif value.strip() and is_key(low):
            found.add(f"header {low}")
    for part in query.split("&"):
        name, equals, text = part.partition("=")
        if equals and text and KEY_QUERY.fullmatch(name):
            found.add(f"query {name}")
    return tuple(sorted(found))


def scheme_name(credential: str) -> str:
    """The name of a scheme among the components: ``header.x-api-key``."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", credential.replace(" ", ".", 1))
