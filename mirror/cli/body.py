"""Any text as a terminal may have it."""

from __future__ import annotations


def shown(text: str, kept: str = "") -> str:
    """Text that cannot take over the terminal: control characters are written as escapes."""
    return "".join(c if c.isprintable() or c in kept else c.encode("unicode_escape").decode("ascii") for c in text)
