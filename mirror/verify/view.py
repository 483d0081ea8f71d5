"""What of an exchange every agent sees alike: the part that can be compared.

Left out is what belongs to a connection rather than to the exchange (RFC 9110 section 7.6.1), what says how the message
was framed, and what an HTTP Archive has lost: content codings and chunks. Header fields are compared without regard to
their order between different names and to the case of names, which proxies may change; the order of one name's values
counts. What the wire could not carry as it stood (see mirror.wire.message) is mended here in the same
way; so are WebSocket messages (mirror.wire.websocket).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from mirror import media
from mirror.exchange import Exchange, WebSocketMessage, carries_no_body
from mirror.headers import Headers
from mirror.wire.message import BREAKS, TOKEN

UNCOMPARED = frozenset({
    b"connection", b"keep-alive", b"proxy-connection", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer",
    b"transfer-encoding", b"upgrade", b"content-length", b"content-encoding",
})  # fmt: skip

Fields = dict[bytes, list[bytes]]
Messages = tuple[tuple[str, str, bytes], ...]  # who sent it, its kind, its payload


class View(NamedTuple):
    """The part of an exchange that is compared.

    ``closes`` (who closed a WebSocket session, with which code and reason) and ``trailers`` are told by some agents and
    not by others: they are no part of ``digest``, and ``agree`` compares them.
    """

    method: str
    target: str
    request_fields: Fields
    request_body: bytes
    status: int
    response_fields: Fields
    response_body: bytes
    messages: Messages
    closes: dict[str, tuple[int, bytes]]
    trailers: Fields

    @property
    def digest(self) -> bytes:
        """16 bytes that stand for all of it that every agent tells."""
        parts = [self.method, self.target, sorted(self.request_fields.items()), self.request_body, self.status]
        parts += [sorted(self.response_fields.items()), self.response_body, self.messages]
        return blake2b(repr(parts).encode(), digest_size=16).digest()

    @property
    def key(self) -> bytes:
        """16 bytes that stand for all of it, those of ``digest`` where nothing else is told."""
        if not self.closes and not self.trailers:
            return self.digest
        parts = [self.digest, sorted(self.closes.items()), sorted(self.trailers.items())]
        return blake2b(repr(parts).encode(), digest_size=16).digest()


def view(exchange: Exchange, ignored: frozenset[bytes] = frozenset()) -> View:
    """The view of an exchange, without the header fields of those names (in small letters)."""
    request, response = exchange.request, exchange.response
    empty = carries_no_body(request.method, response.status)
    messages = said(exchange.messages)
    return View(
        request.method,
        request.target,
        fields_of(request.headers, ignored),
        plain(request.body, request.headers),
        response.status,
        fields_of(response.headers, ignored),
        b"" if empty else plain(response.body, response.headers),
        # Pings are told by some agents and not by others, and some libraries answer them for themselves.
        tuple((each.sender, each.kind, each.data) for each in messages if each.kind in ("text", "binary")),
        {each.sender: (each.code, each.data) for each in messages if each.kind == "close"},
        {} if empty else fields_of(response.trailers, ignored),
    )


def said(messages: Sequence[WebSocketMessage]) -> Sequence[WebSocketMessage]:
    """The messages of a session as its frames carry them."""
    if not messages:
        return ()
    from mirror.wire.websocket import framed  # loads wsproto

    return framed(messages)


def agree(published: View, seen: View, tells_trailers: bool) -> bool:
    """Whether closes and trailers are the same, as far as both sides tell them."""
    return not unlike_closes(published, seen) and (
        published.trailers == seen.trailers or (not tells_trailers and (not published.trailers or not seen.trailers))
    )


def unlike_closes(published: View, seen: View) -> list[str]:
    """The sides whose close is told by both views, and otherwise."""
    both = published.closes.keys() & seen.closes.keys()
    return sorted(side for side in both if published.closes[side] != seen.closes[side])


def fields_of(headers: Headers, ignored: frozenset[bytes]) -> Fields:
    fields: Fields = {}
    for name, value in headers.raw:
        key = name.lower()
        if key not in UNCOMPARED and key not in ignored and TOKEN.fullmatch(name):
            fields.setdefault(key, []).append(BREAKS.sub(b" ", value).strip(b" \t"))
    return fields


def plain(body: bytes, headers: Headers) -> bytes:
    told = media.plain(body, headers.get("content-encoding"))
    return body if told is None else told


def differences(published: View, seen: View, tells_trailers: bool = False) -> list[str]:
    """What an agent saw otherwise, in words that hold no value of a header field or body."""
    found = []
    if published.method != seen.method:
        found.append(f"method {published.method} became {seen.method}")
    if published.target != seen.target:
        found.append("the target is another one")
    if published.status != seen.status:
        found.append(f"status {published.status} became {seen.status}")
    for which, ours, theirs in (
        ("request", published.request_fields, seen.request_fields),
        ("response", published.response_fields, seen.response_fields),
        ("trailer", published.trailers, seen.trailers),
    ):
        if which == "trailer" and not tells_trailers and (not ours or not theirs):
            continue
        for name in sorted(ours.keys() | theirs.keys()):
            if ours.get(name) != theirs.get(name):
                what = "is missing" if name not in theirs else "was added" if name not in ours else "has another value"
                found.append(f"{which} field {name.decode()} {what}")
    for which, before, after in (
        ("request", published.request_body, seen.request_body),
        ("response", published.response_body, seen.response_body),
    ):
        if before != after:
            found.append(f"{which} body: {unlike(before, after)}")
    if published.messages != seen.messages:
        found.append(f"WebSocket: {unlike_messages(published.messages, seen.messages)}")
    for side in unlike_closes(published, seen):
        code, became = published.closes[side][0], seen.closes[side][0]
        what = f"code {code} became {became}" if code != became else "has another reason"
        found.append(f"WebSocket: the {side}'s close {what}")
    return found


def unlike_messages(before: Messages, after: Messages) -> str:
    """The first of the messages that differs, counted from 1, and in what."""
    place = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    numbers = f"{len(before)} messages, {len(after)} seen"
    if place is None:
        place = min(len(before), len(after))
        more = before[place:] or after[place:]
        what = "is missing" if len(before) > len(after) else "is one more"
        return f"{numbers}: message {place + 1} ({more[0][1]}, from the {more[0][0]}) {what}"
    (sender, kind, data), (other_sender, other_kind, other_data) = before[place], after[place]
    if sender != other_sender:
        what = f"came from the {other_sender}"
    elif kind != other_kind:
        what = f"became {other_kind}"
    else:
        what = unlike(data, other_data)
    return f"{numbers}: message {place + 1} ({kind}, from the {sender}): {what}"


def unlike(before: bytes, after: bytes) -> str:
    """Where two bodies part."""
    if not after:
        return f"{len(before)} bytes are missing"
    place = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    place = min(len(before), len(after)) if place is None else place
    return f"{len(before)} bytes became {len(after)}, different from byte {place} on"
