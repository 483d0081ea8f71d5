"""One value: what the user's rules say of it, what its key says, and what stands in it (see ``mirror.redact.within``).

This is where everything meets. Verdicts on short strings are remembered: a test suite says the same things over and
over.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from fnmatch import translate
from typing import TypeVar

from mirror.formats import is_jwt
from mirror.redact import fields, jwt, urls
from mirror.redact.assignments import rewrite_assignments
from mirror.redact.detectors import Detectors, is_card_or_placed
from mirror.redact.keys import Key, key_of, words_of
from mirror.redact.own import Span, load
from mirror.redact.placeholders import FLOAT, Placeholders, is_placeholder, is_signed
from mirror.redact.rules import PERMITTED, Rules
from mirror.redact.verdict import NUMBERS, covers, is_secret_number
from mirror.redact.within import Within, decoded

REMEMBERED = 20_000
"""Verdicts that are kept; when there are more, all are forgotten."""
SHORT = 512
"""Characters up to which a string's verdict is kept."""

Replaced = dict[str, str]
"""Secrets that only their names tell, each with its placeholder."""
UNTOLD = frozenset({"user", "claim"})
"""Kinds of what is no secret anywhere else: who somebody is."""
T = TypeVar("T")


class Places(threading.local):
    """Where a thread is: the names above its value, and what it has replaced since somebody began to listen."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.replaced: Replaced | None = None


class Values(Within):
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
        self.numbers = bool(self.detectors.own)
        self.places = Places()
        self.failures = 0  # strings that were replaced whole because something went wrong
        self._seen: dict[tuple[str, Key | None], str] = {}
        self._replaced: dict[tuple[str, Key | None], Replaced] = {}  # in those strings of which something was
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
        self.places.names.append(name)

    def leave(self) -> None:
        if self.places.names:
            self.places.names.pop()

    @property
    def place(self) -> str:
        """Where the current value stands: names joined by dots, positions in lists left out."""
        return ".".join(filter(None, self.places.names))

    def begin(self, *names: str) -> None:
        """What follows stands below these names, and nowhere else."""
        self.places.names = list(names)

    # Values -----------------------------------------------------------------------------------------------------------

    def telling(self, work: Callable[[], T]) -> tuple[T, Replaced]:
        """What ``work`` returns, and what it replaced by its name."""
        outer = self.places.replaced
        made: Replaced = {}
        self.places.replaced = made
        try:
            return work(), made
        finally:
            self.places.replaced = outer
            self.told(made)

    def told(self, replaced: Replaced | None) -> None:
        """So much was replaced, now or when it was seen before."""
        if replaced and self.places.replaced is not None:
            self.places.replaced.update(replaced)

    def secret(self, kind: str, text: str) -> str:
        """The placeholder of a value that is secret where it stands."""
        made = self.placed(kind, text)
        if made != text and kind not in UNTOLD:
            self.told({text: made})
        return made

    def placed(self, kind: str, text: str) -> str:
        """The placeholder of a value that is secret wherever it stands."""
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
        if self.detectors.own:
            return self._own_number(text)
        if 13 <= len(text) <= 19 and text.isdecimal() and is_card_or_placed(text) and not self.allows(text):
            return self.secret("card", text)
        return text

    def _own_number(self, text: str) -> str:
        """A number of which no name says anything, without what the user's detectors find in it; a number again."""
        try:
            new = self.flat(text)
        except Exception:  # as in _guarded
            self.failures += 1
            self.tell("unread", text)
            return self.placeholders.make(text)
        return new if FLOAT.fullmatch(new) else self.placeholders.make(text)

    def string(self, text: str, key: Key | None = None, depth: int = 0) -> str:
        """A decoded string without its secrets; the very same object where there are none."""
        if len(text) > SHORT or self.tracks or depth > 4:
            new = self._guarded(text, key, depth)
            return text if new == text else new
        ident = (text, key)
        found = self._seen.get(ident)
        if found is None:
            return self._first(text, key, depth)
        if found == text:
            return text
        self.told(self._replaced.get(ident))
        return found

    def _first(self, text: str, key: Key | None, depth: int) -> str:
        """A short string that was not seen before."""
        found, replaced = self.telling(lambda: self._guarded(text, key, depth))
        if len(self._seen) >= REMEMBERED:
            self._seen.clear()
            self._replaced.clear()
        if replaced:
            self._replaced[text, key] = replaced
        self._seen[text, key] = found
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
            return self.flat(text) if text and self.detectors.own else text
        return self.loose(text, depth)

    def find(self, text: str) -> list[Span]:
        """What the detectors find, without what the user allows."""
        spans = self.detectors.find(text)
        return [span for span in spans if not self.allows(text[span.start : span.end])] if spans else spans

    def assignments(self, text: str) -> str:
        """``name=value``, ``name: "value"`` and the like."""
        return rewrite_assignments(text, self, programs=self._found is not None)


def globs(names: Iterable[str]) -> re.Pattern[str] | None:
    """One expression for several globs."""
    expressions = [translate(name) for name in names]
    return re.compile("|".join(f"(?:{one})" for one in expressions)) if expressions else None
