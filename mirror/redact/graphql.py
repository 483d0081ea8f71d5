"""GraphQL documents: the string and number literals of arguments, by the names of the arguments.

The October 2021 specification, section 2. No parser is needed: a literal stands behind ``name:``, strings are either
``"..."`` with JSON's escapes or blocks in triple quotation marks. Variables are JSON, and walked as such; ``bound``
says which of them stand for arguments with secret names (``login(password: $p)``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from mirror.redact.inner import Inner
from mirror.redact.keys import Key

DOCUMENT = re.compile(r"\s*(?:(?:query|mutation|subscription|fragment)\b[^{]*+\{|\{\s*[A-Za-z_]\w*\s*[({:\w}])")
# What begins so is no prose and no program, which ``query failed for {...`` and ``{ password: ...`` may be.
DEFINITION = re.compile(
    r"\s*+(?:#[^\n]*+\n\s*+)*+(?:fragment\s++\w++\s++on\s++\w"
    r"|(?:query|mutation|subscription)(?:\s++[A-Za-z_]\w*+)?\s*+(?:\(\s*+\$|@\w|\{\s*+[A-Za-z_.#]))"
)
# What is not ended goes on to the end of the text, or of its line: so every piece is read once.
TOKEN = re.compile(
    r'"""(?P<block>(?:[^"\\]|\\(?:.|\Z)|"(?!""))*+)(?P<over>"""|\Z)'
    r'|"(?P<string>[^"\\\n]*+(?:\\(?:.|\Z)[^"\\\n]*+)*+)(?P<shut>"|(?=\n)|\Z)'
    r"|#(?P<comment>[^\n]*+)|\$(?P<variable>\w++)|(?P<name>[A-Za-z_]\w*+)(?=\s*+:)|[A-Za-z_]\w*+"
    r"|(?P<number>-?[0-9]++(?:\.[0-9]++)?+)(?!\w)|[0-9]\w*+|(?P<close>[)}\]])",
    re.DOTALL,
)


def is_graphql(text: str) -> bool:
    """Whether a string looks like a document."""
    return "{" in text and bool(DOCUMENT.match(text))


def is_definition(text: str) -> bool:
    """Whether it is certainly one: what stands behind a name is a value only where GraphQL says so."""
    return "{" in text and bool(DEFINITION.match(text))


def bound(text: str, key_of: Callable[[str], Key | None]) -> dict[str, Key]:
    """The variables of a document that stand for arguments with secret names, with what the names say."""
    found: dict[str, Key] = {}
    key: Key | None = None
    for token in TOKEN.finditer(text):
        if token["name"] is not None:
            key = key_of(token["name"])
        elif token["variable"] is not None and key is not None:
            found.setdefault(token["variable"], key)
        elif token["close"] is not None:
            key = None
    return found


def bound_in(whole: Any, key_of: Callable[[str], Key | None]) -> dict[str, Key]:
    """The same for all documents that stand beside their variables in a JSON value."""
    found: dict[str, Key] = {}
    rest = [whole]
    while rest:
        one = rest.pop()
        if isinstance(one, dict):
            query = one.get("query")
            if isinstance(query, str) and isinstance(one.get("variables"), dict):
                found.update(bound(query, key_of))
            rest += one.values()
        elif isinstance(one, list):
            rest += one
    return found


def said(raw: str) -> str:
    """What a string says; of one with escapes that are none, as it is written."""
    try:
        value = json.loads(f'"{raw}"', strict=False) if "\\" in raw else raw
    except ValueError:
        return raw
    return value if isinstance(value, str) else raw


def rewrite_graphql(text: str, inner: Inner, depth: int = 0) -> str:
    """A document without its secrets; the very same object where there are none."""
    parts: list[str] = []
    position = 0
    key: Key | None = None
    variables = bound(text, inner.key) if "$" in text else {}
    for token in TOKEN.finditer(text):
        new = token[0]
        if token["name"] is not None:
            key = inner.key(token["name"])
        elif token["variable"] is not None:  # where it is declared, its default may follow
            key = variables.get(token["variable"]) or inner.key(token["variable"])
        elif token["comment"] is not None:
            new = f"#{inner.string(token['comment'], None, depth + 1)}"
        elif token["string"] is not None:
            plain = said(token["string"])
            changed = inner.string(plain, key, depth + 1)
            if changed != plain:
                new = json.dumps(changed, ensure_ascii=False)[:-1] + token["shut"]
        elif token["block"] is not None:
            changed = inner.string(token["block"], key, depth + 1)
            new = f'"""{changed}{token["over"]}'
        elif token["number"] is not None:
            new = inner.number(token["number"], key)
        elif token["close"] is not None:
            key = None
        if new != token[0]:
            parts += [text[position : token.start()], new]
            position = token.end()
    if not parts:
        return text
    return "".join([*parts, text[position:]])
