"""The names of tests, without the secrets in their parameters."""

from __future__ import annotations

import re

from mirror.redact.known import Known
from mirror.redact.spelled import HEAD
from mirror.redact.urls import rewrite_urls
from mirror.redact.values import Values
from mirror.redact.within import settled

NAMES = 65_536
"""Names whose verdict is kept: the newest that many."""
ESCAPE = re.compile(r"\\\\|\\x[89a-f][0-9a-f]|\\u[0-9a-f]{4}|\\U00(?:0[0-9a-f]|10)[0-9a-f]{4}")
"""What pytest writes for characters that are not ASCII, and for a backslash."""


class Names:
    """What the names of tests become: in a run a name stays what it first became, so that exchanges and outcomes of a
    test stay together. Never raises."""

    def __init__(self, values: Values, known: Known) -> None:
        self._values = values
        self._known = known
        self._names: dict[str, str] = {}

    def name(self, text: str) -> str:
        """A name without what detectors find in it, and without the secrets found in this run before.

        ``test_login[password=short]`` stays: a name is no assignment.
        """
        found = self._names.get(text)
        if found is None:
            try:
                self._values.begin("test")
                found = settled(self._name, text)
            except Exception:  # a detector of the user's: what cannot be read is not let through
                found = self._values.placeholders.make(text)
            self._decide(text, found)
        return found

    def is_open(self, text: str) -> bool:
        """Whether a name has not been asked for yet, and has parameters that may turn out to be secret."""
        return text not in self._names and len(text.partition("[")[2]) > HEAD

    def hide(self, text: str) -> None:
        """Let a name be one without its parameters, whatever they are."""
        name, _, parameters = text.partition("[")
        self._decide(text, f"{name}[{self._values.placeholders.plain(parameters)}]")

    def _decide(self, text: str, found: str) -> None:
        while len(self._names) >= NAMES:
            try:
                self._names.pop(next(iter(self._names)), None)
            except (StopIteration, RuntimeError):  # another thread was there
                break
        self._names[text] = found
        self._names.setdefault(found, found)

    def _name(self, text: str) -> str:
        if "\\" in text:
            name, bracket, parameters = text.partition("[")
            plain = ESCAPE.sub(unescaped, parameters)
            if plain != parameters and (new := self._found(plain)) != plain:
                return f"{name}{bracket}{ascii_only(new)}"
        return self._found(text)

    def _found(self, text: str) -> str:
        if "://" in text:  # the brackets are pytest's
            text = "".join(rewrite_urls(part, self._values, 0) for part in re.split(r"([\[\]])", text))
        return self._known.replace(self._values.flat(text))


def unescaped(found: re.Match[str]) -> str:
    return found[0] if found[0] == "\\\\" else chr(int(found[0][2:], 16))


def ascii_only(text: str) -> str:
    """A text with characters that are not ASCII written as pytest writes them."""
    return text if text.isascii() else "".join(c if c.isascii() else c.encode("unicode_escape").decode() for c in text)
