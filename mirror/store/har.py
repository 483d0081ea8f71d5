"""Exchanges as entries of an HTTP Archive (HAR 1.2), for the tools that read those.

What HAR has no place for stands in fields of mirror's own (``_mirror``, and ``_webSocketMessages`` as browsers write
it), so that mirror reads back what it wrote. Other tools pass over them, and lose what docs/captures.md lists.

A body is text where its charset says so, else base64. The content coding (gzip, deflate) of a response is taken off, as
HAR wants it, and its own bytes stand in ``_mirror``.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import msgspec

from mirror import media
from mirror.errors import CaptureError
from mirror.exchange import Exchange, Request, WebSocketMessage, in_utf_8
from mirror.headers import Headers
from mirror.store.jsonl import creator
from mirror.store.record import fields_of
from mirror.whole import written_whole

AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=@%-]+)(:[0-9]{1,5})?")
OPCODES = {"text": 1, "binary": 2, "close": 8, "ping": 9, "pong": 10}

_encode = msgspec.json.Encoder().encode


def write_har(path: Path, exchanges: Iterable[Exchange], progress: Callable[[int], None] | None = None) -> int:
    """Write an archive, whole or not at all; returns the number of its entries. Raises CaptureError.

    Constant memory. ``progress`` is called with the number of entries written so far.
    """
    number = 0
    try:
        with written_whole(path) as new, new.open("wb") as file:
            head = {"version": "1.2", "creator": dict(zip(("name", "version"), creator().split(), strict=False))}
            head["creator"].setdefault("version", "")  # type: ignore[attr-defined]
            file.write(b'{"log":' + _encode(head)[:-1] + b',"entries":[')
            for exchange in exchanges:
                file.write(b",\n" if number else b"\n")
                file.write(written(exchange))
                number += 1
                if progress is not None:
                    progress(number)
            file.write(b"\n]}}\n")
    except OSError as error:
        raise CaptureError(f"{path} cannot be written: {error.strerror or error}; name another file") from None
    return number


def written(exchange: Exchange) -> bytes:
    return in_utf_8(exchange, lambda each: _encode(entry(each)))


def entry(exchange: Exchange) -> dict[str, Any]:
    """One entry."""
    request, response = exchange.request, exchange.response
    extra = without_defaults(
        {
            "id": exchange.id,
            "gateway": exchange.gateway,
            "target": request.target,
            # A URL of ws:// tells a session, not which scheme its handshake had (denied ones have it too).
            "scheme": None if request.scheme in ("http", "https") else request.scheme,
            "route": exchange.route,
            "error": exchange.error,
            "test": exchange.test,
            "outcome": exchange.outcome,
            "started": exchange.started,
            "elapsed": exchange.elapsed,
            "requestChunks": sizes(request.chunks),
            "responseChunks": sizes(response.chunks),
            "trailers": fields_of(response.trailers) if response.trailers.raw else None,
            "incomplete": None if response.complete else True,
        }
    )
    milliseconds = max(exchange.elapsed * 1e3, 0.0)
    entry = {
        "startedDateTime": date_time(exchange.started),
        "time": milliseconds,
        "request": request_of(exchange),
        "response": response_of(exchange, extra),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }
    if exchange.messages:
        entry["_resourceType"] = "websocket"
        entry["_webSocketMessages"] = [message(said) for said in exchange.messages]
    entry["_mirror"] = extra
    return entry


def request_of(exchange: Exchange) -> dict[str, Any]:
    request = exchange.request
    body = request.body
    said = {
        "method": request.method,
        "url": url(request, exchange.response.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [pair(*cookie) for cookie in cookies(request.headers.get_all("cookie"))],
        "headers": pairs(request.headers),
        "queryString": [pair(*member) for member in parse_qsl(request.query, keep_blank_values=True)],
        "headersSize": -1,
        "bodySize": len(body),
    }
    if body:
        kind = request.headers.get("content-type") or ""
        text, encoding = as_text(body, kind)
        data: dict[str, Any] = {"mimeType": kind, "text": text}
        if encoding:
            data["encoding"] = encoding
        elif media.parse(kind).name == "application/x-www-form-urlencoded":
            data["params"] = [pair(*member) for member in parse_qsl(text, keep_blank_values=True)]
        said["postData"] = data
    return said


def response_of(exchange: Exchange, extra: dict[str, Any]) -> dict[str, Any]:
    response = exchange.response
    body = response.body
    kind = response.headers.get("content-type") or ""
    plain = media.plain(body, response.headers.get("content-encoding"))
    if plain is None:
        plain = body
    elif plain is not body:
        extra["responseBody"] = b64encode(body).decode("ascii")
    text, encoding = as_text(plain, kind)
    content: dict[str, Any] = {"size": len(plain), "mimeType": kind or "x-unknown"}
    if body:
        content["text"] = text
        if encoding:
            content["encoding"] = encoding
        if plain is not body:
            content["compression"] = len(plain) - len(body)
    return {
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": "HTTP/1.1",
        "cookies": [set_cookie(value) for value in response.headers.get_all("set-cookie")],
        "headers": pairs(response.headers),
        "content": content,
        "redirectURL": response.headers.get("location") or "",
        "headersSize": -1,
        "bodySize": len(body),
    }


def sizes(chunks: tuple[bytes, ...]) -> list[int] | None:
    """The lengths of a body's chunks, where there is more to tell than its own."""
    return [len(chunk) for chunk in chunks] if len(chunks) > 1 or chunks == (b"",) else None


def url(request: Request, status: int) -> str:
    """The absolute URL (RFC 3986) that the request was for; ``*`` is the root here."""
    scheme = request.scheme
    if status == 101:
        scheme = {"http": "ws", "https": "wss"}.get(scheme, scheme)
    authority = request.authority or "localhost"
    if not AUTHORITY.fullmatch(authority):
        authority = quote(authority.encode("latin-1", "replace"), safe="")
    target = "/" if request.target == "*" else quote(request.target, safe="/?:@!$&'()*+,;=%-._~")
    return f"{scheme}://{authority}{target if target[:1] == '/' else '/' + target}"


def as_text(body: bytes, content_type: str) -> tuple[str, str]:
    """The body as text that gives the same bytes again, or as base64; and the name of that encoding."""
    if not (sets := media.codec(content_type)):
        sets = "utf-8"
    try:
        text = body.decode(sets)
        if text.encode(sets) == body and "\x00" not in text[:1000]:
            return text, ""
    except (UnicodeError, LookupError):
        pass
    return b64encode(body).decode("ascii"), "base64"


def message(said: WebSocketMessage) -> dict[str, Any]:
    """One WebSocket message as browsers write it; theirs have no close, whose code stands in a field of ours."""
    data: str
    if said.kind in ("text", "close"):
        data = said.data.decode("utf-8", "replace")
    else:
        data = b64encode(said.data).decode("ascii")
    written = {
        "type": "send" if said.sender == "client" else "receive",
        "time": said.time,
        "opcode": OPCODES[said.kind],
        "data": data,
    }
    if said.code:
        written["_code"] = said.code
    return written


def pairs(headers: Headers) -> list[dict[str, str]]:
    return [pair(name, value) for name, value in headers]


def pair(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def cookies(values: Iterable[str]) -> list[tuple[str, str]]:
    """The cookies of Cookie fields (RFC 6265 section 4.2)."""
    found = []
    for value in values:
        for part in value.split(";"):
            name, equals, rest = part.strip().partition("=")
            if equals:
                found.append((name, rest))
    return found


def set_cookie(value: str) -> dict[str, Any]:
    """One Set-Cookie field (RFC 6265 section 4.1)."""
    first, *attributes = value.split(";")
    name, _, rest = first.strip().partition("=")
    cookie: dict[str, Any] = {"name": name, "value": rest, "httpOnly": False, "secure": False}
    for attribute in attributes:
        key, _, said = attribute.strip().partition("=")
        match key.lower():
            case "path" | "domain" | "samesite":
                cookie["sameSite" if key.lower() == "samesite" else key.lower()] = said
            case "httponly":
                cookie["httpOnly"] = True
            case "secure":
                cookie["secure"] = True
            case "expires":
                if (when := cookie_date(said)) is not None:
                    cookie["expires"] = when
    return cookie


def cookie_date(said: str) -> str | None:
    """``Wed, 21 Oct 2026 07:28:00 GMT`` (dashes as well) as RFC 3339 has it."""
    found = re.search(r"(\d{1,2})[ -](\w{3})[ -](\d{4}) (\d\d:\d\d:\d\d)", said)
    if found is None:
        return None
    try:
        when = datetime.strptime(" ".join(found.groups()), "%d %b %Y %H:%M:%S")
    except ValueError:
        return None
    return when.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")


def date_time(seconds: float) -> str:
    """Seconds since the Unix epoch as RFC 3339 has them."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return "1970-01-01T00:00:00.000000Z"


def without_defaults(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
