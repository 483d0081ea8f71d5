"""What a detector is, and those of the user's own (``[tool.mirror.redact] detectors``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, NamedTuple

from mirror.errors import ConfigError

Detector = Callable[[str], Iterable[tuple[int, int, str]]]


class Span(NamedTuple):
    """Characters ``start`` to ``end`` of a text are a secret of that kind."""

    start: int
    end: int
    kind: str


def span_of(found: Any, text: str) -> Span:
    """What a user's detector returned. Raises ValueError or TypeError where that is no span of the text."""
    start, end, *kind = found
    if not 0 <= start < end <= len(text):
        raise ValueError(f"a detector found {start}:{end} in a text of {len(text)} characters")
    name = re.sub(r"[^a-z0-9]+", "-", str(kind[0]).lower()).strip("-")[:20] if kind else "pattern"
    return Span(start, end, name or "pattern")


def load(name: str) -> Detector:
    """A user's detector. Raises ConfigError where there is none of that name."""
    module, _, function = name.partition(":")
    try:
        found: Any = getattr(import_module(module), function)
    except Exception as error:  # importing runs code of the user's
        raise ConfigError(f"[tool.mirror.redact] detectors {name!r} cannot be imported: {error}") from error
    if not callable(found):
        raise ConfigError(f"[tool.mirror.redact] detectors {name!r} is not a function")
    detector: Detector = found
    return detector
