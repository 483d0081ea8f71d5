"""OpenAPI documents as text: YAML as people write it, or JSON.

YAML is written so that every reader finds the same values in it, those of YAML 1.1 (``no`` is false, ``1:30`` is 90,
``2024-01-01`` a date) and of 1.2 alike: a string is plain only where nobody could take it for something else. Texts of
several lines are literal blocks, long ones are folded; there are no anchors. Keys keep their order.

JSON cannot say NaN and infinities: it says null.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from mirror.errors import DocumentError

Form = Literal["yaml", "json"]
Document = dict[str, Any]

WIDTH = 120
UNBROKEN = 1 << 30
"""A width for strings in one line each."""

PLAIN = re.compile(r"[A-Za-z_/$](?:[A-Za-z0-9_ ./{}()+=<>;,@~$*&%'!?^|-]|:(?=[^\s:]))*|[0-9]+\.[0-9]+\.[0-9]+")
# What YAML 1.1 or 1.2 reads as a truth value or as nothing.
WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "none"})
# What does not stand for itself in quotes: controls, line breaks of Unicode, half characters, byte order marks.
HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
UNFIT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
LONGEST_KEY = 1000
"""Characters of a key that may stand before its colon; YAML allows 1,024 there."""


def write(document: Mapping[str, Any], form: Form) -> str:
    """The text of a document; the same for the same document. Raises DocumentError for what no such text can hold."""
    try:
        if form == "json":
            return json_text(document) + "\n"
        return "".join(f"{line}\n" for line in block(document)) if document else "{}\n"
    except RecursionError:
        raise DocumentError("the document is nested too deeply to be written") from None


def json_text(value: Any, indent: int | str | None = 2) -> str:
    """JSON of one line where ``indent`` is None. Raises DocumentError."""
    try:
        text = json.dumps(finite(value), ensure_ascii=False, indent=indent, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise DocumentError(f"this cannot be written as JSON: {error}") from None
    return HIDDEN.sub(escape, text)


def escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def finite(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): finite(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [finite(member) for member in value]
    return value


# YAML -----------------------------------------------------------------------------------------------------------------


def block(value: Any, width: int = WIDTH) -> Iterator[str]:
    """The lines of a mapping or sequence in block style; neither may be empty. ``width`` is what is left of a line."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from entry(name, member, width)
    else:
        for member in value:
            yield from item(member, width)


def entry(name: object, value: Any, width: int = WIDTH) -> Iterator[str]:
    """The lines of one member of a mapping."""
    key = scalar(str(name))
    if len(key) > LONGEST_KEY:
        yield f"? {key}"
        key = ""
    if is_collection(value):
        yield f"{key}:"
        for line in block(value, width - 2):
            yield f"  {line}" if line else ""
        return
    first, *rest = lines_of(value, width - len(key) - 2)
    yield f"{key}: {first}"
    for line in rest:
        yield f"  {line}" if line else ""


def item(value: Any, width: int = WIDTH) -> Iterator[str]:
    """The lines of one element of a sequence."""
    lines = block(value, width - 2) if is_collection(value) else iter(lines_of(value, width - 2))
    yield f"- {next(lines)}"
    for line in lines:
        yield f"  {line}" if line else ""


def is_collection(value: Any) -> bool:
    """Whether a value is a mapping or sequence with something in it: one that is written in lines of its own."""
    return isinstance(value, Mapping | list | tuple) and bool(value)


def lines_of(value: Any, width: int) -> list[str]:
    """A scalar or an empty collection; all lines but the first are to be indented."""
    if not isinstance(value, str):
        return [scalar(value)]
    if UNFIT.search(value) is None and value and width < UNBROKEN // 2:
        if "\n" in value:
            lines = value.removesuffix("\n").split("\n")
            if (
                lines[0]
                and lines[-1]
                and not lines[0].startswith(" ")
                and not any(re.search(r"\s$", each) for each in lines)
            ):
                return ["|" if value.endswith("\n") else "|-", *lines]
        elif len(value) > width and "" not in (words := value.split(" ")):
            return [">-", *folded(words, max(width, 40))]
    return [scalar(value)]


def folded(words: list[str], width: int) -> Iterator[str]:
    """Words in lines."""
    line = words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}"
    yield line


def scalar(value: Any) -> str:
    """A scalar or an empty collection in one line. Raises DocumentError for what is neither."""
    if isinstance(value, str):
        return value if is_plain(value) else json_text(value, None)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
        text = repr(value)
        return text if "." in text else text.replace("e", ".0e")  # YAML 1.1 takes 1e+16 for a string
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    raise DocumentError(f"a {type(value).__name__} cannot be written in a document")


def is_plain(text: str) -> bool:
    """Whether a string needs no quotes, whoever reads it."""
    return PLAIN.fullmatch(text) is not None and text[-1] != " " and text.lower() not in WORDS
