"""One string: what its key says, what is nested in it, what the detectors find in it.

This is where everything meets. A string is looked at in this order: is it allowed; does its name make it secret; is it
JSON, markup or GraphQL as a whole; are there URLs, assignments (``password=...``), secrets by their form, secrets in
percent-encoding or base64 in it. Verdicts on short strings are remembered: a test suite says the same things over and
over.
"""

from __future__ import annotations

import re
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from fnmatch import translate

from mirror.formats import is_jwt
from mirror.redact import fields, graphql, json_text, jwt, markup, urls
from mirror.redact.assignments import rewrite_assignments
from mirror.redact.detectors import Detectors, is_card_or_placed
from mirror.redact.inner import DEEPEST, Unreadable
from mirror.redact.keys import Key, key_of, words_of
from mirror.redact.own import load
from mirror.redact.placeholders import Placeholders, is_placeholder, is_signed
from mirror.redact.rules import PERMITTED, Rules
from mirror.redact.runs import between_runs, has_run
from mirror.redact.verdict import NUMBERS, covers as covers, is_secret_number

REMEMBERED = 20_000
"""Verdicts that are kept; when there are more, all are forgotten."""
SHORT = 512
"""Characters up to which a string's verdict is kept."""

ESCAPE = re.compile(r"(\\[nrt])")
PERCENT = re.compile(r"(?:[\w.~+-]++|%[0-9A-Fa-f]{2})++")
BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}+={0,2}+(?![A-Za-z0-9=])")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Places(threading.local):
    """The names above the value that a thread is at."""

    def __init__(self) -> None:
        self.names: list[str] = []


class Values:
    """Redacts values. ``tracks``: places are kept, for rules that allow some and for ``found``, which is told of each
    secret with its kind and place."""

    def __init__(
        self, rules: Rules, placeholders: Placeholders, found: Callable[[str, str, str], None] | None = None
    ) -> None:
        self.placeholders = placeholders
        self._names = globs(name.replace("-", "_").lower() for name in rules.keys)
        self._allowed_names = globs(name.replace("-", "_").lower() for name in rules.allow_keys)
        self._allowed_values = globs(rules.allow_values)
        self._allowed_places = globs(rules.allow_paths)
        self.detectors = Detectors([re.compile(text) for text in rules.patterns], map(load, rules.detectors))
        self._found = found
        self.tracks = bool(rules.allow_paths) or found is not None
        self._local = Places()
        self.failures = 0  # strings that were replaced whole because something went wrong
        self._seen: dict[tuple[str, Key | None], str] = {}
        self._keys: dict[str, Key | None] = {}

    # Names ------------------------------------------------------------------------------------------------------------

    def key(self, name: str) -> Key | None:
        """What a name says of its value; the user's rules first."""
        if self._names is None and self._allowed_names is None:
            return key_of(name)
        try:
            return self._keys[name]
        except KeyError:
            if len(self._keys) > REMEMBERED:
                self._keys.clear()
            self._keys[name] = found = self._key(name)
            return found

    def _key(self, name: str) -> Key | None:
        forms = {name.replace("-", "_").lower(), "_".join(words_of(name))}
        if self._allowed_names and any(map(self._allowed_names.fullmatch, forms)):
            return None
        found = key_of(name)
        if found is None and self._names and any(map(self._names.fullmatch, forms)):
            return Key("-".join(words for words in words_of(name) if words.isascii())[:20].strip("-") or "secret")
        return found

    def enter(self, name: str) -> None:
        self._local.names.append(name)

    def leave(self) -> None:
        if self._local.names:
            self._local.names.pop()

    @property
    def place(self) -> str:
        """Where the current value stands: names joined by dots, positions in lists left out."""
        return ".".join(filter(None, self._local.names))

    def begin(self, *names: str) -> None:
        """What follows stands below these names, and nowhere else."""
        self._local.names = list(names)

    # Values -----------------------------------------------------------------------------------------------------------

    def secret(self, kind: str, text: str) -> str:
        """The placeholder of a value that is secret."""
        if is_jwt(text) and not (is_signed(text) and not self.placeholders.blank):
            if not is_placeholder(text):
                self.tell("jwt", text)
                self.placeholders.remember(text)
            made = jwt.rewrite_jwt(text, self.placeholders.free(text, 12), self, 0)
            if made is not None:
                return made
        if self._found is not None and not is_placeholder(text):
            self.tell(kind, text)
        return self.placeholders.make(text)

    def tell(self, kind: str, text: str) -> None:
        if self._found is not None:
            self._found(kind, text, self.place)

    def number(self, text: str, key: Key | None = None) -> str:
        """A number, as it is written, without what is secret in it."""
        if key is not None and is_secret_number(key, text):
            return text if self.allows(text) else self.secret(key.kind, text)
        if 13 <= len(text) <= 19 and text.isdecimal() and is_card_or_placed(text) and not self.allows(text):
            return self.secret("card", text)
        return text

    def string(self, text: str, key: Key | None = None, depth: int = 0) -> str:
        """A decoded string without its secrets; the very same object where there are none."""
        if len(text) > SHORT or self.tracks or depth > 4:
            new = self._guarded(text, key, depth)
            return text if new == text else new
        ident = (text, key)
        found = self._seen.get(ident)
        if found is None:
            found = self._guarded(text, key, depth)
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen[ident] = found
        return text if found == text else found

    def _guarded(self, text: str, key: Key | None, depth: int) -> str:
        try:
            return self._string(text, key, depth)
        except Exception:  # a detector of the user's, a depth nobody thought of: what cannot be read is not let through
            self.failures += 1
            self.tell("unread", text)
            return self.placeholders.make(text)

    def allows(self, text: str) -> bool:
        """Whether the user has said that this value, or what stands in this place, is no secret."""
        if self._allowed_values and self._allowed_values.fullmatch(text):
            return True
        if self._allowed_places and self._allowed_places.fullmatch(self.place):
            self.tell(PERMITTED, text)
            return True
        return False

    def _string(self, text: str, key: Key | None, depth: int) -> str:
        if (self._allowed_values or self._allowed_places) and self.allows(text):
            return text
        if key is not None:
            if key.kind == "cookie" and "=" in text:
                return fields.rewrite_cookies(text, self, depth)
            if key.kind in ("authorization", "token") and fields.has_scheme(text, known=key.kind == "token"):
                return fields.rewrite_authorization(text, self)
            if covers(key, text):
                kind = "token" if key.kind == "authorization" else key.kind
                return self.secret("session" if kind == "cookie" else kind, text)
            if key.digits or key.kind in NUMBERS:  # encoded, it has none of the digits that tell it
                if "%" in text and covers(key, urls.unquote(text, plus=False)):
                    return urls.piece(text, self, depth, key, plus=False)
                if (plain := decoded(text)) and covers(key, plain):
                    return self.secret(key.kind, text)
        if len(text) < 6:
            return text
        return self.loose(text, depth)

    def prose(self, text: str) -> str:
        """A text for people (a log, a report): assignments are looked for more eagerly, and within reprs."""
        return settled(self._prose, text)

    def _prose(self, text: str) -> str:
        if "\\" in text:
            text = self.flat(text)  # a private key on one line
            return "".join(self.loose(part, 0, True) for part in ESCAPE.split(text))
        return self.loose(text, 0, True)

    def loose(self, text: str, depth: int = 0, sentences: bool = False) -> str:
        """A string of which no name says anything. ``sentences``: see ``prose``."""
        first, last = text.lstrip()[:1], text.rstrip()[-1:]
        nested = bool(first) and first in '{["' and last in '}]"' and len(text) > 2
        if depth >= DEEPEST:
            return self.secret("nested", text) if nested else self.flat(text)
        if nested:
            try:
                return json_text.rewrite(text, self, depth + 1)
            except (Unreadable, ValueError, RecursionError):
                pass  # it only began like JSON
        elif first == "<" and last == ">":
            return markup.rewrite_markup(text, self, depth + 1)
        return settled(lambda one: self._loose(one, depth, sentences), text)

    def _loose(self, text: str, depth: int, sentences: bool) -> str:
        """What stands within a text that is nothing else as a whole."""
        if has_run(text):
            return between_runs(text, lambda part: self._loose(part, depth, sentences))
        if "{" in text and graphql.is_graphql(text):
            text = graphql.rewrite_graphql(text, self, depth + 1)
        if "://" in text:
            text = urls.rewrite_urls(text, self, depth + 1)
        elif text[:1] == "/" and " " not in text and len(text) > 8:
            text = urls.rewrite_target(text, self, depth + 1)
        if "=" in text or (sentences and ":" in text) or '"' in text or "'" in text:
            text = self.assignments(text)
        text = self.flat(text)
        if "%" in text:
            text = PERCENT.sub(lambda found: self.percent(found[0], depth), text)
        if len(text) >= 16:
            text = BASE64.sub(lambda found: self.base64(found[0], depth), text)
        return text

    def flat(self, text: str) -> str:
        """What the detectors find, replaced."""
        spans = self.detectors.find(text)
        if not spans:
            return text
        parts, position = [], 0
        for start, end, kind in spans:
            found = text[start:end]
            if not self.allows(found):
                parts += [text[position:start], self.secret(kind, found)]
                position = end
        return "".join([*parts, text[position:]])

    def assignments(self, text: str) -> str:
        """``name=value``, ``name: "value"`` and the like."""
        return rewrite_assignments(text, self, programs=self._found is not None)

    def percent(self, text: str, depth: int) -> str:
        if "%" not in text:
            return text
        return urls.piece(text, self, depth, None, plus=False)

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


def globs(names: Iterable[str]) -> re.Pattern[str] | None:
    """One expression for several globs."""
    expressions = [translate(name) for name in names]
    return re.compile("|".join(f"(?:{one})" for one in expressions)) if expressions else None
