"""Assignments in a text, by the names in them: ``name=value``, ``name: "value"``, JSON in a string of JSON in a log."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Protocol

from mirror.redact.fields import SCHEMES
from mirror.redact.keys import Key
from mirror.redact.own import Span
from mirror.redact.placeholders import PLAIN, SIGNED, holds_placeholder
from mirror.redact.verdict import WORDS, covers

# A value in quotation marks, in escaped ones (JSON in a log), or bare; what is cut off ends with the text.
ASSIGNMENT = re.compile(
    r"(?<![\w.\[\]])(?<![\w.\[\]]-)(?P<name>[A-Za-z_][\w.\[\]-]{1,80}+)"
    r"(?P<mid>(?:\\{0,4}[\"'])?(?:[ \t]{0,40}+|\s{0,2})(?P<sign>=(?!=)>?|:)(?:[ \t]{0,40}+|\s{0,2}))"
    r"(?:\\{1,4}[\"'](?P<escaped>[^\"'\\]{1,1024}+)|\"(?P<double>(?:[^\"\\]|\\(?:[\s\S]|\Z)){1,4096}+)(?:\"|\Z)"
    r"|'(?P<single>(?:[^'\\]|\\(?:[\s\S]|\Z)){1,4096}+)(?:'|\Z)"
    # What looks like the end of a bare value may be in it: password=ab,cd. Not where another assignment begins.
    r"|(?P<bare>[^\s\"'&;,<>(){}]{1,1024}+(?:[&;,(]{1,2}(?![\w.\[\]%-]{1,80}+[=:])[^\s\"'&;,<>(){}]{1,256}+){0,4}+))"
)
LINE = re.compile(r"[ \t]*+(?:- )?[\"']?\Z")  # a name that begins a line
# What a program puts a value in the place of: "token=%s", f"token={token!r}", "token=%(token)s" as far as it is bare.
FORMAT = re.compile(r"(?:%(?:\(\w*\)?)?[-#0+]?\d{0,3}(?:\.\d{1,2})?[sdrifax]|%\(\w*|\{[\w.!:\[\]]*\})+[.!?:\]]*")
CODE = re.compile(r"[A-Za-z_][\w.]*[\[(]|\$|\{\{|<")


LONGEST = 80
"""Characters of what has blanks in it and is secret by its form: numbers of cards, accounts, telephones."""


class Maker(Protocol):
    """What is needed of the redactor."""

    def key(self, name: str) -> Key | None:
        """What a name says of its value."""

    def allows(self, text: str) -> bool:
        """Whether the user has said that this value is no secret."""

    def secret(self, kind: str, text: str) -> str:
        """The placeholder of a value that is secret."""

    def find(self, text: str) -> list[Span]:
        """What is secret in a text by its form, in order and without overlaps."""


def rewrite_assignments(text: str, maker: Maker, programs: bool = False) -> str:
    """A text without what is secret by the name that it is assigned to; the very same where nothing is.

    ``programs``: the text may be one, in which what stands behind a name is often code.
    """
    parts, position, found = [], 0, ASSIGNMENT.search(text)
    while found:
        key = maker.key(found["name"])
        group = secret_group(found, key, programs) if key is not None else None
        if key is not None and group and not maker.allows(found[group]):
            end = found.end(group) if group != "bare" else end_of(found, maker)
            parts += [text[position : found.start(group)], maker.secret(key.kind, text[found.start(group) : end])]
            position = end
        else:
            group = None
        # The value of a name that says nothing may hold a name that does: "ValueError: token=..."
        found = ASSIGNMENT.search(text, position if group else found.end("name"))
    return "".join([*parts, text[position:]]) if parts else text


def end_of(found: re.Match[str], maker: Maker) -> int:
    """Where a bare value ends: with what it only begins, if that is secret by its form (``GB82 WEST ...``)."""
    start, end = found.span("bare")
    if found.string[end : end + 1] == " " and any(map(str.isdigit, found["bare"])):
        for span in maker.find(found.string[start : start + LONGEST])[:1]:
            if span.start == 0 and start + span.end > end:
                return start + span.end
    return end


def secret_group(found: re.Match[str], key: Key, programs: bool) -> str | None:
    """Which group of an assignment is secret."""
    group = next(name for name in ("escaped", "double", "single", "bare") if found[name])
    value = found[group]
    yaml = key.kind == "password" and value.lower() not in WORDS and is_line(found)
    if (
        group == "bare"
        and found["sign"] == ":"
        and (value[0] in "/|>" or value[:2] == "!!" or (value.isalpha() and not yaml and not is_mixed(value)))
    ):
        return None  # "token: expired", or YAML's tag, but not its "password: word"
    if PLAIN.match(value) or value.startswith(SIGNED):
        return None
    if key.kind == "cookie" and holds_placeholder(value):
        return None
    if FORMAT.fullmatch(value) or not value.strip("[]"):  # of an empty list, or of one of strings, nothing else is bare
        return None
    if value == found["name"] or value.lower() in ("bearer", "basic"):  # f(token=token)
        return None
    if key.kind == "authorization" and value.lower() in SCHEMES:  # credentials follow, which detectors find
        return None
    if programs and group == "bare" and CODE.match(found.string, found.start(group)):
        return None  # token=request.args["t"], token = make_token()
    return group if covers(key, value) else None


def is_mixed(word: str) -> bool:
    """Whether small letters and capitals change places as no words do, nor CamelCase."""
    changes = sum(one.isupper() != other.isupper() for one, other in pairwise(word))
    return len(word) >= 12 and changes * 4 >= len(word)


def is_line(found: re.Match[str]) -> bool:
    """Whether an assignment is all that its line holds."""
    text, start, end = found.string, found.start(), found.end()
    before = text[max(0, start - 80, text.rfind("\n", max(0, start - 80), start) + 1) : start]
    return bool(LINE.match(before)) and text[end : end + 1] in ("", "\n", "\r")
