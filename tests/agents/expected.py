"""The bytes that an exchange stands for, worked out from RFC 9112 and without any code of mirror's.

For exchanges whose framing fields tell the truth. Where a message has none: a request with a body gets a
Content-Length, a response that may have a body gets the chunked coding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mirror import Exchange

Fields = tuple[tuple[bytes, bytes], ...]

CLOSE: Fields = ((b"Connection", b"close"),)


def exchange_bytes(exchange: Exchange) -> tuple[bytes, bytes]:
    """The request and the response, as they stand on a connection of mirror's own."""
    request, response = exchange.request, exchange.response
    start = f"{request.method} {request.target} HTTP/1.1".encode("latin-1")
    asked = message(start, request_fields(exchange), request.chunks)
    start = f"HTTP/1.1 {response.status} {response.reason}".encode("latin-1")
    chunks = response.chunks if may_have_body(exchange) else ()
    return asked, message(start, response_fields(exchange), chunks, response.trailers.raw, may_have_body(exchange))


def request_fields(exchange: Exchange) -> Fields:
    request = exchange.request
    if request.body and not framed(request.headers.raw):
        return (*request.headers.raw, (b"Content-Length", b"%d" % len(request.body)))
    return request.headers.raw


def proxied_fields(exchange: Exchange) -> Fields:
    """Those of a request on its way to a proxy: mirror says there that the connection serves it alone."""
    return tuple(field for field in request_fields(exchange) if field[0].lower() != b"connection") + CLOSE


def response_fields(exchange: Exchange) -> Fields:
    response = exchange.response
    if may_have_body(exchange) and not framed(response.headers.raw):
        return (*response.headers.raw, (b"Transfer-Encoding", b"chunked"))
    return response.headers.raw


def response_body(exchange: Exchange) -> bytes:
    return exchange.response.body if may_have_body(exchange) else b""


def may_have_body(exchange: Exchange) -> bool:
    return not (exchange.request.method == "HEAD" or exchange.response.status in (*range(100, 200), 204, 304))


def framed(fields: Fields) -> bool:
    return any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in fields)


def message(
    start: bytes, fields: Fields, chunks: Sequence[bytes], trailers: Fields = (), with_body: bool = True
) -> bytes:
    coded = with_body and any(name.lower() == b"transfer-encoding" for name, _ in fields)
    body = chunked(chunks, trailers) if coded else b"".join(chunks)
    return start + b"\r\n" + lines(fields) + b"\r\n" + body


def chunked(chunks: Iterable[bytes], trailers: Fields) -> bytes:
    coded = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks if chunk]
    return b"".join(coded) + b"0\r\n" + lines(trailers) + b"\r\n"


def lines(fields: Fields) -> bytes:
    return b"".join(b"%b: %b\r\n" % field for field in fields)


def stripped(fields: Fields) -> Fields:
    """Without the blanks around values, which are no part of them (RFC 9110 section 5.5)."""
    return tuple((name, value.strip(b" \t")) for name, value in fields)
