"""Which path of a document that people have a learned one is.

Paths are the same however they are spelled and whatever their parameters are called, but where several were learned
that differ in nothing else (``/products/<any(new, sale):collection>`` beside ``/products/<int:product_id>``): there
each is the one of its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from mirror.openapi.naming import blank
from mirror.openapi.said import listed
from mirror.openapi.spelling import spelled


class Templates:
    """The templates that stand in a document. ``learned`` are all that were learned, ``base`` is the path below which
    those of the document are."""

    def __init__(self, standing: Iterable[str], learned: Collection[str], base: str) -> None:
        self._learned = learned
        self._base = base
        self._standing: dict[str, list[str]] = {}
        for template in standing:
            self.add(template)

    def add(self, template: str) -> None:
        self._standing.setdefault(blank(template), []).append(template)

    def of(self, template: str) -> str:
        """The template by which a learned one is known here, or would be."""
        found = self._known(template, "")
        if found is None and self._base and template.startswith(f"{self._base}/"):
            short = template.removeprefix(self._base)
            return self._known(short, self._base) or short
        return found or template

    def _known(self, template: str, base: str) -> str | None:
        """The one of that name, or one whose parameters are called otherwise and that is no other learned one."""
        known = self._standing.get(blank(template), [])
        if template in known:
            return template
        same = (each for each in known if spelled(each) == template)
        others = (each for each in known if base + spelled(each) not in self._learned)
        return next(same, None) or next(others, None)


def base_of(document: dict[str, Any]) -> str:
    """The path that all servers of a document begin with: its paths are below it. Empty where there is none."""
    bases = {
        urlsplit(str(each.get("url"))).path.rstrip("/")
        for each in listed(document.get("servers"))
        if isinstance(each, dict)
    }
    base = next(iter(bases)) if len(bases) == 1 else ""
    return "" if "{" in base else spelled(base)
