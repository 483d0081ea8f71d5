"""Bodies that are read line by line: JSON lines, server-sent events, CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

from mirror.redact import json_text
from mirror.redact.inner import Inner, Unreadable
from mirror.redact.keys import Key


def rewrite_lines(text: str, inner: Inner, whole: Callable[[str], str]) -> str:
    """NDJSON, JSON sequences (RFC 7464). A line that is not JSON becomes ``whole(line)``, a JSON string."""
    lines = re.split("(\r?\n|\x1e)", text)
    for place, line in enumerate(lines):
        if place % 2 == 0 and line.strip():
            try:
                lines[place] = json_text.rewrite(line, inner)
            except (ValueError, RecursionError):
                lines[place] = json.dumps(whole(line))
    return "".join(lines)


def rewrite_events(text: str, inner: Inner) -> str:
    """Server-sent events (WHATWG HTML, section 9.2). The data of an event is one value, over several lines or not."""
    blocks = re.split(r"((?:\r\n|\r|\n){2,})", text)
    for place, block in enumerate(blocks):
        if place % 2 == 0 and block:
            blocks[place] = rewrite_event(block, inner)
    return "".join(blocks)


def rewrite_event(block: str, inner: Inner) -> str:
    lines = re.split("(\r\n|\r|\n)", block)
    data = [place for place in range(0, len(lines), 2) if re.match(r"data(?::|\Z)", lines[place])]
    values = [lines[place][5:].removeprefix(" ") for place in data]
    joined = "\n".join(values)
    new = inner.string(joined) if joined else joined
    if new != joined:
        changed = new.split("\n")
        if len(changed) != len(data):
            changed = [" ".join(changed), *[""] * (len(data) - 1)]
        for place, value in zip(data, changed, strict=True):
            lines[place] = f"data: {value}"
    values_at = set(data)
    for place in range(0, len(lines), 2):
        if place not in values_at and len(lines[place]) > 5:
            lines[place] = inner.string(lines[place])
    return "".join(lines)


# What stands before a value, YAML's tags and anchors included. Its blocks, aliases and flow collections are none.
SETTING = re.compile(r"\s*+(?:-\s++)?[\"']?([A-Za-z_][\w.-]*+)[\"']?\s*+[:=]\s*+(?:[!&]\S*+[ \t]++)*+(?![|>*{\[]|\Z)")
COMMENT = re.compile(r"\s#")
# With nothing but a comment behind it.
QUOTED = re.compile(r"(?:\"(?P<double>(?:[^\"\\]|\\.)*+)\"|'(?P<single>(?:[^']|'')*+)')\s*+(?:(?<=\s)#|\Z)")
BLOCK = re.compile(r"(\s*+)(?:-\s+)?[\"']?([A-Za-z_][\w.-]*+)[\"']?\s*+:\s*+[|>][+\d-]*\s*")


def rewrite_settings(text: str, inner: Inner, prose: Callable[[str], str]) -> str:
    """YAML, TOML and the like: ``name: value`` on one line, or in an indented block. All else is read as text."""
    lines = text.split("\n")
    made: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        short = len(line) < 4096
        found = SETTING.match(line) if short else None
        block = BLOCK.fullmatch(line) if short else None
        key = inner.key(found[1]) if found else inner.key(block[2]) if block else None
        if found and key is not None:
            start, end = value_in(line, found.end())
            line = f"{line[:start]}{inner.string(line[start:end], key)}{line[end:]}"
        made.append(line)
        if block and key is not None:
            begin = place
            while place < len(lines) and (not lines[place].strip() or lines[place].startswith(f"{block[1]} ")):
                place += 1
            inside = "\n".join(one.strip() for one in lines[begin:place]).strip()
            new = inner.string(inside, key)
            made += lines[begin:place] if new == inside else [f"{block[1]}  {new}"]
    return prose("\n".join(made))


def value_in(line: str, start: int) -> tuple[int, int]:
    """Where the value of a setting stands in its line, from ``start`` on: without quotation marks and comment."""
    quoted = QUOTED.match(line, start)
    if quoted:
        return quoted.span(quoted.lastgroup or 0)
    comment = COMMENT.search(line, start - 1)  # perhaps it is all that stands behind the name
    end = max(start, comment.start()) if comment else len(line)
    return start, start + len(line[start:end].rstrip())


def rewrite_csv(text: str, inner: Inner) -> str:
    """CSV (RFC 4180) and the like, with a first row of names, comments before it or not. Raises Unreadable.

    Only the cells that change are written anew.
    """
    first = next((line for line in text.split("\n") if line.strip() and not line.startswith("#")), "")
    comma = max(",;\t|", key=first.count)
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True):
            pass
    except csv.Error as error:
        raise Unreadable(str(error)) from None
    cell = re.compile(rf'("(?:[^"]|"")*+")?+([^{re.escape(comma)}\r\n]*+)({re.escape(comma)}|\r\n|\r|\n|\Z)')
    keys: list[Key | None] = []
    parts: list[str] = []
    column, position, state = 0, 0, "before"
    for found in cell.finditer(text):
        plain = (found[1] or "")[1:-1].replace('""', '"') + found[2]
        if state == "before" and column == 0:
            state = "comment" if plain.startswith("#") or not (plain or found[3] == comma) else "names"
        if state == "names":
            keys.append(inner.key(plain.strip()))
        key = keys[column] if state == "rows" and column < len(keys) else None
        new = inner.string(plain, key) if plain else plain
        if new is not plain and new != plain:
            quoted = found[1] or any(mark in new for mark in (comma, '"', "\n", "\r"))
            shown = '"' + new.replace('"', '""') + '"' if quoted else new
            parts += [text[position : found.start()], shown]
            position = found.start(3)
        column += 1
        if found[3] != comma:
            column, state = 0, "before" if state == "comment" else "rows"
    return "".join([*parts, text[position:]]) if parts else text
