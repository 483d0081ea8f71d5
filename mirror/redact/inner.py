"""What the walkers of bodies see of the redactor: the one function for strings, and the one for numbers.

A walker takes a text apart, hands each value to ``Inner`` with what its name says, and puts back together only what has
changed. It raises ``Unreadable`` (or any other exception) where the text is not what it should be; the caller then
replaces the whole.
"""

from __future__ import annotations

from typing import Protocol

from mirror.redact.keys import ABOUT, Key, is_neutral, words_of

DEEPEST = 8
"""Levels of one encoding inside another that are followed."""


# Names of what is said about a secret, below its own name; those of keys.ABOUT besides.
SAYING = frozenset("ref enum op code loc msg kind rule rules widget autocomplete placeholder class".split())


class Unreadable(ValueError):
    """A text that is not in the form it claims."""


class Inner(Protocol):
    """Redacts single values. ``depth`` counts how many encodings the value stands within."""

    tracks: bool
    """Whether places are wanted: rules that allow some, or a scan."""

    numbers: bool
    """Whether every number is looked at: detectors of the user's."""

    def key(self, name: str) -> Key | None:
        """What a name says of its value."""

    def string(self, text: str, key: Key | None = None, depth: int = 0) -> str:
        """A decoded string without its secrets; the very same one where there are none."""

    def number(self, text: str, key: Key | None = None) -> str:
        """A number as it is written, or one of the same type and as many digits."""

    def enter(self, name: str) -> None:
        """The next values stand under this name (only where ``tracks``)."""

    def leave(self) -> None:
        """No longer."""


def below(key: Key | None, name: str) -> Key | None:
    """What a secret name says of a value with another name that stands below it: ``{"password": {"x": ...}}``."""
    if key is None or is_neutral(name):
        return key
    words = words_of(name)
    if words and (words[-1] in ABOUT or words[-1] in SAYING):
        return None
    return Key(key.kind, numbers=False, opaque=key.opaque or key.kind != "password", digits=key.digits)
