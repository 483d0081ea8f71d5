"""Sets of names: the members that objects have."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from mirror.redact.blanks import blanked

encode = msgspec.json.Encoder().encode


@lru_cache(maxsize=512)
def holds_secret(names: tuple[str, ...]) -> bool:
    """Whether a placeholder is among the names of members: it is a value, and another in every run."""
    return any(blanked(name) != name for name in names)


@lru_cache(maxsize=512)
def key_of(names: tuple[str, ...]) -> str:
    """The key of a set of names."""
    return encode(sorted(names)).decode()
