"""HTTP Archives: what an entry says of an exchange, in bytes."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

Fields = tuple[tuple[bytes, bytes], ...]


class Entry(NamedTuple):
    """``body`` is None where the archive keeps none. Bodies are without their content coding."""

    method: str
    url: str
    headers: Fields
    body: bytes | None
    size: int
    status: int
    reason: str
    response_headers: Fields
    response_body: bytes
    response_size: int


def entries(path: Path) -> list[Entry]:
    return [entry(said) for said in json.loads(path.read_text("utf-8"))["log"]["entries"]]


def entry(said: dict[str, Any]) -> Entry:
    request, response = said["request"], said["response"]
    return Entry(
        request["method"],
        request["url"],
        fields(request),
        content(request["postData"]) if "postData" in request else None,
        request["bodySize"],
        response["status"],
        response["statusText"],
        fields(response),
        content(response["content"]),
        response["bodySize"],
    )


def fields(message: dict[str, Any]) -> Fields:
    return tuple((encoded(field["name"]), encoded(field["value"])) for field in message["headers"])


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def content(said: dict[str, Any]) -> bytes:
    """A body: base64 where it says so, else text in the charset of its type (JSON and forms are UTF-8 without one)."""
    text = said.get("text", "")
    if said.get("encoding") == "base64":
        return base64.b64decode(text)
    charset = re.search(r"charset=([\w-]+)", said["mimeType"])
    plain = "json" in said["mimeType"] or "urlencoded" in said["mimeType"]
    return text.encode(charset[1] if charset else "utf-8" if plain else "latin-1", "surrogateescape")
