"""A body as a person reads it."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl

from mirror import media
from mirror.headers import Headers, encode

# Bytes of a binary body that are shown, in hexadecimal.
SHOWN = 64


def pretty(body: bytes, headers: Headers, indent: int | None = 2) -> str:
    """JSON indented, a form a line each, text as it is; of anything else its size and its first bytes.

    Of multipart each part: its fields, then its body likewise. Without an ``indent`` JSON is left as it is.
    """
    kind = headers.get("content-type") or ""
    plain = media.plain(body, headers.get("content-encoding"))
    if plain is None:
        return f"({len(body)} bytes in the content coding {headers.get('content-encoding')!r})"
    if media.parse(kind).family == "multipart" and (boundary := media.parse(kind).parameters.get("boundary")):
        return in_parts(plain, boundary, indent)
    return laid_out(plain, kind, indent)


def in_parts(body: bytes, boundary: str, indent: int | None = 2) -> str:
    """Multipart (RFC 2046 section 5.1), delimiters included; what is no part stays what it is."""
    first, *pieces = (b"\r\n" + body).split(b"\r\n--" + encode(boundary))
    told = [laid_out(first.removeprefix(b"\r\n"), "text/plain")]
    for piece in pieces:
        head, gap, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        named = re.search(rb"(?im)^content-type:[ \t]*(.*?)\r?$", head)
        line_end = "\n" if piece.startswith(b"\r\n") else ""
        told.append(f"--{boundary}{line_end}" + head.decode("utf-8", "backslashreplace").rstrip("\r\n"))
        if gap:
            told.append("\n" + laid_out(content, named[1].decode("latin-1") if named else "text/plain", indent))
    return "\n".join(told).replace("\r\n", "\n").lstrip("\n")


def laid_out(plain: bytes, kind: str, indent: int | None = 2) -> str:
    """A body without its coding."""
    try:
        text = plain.decode(media.codec(kind) or "utf-8")
    except UnicodeError:
        more = " ..." if len(plain) > SHOWN else ""
        return f"({len(plain)} bytes of {media.parse(kind).name or 'unknown type'})\n{plain[:SHOWN].hex(' ', 4)}{more}"
    if media.parse(kind).name == "application/x-www-form-urlencoded":
        return "\n".join(f"{name} = {value}" for name, value in parse_qsl(text, keep_blank_values=True))
    if indent is not None and text[:1] in ("{", "[") and media.parse(kind).name.endswith("json"):
        try:
            return json.dumps(json.loads(text), indent=indent, ensure_ascii=False)
        except (ValueError, RecursionError):
            pass
    return text
