"""What one line of a capture says: exchanges as versioned JSON records.

A capture is JSON Lines. Its first line is a ``Header`` with the version of the format; then come, in any order,
exchanges and the outcomes of the tests that made them (an outcome is known when the test is over, and what is written
is never touched again). Each record names its ``type``.

    {"type":"capture","version":1,"creator":"mirror 0.1.0","created":"2026-11-21T14:11:14+00:00"}
    {"type":"exchange","id":"9f3c01aa-000001","request":{"method":"GET","target":"/orders?page=2", ...}, ...}
    {"type":"outcome","test":"tests/test_orders.py::test_list","outcome":"passed"}
    {"type":"routes","routes":[{"template":"/orders","method":"GET","endpoint":"orders.index"}, ...]}

Header fields are pairs of text in ISO-8859-1, which maps every byte to one character. A body is the list of its
chunks, each a string where it is UTF-8, else ``{"base64": "..."}``.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import lru_cache
from sys import intern
from typing import Annotated, Literal

import msgspec

from mirror.exchange import NONE, Exchange, KnownRoute, Request, Response, Route, WebSocketMessage
from mirror.headers import Headers

VERSION = 1
DEEPEST = 200
"""Steps of what is declared of a place in a value."""

# Those of three digits (RFC 9110 section 15).
LEAST_STATUS, MOST_STATUS = 100, 999

Pairs = tuple[tuple[str, str], ...]


class Base64(msgspec.Struct, frozen=True, gc=False):
    """Bytes that are no UTF-8 text."""

    base64: str


Chunk = str | Base64


class Header(msgspec.Struct, frozen=True, omit_defaults=True, tag="capture", tag_field="type"):
    """The first line of a capture. ``created`` is a date-time of RFC 3339; ``redacted`` is the digest of the rules by
    which everything in it was redacted, empty where it was not."""

    version: int
    creator: str = ""
    created: str = ""
    redacted: str = ""


class Outcome(msgspec.Struct, frozen=True, tag="outcome", tag_field="type"):
    """How a test ended, by its node ID."""

    test: str
    outcome: str


class Routes(msgspec.Struct, frozen=True, tag="routes", tag_field="type"):
    """All routes of one application, called or not."""

    routes: tuple[KnownRoute, ...]

    def __post_init__(self) -> None:
        """Raises ValueError for what is said of values and is no JSON, or of another type than its word asks for."""
        for route in self.routes:
            for word, text in route.info:
                check_note(word, text)
            for declared in route.declared:
                if declared.pointer.count("/") > DEEPEST:
                    raise ValueError(f"a declaration is deeper than {DEEPEST}")
                for word, text in declared.notes:
                    check_note(word, text)


class RequestRecord(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    method: str
    target: str
    headers: Pairs
    body: tuple[Chunk, ...] = ()
    scheme: str = "http"


class ResponseRecord(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    status: Annotated[int, msgspec.Meta(ge=LEAST_STATUS, le=MOST_STATUS)]
    headers: Pairs
    reason: str = ""
    body: tuple[Chunk, ...] = ()
    trailers: Pairs = ()
    complete: bool = True


class MessageRecord(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    sender: Literal["client", "server"]
    kind: Literal["text", "binary", "ping", "pong", "close"]
    time: float
    data: Chunk = ""
    code: int = 0


class Record(msgspec.Struct, frozen=True, omit_defaults=True, gc=False, tag="exchange", tag_field="type"):
    """One exchange. Times are in seconds, ``started`` since the Unix epoch."""

    id: str
    request: RequestRecord
    response: ResponseRecord
    gateway: str
    started: float
    elapsed: float
    route: Route | None = None
    error: str | None = None
    test: str | None = None
    messages: tuple[MessageRecord, ...] = ()
    outcome: str | None = None


Line = Header | Outcome | Routes | Record

_encode = msgspec.json.Encoder().encode


NOTES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"), (int, float)),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), (int,)),
    **dict.fromkeys(("pattern", "description", "model"), (str,)),
    "readOnly": (bool,),
}
"""The types of what is said of values, by its words (see mirror.exchange.Declaration)."""


def no_constant(name: str) -> None:
    raise ValueError(f"{name} is none")


def check_note(word: str, text: str) -> None:
    try:
        value = json.loads(text, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the note {word} is no JSON: {error}") from None
    if word in NOTES and type(value) not in NOTES[word]:
        raise ValueError(f"the note {word} is {value!r:.40}, which is of another type")
    if (word == "multipleOf" and value <= 0) or (NOTES.get(word) == (int,) and value < 0):
        raise ValueError(f"the note {word} is {value!r:.40}, which is too small")
    if word == "pattern":
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError) as error:
            raise ValueError(f"the note {word} is no regular expression: {error}") from None


def encode(line: Line) -> bytes:
    """A record as one line of JSON, with its line break."""
    return _encode(line) + b"\n"


def to_record(exchange: Exchange) -> Record:
    """The record of an exchange; ``encode`` takes it, nothing else should (some of its parts are JSON already)."""
    request, response = exchange.request, exchange.response
    return Record(
        exchange.id,
        RequestRecord(
            request.method,
            request.target,
            fields_of(request.headers),
            tuple(map(chunk, request.chunks)),
            intern(request.scheme),  # the encoder leaves out a default where it is the very same object
        ),
        ResponseRecord(
            response.status,
            fields_of(response.headers),
            response.reason,
            tuple(map(chunk, response.chunks)),
            fields_of(response.trailers) if response.trailers.raw else (),
            response.complete,
        ),
        exchange.gateway,
        exchange.started,
        exchange.elapsed,
        exchange.route,
        exchange.error,
        exchange.test,
        tuple(
            MessageRecord(message.sender, message.kind, message.time, chunk(message.data), message.code)
            for message in exchange.messages
        ),
        exchange.outcome,
    )


def from_record(record: Record, outcome: str | None = None) -> Exchange:
    """The exchange of a record that was read. Raises ValueError where its base64 is none."""
    request, response = record.request, record.response
    return Exchange(
        record.id,
        Request(request.method, request.target, headers(request.headers), chunks(request.body), request.scheme),
        Response(
            response.status,
            response.reason,
            headers(response.headers),
            chunks(response.body),
            headers(response.trailers) if response.trailers else NONE,
            response.complete,
        ),
        record.gateway,
        record.started,
        record.elapsed,
        record.route,
        record.error,
        record.test,
        tuple(
            WebSocketMessage(message.sender, message.kind, unchunk(message.data), message.time, message.code)
            for message in record.messages
        ),
        record.outcome or outcome,
    )


def chunk(data: bytes) -> Chunk:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return Base64(b64encode(data).decode("ascii"))


def chunks(written: Sequence[Chunk]) -> tuple[bytes, ...]:
    return tuple(map(unchunk, written))


def unchunk(written: Chunk) -> bytes:
    if isinstance(written, str):
        return written.encode("utf-8")
    return b64decode(written.base64, validate=True)


@lru_cache(maxsize=256)
def fields_of(headers: Headers) -> Pairs:
    """The fields as JSON already: most exchanges of a test suite have those of an exchange before."""
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw]
    return msgspec.Raw(_encode(pairs))  # type: ignore[return-value]  # the encoder takes it for what it holds


@lru_cache(maxsize=256)
def headers(pairs: Pairs) -> Headers:
    return Headers(tuple([(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]))
