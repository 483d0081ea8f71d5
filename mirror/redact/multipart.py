"""multipart/form-data and its relatives (RFC 7578, RFC 2046 section 5.1): part by part, delimiters untouched.

A part's own Content-Type says how it is read; a part without one is a form field, whose name may make it secret. File
names are values. What a Content-Transfer-Encoding (base64, quoted-printable) hides is decoded and encoded again.
"""

from __future__ import annotations

import itertools
import quopri
import re
from base64 import b64decode, encodebytes
from collections.abc import Callable
from urllib.parse import unquote

from mirror.redact.inner import Unreadable
from mirror.redact.keys import key_of

NEWLINE = ord("\n")
FOLD = re.compile(rb"\r?\n[ \t]")
NAME = re.compile(rb"(?i);\s{0,8}name(?P<extended>\*?)\s{0,8}=\s{0,8}(?:\"((?:[^\"\\]|\\.)*+)\"|([^\s;]+))")
FILENAME = re.compile(rb"(?i)(;\s{0,8}filename\*?=)(?:\"((?:[^\"\\]|\\.)*+)\"|([^\s;]+))")

# (media type, body, name of the field or None for a file) -> the body without its secrets
Read = Callable[[str, bytes, str | None], bytes]


def rewrite_multipart(body: bytes, boundary: str, read: Read, string: Callable[[str], str]) -> bytes:
    """The body without its secrets; the very same object where there are none. Raises Unreadable."""
    try:
        delimiter = b"--" + boundary.encode("latin-1")
    except UnicodeEncodeError:
        raise Unreadable("the boundary is not ISO-8859-1") from None
    if len(delimiter) == 2:
        raise Unreadable("there is no boundary")
    # A delimiter begins a line (RFC 2046); inside of a part the same bytes mean nothing. (An expression that begins
    # with the delimiter costs a search for it; one that begins with "at a line's begin" looks at each byte.)
    found = re.finditer(re.escape(delimiter) + rb"(--)?[ \t]*(?:\r?\n|\Z)", body)
    ends = [end for end in found if end.start() == 0 or body[end.start() - 1] == NEWLINE]
    if not ends or not ends[-1][1]:
        raise Unreadable("the closing delimiter is missing")
    preamble = body[: ends[0].start()]  # Werkzeug's test client begins with an empty line
    if preamble.strip() or len(ends) > 10_000 or any(end[1] for end in ends[:-1]):
        raise Unreadable("there is something outside of the parts")
    pieces: list[bytes] = [preamble]
    changed = False
    for begin, end in itertools.pairwise(ends):
        part = body[begin.end() : end.start()]
        line = b"\r\n" if part.endswith(b"\r\n") else b"\n" if part.endswith(b"\n") else b""
        new = rewrite_part(part[: len(part) - len(line)], read, string)
        changed = changed or new is not None
        pieces += [begin[0], part if new is None else new + line]
    tail = body[ends[-1].end() :]
    if tail.strip():
        raise Unreadable("something follows the closing delimiter")
    return b"".join([*pieces, ends[-1][0], tail]) if changed else body


def rewrite_part(part: bytes, read: Read, string: Callable[[str], str]) -> bytes | None:
    """A part without its secrets, or None where it has none."""
    if part.startswith((b"\r\n", b"\n")):
        head, gap, body = b"", part[: part.index(b"\n") + 1], part[part.index(b"\n") + 1 :]
    else:
        found = re.search(rb"\r?\n\r?\n", part)
        if not found:
            raise Unreadable("a part has no end of its header section")
        head, gap, body = part[: found.start()], found[0], part[found.end() :]
    fields = fields_of(head)
    disposition = fields.get(b"content-disposition", b"")
    named = NAME.search(disposition)
    name = name_of(named) if named else None
    is_file = FILENAME.search(disposition) is not None
    media_type = fields.get(b"content-type", b"").decode("latin-1")
    if not media_type and is_file:
        media_type = "application/octet-stream"
    if TABLE.search(disposition) and media_type.lower() in UNTOLD and b"\0" not in body:
        media_type = "text/csv"
    coding = fields.get(b"content-transfer-encoding", b"").decode("latin-1").lower()
    plain = unwrap(body, coding)
    new_plain = read(media_type, plain, name if not is_file or (name and key_of(name)) else None)
    new_body = body if new_plain == plain else wrap(new_plain, coding)
    new_head = FILENAME.sub(lambda one: filename(one, string), head)
    new_head = rewrite_name(new_head, string)
    if new_head == head and new_body == body:
        return None
    if new_body != body:
        new_head = re.sub(rb"(?i)(content-length:[ \t]*)\d+", lambda m: m[1] + str(len(new_body)).encode(), new_head)
    return new_head + gap + new_body


def fields_of(head: bytes) -> dict[bytes, bytes]:
    """The fields of a part by their names in small letters; folded ones on one line (RFC 5322 section 2.2.3)."""
    fields = {}
    for line in FOLD.sub(b" ", head).split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon and name.strip():
            fields[name.strip().lower()] = value.strip()
    return fields


def name_of(found: re.Match[bytes]) -> str:
    """A field's name; an extended one (RFC 5987) percent-decoded."""
    text = (found[2] or found[3] or b"").decode("utf-8", "replace")
    return unquote(text.rpartition("'")[2]) if found["extended"] else text


def rewrite_name(head: bytes, string: Callable[[str], str]) -> bytes:
    """Whatever else a part's header section says, by detectors alone."""
    text = head.decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    new = [string(line) if "filename" not in line.lower() else named(line, string) for line in lines]
    return head if new == lines else "\n".join(new).encode("utf-8", "surrogateescape")


def named(line: str, string: Callable[[str], str]) -> str:
    """A line with the name of a file, which has been looked at, and that of a field."""
    return FIELD.sub(lambda found: found[1] + string(found[2]) + found[3], line)


def filename(found: re.Match[bytes], string: Callable[[str], str]) -> bytes:
    old = found[2] if found[2] is not None else found[3]
    text = old.decode("utf-8", "surrogateescape")
    new = string(text)
    if new == text:
        return found[0]
    shown = new.replace('"', "%22").encode("utf-8", "surrogateescape")
    return found[1] + (b'"' + shown + b'"' if found[2] is not None else shown)


FIELD = re.compile(r"(?i)(?<![\w*])(name=\")([^\"]*)(\")")
# A table's name says more than what browsers and test clients call it.
TABLE = re.compile(rb"(?i)\.[ct]sv\"?\s*(?:;|\Z)")
UNTOLD = frozenset({"application/octet-stream", "application/vnd.ms-excel", "text/plain"})


def unwrap(body: bytes, coding: str) -> bytes:
    """Without its transfer encoding. Raises Unreadable where it is not in it."""
    if coding == "base64":
        try:
            return b64decode(b"".join(body.split()), validate=True)
        except ValueError as error:
            raise Unreadable(str(error)) from None
    if coding == "quoted-printable":
        return quopri.decodestring(body)
    if coding in ("", "7bit", "8bit", "binary"):
        return body
    raise Unreadable(f"the transfer encoding {coding!r} is not known")


def wrap(body: bytes, coding: str) -> bytes:
    if coding == "base64":
        return encodebytes(body).strip().replace(b"\n", b"\r\n")
    return quopri.encodestring(body) if coding == "quoted-printable" else body
