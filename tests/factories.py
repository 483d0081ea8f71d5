"""Small factories for exchanges, and Hypothesis strategies for exchanges of every kind, hostile ones included."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from mirror import Exchange, Headers, Request, Response

serial = itertools.count(1)

Pairs = Iterable[tuple[str, str]]


def make_headers(*fields: tuple[str, str]) -> Headers:
    return Headers.from_text(fields)


def make_request(method: str = "GET", target: str = "/", *chunks: bytes, headers: Pairs = ()) -> Request:
    """A request to ``testserver``; ``headers`` follow its Host field."""
    return Request(method, target, make_headers(("Host", "testserver"), *headers), chunks)


def make_response(
    status: int = 200,
    *chunks: bytes,
    headers: Pairs = (),
    reason: str = "OK",
    trailers: Pairs = (),
    complete: bool = True,
) -> Response:
    return Response(status, reason, make_headers(*headers), chunks, make_headers(*trailers), complete)


def make_exchange(request: Request | None = None, response: Response | None = None, **rest: Any) -> Exchange:
    fields: dict[str, Any] = {"id": f"id-{next(serial)}", "gateway": "asgi", "started": 0.0, "elapsed": 0.0} | rest
    return Exchange(request=request or make_request(), response=response or make_response(200, b"ok"), **fields)


# Strategies -----------------------------------------------------------------------------------------------------------

TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_BODY = (100, 103, 123, 199, 204, 304)

tokens = st.text(TOKEN, min_size=1, max_size=20)
methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "CONNECT", "TRACE", "QUERY", "X_Y"]) | tokens
targets = st.text([chr(code) for code in range(0x21, 0x7F)], max_size=60).map("/".__add__) | st.just("*")
bodies = st.lists(
    st.binary(max_size=300) | st.sampled_from([b"", b"0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]), max_size=5
)
statuses = st.integers(200, 999) | st.sampled_from(NO_BODY)
reasons = st.text([chr(code) for code in (9, *range(0x20, 0x7F), *range(0xA1, 0x100))], max_size=20)

# RFC 9110 section 5.5: visible ASCII, blanks and obs-text.
values = st.binary(max_size=60).map(
    lambda value: bytes(byte for byte in value if byte == 9 or (byte >= 32 and byte != 127))
)
# Whatever an application may have put there: line breaks, NUL, other controls.
hostile_values = st.binary(max_size=60) | st.sampled_from(
    [b"a\r\nInjected: 1", b"\r\n\r\nHTTP/1.1 200 OK", b"\0", b"\n", b"\r", b"  padded\t", b"\x0b\x0c\x7f", b"\x85\xa0"]
)
names = tokens.map(str.encode)
hostile_names = names | st.sampled_from(
    [b"", b" ", b"a b", b"a:b", b"a\r\nb", b"caf\xe9", b":authority", b"content-length ", b"\0"]
)

# Framing fields as they are, and as they should not be. The length is put in where the body is known.
lengths = st.sampled_from([b"%d", b" %d ", b"0", b"99999", b"-1", b"+%d", b"abc", b"", b"0x5", b"%d, %d", b"9" * 30])
codings = st.sampled_from(
    [b"chunked", b"CHUNKED", b" chunked", b"gzip, chunked", b"gzip", b"identity", b"", b"chunked, chunked"]
)
framings = st.lists(
    st.tuples(st.sampled_from([b"Content-Length", b"content-length"]), lengths)
    | st.tuples(st.sampled_from([b"Transfer-Encoding", b"transfer-encoding"]), codings),
    max_size=3,
)


def is_plain(pair: tuple[bytes, bytes]) -> bool:
    """Not one of the fields that say how a message is framed, or to whom it goes."""
    return pair[0].lower() not in (b"host", b"content-length", b"transfer-encoding", b"connection", b"expect")


@st.composite
def headers(draw: st.DrawFn, size: int, hostile: bool, first: tuple[tuple[bytes, bytes], ...] = ()) -> Headers:
    fields = draw(
        st.lists(st.tuples(hostile_names if hostile else names, hostile_values if hostile else values), max_size=6)
    )
    fields = [pair for pair in fields if is_plain(pair)]
    for name, value in draw(framings) if hostile else draw(st.sampled_from([[], [(b"Content-Length", b"%d")]])):
        place = draw(st.integers(0, len(fields)))
        fields.insert(place, (name, value.replace(b"%d", b"%d" % size)))
    return Headers((*first, *fields))


@st.composite
def exchanges(draw: st.DrawFn, hostile: bool = False) -> Exchange:
    """Any exchange; with ``hostile`` also those whose fields lie about the body or hold what no field can."""
    method, status = draw(methods), draw(statuses)
    sent, answered = tuple(draw(bodies)), tuple(draw(bodies))
    empty = method == "HEAD" or status in NO_BODY
    host = ((b"Host", b"testserver"),)
    request = Request(method, draw(targets), draw(headers(sum(map(len, sent)), hostile, host)), sent)
    fields = draw(headers(sum(map(len, answered)), hostile))
    trailers = Headers()
    if not empty and (hostile or fields.get("content-length") is None):
        trailers = draw(st.just(Headers()) | headers(0, False).map(only_plain))
    chunks = () if empty and not hostile else answered
    return make_exchange(request, Response(status, draw(reasons), fields, chunks, trailers, draw(st.booleans())))


def only_plain(fields: Headers) -> Headers:
    return Headers(tuple(filter(is_plain, fields.raw)))
