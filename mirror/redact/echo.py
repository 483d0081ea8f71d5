"""What a response says of its request's secrets: "input": "hunter2", "no such user hunter2".

In the request a value is secret because of its name; in the response it stands under any name or in a sentence. So what
was replaced in a request is looked for in its response: in the body, read as what it is, and in header fields. Only
there: in the rest of the run an equal value may be an innocent word. Values that are words themselves are left to the
names that they stand under. The messages of a WebSocket session are answers to those before them.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Collection

import msgspec

from mirror import media
from mirror.exchange import Response
from mirror.formats import format_of
from mirror.headers import Headers
from mirror.redact.bodies import Bodies
from mirror.redact.framing import DIGESTS, digested, reframed, rewrite_chunks
from mirror.redact.keys import Key
from mirror.redact.own import Span
from mirror.redact.placeholders import Placeholders
from mirror.redact.spelled import HEAD, Spelled, holds
from mirror.redact.values import Replaced
from mirror.redact.within import Within

# Short values and words stand in answers for other reasons.
LEAST = HEAD
WORD = re.compile(r"[a-z_]+|[0-9]{1,5}")
MOST = 256
"""Secrets of one request that are looked for, the newest."""
REMEMBERED = 500
"""Requests whose secrets are kept ready to be looked for; when there are more, all are forgotten."""
UNTOUCHED = DIGESTS | {b"content-type", b"content-length", b"content-encoding", b"transfer-encoding", b"date"}
# Where one of these is, a value may be spelled in more ways than are looked for at once: JSON's and XML's, UTF-16.
SPELLED = (b"\\u", b"\\/", b"&", b"\0")


class Echoes:
    """Finds in responses what was replaced in their requests. Never raises."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._made: dict[tuple[tuple[str, str], ...], Echo | None] = {}

    def response(self, response: Response, said: Replaced) -> Response:
        """The response without what was replaced in its request."""
        try:
            echo = self._echo(said)
            return response if echo is None else echo.response(response)
        except Exception:  # it has been redacted before: what stands there it may not know to be secret
            return response

    def body(self, body: bytes, content_type: str, said: Replaced) -> bytes:
        """A body without content codings, without what was replaced before."""
        echo = self._echo(said)
        return body if echo is None else echo.body(body, content_type)

    def _echo(self, said: Replaced) -> Echo | None:
        ident = tuple(said.items())
        try:
            return self._made[ident]
        except KeyError:
            found = dict([(old, new) for old, new in ident if len(old) >= LEAST and not WORD.fullmatch(old)][-MOST:])
            if len(self._made) >= REMEMBERED:
                self._made.clear()
            self._made[ident] = made = Echo(found, self._placeholders) if found else None
            return made


class Echo(Within):
    """Replaces some values wherever they stand. It walks as redaction does, so that it writes anew what that does."""

    tracks = False
    numbers = True

    def __init__(self, found: Replaced, placeholders: Placeholders) -> None:
        self.placeholders = placeholders
        self._values = found
        self._spelled = Spelled()
        for value in found:
            self._spelled.add(value)
        self._heads = self._spelled.heads
        self._coded = coded(self._heads)
        self._bodies = Bodies(self)

    def response(self, response: Response) -> Response:
        headers = self.fields(response.headers)
        trailers = self.fields(response.trailers) if response.trailers.raw else response.trailers
        reason = self.string(response.reason) if len(response.reason) >= LEAST else response.reason
        chunks, encoding = response.chunks, response.headers.get("content-encoding") or ""
        if encoding or any(map(self.perhaps, chunks)) or (len(chunks) > 1 and self.perhaps(response.body)):
            content_type = response.headers.get("content-type") or ""
            chunks, bare = rewrite_chunks(chunks, content_type, encoding, self._bodies.rewrite)
            if chunks is not response.chunks:
                headers = reframed(headers, response.chunks, chunks, bare)
                trailers = digested(trailers, response.chunks, chunks)
        if (
            headers is response.headers
            and trailers is response.trailers
            and reason == response.reason
            and chunks is response.chunks
        ):
            return response
        return msgspec.structs.replace(response, reason=reason, headers=headers, chunks=chunks, trailers=trailers)

    def fields(self, headers: Headers) -> Headers:
        if not holds(b"\n".join([value for _, value in headers.raw]), self._coded):
            return headers
        fields = []
        for name, value in headers.raw:
            if holds(value, self._coded) and name.lower() not in UNTOUCHED:
                text, codec = media.text_of(value, None)
                value = self.string(text).encode(codec)
            fields.append((name, value))
        new = tuple(fields)
        return headers if new == headers.raw else Headers(new)

    def body(self, body: bytes, content_type: str) -> bytes:
        return self._bodies.read(content_type, body) if self.perhaps(body) else body

    def perhaps(self, body: bytes) -> bool:
        """Whether one of the values may stand in a body without codings. In most none does, and they are not read."""
        return holds(body, self._coded) or holds(body, SPELLED)

    # What walks bodies asks -------------------------------------------------------------------------------------------

    def string(self, text: str, key: Key | None = None, depth: int = 0) -> str:
        if not holds(text, self._heads) and not holds(text, "\\%&"):
            return text
        return self.loose(text, depth)

    def placed(self, kind: str, text: str) -> str:
        value = self._spelled.value(text)
        if value is None:
            return text
        new = self._values[value]
        if text != value:
            match format_of(text):
                case "hex":
                    return self.placeholders.make(text)
                case "base64":
                    return b64encode(new.encode()).decode()
        return new

    def assignments(self, text: str) -> str:
        return text

    def number(self, text: str, key: Key | None = None) -> str:
        new = self._values.get(text, text)
        return new if new.isdecimal() else text

    def find(self, text: str) -> list[Span]:
        return [Span(start, end, "echo") for start, end, _ in self._spelled.find(text)]

    def key(self, name: str) -> Key | None:
        return None

    def enter(self, name: str) -> None:
        """Names do not matter."""

    def leave(self) -> None:
        """The same."""

    def tell(self, kind: str, text: str) -> None:
        """Nobody asks."""


def coded(heads: Collection[str]) -> frozenset[bytes]:
    """How what spellings begin with stands in bytes: as it is, and in strings of JSON."""
    found: set[bytes] = set()
    for head in heads:
        forms = [head]
        if not head.isascii() or "\\" in head or '"' in head or not head.isprintable():
            forms += [json.dumps(head)[1:-1], json.dumps(head, ensure_ascii=False)[1:-1]]
        found.update(form.encode(codec, "replace")[:HEAD] for form in forms for codec in ("utf-8", "latin-1"))
    return frozenset(found)
