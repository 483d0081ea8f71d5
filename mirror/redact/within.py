"""What stands within one string: it is taken apart into all that it may hold, and only what changes is written anew.

It is looked at in this order: is it JSON, markup or GraphQL as a whole; are there URLs, assignments (``password=...``),
secrets by their form, secrets in percent-encoding or base64 in it.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Protocol

from mirror.redact import graphql, json_text, markup, urls
from mirror.redact.inner import DEEPEST, Inner, Unreadable
from mirror.redact.own import Span
from mirror.redact.placeholders import is_placeholder
from mirror.redact.runs import between_runs, has_run

ESCAPE = re.compile(r"(\\[nrt])")
PERCENT = re.compile(r"(?:[\w.~+:@/-]++|%[0-9A-Fa-f]{2})++")  # all that urls.encoded or others leave as it is
# As mails have it, in lines (RFC 2045 section 6.8).
FOLDED = re.compile(r"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{60,76}\r?\n)++[A-Za-z0-9+/]{4,76}+={0,2}+(?![A-Za-z0-9+/=])")
BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}+={0,2}+(?![A-Za-z0-9=])")
SIMPLE = re.compile(r"[\w .,-]{0,15}", re.ASCII)  # nothing can stand within such a text
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Within(Inner, Protocol):
    """Rewrites what stands within strings. Who derives from it says what is secret, and walks bodies with it."""

    def find(self, text: str) -> list[Span]:
        """What is secret in a text by its form, in order and without overlaps."""

    def placed(self, kind: str, text: str) -> str:
        """The placeholder of what was found."""

    def assignments(self, text: str) -> str:
        """A text without what is assigned to secret names in it."""

    def prose(self, text: str) -> str:
        """A text for people (a log, a report): there are reprs in it perhaps, with escapes."""
        return settled(self._prose, text)

    def _prose(self, text: str) -> str:
        if "\\" in text:
            text = self.flat(text)  # a private key on one line
            return "".join(self.loose(part) for part in ESCAPE.split(text))
        return self.loose(text)

    def loose(self, text: str, depth: int = 0) -> str:
        """A string of which no name says anything."""
        if SIMPLE.fullmatch(text):
            return settled(self.flat, text)
        first, last = text.lstrip()[:1], text.rstrip()[-1:]
        nested = bool(first) and first in '{["' and last in '}]"' and len(text) > 2
        if depth >= DEEPEST:
            return self.placed("nested", text) if nested else self.flat(text)
        if nested:
            try:
                return json_text.rewrite(text, self, depth + 1)
            except (Unreadable, ValueError, RecursionError):
                pass  # it only began like JSON
        elif first == "<" and last == ">" and markup.TAG.search(text):
            return markup.rewrite_markup(text, self, depth + 1)
        return settled(lambda one: self._loose(one, depth), text)

    def _loose(self, text: str, depth: int) -> str:
        """What stands within a text that is nothing else as a whole."""
        if has_run(text):
            return between_runs(text, lambda part: self._loose(part, depth))
        if "{" in text and graphql.is_graphql(text):
            text = graphql.rewrite_graphql(text, self, depth + 1)
        if "://" in text:
            text = urls.rewrite_urls(text, self, depth + 1)
        elif text[:1] == "/" and " " not in text and len(text) > 8:
            text = urls.rewrite_target(text, self, depth + 1)
        if ("=" in text or ":" in text) and not graphql.is_definition(text):
            text = self.assignments(text)
        text = self.flat(text)
        if "%" in text:
            text = PERCENT.sub(lambda found: self.percent(found[0], depth), text)
        if len(text) >= 64 and "\n" in text:
            text = FOLDED.sub(lambda found: self.folded(found[0], depth), text)
        if len(text) >= 16:
            text = BASE64.sub(lambda found: self.base64(found[0], depth), text)
        return text

    def flat(self, text: str) -> str:
        """What the detectors find, replaced."""
        parts, position = [], 0
        for start, end, kind in self.find(text):
            parts += [text[position:start], self.placed(kind, text[start:end])]
            position = end
        return "".join([*parts, text[position:]]) if parts else text

    def percent(self, text: str, depth: int) -> str:
        if "%" not in text:
            return text
        new = urls.piece(text, self, depth, None, plus=False)
        # A blank may be written as a plus.
        return urls.piece(text, self, depth, None, plus=True) if new == text and "+" in text else new

    def folded(self, text: str, depth: int) -> str:
        """Base64 in lines: what was changed comes back in lines as well."""
        bare = text.replace("\r", "").replace("\n", "")
        new = self.base64(bare, depth)
        return text if new == bare else "\n".join(new[at : at + 76] for at in range(0, len(new), 76))

    def base64(self, text: str, depth: int) -> str:
        """Base64 of a text: decoded, redacted, and encoded again in the same alphabet."""
        bare = text.rstrip("=")
        if bare.isalpha() and (bare.islower() or bare.isupper() or len(bare) < 20):
            return text
        plain = decoded(text)
        if plain is None:
            return text
        safe = "-" in bare or "_" in bare
        new = self.string(plain, None, depth + 1)
        if new == plain:
            return text
        made = b64encode(new.encode("utf-8", "surrogatepass"), b"-_" if safe else None).decode()
        return made if text.endswith("=") else made.rstrip("=")


def decoded(text: str) -> str | None:
    """The text that base64 says, in either alphabet, or None where it says none."""
    bare = text.rstrip("=")
    if len(bare) % 4 == 1:
        return None
    try:
        raw = b64decode(bare + "=" * (-len(bare) % 4), b"-_" if "-" in bare or "_" in bare else None, validate=True)
        plain = raw.decode("utf-8")
    except ValueError:
        return None
    return plain if plain.isprintable() or not CONTROLS.search(plain) else None


def settled(rewrite: Callable[[str], str], text: str) -> str:
    """A text rewritten until nothing more is found: where one secret stood next to another, they hid each other."""
    for _ in range(5):
        new = rewrite(text)
        if new == text or (len(new) < 80 and is_placeholder(new)):
            return new
        text = new
    return text
