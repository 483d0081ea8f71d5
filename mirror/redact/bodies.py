"""Bodies: content codings off, read by media type, secrets replaced, codings on again.

What claims a form and is not in it (JSON that is not JSON, an unknown coding, markup that declares entities) is
replaced whole, by a body of that form which says no more than ``redacted-0123456789ab``. Binary bodies (images,
archives) are kept, but for secrets that stand in them as plain text: those are overwritten by as many ``x``, so that
offsets stay right. Structured binary that nothing here can walk (MessagePack, Protocol Buffers) is replaced whole.
"""

from __future__ import annotations

import json
from typing import Protocol

from mirror import media
from mirror.redact import graphql, json_text, lines, markup, multipart
from mirror.redact.inner import Unreadable
from mirror.redact.placeholders import PLAIN, Placeholders
from mirror.redact.urls import rewrite_query
from mirror.redact.within import CONTROLS, Within, settled

BOM = b"\xef\xbb\xbf"
WHOLE = "body"
"""The kind of what is told of a body that was replaced whole."""


class Replacer(Within, Protocol):
    """What bodies need: ``Values``, or what looks for an echo."""

    placeholders: Placeholders

    def tell(self, kind: str, text: str) -> None:
        """A secret of this kind is replaced."""


class Bodies:
    """Redacts bodies by means of one Values."""

    def __init__(self, values: Replacer) -> None:
        self._values = values

    def rewrite(self, body: bytes, content_type: str, content_encoding: str) -> tuple[bytes, bool]:
        """A body without its secrets, the very same object where there are none; and whether its codings are gone."""
        if not body:
            return body, False
        codings = media.codings(content_encoding)
        if not codings:
            return self.read(content_type, body), False
        try:
            plain = media.decode(body, codings)
        except media.CodingError:
            if is_whole(body):
                return self.placed(body), False
            return self.whole(content_type, body), True
        new = self.read(content_type, plain)
        return (body, False) if new is plain else (media.encode(new, codings), False)

    def read(self, content_type: str, body: bytes, name: str | None = None) -> bytes:
        """A body without codings; ``name`` is that of a form's field. Never raises."""
        try:
            new = self._read(media.parse(content_type), body, name)
        except Exception:  # Unreadable, or whatever else a hostile body brings about: it is not let through
            new = self.whole(content_type, body)
        return body if new == body else new

    def _read(self, kind: media.MediaType, body: bytes, name: str | None) -> bytes:
        values, family = self._values, kind.family
        if not body.strip():
            return body
        if is_whole(body):
            return self.placed(body)
        if family == "json":
            text, codec = json_of(body)
            return (BOM if codec == "utf-8-sig" else b"") + json_text.rewrite(text, values).encode(plain(codec))
        if family == "multipart":
            return multipart.rewrite_multipart(body, kind.parameters.get("boundary", ""), self.read, values.string)
        if family == "packed":
            raise Unreadable(f"{kind.name} cannot be walked")
        if family == "binary":
            if not is_text(body):
                return self.binary(body)
            family = "text" if kind.name else "unknown"  # type: ignore[assignment]
        text, codec = media.text_of(body, kind.charset)
        key = values.key(name) if name is not None else None
        if family == "lines":
            new = lines.rewrite_lines(text, values, lambda line: values.placeholders.make(line))
        elif family == "events":
            new = lines.rewrite_events(text, values)
        elif family == "form":
            new = self._form(text)
        elif family == "xml":
            new = markup.rewrite_xml(text, values)
        elif family == "html":
            new = markup.rewrite_markup(text, values)
        elif family == "csv":
            new = lines.rewrite_csv(text, values)
        elif family == "settings":
            new = settled(lambda one: lines.rewrite_settings(one, values, values.prose), text)
        elif family == "graphql":
            new = graphql.rewrite_graphql(text, values)
        elif name is not None:
            if values.tracks:
                values.enter(name)
            new = values.string(text, key)
            if values.tracks:
                values.leave()
        else:
            new = values.prose(text)
        return body if new == text else new.encode(codec)

    def _form(self, text: str) -> str:
        """A form; or JSON, where that is what curl -d was given and called a form."""
        if text.lstrip()[:1] in ("{", "["):
            try:
                return json_text.rewrite(text, self._values)
            except (Unreadable, ValueError, RecursionError):
                pass
        return rewrite_query(text, self._values, 0)

    def binary(self, body: bytes) -> bytes:
        """Secrets that stand as text in something else are overwritten."""
        text = body.decode("ascii", "replace")  # one character for each byte
        found = self._values.find(text)
        if not found:
            return body
        made = bytearray(body)
        for start, end, kind in found:
            self._values.tell(kind, text[start:end])
            made[start:end] = b"x" * (end - start)
        return bytes(made)

    def placed(self, body: bytes) -> bytes:
        """A placeholder that stands for a whole body, in this redactor's way."""
        return self._values.placeholders.make(body.decode()).encode()

    def whole(self, content_type: str, body: bytes) -> bytes:
        """What is put in the place of a body that cannot be read, in the form that it claims."""
        kind = media.parse(content_type)
        self._values.tell(WHOLE, "")
        mark = self._values.placeholders.plain(body.hex())
        family = kind.family
        if family in ("json", "lines"):
            mark = json.dumps(mark)
        elif family == "events":
            mark = f"data: {mark}\n\n"
        elif family == "xml":
            mark = f"<redacted>{mark}</redacted>"
        elif family == "form":
            mark = f"redacted={mark}"
        elif family == "multipart":
            boundary = kind.parameters.get("boundary", "")
            if boundary.isascii() and boundary.strip() == boundary and boundary.isprintable() and boundary:
                head = f'--{boundary}\r\nContent-Disposition: form-data; name="redacted"'
                mark = f"{head}\r\n\r\n{mark}\r\n--{boundary}--\r\n"
        if kind.charset and family not in ("json", "multipart"):  # EBCDIC, UTF-16: read again, it is to say the same
            try:
                return mark.encode(kind.charset)
            except (UnicodeError, LookupError):
                pass
        return mark.encode()


def is_whole(body: bytes) -> bool:
    """Whether a body is what ``whole`` puts in another's place, where its form has no form of its own."""
    return len(body) == 21 and PLAIN.fullmatch(body.decode("ascii", "replace")) is not None


def json_of(body: bytes) -> tuple[str, str]:
    """A JSON text, and its codec: UTF-8, or one of those that RFC 4627 allowed."""
    codec = json.detect_encoding(body)
    if body.startswith(BOM):
        return body[3:].decode("utf-8"), "utf-8-sig"
    text = body.decode(codec)
    if codec not in ("utf-8",) and text.encode(codec) != body:
        raise Unreadable("it cannot be written as it was")
    return text, codec


def plain(codec: str) -> str:
    return "utf-8" if codec == "utf-8-sig" else codec


def is_text(body: bytes) -> bool:
    """Whether a body of no known type is text: UTF-8 without control characters."""
    try:
        return not CONTROLS.search(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False
