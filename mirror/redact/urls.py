"""URLs, request targets, queries and forms: percent-decoded piece by piece, written anew only where a piece changed.

RFC 3986; ``application/x-www-form-urlencoded`` as of the WHATWG URL Standard, section 5. Path segments are looked at
one by one; a segment behind one whose name says ``token`` (``/password-reset/tokens/a1b2c3d4``) is secret if it looks
random.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

from mirror.formats import is_opaque
from mirror.redact import json_text
from mirror.redact.graphql import bound_in
from mirror.redact.inner import Inner, Unreadable
from mirror.redact.keys import PASSWORD, Key, words_of
from mirror.redact.placeholders import holds_placeholder

URL = re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s\"'<>\\`]{1,65536}")
TAIL = re.compile(r"[)\]}.,;:!?]{1,20}\Z")
OPENING = {")": "(", "]": "[", "}": "{"}
# Behind one of these a segment that looks random is what a mail has brought: /verify/x9K2mQ7vL4pR8sT1w
BEHIND = frozenset(
    """reset verify verification confirm confirmation activate activation invite invites invitation magic
unsubscribe""".split()
)
CODE = Key("code", numbers=False, opaque=True)
GRANT = Key("code", numbers=False)
OAUTH = frozenset({"grant_type", "client_id", "redirect_uri", "state"})  # beside these, ``code`` is OAuth's
USER = Key("user", numbers=False)


def rewrite_urls(text: str, inner: Inner, depth: int) -> str:
    """A text with its URLs rewritten."""

    def rewrite(found: re.Match[str]) -> str:
        end = end_of(found[0])
        return rewrite_url(found[0][:end], inner, depth) + found[0][end:]

    return URL.sub(rewrite, text)


def end_of(url: str) -> int:
    """Where a URL in a text ends: before a bracket that was opened before it."""
    tail = TAIL.search(url)
    for place in range(tail.start(), len(url)) if tail else ():
        opening = OPENING.get(url[place])
        if opening is not None and url.count(opening, 0, place) <= url.count(url[place], 0, place):
            return place
    return len(url)


def rewrite_url(url: str, inner: Inner, depth: int) -> str:
    """An absolute URL."""
    scheme, separator, rest = url.partition("://")
    end = min((place for place in map(rest.find, "/?#") if place >= 0), default=len(rest))
    authority, target = rest[:end], rest[end:]
    user, at, host = authority.rpartition("@")
    new_user = rewrite_user(user, inner, depth) if at else user
    new_target = rewrite_target(target, inner, depth) if target else target
    if new_user is user and new_target is target:
        return url
    return f"{scheme}{separator}{new_user}{at}{host}{new_target}"


def rewrite_user(user: str, inner: Inner, depth: int) -> str:
    """``user:password`` before the @ of an authority; a name alone is a secret where it looks random."""
    name, colon, password = user.partition(":")
    new_name = piece(name, inner, depth, None if colon and not is_opaque(name) else CODE, plus=False)
    new_password = piece(password, inner, depth, PASSWORD, plus=False) if password else password
    return user if new_name is name and new_password is password else f"{new_name}{colon}{new_password}"


def rewrite_target(target: str, inner: Inner, depth: int) -> str:
    """Path, query and fragment."""
    rest, hash_sign, fragment = target.partition("#")
    path, question, query = rest.partition("?")
    new_path = rewrite_path(path, inner, depth)
    new_query = rewrite_query(query, inner, depth) if query else query
    if "=" in fragment:
        before, mark, pairs = fragment.partition("?") if "?" in fragment else ("", "", fragment)
        changed = rewrite_query(pairs, inner, depth)
        new_fragment = fragment if changed is pairs else f"{before}{mark}{changed}"
    else:
        new_fragment = piece(fragment, inner, depth, None, plus=False) if fragment else fragment
    if new_path is path and new_query is query and new_fragment is fragment:
        return target
    return f"{new_path}{question}{new_query}{hash_sign}{new_fragment}"


def rewrite_path(path: str, inner: Inner, depth: int) -> str:
    segments = path.split("/")
    changed = False
    before: Key | None = None
    for place, segment in enumerate(segments):
        if not segment:
            continue
        if ";" in segment and "=" in segment:
            new = rewrite_query(segment, inner, depth, ";")
        else:
            key = None
            if before is not None and not before.digits and is_opaque_segment(segment):
                key = before
            elif place and is_opaque(segment) and is_behind(segments[max(0, place - 2) : place]):
                key = CODE
            new = piece(segment, inner, depth, key, plus=False)
        before = inner.key(segment) if len(segment) < 60 else None
        if before is not None and holds_placeholder(segment):
            before = None  # what was longer before it was redacted
        if new is not segment:
            segments[place] = new
            changed = True
    return "/".join(segments) if changed else path


def is_behind(segments: list[str]) -> bool:
    """Whether a mail's link may end behind these: /reset/x9K2..., or /reset/MQ/x9K2... where a user stands between."""
    near = words_of(segments[-1]) if len(segments) < 2 or len(segments[-1]) > 12 else words_of("/".join(segments))
    return not BEHIND.isdisjoint(near)


def is_opaque_segment(segment: str) -> bool:
    """Whether a segment looks like a token (not like an id: ``/tokens/42``, nor a verb: ``/password/reset``)."""
    if len(segment) < 8 or (len(segment) == 36 and segment.count("-") == 4):
        return False
    return any(c.isdigit() for c in segment) and any(c.isalpha() for c in segment)


def rewrite_query(query: str, inner: Inner, depth: int, separator: str = "&") -> str:
    """``name=value`` pairs: a query, a form, the parameters of a path segment."""
    pairs = query.split(separator)
    changed = False
    oauth = "code" in query and len(pairs) > 1 and not OAUTH.isdisjoint(pair.partition("=")[0] for pair in pairs)
    for place, pair in enumerate(pairs):
        if not pair:
            continue
        name, equals, value = pair.partition("=")
        plain = unquote(name) if "%" in name or "+" in name else name
        key = inner.key(plain)
        if key is None and plain == "code" and (oauth or is_opaque(value)):
            key = GRANT if oauth else CODE
        if inner.tracks:
            inner.enter(plain)
        new_value = piece(value, inner, depth, key) if value else value
        if plain == "variables" and "query=" in query:
            new_value = rewrite_variables(new_value, pairs, inner, depth)
        if inner.tracks:
            inner.leave()
        new_name = piece(name, inner, depth, None) if len(name) > 5 else name
        if new_value is not value or new_name is not name:
            pairs[place] = f"{new_name}{equals}{new_value}"
            changed = True
    return separator.join(pairs) if changed else query


def rewrite_variables(text: str, pairs: list[str], inner: Inner, depth: int) -> str:
    """The variables of a GraphQL document in the same query, percent-encoded JSON."""
    documents = [unquote(pair[6:]) for pair in pairs if pair.startswith("query=")]
    variables = bound_in([{"query": one, "variables": {}} for one in documents], inner.key)
    if not variables:
        return text
    plain = unquote(text)
    try:
        new = json_text.rewrite(plain, inner, depth + 1, variables=variables)
    except (Unreadable, ValueError, RecursionError):
        return text
    return text if new == plain else encoded(new)


def piece(text: str, inner: Inner, depth: int, key: Key | None, plus: bool = True) -> str:
    """One percent-encoded piece: decoded, redacted, and encoded again where that changed it."""
    plain = unquote(text, plus) if "%" in text or (plus and "+" in text) else text
    new = inner.string(plain, key, depth + 1)
    if new is plain or new == plain:
        return text
    return encoded(new)


def encoded(text: str) -> str:
    """Percent-encoded, the same whatever of it was encoded before."""
    return quote(text, safe="-._~@:", errors="surrogateescape")


def unquote(text: str, plus: bool = True) -> str:
    """Percent-decoded; bytes that are not UTF-8 survive as surrogates."""
    if plus:
        text = text.replace("+", " ")
    raw = unquote_to_bytes(text.encode("utf-8", "surrogatepass"))
    return raw.decode("utf-8", "surrogateescape")
