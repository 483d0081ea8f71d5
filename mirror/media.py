"""Media types, charsets and content codings: from the bytes of a body to what they mean, and back.

RFC 9110 section 8.3 (Content-Type) and 8.4 (Content-Encoding). ``zstd`` and ``br`` are decoded where a library for them
is installed; nothing is installed for them.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from importlib import import_module
from typing import Any, Literal, Protocol

import msgspec

Family = Literal[
    "json",
    "lines",
    "events",
    "form",
    "multipart",
    "xml",
    "html",
    "csv",
    "graphql",
    "settings",
    "text",
    "binary",
    "packed",
]

NO_CHARSETS = frozenset({"binary", "utf-7", "unicode-escape", "raw-unicode-escape"})
"""Codecs that change what stands there, or warn of it (Python's own for its source)."""

MOST = 64 * 1024 * 1024
"""Bytes that a body may have when it is decoded: a bomb is not unpacked."""


class CodingError(ValueError):
    """A body that is not in the coding it claims, or in one that is not known here."""


class MediaType(msgspec.Struct, frozen=True):
    """``type/subtype`` in small letters, and its parameters (names in small letters, values as written)."""

    name: str = ""
    parameters: Mapping[str, str] = {}

    @property
    def charset(self) -> str | None:
        return self.parameters.get("charset") or None

    @property
    def family(self) -> Family:
        """How a body of this type is read. ``packed`` is structured and binary: nothing here can walk it."""
        return family(self.name)


PARAMETER = re.compile(r";\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*+)\"|([^\s;\"]*))")


@lru_cache(maxsize=256)
def parse(value: str) -> MediaType:
    """The media type in a Content-Type field; never raises, an unreadable one has no name."""
    name, _, _ = value.partition(";")
    parameters = {
        key.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        for key, quoted, plain in PARAMETER.findall(value)
    }
    return MediaType(name.strip().lower(), parameters)


FAMILIES: dict[str, Family] = {
    "application/x-ndjson": "lines",
    "application/ndjson": "lines",
    "application/jsonl": "lines",
    "application/x-jsonlines": "lines",
    "application/jsonlines": "lines",
    "application/json-seq": "lines",
    "application/csp-report": "json",
    "application/x-json": "json",
    "application/manifest+json": "json",
    "text/json": "json",
    "text/x-json": "json",
    "text/event-stream": "events",
    "application/x-www-form-urlencoded": "form",
    "text/xml": "xml",
    "application/xml": "xml",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/graphql": "graphql",
    "application/javascript": "text",
    "application/ecmascript": "text",
    "application/x-javascript": "text",
    "application/yaml": "settings",
    "application/x-yaml": "settings",
    "application/toml": "settings",
    "text/yaml": "settings",
    "text/x-yaml": "settings",
    "text/x-java-properties": "settings",
    "application/sql": "text",
    "application/x-sh": "text",
    "application/x-pem-file": "text",
    "application/rtf": "text",
    "application/jwt": "text",
    "application/msgpack": "packed",
    "application/x-msgpack": "packed",
    "application/vnd.msgpack": "packed",
    "application/cbor": "packed",
    "application/bson": "packed",
    "application/protobuf": "packed",
    "application/x-protobuf": "packed",
    "application/vnd.google.protobuf": "packed",
    "application/grpc": "packed",
    "application/x-thrift": "packed",
    "application/avro": "packed",
    "application/x-python-pickle": "packed",
}


@lru_cache(maxsize=256)
def family(name: str) -> Family:
    """The family of a media type, by its name and by the suffix of its structure (RFC 6839)."""
    if name in FAMILIES:
        return FAMILIES[name]
    if name == "application/json" or name.endswith("+json"):
        return "json"
    if name.endswith("+xml"):
        return "xml"
    if name.endswith("+json-seq"):
        return "lines"
    if name.endswith("+yaml"):
        return "settings"
    if name.endswith(("+protobuf", "+cbor", "+msgpack", "+proto")) or name.startswith("application/grpc"):
        return "packed"
    if name.startswith("multipart/"):
        return "multipart"
    return "text" if name.startswith("text/") else "binary"


def codec(content_type: str) -> str | None:
    """The codec for the charset that a Content-Type names; None where it names none that is known."""
    return codec_of(parse(content_type).charset)


def codec_of(charset: str | None) -> str | None:
    """The codec for a charset, however it is spelled (``unicode escape``); None where it is none, is not known, or
    changes what stands there."""
    try:
        info = codecs.lookup(charset) if charset else None
    except (LookupError, ValueError):
        return None
    if info is None or not getattr(info, "_is_text_encoding", True) or info.name in NO_CHARSETS:
        return None
    return info.name


def text_of(body: bytes, charset: str | None) -> tuple[str, str]:
    """A body as text, and the codec that makes the very same bytes of it again.

    Without a charset UTF-8 is tried; bytes that are not what they claim are read as ISO-8859-1, which loses none.
    """
    for codec in (charset, "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else None, "utf-8"):
        if codec and codec_of(codec) is not None:
            try:
                text = body.decode(codec)
                if text.encode(codec) == body:
                    return text, codec
            except (UnicodeError, LookupError, ValueError):
                continue
    return body.decode("latin-1"), "latin-1"


# Content codings ------------------------------------------------------------------------------------------------------


def codings(value: str) -> list[str]:
    """The codings of a Content-Encoding field in the order in which they were applied."""
    return [name for name in (part.strip().lower() for part in value.split(",")) if name and name != "identity"]


def decode(body: bytes, applied: list[str]) -> bytes:
    """A body without its codings. Raises CodingError where one is unknown, or is not what the body is in."""
    for name in reversed(applied):
        try:
            if name in ("gzip", "x-gzip"):
                body = unpack(body, lambda: zlib.decompressobj(31), 16_384, several=True)
            elif name == "deflate":  # RFC 9110 says zlib; many say it and mean raw deflate
                try:
                    body = unpack(body, zlib.decompressobj, 16_384)
                except zlib.error:
                    body = unpack(body, lambda: zlib.decompressobj(-15), 16_384)
            elif name == "br":
                module = library("brotli", "brotlicffi")
                body = unpack(body, partial(Brotli, module), 16)
            elif name == "zstd":
                body = unpack(body, zstd, 256, several=True)
            else:
                raise CodingError(f"the coding {name!r} is not known")
        except CodingError:
            raise
        except Exception as error:  # each library has errors of its own
            raise CodingError(f"the body is not {name}: {error}") from None
    return body


def plain(body: bytes, content_encoding: str | None) -> bytes | None:
    """A body without its codings: the very same object where it has none, None where they cannot be undone."""
    applied = codings(content_encoding or "")
    if not body or not applied:
        return body
    try:
        return decode(body, applied)
    except CodingError:
        return None


def encode(body: bytes, applied: list[str]) -> bytes:
    """The body in those codings again; the same bytes for the same body. Raises CodingError for an unknown one."""
    for name in applied:
        if name in ("gzip", "x-gzip"):
            body = gzip.compress(body, 6, mtime=0)
        elif name == "deflate":
            body = zlib.compress(body)
        elif name == "br":
            body = library("brotli", "brotlicffi").compress(body)
        elif name == "zstd":
            body = library("compression.zstd", "backports.zstd", "zstandard").compress(body)
        else:
            raise CodingError(f"the coding {name!r} is not known")
    return body


class Unpacker(Protocol):
    """What unpacks one stream: zlib's interface."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def unused_data(self) -> bytes:
        """What was fed behind its end."""

    def decompress(self, data: bytes, /) -> bytes:
        """What the next piece of the stream says."""


def unpack(body: bytes, begin: Callable[[], Unpacker], step: int, several: bool = False) -> bytes:
    """What a body of one stream, or of ``several``, says. Raises CodingError where it is cut, or says more than MOST.

    It is fed ``step`` bytes at a time, so few that what they say fits the memory whatever they are (gzip makes up to a
    thousand bytes of one, zstd 128 KiB of four, br 16 MiB of about twelve); and so what is fed behind the end of a
    stream, which is given back as a copy, is never long.
    """
    parts, size, place = [], 0, 0
    unpacker = begin()
    while place < len(body):
        if unpacker.eof:
            if not several:
                raise CodingError("something follows the end of the body")
            unpacker = begin()
        fed = body[place : place + step]
        parts.append(unpacker.decompress(fed))
        size += len(parts[-1])
        if size > MOST:
            raise CodingError(f"the body is larger than {MOST} bytes")
        place += len(fed) - len(unpacker.unused_data)
    if body and not unpacker.eof:
        raise CodingError("the body ends too early")
    return b"".join(parts)


class Brotli:
    """One stream of br; each library calls it another name."""

    unused_data = b""

    def __init__(self, module: Any) -> None:
        inner = module.Decompressor()
        self._process = getattr(inner, "process", None) or inner.decompress
        self._is_finished = inner.is_finished

    @property
    def eof(self) -> bool:
        return bool(self._is_finished())

    def decompress(self, data: bytes, /) -> bytes:
        made: bytes = self._process(data)
        return made


def zstd() -> Unpacker:
    """What unpacks one frame."""
    module = library("compression.zstd", "backports.zstd", "zstandard")
    made = module.ZstdDecompressor()
    unpacker: Unpacker = made.decompressobj() if module.__name__ == "zstandard" else made
    return unpacker


def library(*names: str) -> Any:
    """The first of these modules that is installed. Raises CodingError where none is."""
    for name in names:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise CodingError(f"none of {', '.join(names)} is installed")
