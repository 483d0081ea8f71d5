"""One exchange as the page shows it: bodies as text, and nothing longer than a page can hold."""

from __future__ import annotations

from typing import NamedTuple

from mirror import media
from mirror.exchange import Exchange, WebSocketMessage
from mirror.headers import Headers
from mirror.readable import pretty

Fields = tuple[tuple[str, str], ...]

LONGEST_FIELD = 4096
LONGEST_NAME = 1024
MOST_FIELDS = 200
MOST_MESSAGES = 500


class Body(NamedTuple):
    """``kind`` says how the page lays it out (``json``, ``text``); ``size`` is that of the bytes that were exchanged.
    ``text`` is the beginning alone where ``cut``."""

    kind: str
    size: int
    text: str
    cut: bool


class Message(NamedTuple):
    """A message of a WebSocket session; ``after`` are the milliseconds since the exchange began."""

    sender: str
    kind: str
    code: int
    after: float
    body: Body


class Row(NamedTuple):
    """An exchange. ``number`` is its place in the captures, from 1: that of ``mirror show``."""

    number: int
    id: str
    method: str
    target: str
    status: int
    reason: str
    started: float
    elapsed: float
    gateway: str
    test: str
    sent_fields: Fields
    sent: Body | None
    got_fields: Fields
    got: Body | None
    trailers: Fields
    complete: bool
    error: str
    messages: tuple[Message, ...]
    more_messages: int


def row_of(exchange: Exchange, number: int, longest: int) -> Row:
    """``longest`` is how many characters of a body are kept."""
    request, response = exchange.request, exchange.response
    kept = exchange.messages[:MOST_MESSAGES]
    return Row(
        number,
        short(exchange.id, LONGEST_NAME),
        short(request.method, LONGEST_NAME),
        short(request.target, LONGEST_FIELD),
        response.status,
        short(response.reason, LONGEST_NAME),
        exchange.started,
        round(exchange.elapsed * 1e3, 3),
        exchange.gateway,
        short(exchange.test or "", LONGEST_NAME),
        fields_of(request.headers),
        body_of(request.body, request.headers, longest),
        fields_of(response.headers),
        body_of(response.body, response.headers, longest),
        fields_of(response.trailers),
        response.complete,
        short(exchange.error or "", LONGEST_FIELD),
        tuple(message_of(each, exchange.started, longest) for each in kept),
        len(exchange.messages) - len(kept),
    )


def body_of(body: bytes, headers: Headers, longest: int) -> Body | None:
    if not body:
        return None
    text = pretty(body, headers, indent=None)
    family = media.parse(headers.get("content-type") or "").family
    kind = "json" if family in ("json", "lines") else "text"
    return Body(kind, len(body), text[:longest], len(text) > longest)


def message_of(message: WebSocketMessage, started: float, longest: int) -> Message:
    if message.kind in ("text", "close"):
        text = message.data.decode("utf-8", "backslashreplace")
    else:
        text = message.data.hex(" ", 4)
    kind = "json" if message.kind == "text" and text[:1] in ("{", "[") else "text"
    body = Body(kind, len(message.data), text[:longest], len(text) > longest)
    return Message(message.sender, message.kind, message.code, round((message.time - started) * 1e3, 1), body)


def fields_of(headers: Headers) -> Fields:
    fields = [(short(name, LONGEST_NAME), short(value, LONGEST_FIELD)) for name, value in headers]
    if len(fields) > MOST_FIELDS:
        fields[MOST_FIELDS:] = [("...", f"{len(fields) - MOST_FIELDS} more fields")]
    return tuple(fields)


def short(text: str, longest: int) -> str:
    """The text, cut with a word about it where it is longer."""
    return text if len(text) <= longest else f"{text[:longest]} ... ({len(text):,} characters)"
