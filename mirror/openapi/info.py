"""What a document says of the service as a whole: what its applications are called, and say of themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from mirror.exchange import KnownRoute

DESCRIPTION = "What tests have shown of this service."
"""Of services that say nothing of themselves."""


class Info(NamedTuple):
    """What the applications of a service say; empty where they say nothing, or several things."""

    title: str = ""
    version: str = ""
    info: dict[str, Any] = {}  # noqa: RUF012 (never changed)
    tags: dict[str, str] = {}  # noqa: RUF012

    def tagged(self, tags: Iterable[str]) -> list[dict[str, str]]:
        """Tags with what is said of them: those of which something is in the order of the application."""
        used = sorted(set(tags))
        listed = [*(tag for tag in self.tags if tag in used), *(tag for tag in used if tag not in self.tags)]
        return [{"name": tag, **({"description": self.tags[tag]} if self.tags.get(tag) else {})} for tag in listed]

    def described(self, title: str, description: str, version: str) -> dict[str, Any]:
        """OpenAPI's Info Object, where the user has said this of it."""
        return {
            "title": title or self.title or "API",
            **self.info,
            "description": description or self.info.get("description") or DESCRIPTION,
            "version": version or self.version or "0.0.0",
        }


def info_of(known: Iterable[KnownRoute]) -> Info:
    """What is said of the applications of these routes."""
    known = list(known)
    names = {(route.title, route.version) for route in known} - {("", "")}
    words = {(route.info, route.about_tags) for route in known} - {((), ())}
    title, version = names.pop() if len(names) == 1 else ("", "")
    info, tags = words.pop() if len(words) == 1 else ((), ())
    return Info(title, version, {name: json.loads(text) for name, text in info}, dict(tags))
