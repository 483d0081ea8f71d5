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
from functools import lru_cache
from typing import NamedTuple

import msgspec

from mirror.errors import WireError
from mirror.exchange import Request, Response, carries_no_body
from mirror.headers import Headers, encode

# A message up to this many bytes leaves in one write, so that packet tools see it whole.
ONE_WRITE = 64 * 1024

TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
TARGET = re.compile(rb"[\x21-\x7e]+")
# What no field value may hold; other control characters are kept, as recipients may (RFC 9110 section 5.5).
BREAKS = re.compile(rb"[\r\n\0]+")
DIGITS = re.compile(rb"[0-9]{1,18}")

Field = tuple[bytes, bytes]
Fields = Sequence[Field]


PLAIN, LENGTH, CODING, CONNECTION, UNSENDABLE = range(5)
SPECIAL = {b"content-length": LENGTH, b"transfer-encoding": CODING, b"connection": CONNECTION}


class Kinds(dict[bytes, int]):
    """What there is to know of a field name before it is written, remembered: names repeat in every message."""

    MOST = 4096  # names remembered; a client that makes up names must not fill the memory

    def __missing__(self, name: bytes) -> int:
        kind = SPECIAL.get(name.lower(), PLAIN) if TOKEN.fullmatch(name) else UNSENDABLE
        if len(self) < self.MOST:
            self[name] = kind
        return kind


KIND = Kinds()


class Section(NamedTuple):
    """A header section that can go out as it stands: its lines, and the one length that it announces, if any."""

    lines: bytes
    length: int | None


@lru_cache(maxsize=128)
def plain_section(headers: Headers) -> Section | None:
    """The section of ordinary fields with at most one good Content-Length; None where there is more to look at.

    A connection that is to be closed is more.

    Remembered, because nearly every message of a test suite has the fields of a message before it.
    """
    length: int | None = None
    for name, value in headers.raw:
        kind = KIND[name]
        if kind == LENGTH and length is None and DIGITS.fullmatch(value):
            length = int(value)
        elif (kind != PLAIN and (kind != CONNECTION or closes([(name, value)]))) or BREAKS.search(value):
            return None
    return Section(b"".join([b"%b: %b\r\n" % field for field in headers.raw]), length)


class Message(msgspec.Struct, frozen=True, gc=False):
    """The bytes of one message, in blocks that each leave in one write.

    ``size`` is the sum of the blocks' lengths. ``mends`` says in words what could not be written as it stood.
    ``last`` is true where nothing can follow on the connection, because an observer could not tell where this
    message ends or what it begins.
    """

    blocks: tuple[bytes, ...]
    size: int
    mends: tuple[str, ...] = ()
    last: bool = False

    def __bytes__(self) -> bytes:
        return b"".join(self.blocks)


class Head(NamedTuple):
    """A start line and header section that go out as they stand, the ``length`` of the body that they frame, and the
    whole message where that is none."""

    data: bytes
    length: int
    bodiless: Message

    def before(self, chunks: tuple[bytes, ...]) -> Message | None:
        """The message with that body; None where the head frames another one."""
        if not chunks:
            return self.bodiless if self.length == 0 else None
        data = chunks[0]
        size = len(data)
        if len(chunks) > 1 or size != self.length or size >= ONE_WRITE:
            return None
        return Message((self.data + data,), len(self.data) + size)


@lru_cache(maxsize=256)
def request_head(method: str, target: str, headers: Headers) -> Head | None:
    """The ordinary request's: no body and no word of one, or a length that is told. None where there is more to it."""
    section = plain_section(headers)
    if section is None or method == "CONNECT":
        return None
    data = request_line(method, target) + section.lines + b"\r\n"
    return Head(data, section.length or 0, Message((data,), len(data)))


@lru_cache(maxsize=256)
def response_head(status: int, reason: str, headers: Headers) -> Head | None:
    """The ordinary response's, whose length is told. None where there is more to it."""
    section = plain_section(headers)
    if section is None or section.length is None or BREAKS.search(encode(reason)):
        return None
    data = status_line(status, reason) + section.lines + b"\r\n"
    return Head(data, section.length, Message((data,), len(data)))


def write_request(request: Request, target: str | None = None, added: Fields = ()) -> Message:
    """The request message.

    ``target`` replaces the request's own (the absolute form that a forward proxy wants), ``added`` are fields that
    mirror sends on top, because the user asked for them. Raises WireError where the method or the target cannot be
    written as HTTP at all.
    """
    chunks = request.chunks
    if target is None and not added:
        head = request_head(request.method, request.target, request.headers)
        message = head and head.before(chunks)
        if message is not None:
            return message
    start = request_line(request.method, request.target if target is None else target)
    fields: Fields = request.headers.raw
    body: Iterable[bytes] = chunks
    mends: list[str] = []
    framing = framing_fields(fields)
    if framing or any(chunks):
        if is_chunked(framing):
            body = chunk(chunks, (), mends)
        else:
            size = sum(map(len, chunks))
            if not says(framing, size):
                if framing:
                    mends.append(f"request framing: {describe(framing)} before a body of {size} bytes")
                fields = with_length(fields, size)
    blocks = gather(write_head(start, [*fields, *added], mends), body)
    return Message(blocks, sum(map(len, blocks)), tuple(mends), request.method == "CONNECT" or closes(fields))


def request_line(method: str, target: str) -> bytes:
    """``method SP target SP HTTP/1.1 CRLF``. Raises WireError where one of them cannot be written."""
    if TOKEN.fullmatch(encode(method)) is None:
        raise WireError(f"the method {method!r} is not a token (RFC 9110 section 9.1)")
    if TARGET.fullmatch(encode(target)) is None:
        raise WireError(f"the request target {target!r} holds bytes that no request line can carry")
    return b"%b %b HTTP/1.1\r\n" % (encode(method), encode(target))


def write_response(response: Response, method: str) -> Message:
    """The response message to a request with that method. Raises WireError where its status cannot be written.

    A final 1xx status cannot be told from an interim one, and CONNECT may open a tunnel: both end their connection, as
    does ``Connection: close`` in either message.
    """
    chunks = response.chunks
    status = response.status
    if not carries_no_body(method, status) and method != "CONNECT" and not response.trailers.raw:
        head = response_head(status, response.reason, response.headers)
        message = head and head.before(chunks)
        if message is not None:
            return message
    start = status_line(status, response.reason)
    fields: Fields = response.headers.raw
    mends: list[str] = []
    if response.reason and start == status_line(status, ""):
        mends.append("a line break in the reason phrase")
    body: Iterable[bytes] = chunks
    framing = framing_fields(fields)
    if carries_no_body(method, status):
        body = ()
        if any(chunks):
            mends.append(f"a body left out: {status} to {method} has none")
        if (status < 200 or status == 204) and any(KIND[name] == CODING for name, _ in framing):
            mends.append(f"response framing: Transfer-Encoding left out of a {status}")
            fields = without(fields, CODING)
        if not unsaid(framing):
            mends.append(f"response framing: {describe(framing)} says no length")
            fields = without(fields, LENGTH)
    elif response.trailers.raw or not framing or KIND[framing[0][0]] == CODING == KIND[framing[-1][0]]:
        if framing and not is_chunked(framing):
            mends.append(f"response framing: {describe(framing)} on a body without that coding")
        if not is_chunked(framing):
            fields = [*without(without(fields, LENGTH), CODING), (b"Transfer-Encoding", b"chunked")]
        body = chunk(chunks, response.trailers.raw, mends)
    else:
        size = sum(map(len, chunks))
        if not says(framing, size):
            mends.append(f"response framing: {describe(framing)} before a body of {size} bytes")
            fields = with_length(fields, size)
    blocks = gather(write_head(start, fields, mends), body)
    last = status < 200 or method == "CONNECT" or closes(fields)
    return Message(blocks, sum(map(len, blocks)), tuple(mends), last)


def status_line(status: int, reason: str) -> bytes:
    """``HTTP/1.1 SP status SP reason CRLF``; a reason that would break the line is left out. Raises WireError."""
    if not 100 <= status <= 999:
        raise WireError(f"the status {status} does not have three digits (RFC 9112 section 4)")
    phrase = encode(reason)
    return b"HTTP/1.1 %d %b\r\n" % (status, b"" if BREAKS.search(phrase) else phrase)


def framing_fields(fields: Fields) -> Fields:
    """The Content-Length and Transfer-Encoding fields."""
    return [field for field in fields if PLAIN < KIND[field[0]] < CONNECTION]


def closes(fields: Fields) -> bool:
    """Whether the message says that its connection ends with it (RFC 9112 section 9.6)."""
    return any(KIND[name] == CONNECTION and b"close" in value.lower() for name, value in fields)


def without(fields: Fields, kind: int) -> Fields:
    return [field for field in fields if KIND[field[0]] != kind]


def says(framing: Fields, size: int) -> bool:
    """Whether the framing is one Content-Length, of that size."""
    if len(framing) != 1 or KIND[framing[0][0]] != LENGTH:
        return False
    value = framing[0][1].strip(b" \t")
    return value == b"%d" % size or (DIGITS.fullmatch(value) is not None and int(value) == size)


def unsaid(framing: Fields) -> bool:
    """Whether the framing says nothing false of a body that is not there: no length, or one."""
    lengths = [value for name, value in framing if KIND[name] == LENGTH]
    return not lengths or (len(lengths) == 1 and DIGITS.fullmatch(lengths[0].strip(b" \t")) is not None)


def is_chunked(framing: Fields) -> bool:
    """Whether the framing is the chunked coding and nothing else."""
    if len(framing) != 1 or KIND[framing[0][0]] != CODING:
        return False
    return framing[0][1].strip(b" \t").lower() == b"chunked"


def describe(framing: Fields) -> str:
    return " and ".join(f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in framing)


def with_length(fields: Fields, size: int) -> Fields:
    """The fields framed by one true Content-Length, in the place of the first field that framed them before."""
    true = (b"Content-Length", b"%d" % size)
    framed: list[Field] = []
    done = False
    for field in fields:
        kind = KIND[field[0]]
        if kind != LENGTH and kind != CODING:
            framed.append(field)
        elif not done:
            framed.append((field[0], true[1]) if kind == LENGTH else true)
            done = True
    return framed if done else [*framed, true]


def write_head(start: bytes, fields: Fields, mends: list[str]) -> bytes:
    """Start line and header section, with the empty line that ends it."""
    return b"".join([start, *(b"%b: %b\r\n" % field for field in sendable(fields, mends)), b"\r\n"])


def sendable(fields: Fields, mends: list[str]) -> Iterator[Field]:
    for name, value in fields:
        if KIND[name] == UNSENDABLE:
            mends.append(f"a header field left out: its name {name.decode('latin-1')!r} is not a token")
            continue
        if BREAKS.search(value):
            mends.append(f"a line break in the value of {name.decode('latin-1')}")
            value = BREAKS.sub(b" ", value)
        yield name, value


def chunk(chunks: Iterable[bytes], trailers: Fields, mends: list[str]) -> Iterator[bytes]:
    """The chunked coding (RFC 9112 section 7.1); an empty chunk would end the body, so empty ones are passed over."""
    for data in chunks:
        if data:
            yield b"%x\r\n" % len(data)
            yield data
            yield b"\r\n"
    yield b"0\r\n"
    for field in sendable(trailers, mends):
        yield b"%b: %b\r\n" % field
    yield b"\r\n"


def gather(head: bytes, body: Iterable[bytes]) -> tuple[bytes, ...]:
    """Head and body in blocks of at most ONE_WRITE bytes, but for data that is larger by itself (never copied)."""
    blocks: list[bytes] = []
    block: list[bytes] = [head]
    size = len(head)
    for data in body:
        size += len(data)
        if size > ONE_WRITE:
            blocks.append(b"".join(block))
            block, size = [], len(data)
        block.append(data)
    blocks.append(b"".join(block))
    return tuple(blocks)
