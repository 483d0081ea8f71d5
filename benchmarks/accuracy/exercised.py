"""What the exchanges show of a declared document: which operations were called, and what was sent and answered there.

Paths are matched against the declared templates, the most literal first. Nothing that a framework said of its routes is
used: the truth is the declaration and the traffic, whichever tool is judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from benchmarks.accuracy.schemas import followed
from mirror import Exchange
from mirror.media import parse, plain, text_of

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PARAMETER = re.compile(r"\{[^{}/]*\}")


class Key(NamedTuple):
    """An operation. ``shape`` is its path template as people read it (``/cafés``, not ``/caf%C3%A9s``), with the names
    of the parameters blanked: ``/orders/{}``."""

    method: str
    shape: str

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.shape}"


class Body(NamedTuple):
    """A body that was seen: its media type, its value where it can be read, and whether its request was accepted."""

    media: str
    value: Any
    readable: bool
    accepted: bool


@dataclass
class Seen:
    """What was seen of one operation. Parameters by place and name (headers in small letters)."""

    statuses: set[str] = field(default_factory=set)
    requests: list[Body] = field(default_factory=list)
    responses: dict[str, list[Body]] = field(default_factory=dict)
    parameters: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)


class Call(NamedTuple):
    """Which fields, cookies and query members a request had, what kinds of credentials, and how it was answered."""

    had: frozenset[tuple[str, str]]
    schemes: frozenset[str]
    status: int


@dataclass
class Exercised:
    """``seen`` by declared operation. ``undeclared`` are methods and paths of no declared operation that the
    application answered as its own, ``nowhere`` those that it did not know (404, 405)."""

    seen: dict[Key, Seen] = field(default_factory=dict)
    undeclared: set[tuple[str, str]] = field(default_factory=set)
    nowhere: set[tuple[str, str]] = field(default_factory=set)


def operations(document: Mapping[str, Any]) -> dict[Key, tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """The operations of a document: their templates as they are written, path items and operation objects."""
    found: dict[Key, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {}
    prefix = base(document)
    for path, item in (document.get("paths") or {}).items():
        item = followed(item, document)
        template = prefix + (path if path.startswith("/") else f"/{path}")
        for method in METHODS:
            if isinstance(item.get(method), Mapping):
                found.setdefault(Key(method, blanked(template)), (template, item, item[method]))
    return found


def base(document: Mapping[str, Any]) -> str:
    """The path of the first server."""
    servers = document.get("servers") or []
    url = servers[0].get("url", "") if servers and isinstance(servers[0], Mapping) else ""
    return urlsplit(url).path.rstrip("/")


def blanked(template: str) -> str:
    return unquote(PARAMETER.sub("{}", template))


def pattern(shape: str, widely: bool = False) -> re.Pattern[str]:
    """What paths a blanked template stands for; ``widely``: its last parameter may hold slashes (``{path:path}``)."""
    literals = [re.escape(literal) for literal in shape.split("{}")]
    if widely and len(literals) > 1:
        return re.compile("([^/]+)".join(literals[:-1]) + "(.+)" + literals[-1])
    return re.compile("([^/]+)".join(literals))


def literalness(shape: str) -> tuple[int, ...]:
    """Sorts templates: a literal segment goes before a parameter, from left to right; then long ones before short."""
    return tuple(2 if segment == "{}" else 1 if "{}" in segment else 0 for segment in shape.split("/"))


def exercised(document: Mapping[str, Any], exchanges: Iterable[Exchange]) -> Exercised:
    """Assign each exchange to the declared operation that it called."""
    whole = Exercised()
    keys = set(operations(document))
    shapes = sorted({key.shape for key in keys}, key=lambda shape: (literalness(shape), shape))
    patterns = [(shape, pattern(shape)) for shape in shapes]
    patterns += [(shape, pattern(shape, widely=True)) for shape in shapes if shape.count("{}")]
    for exchange in exchanges:
        if exchange.response.status == 101:
            continue
        method, path = exchange.request.method.lower(), unquote(exchange.request.path)
        matching = [
            shape for shape, regex in patterns if regex.fullmatch(path) or regex.fullmatch(exchange.request.path)
        ]
        key = next((Key(method, shape) for shape in matching if Key(method, shape) in keys), None)
        if key is not None:
            take(whole.seen.setdefault(key, Seen()), exchange)
        elif exchange.response.status in (404, 405):
            whole.nowhere.add((method, path))
        else:
            whole.undeclared.add((method, path))
    return whole


def take(seen: Seen, exchange: Exchange) -> None:
    request, response = exchange.request, exchange.response
    status = str(response.status)
    accepted = response.status < 400
    seen.statuses.add(status)
    had: set[tuple[str, str]] = set()
    for place, name, values in parameters(exchange):
        had.add((place, name))
        seen.parameters.setdefault((place, name), set()).update(values)
    authorization = (request.headers.get("authorization") or "").partition(" ")[0].lower()
    seen.calls.append(Call(frozenset(had), frozenset({authorization} - {""}), response.status))
    sent = body_of(request.headers.get("content-type"), request.body, request.headers.get("content-encoding"), accepted)
    if sent is not None:
        seen.requests.append(sent)
    content = response.headers.get("content-type")
    got = body_of(content, response.body, response.headers.get("content-encoding"), accepted)
    if got is not None and request.method != "HEAD":
        seen.responses.setdefault(status, []).append(got)


def parameters(exchange: Exchange) -> Iterable[tuple[str, str, list[str]]]:
    for name, values in parse_qs(exchange.request.query, keep_blank_values=True).items():
        yield "query", name, values
    for name, value in exchange.request.headers:
        if name.lower() == "cookie":
            for pair in value.split(";"):
                yield "cookie", pair.partition("=")[0].strip(), [pair.partition("=")[2]]
        else:
            yield "header", name.lower(), [value]


def body_of(content_type: str | None, data: bytes, coding: str | None, accepted: bool) -> Body | None:
    """A body of no bytes and no type is none."""
    if not data:
        return None
    media = parse(content_type or "")
    decoded = plain(data, coding)
    if decoded is None:
        return Body(media.name, None, False, accepted)
    try:
        return Body(media.name, value_of(media.name, content_type or "", decoded), True, accepted)
    except ValueError:
        return Body(media.name, None, False, accepted)


def value_of(media: str, content_type: str, data: bytes) -> Any:
    """The value of a body. Raises ValueError where it is not what its type says."""
    if media == "application/json" or media.endswith("+json"):
        return json.loads(data)
    if media == "application/x-www-form-urlencoded":
        return {name: values[0] for name, values in parse_qs(data.decode(), keep_blank_values=True).items()}
    if media == "multipart/form-data":
        message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + data)
        parts = message.get_payload()
        if not isinstance(parts, list):
            raise ValueError("no parts")
        named = [part.get_param("name", header="content-disposition") for part in parts if isinstance(part, Message)]
        return {str(name): "" for name in named}
    return text_of(data, parse(content_type).charset)[0]
