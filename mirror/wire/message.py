"""Exchanges as HTTP/1.1 messages: RFC 9112, written down to the byte.

A message goes out as its fields stand, with two exceptions. Framing must be true, or the connection is lost for the
exchange after it: fields that contradict the body (``Content-Length: 0`` before a body, ``Transfer-Encoding: chunked``
beside a length, a length that is wrong) are mended, and the mend is reported. And a field must stay one field: a name
that is no token is left out, a line break inside a value becomes a space (RFC 9110 section 5.5), reported as well.

Which framing a body gets (RFC 9112 section 6):

    the message says Content-Length         that field, with the true length in its place
    it says chunked, and no length          chunked, one chunk for each chunk exchanged
    it says neither: request                no body: nothing is added; a body: Content-Length
    it says neither: response               chunked, so that the boundaries of a stream can be seen
    response to HEAD, 1xx, 204, 304         the header section is the whole message; its Content-Length is left alone

Rejected: writing through ``http.client`` or Werkzeug's own handler. Both choose the order, the case and the framing
themselves, add fields (``Server``, ``Date``, ``Connection: close``) and refuse bytes that applications do send.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from mirror.errors import WireError
from mirror.exchange import Request, Response, carries_no_body
from mirror.headers import Headers, encode

# A message up to this many bytes leaves in one write, so that packet tools see it whole.
ONE_WRITE = 64 * 1024

TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
TARGET = re.compile(rb"[\x21-\x7e]+")
BREAKS = re.compile(rb"[\r\n\0]+")
DIGITS = re.compile(rb"[0-9]{1,18}")

Field = tuple[bytes, bytes]
Fields = Sequence[Field]


class Kinds(dict[bytes, int]):
    """What there is to know of a field name before it is written, remembered: names repeat in every message."""

    PLAIN, LENGTH, CODING, UNSENDABLE = range(4)
    MOST = 4096  # names remembered; a client that makes up names must not fill the memory

    def __missing__(self, name: bytes) -> int:
        if TOKEN.fullmatch(name) is None:
            kind = self.UNSENDABLE
        else:
            kind = {b"content-length": self.LENGTH, b"transfer-encoding": self.CODING}.get(name.lower(), self.PLAIN)
        if len(self) < self.MOST:
            self[name] = kind
        return kind


KIND = Kinds()


class Message:
    """The bytes of one message, in blocks that each leave in one write.

    ``blocks`` are bytes, ``size`` is their sum. ``mends`` says in words what could not be written as it stood.
    ``last`` is true where nothing can follow on the connection, because an observer could not tell where this
    message ends or what it begins.
    """

    __slots__ = ("blocks", "last", "mends", "size")

    def __init__(self, blocks: list[bytes], mends: list[str], last: bool = False) -> None:
        self.blocks = blocks
        self.size = len(blocks[0]) if len(blocks) == 1 else sum(map(len, blocks))
        self.mends = mends
        self.last = last

    def __bytes__(self) -> bytes:
        return b"".join(self.blocks)


def write_request(request: Request, target: str | None = None, added: Fields = ()) -> Message:
    """The request message.

    ``target`` replaces the request's own (the absolute form that a forward proxy wants), ``added`` are fields that
    mirror sends on top, because the user asked for them. Raises WireError where the method or the target cannot be
    written as HTTP at all.
    """
    method = encode(request.method)
    if TOKEN.fullmatch(method) is None:
        raise WireError(f"the method {request.method!r} is not a token (RFC 9110 section 9.1)")
    path = encode(request.target if target is None else target)
    if TARGET.fullmatch(path) is None:
        raise WireError(f"the request target {request.target!r} holds bytes that no request line can carry")
    fields: Fields = request.headers.raw
    chunks = request.chunks
    mends: list[str] = []
    chunked = False
    framing = framing_fields(fields)
    if framing or chunks:
        lengths, codings = split(framing)
        if codings and not lengths and is_chunked_only(codings):
            chunked = True
        else:
            size = sum(map(len, chunks))
            if codings or not says(lengths, size):
                if framing:
                    mends.append(f"request framing: {describe(framing)} before a body of {size} bytes")
                fields = with_length(fields, size)
    head = write_head(b"%b %b HTTP/1.1\r\n" % (method, path), [*fields, *added] if added else fields, mends)
    return Message(gather(head, chunk(chunks, NONE) if chunked else chunks), mends, last=method == b"CONNECT")


def write_response(response: Response, method: str) -> Message:
    """The response message to a request with that method.

    A final 1xx status cannot be told from an interim one, and CONNECT may open a tunnel: both end their connection.
    """
    fields: Fields = response.headers.raw
    chunks = response.chunks
    status = response.status
    mends: list[str] = []
    body: Iterable[bytes] = chunks
    framing = framing_fields(fields)
    lengths, codings = split(framing)
    if carries_no_body(method, status):
        body = ()
        if any(chunks):
            mends.append(f"a body left out: {status} to {method} has none")
        if codings and (status < 200 or status == 204):
            mends.append(f"response framing: Transfer-Encoding left out of a {status}")
            fields = without(fields, Kinds.CODING)
    elif lengths and not response.trailers.raw:
        size = len(chunks[0]) if len(chunks) == 1 else sum(map(len, chunks))
        if codings or not says(lengths, size):
            mends.append(f"response framing: {describe(framing)} before a body of {size} bytes")
            fields = with_length(fields, size)
    else:
        if lengths:
            mends.append("response framing: Content-Length beside trailers")
            fields = without(fields, Kinds.LENGTH)
        if not is_chunked_only(codings):
            if codings:
                mends.append(f"response framing: {describe(framing)} on a body without that coding")
            fields = [*without(fields, Kinds.CODING), (b"Transfer-Encoding", b"chunked")]
        body = chunk(chunks, response.trailers)
    if not 100 <= status <= 999:
        raise WireError(f"the status {status} does not have three digits (RFC 9112 section 4)")
    reason = encode(response.reason)
    if BREAKS.search(reason):
        mends.append("a line break in the reason phrase")
        reason = BREAKS.sub(b" ", reason)
    head = write_head(b"HTTP/1.1 %d %b\r\n" % (status, reason), fields, mends)
    return Message(gather(head, body), mends, last=status < 200 or method == "CONNECT")


NONE = Headers()


def framing_fields(fields: Fields) -> Fields:
    """The Content-Length and Transfer-Encoding fields."""
    return [field for field in fields if 0 < KIND[field[0]] < 3]


def split(framing: Fields) -> tuple[list[bytes], list[bytes]]:
    """The values of Content-Length, and those of Transfer-Encoding."""
    lengths = [value for name, value in framing if KIND[name] == Kinds.LENGTH]
    return lengths, [value for name, value in framing if KIND[name] == Kinds.CODING] if len(lengths) < len(
        framing
    ) else []


def without(fields: Fields, kind: int) -> Fields:
    return [field for field in fields if KIND[field[0]] != kind]


def says(lengths: list[bytes], size: int) -> bool:
    """Whether there is one Content-Length, and it is that size."""
    if len(lengths) != 1:
        return False
    value = lengths[0].strip(b" \t")
    return DIGITS.fullmatch(value) is not None and int(value) == size


def is_chunked_only(codings: list[bytes]) -> bool:
    return len(codings) == 1 and codings[0].strip(b" \t").lower() == b"chunked"


def describe(framing: Fields) -> str:
    return " and ".join(f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in framing)


def with_length(fields: Fields, size: int) -> Fields:
    """The fields framed by one true Content-Length, in the place of the first field that framed them before."""
    true = (b"Content-Length", b"%d" % size)
    framed: list[Field] = []
    done = False
    for field in fields:
        kind = KIND[field[0]]
        if kind != Kinds.LENGTH and kind != Kinds.CODING:
            framed.append(field)
        elif not done:
            framed.append((field[0], true[1]) if kind == Kinds.LENGTH else true)
            done = True
    return framed if done else [*framed, true]


def write_head(start: bytes, fields: Fields, mends: list[str]) -> bytes:
    """Start line and header section, with the empty line that ends it."""
    head = start + b"".join([b"%b: %b\r\n" % field for field in fields]) + b"\r\n"
    lines = len(fields) + 2
    if (
        head.count(b"\n") == lines
        and head.count(b"\r") == lines
        and b"\0" not in head
        and all([KIND[name] != Kinds.UNSENDABLE for name, _ in fields])
    ):
        return head
    return start + b"".join([b"%b: %b\r\n" % field for field in sendable(fields, mends)]) + b"\r\n"


def sendable(fields: Fields, mends: list[str]) -> Iterator[Field]:
    for name, value in fields:
        if KIND[name] == Kinds.UNSENDABLE:
            mends.append(f"a header field left out: its name {name.decode('latin-1')!r} is not a token")
            continue
        if BREAKS.search(value):
            mends.append(f"a line break in the value of {name.decode('latin-1')}")
            value = BREAKS.sub(b" ", value)
        yield name, value


def chunk(chunks: Iterable[bytes], trailers: Headers) -> Iterator[bytes]:
    """The chunked coding (RFC 9112 section 7.1); an empty chunk would end the body, so empty ones are passed over."""
    for data in chunks:
        if data:
            yield b"%x\r\n" % len(data)
            yield data
            yield b"\r\n"
    yield b"0\r\n"
    for name, value in sendable(trailers.raw, []):
        yield b"%b: %b\r\n" % (name, value)
    yield b"\r\n"


def gather(head: bytes, body: Iterable[bytes]) -> list[bytes]:
    """Head and body in blocks of at most ONE_WRITE bytes, but for data that is larger by itself (never copied)."""
    if not body:
        return [head]
    blocks: list[bytes] = []
    block: list[bytes] = [head]
    size = len(head)
    for data in body:
        if size + len(data) > ONE_WRITE and block:
            blocks.append(b"".join(block))
            block, size = [], 0
        block.append(data)
        size += len(data)
    blocks.append(block[0] if len(block) == 1 else b"".join(block))
    return blocks
