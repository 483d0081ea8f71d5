"""The request in a WSGI environ: its target, its header fields, its body."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from io import BufferedRandom, BufferedReader, BytesIO
from operator import itemgetter
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

import msgspec

from mirror.adapters.gateway import as_bytes, quote_rest
from mirror.exchange import Request
from mirror.headers import Headers, encode

Environ = dict[str, Any]

# Streams that can be read and rewound without anybody noticing.
PLAIN_STREAMS = frozenset({BytesIO, BufferedReader, BufferedRandom})

CONTENT_KEYS = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})

# The keys that say a field, besides HTTP_*, and those that say Host where no field does.
FIELD_KEYS = CONTENT_KEYS | {"SERVER_NAME", "SERVER_PORT"}


def read_request(environ: Environ, target: str | None) -> tuple[Request, Tee | None]:
    """The request, and what remembers its body where that can be read only once. Leaves the environ as it is."""
    stream: Any = environ.get("wsgi.input")
    plain = type(stream) in PLAIN_STREAMS and stream.seekable()
    body = peek(stream) if plain else b""
    request = Request(
        environ["REQUEST_METHOD"],
        target
        or request_target(
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            environ.get("RAW_URI") or environ.get("REQUEST_URI") or "",
        ),
        request_fields(environ),
        (body,) if body else (),
        environ.get("wsgi.url_scheme", "http"),
    )
    return request, None if plain or stream is None else Tee(stream)


class Tee:
    """An input stream that cannot be rewound, read by the application and remembered as it is read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.read_so_far: list[bytes] = []

    def complete(self, request: Request) -> Request:
        """The request with the body that was read."""
        body = b"".join(self.read_so_far)
        return msgspec.structs.replace(request, chunks=(body,) if body else ())

    def _keep(self, data: Any) -> Any:
        self.read_so_far.append(as_bytes(data))
        return data

    def read(self, *args: Any) -> Any:
        return self._keep(self._stream.read(*args))

    def readline(self, *args: Any) -> Any:
        return self._keep(self._stream.readline(*args))

    def read1(self, *args: Any) -> Any:
        return self._keep(self._stream.read1(*args))

    def readinto(self, buffer: Any) -> Any:
        size = self._stream.readinto(buffer)
        self._keep(bytes(memoryview(buffer)[: size or 0]))
        return size

    def readlines(self, *args: Any) -> Any:
        return [self._keep(line) for line in self._stream.readlines(*args)]

    def __iter__(self) -> Iterator[Any]:
        return map(self._keep, self._stream)

    def __next__(self) -> Any:
        return self._keep(next(self._stream))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def peek(stream: Any) -> bytes:
    """What a stream will give, without taking it."""
    position = stream.tell()
    if position == 0 and type(stream) is BytesIO:
        return stream.getvalue()
    try:
        return bytes(stream.read())
    finally:
        stream.seek(position)


def request_fields(environ: Environ) -> Headers:
    """The header fields, in the order of the environ, Host first.

    WSGI keeps neither case nor repeats: names are written as is the custom (``HTTP_X_REQUEST_ID`` is ``X-Request-Id``),
    repeated fields came joined.
    """
    keys, pick = field_keys(tuple(environ))
    values = pick(environ)
    try:
        return _request_fields(keys, values)
    except TypeError:  # a value that cannot be looked up: not PEP 3333, but seen
        return _request_fields.__wrapped__(keys, values)


@lru_cache(maxsize=128)
def field_keys(keys: tuple[str, ...]) -> tuple[tuple[str, ...], itemgetter[Any]]:
    """Those keys of an environ that header fields come from, and what picks their values."""
    found = tuple(key for key in keys if key[:5] == "HTTP_" or key in FIELD_KEYS)
    return found, itemgetter(*found, "REQUEST_METHOD", "REQUEST_METHOD")  # of one key alone it would make no tuple


@lru_cache(maxsize=256)
def _request_fields(keys: tuple[str, ...], values: tuple[Any, ...]) -> Headers:
    """One value for the same fields: most requests of a test suite have those of a request before."""
    said = dict(zip(keys, values, strict=False))
    host = said.get("HTTP_HOST")
    if host is None:
        host = f"{said.get('SERVER_NAME', 'localhost')}:{said.get('SERVER_PORT', '80')}"
    fields = [("Host", host)]
    for key, value in said.items():
        # An empty CONTENT_LENGTH means that there is none.
        if (key[:5] == "HTTP_" and key != "HTTP_HOST") or (value and key in CONTENT_KEYS):
            fields.append((field_name(key), str(value)))
    return Headers.from_text(fields)


@lru_cache(maxsize=256)
def field_name(key: str) -> str:
    return "-".join(map(str.capitalize, key.removeprefix("HTTP_").split("_")))


@lru_cache(maxsize=256)
def request_target(script: str, path: str, query: str, raw: str) -> str:
    """The target as the client wrote it, where the environ still knows; else the path encoded anew.

    Takes SCRIPT_NAME, PATH_INFO, QUERY_STRING and RAW_URI of the environ.
    """
    raw_path, mark, rest = raw.partition("?")
    target = raw_target(encode(script), encode(path), encode(raw_path)) or "/"
    if query:
        return f"{target}?{quote_rest(encode(query))}"
    return target + "?" if mark and not rest else target


def raw_target(script: bytes, path: bytes, raw: bytes) -> str:
    """The raw path where it means what the application was given (with or without the script name before it)."""
    if not script and path == b"*":
        return "*"
    meant = unquote_to_bytes(raw)
    if meant == path:
        return quote_from_bytes(script, safe="/!$&'()*+,;=:@~") + quote_rest(raw)
    if meant == script + path:
        return quote_rest(raw)
    return quote_from_bytes(script + path, safe="/!$&'()*+,;=:@~")
