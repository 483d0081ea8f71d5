"""The page: one file, with everything in it and nothing that could leave it.

The data stands in the page as JSON that no browser runs. Its ``<`` are written as ``\\u003c``, so that nothing in it
can end the element that it is in; everything else of it is ASCII. What may run is what the hash in the page's policy
names: our script, and no other, whatever a body holds. The policy forbids every connection.
"""

from __future__ import annotations

import hashlib
import json
import math
from base64 import b64encode
from importlib.resources import files
from pathlib import Path
from typing import Any

from mirror.errors import DocumentError
from mirror.report.collection import Collection
from mirror.report.data import data
from mirror.whole import written_whole

# One script, one idea in each file; each uses what stands in those before it.
SCRIPTS = ("matching.js", "bodies.js", "schemas.js", "views.js", "page.js")


def save(path: Path, collection: Collection, title: str | None = None) -> int:
    """Write the report, whole or not at all; returns its size in bytes. Without a ``title`` it is the application's, or
    API. Raises DocumentError.

    It holds what captures hold, and like them it is readable by its owner alone.
    """
    content = page(collection, title).encode("ascii")
    try:
        with written_whole(path) as new:
            new.write_bytes(content)
    except OSError as error:
        raise DocumentError(f"{path} cannot be written: {error.strerror or error}; name another file") from None
    return len(content)


def page(collection: Collection, title: str | None = None) -> str:
    index, raw = data(collection, title)
    style, script = part("page.css"), "".join(map(part, SCRIPTS))
    parts = {
        "title": plain(index["title"]),
        "policy": f"default-src 'none'; script-src {source(script)}; style-src {source(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        "style": style,
        "script": script,
        "index": embedded(index),
        "raw": embedded(raw),
    }
    pieces = part("page.html").split("@@")  # every second one is the name of a part
    pieces[1::2] = [parts[name] for name in pieces[1::2]]
    return "".join(pieces)


def part(name: str) -> str:
    return files("mirror.report").joinpath(name).read_text("ascii")


def source(text: str) -> str:
    """The text of an element, as a Content Security Policy allows it."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def plain(text: str) -> str:
    """Text between tags, in ASCII."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.encode("ascii", "xmlcharrefreplace").decode()


def embedded(value: Any) -> str:
    """JSON in a script element."""
    try:
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    except ValueError:
        text = json.dumps(finite(value), separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def finite(value: Any) -> Any:
    """The same with words for numbers that JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
