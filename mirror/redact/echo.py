"""What a response says of its request's secrets: "input": "hunter2", "no such user hunter2".

In the request a value is secret because of its name; in the response it stands under any name or in a sentence. So what
was replaced in a request is looked for in its response. Only there: in the rest of the run an equal value may be an
innocent word. Values that are words themselves are left to the names that they stand under.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mirror import media
from mirror.exchange import Request, Response
from mirror.headers import Headers
from mirror.redact.inner import Unreadable
from mirror.redact.json_text import rewrite
from mirror.redact.keys import Key

# Short values and words stand in answers for other reasons.
LEAST = 6
WORD = re.compile(r"[a-z_]+|[0-9]{1,5}")


def without_echo(response: Response, before: Request, after: Request) -> Response:
    """The response without the secrets of its request, given as it was and as it was redacted."""
    found = {old: new for old, new in replaced(before, after) if len(old) >= LEAST and not WORD.fullmatch(old)}
    body = response.body
    if not found or not body or response.headers.get("content-encoding"):
        return response
    kind = media.parse(response.headers.get("content-type") or "")
    if kind.family not in ("json", "lines", "events", "text", "html", "xml", "csv"):
        return response
    echo = Echo(found)
    text, codec = media.text_of(body, kind.charset)
    if kind.family == "json":
        try:
            new = rewrite(text, echo)
        except Unreadable:
            return response
    else:
        new = echo.string(text)
    if new == text:
        return response
    data = new.encode(codec, "replace")
    fields = tuple([
        (name, b"%d" % len(data) if name.lower() == b"content-length" and value.strip() == b"%d" % len(body) else value)
        for name, value in response.headers.raw
    ])  # fmt: skip
    return msgspec.structs.replace(response, headers=Headers(fields), chunks=(data,))


class Echo:
    """Replaces some values wherever they stand as words of their own; what walks JSON asks it for each string."""

    tracks = False

    def __init__(self, found: Mapping[str, str]) -> None:
        self._found = found
        longest_first = sorted(found, key=len, reverse=True)
        self._pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def string(self, text: str, key: Key | None = None, depth: int = 0) -> str:
        return self._pattern.sub(lambda match: self._found[match[0]], text)

    def number(self, text: str, key: Key | None = None) -> str:
        return text

    def key(self, name: str) -> Key | None:
        return None

    def enter(self, name: str) -> None:
        """Names do not matter."""

    def leave(self) -> None:
        """The same."""


def replaced(before: Request, after: Request) -> Iterator[tuple[str, str]]:
    """The values of a request that redaction has replaced, each with its placeholder."""
    yield from pairs(parse_qsl(before.query, True), parse_qsl(after.query, True))
    old, new = before.body, after.body
    if old and old != new and not before.headers.get("content-encoding"):
        family = media.parse(before.headers.get("content-type") or "").family
        try:
            if family == "json":
                yield from pairs(list(leaves(json.loads(old))), list(leaves(json.loads(new))))
            elif family == "form":
                yield from pairs(parse_qsl(old.decode(), True), parse_qsl(new.decode(), True))
        except (ValueError, RecursionError):
            return  # replaced whole: nothing of it is known


def pairs(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    if len(old) == len(new):
        for (_, before), (_, after) in zip(old, new, strict=True):
            if before != after:
                yield before, after


def leaves(value: Any) -> Iterator[tuple[str, str]]:
    """The strings of a JSON value, in order."""
    if isinstance(value, str):
        yield "", value
    elif isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
