"""multipart/form-data and its relatives (RFC 7578, RFC 2046 section 5.1): what their parts are called.

A part with a file name is a file, whatever is in it; all others are fields of text. Parts without a name are counted by
nobody. What cannot be taken apart (no boundary, no end) gives None.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from mirror import media

MOST_PARTS = 1000


class Parts(NamedTuple):
    """The texts of the fields and the media types of the files, by name; a type that was not said is empty."""

    fields: dict[str, list[str]]
    files: dict[str, list[str]]


def parts_of(body: bytes, boundary: str) -> Parts | None:
    delimiter = b"--" + boundary.encode("latin-1", "replace")
    if len(delimiter) == 2:
        return None
    # A delimiter begins a line (RFC 2046); inside of a part the same bytes mean nothing.
    ends = list(re.finditer(rb"(?:\A|(?<=\n))" + re.escape(delimiter) + rb"(--)?[ \t]*(?:\r?\n|\Z)", body))
    if not ends or not ends[-1][1] or len(ends) > MOST_PARTS:
        return None
    made = Parts({}, {})
    for begin, end in pairwise(ends):
        part = body[begin.end() : end.start()]
        add_part(made, part.removesuffix(b"\n").removesuffix(b"\r"))
    return made


def add_part(made: Parts, part: bytes) -> None:
    gap = re.search(rb"(?:\A|\r?\n)\r?\n", part)
    head, text = (part[: gap.start()], part[gap.end() :]) if gap else (part, b"")
    fields = fields_of(head)
    said = media.parse(fields.get("content-disposition", "")).parameters
    if "name*" in said:  # RFC 5987
        name = unquote(said["name*"].rpartition("'")[2])
    elif "name" in said:
        name = said["name"]
    else:
        return
    kind = media.parse(fields.get("content-type", ""))
    if "filename" in said or "filename*" in said:
        made.files.setdefault(name, []).append(kind.name)
    else:
        made.fields.setdefault(name, []).append(media.text_of(text, kind.charset)[0])


def fields_of(head: bytes) -> dict[str, str]:
    """The header fields of a part, names in small letters; folded ones on one line (RFC 5322, section 2.2.3)."""
    fields = {}
    for line in re.sub(r"\r?\n[ \t]", " ", head.decode("utf-8", "replace")).split("\n"):
        name, colon, value = line.partition(":")
        if colon and name.strip():
            fields[name.strip().lower()] = value.strip()
    return fields
