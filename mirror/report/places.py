"""Which operation an exchange belongs to, once all of them are known."""

from __future__ import annotations

from collections.abc import Iterable

from mirror.openapi.naming import blank
from mirror.openapi.one_path import keys_by_path
from mirror.openapi.paths import segments_of
from mirror.openapi.spelling import decoded


class Place:
    """One node of the tree of templates."""

    def __init__(self) -> None:
        self.literal: dict[str, Place] = {}
        self.variable: Place | None = None
        self.key: str | None = None


class Places:
    """Finds operations by method and path. ``keys`` are ``GET /orders/{order_id}``."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._roots: dict[str, Place] = {}
        self._keys = keys_by_path(keys)
        for key in sorted(self._keys.values()):
            method, _, template = key.partition(" ")
            place = self._roots.setdefault(method, Place())
            for segment in template.removeprefix("/").split("/") if template != "/" else []:
                if segment[:1] == "{":
                    place.variable = place.variable or Place()
                    place = place.variable
                else:
                    place = place.literal.setdefault(decoded(segment), Place())
            place.key = place.key or key

    def of(self, method: str, path: str, routed: bool) -> str | None:
        """The operation of a request; of a HEAD that nobody declared the GET's. None where it is none's.

        ``path`` is the template where the framework has ``routed`` it, and percent-encoded where not.
        """
        for name in (method, "GET") if method == "HEAD" else (method,):
            if routed:  # the path may stand there with other names (mirror.openapi.one_path)
                key = self._keys.get((name, blank(path)))
            else:
                key = self._walk(self._roots.get(name), segments_of(path))
            if key is not None:
                return key
        return None

    def _walk(self, root: Place | None, segments: list[str]) -> str | None:
        """Literal segments are preferred to variables, from left to right. The tree is no deeper than 24."""
        pending = [] if root is None else [(root, 0)]
        while pending:
            place, depth = pending.pop()
            if depth == len(segments):
                if place.key is not None:
                    return place.key
                continue
            if place.variable is not None:
                pending.append((place.variable, depth + 1))
            literal = place.literal.get(segments[depth])
            if literal is not None:
                pending.append((literal, depth + 1))
        return None
