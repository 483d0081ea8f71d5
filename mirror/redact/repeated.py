"""Bodies that come again: a suite sends the same login, and the same upload, in test after test."""

from __future__ import annotations

from hashlib import blake2b

from mirror.redact.bodies import Bodies
from mirror.redact.values import Replaced, Values

SMALL = 4096
"""Bytes up to which what became of a body is kept; of larger ones only that nothing is secret in them."""
REMEMBERED = 2000
"""Verdicts of either kind that are kept; when there are more, all are forgotten."""


class Repeated:
    """Rewrites bodies, those seen before by memory; none is remembered where places are kept. Never raises."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._bodies = Bodies(values)
        self._keep = not values.tracks
        self._small: dict[tuple[str, str, bytes], tuple[tuple[bytes, bool], Replaced]] = {}
        self._clean: set[bytes] = set()

    def rewrite(self, body: bytes, content_type: str, encoding: str) -> tuple[bytes, bool]:
        """A body without its secrets, the very same where it has none; and whether its content coding is gone."""
        if not self._keep:
            return self._anew(body, content_type, encoding)
        if len(body) > SMALL:
            return self._large(body, content_type, encoding)
        ident = (content_type, encoding, body)
        known = self._small.get(ident)
        if known is None:
            known = self._values.telling(lambda: self._anew(body, content_type, encoding))
            if len(self._small) >= REMEMBERED:
                self._small.clear()
            self._small[ident] = known
        elif known[1]:
            self._values.told(known[1])
        found = known[0]
        return (body, False) if found[0] == body else found

    def _large(self, body: bytes, content_type: str, encoding: str) -> tuple[bytes, bool]:
        kind = blake2b(f"{content_type}\n{encoding}".encode("utf-8", "surrogatepass"))
        ident = blake2b(body, key=kind.digest()).digest()
        if ident in self._clean:
            return body, False
        found = self._anew(body, content_type, encoding)
        if found[0] == body:
            if len(self._clean) >= REMEMBERED:
                self._clean.clear()
            self._clean.add(ident)
        return found

    def _anew(self, body: bytes, content_type: str, encoding: str) -> tuple[bytes, bool]:
        try:
            return self._bodies.rewrite(body, content_type, encoding)
        except Exception:  # whatever goes wrong, the part where it went wrong is replaced whole
            return self._bodies.whole(content_type, body), True
