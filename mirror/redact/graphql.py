"""GraphQL documents: the string and number literals of arguments, by the names of the arguments.

(Variables are JSON, and walked as such.) The October 2021 specification, section 2.9. No parser is needed: a literal
stands behind ``name:``, strings are either ``"..."`` with JSON's escapes or blocks in triple quotation marks.
"""

from __future__ import annotations

import json
import re

from mirror.redact.inner import Inner
from mirror.redact.json_text import loads_string
from mirror.redact.keys import Key

DOCUMENT = re.compile(r"\s*(?:(?:query|mutation|subscription|fragment)\b[^{]*+\{|\{\s*[A-Za-z_]\w*\s*[({:\w}])")
# What is not ended goes on to the end of the text, or of its line: so every piece is read once.
TOKEN = re.compile(
    r'"""(?P<block>(?:[^"\\]|\\(?:.|\Z)|"(?!""))*+)(?P<over>"""|\Z)'
    r'|"(?P<string>[^"\\\n]*+(?:\\(?:.|\Z)[^"\\\n]*+)*+)(?P<shut>"|(?=\n)|\Z)'
    r"|(?<!\w)(?P<name>[A-Za-z_]\w*+)(?=\s*+:)|(?P<number>-?[0-9]++(?:\.[0-9]++)?)|#[^\n]*+|(?P<close>[)}\]])",
    re.DOTALL,
)


def is_graphql(text: str) -> bool:
    """Whether a string looks like a document."""
    return "{" in text and bool(DOCUMENT.match(text))


def said(raw: str) -> str:
    """What a string says; of one with escapes that are none, as it is written."""
    try:
        return loads_string(raw)
    except ValueError:
        return raw


def rewrite_graphql(text: str, inner: Inner, depth: int = 0) -> str:
    """A document without its secrets; the very same object where there are none."""
    parts: list[str] = []
    position = 0
    key: Key | None = None
    for token in TOKEN.finditer(text):
        new = token[0]
        if token["name"] is not None:
            key = inner.key(token["name"])
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
