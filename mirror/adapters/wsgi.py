"""The WSGI observer: a middleware (PEP 3333) that sees every call of an application and changes none.

The response iterable stays as lazy as it was: a chunk is pulled when the client pulls it. An exchange is therefore
over at the first of

* the application's list or tuple has been returned (nothing lazy about it);
* as many bytes have been delivered as Content-Length announced, which for Flask's ordinary responses is the first
  chunk and so before the client call returns;
* the iterable ended, raised, or was closed;
* the iterable was dropped unread: recorded with the next exchange, because a finaliser may run anywhere.

A server sends the head together with the first chunk. So an exception before any chunk is a 500 on the wire; after
that the response is what was delivered, marked incomplete.

Rejected: overriding ``FlaskClient.open``. It sees a followed redirect as one call, publishes its last hop twice and
the redirect never, and cannot see a stream's chunks without consuming them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from io import BufferedRandom, BufferedReader, BytesIO
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

import msgspec

from mirror.adapters.gateway import MARK, SERVER_ERROR, as_bytes, quote_rest
from mirror.adapters.routes import matched_rule, wsgi_route
from mirror.exchange import NONE, Exchange, Request, Response, Route
from mirror.headers import Headers, encode
from mirror.recorder import Recorder, describe

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Streams that can be read and rewound without anybody noticing.
PLAIN_STREAMS = frozenset({BytesIO, BufferedReader, BufferedRandom})

CONTENT_KEYS = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})


class WsgiObserver:
    """Wraps a WSGI application: every call of it becomes an exchange in ``recorder``.

    ``target`` is the request target where the client knows it better than the environ.
    """

    __slots__ = ("app", "recorder", "target")

    def __init__(self, app: Application, recorder: Recorder, target: str | None = None) -> None:
        self.app = app
        self.recorder = recorder
        self.target = target

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if MARK in environ:
            return self.app(environ, start_response)
        try:
            call = WsgiCall(self, environ, start_response)
        except Exception as failure:
            self.recorder.lose(f"the request could not be read: {describe(failure)}")
            return self.app(environ, start_response)
        try:
            result = self.app(environ, call.start_response)
            if (type(result) is list or type(result) is tuple) and call.status is not None:
                call.chunks.extend(map(as_bytes, result))
                call.finish()
                return result
            call.close_result = getattr(result, "close", None)
            call.next_chunk = iter(result).__next__
        except BaseException as error:
            call.finish(error)
            raise
        return call


class WsgiCall:
    """One call of the application: its request, what it has answered so far, and the iterable handed to the client."""

    # Most calls leave these as they are; making a call costs a mirrored test what it costs here.
    status: str | None = None
    _fields: list[tuple[str, str]]
    _rule: Any = None
    _write: Callable[[bytes], Any]
    next_chunk: Callable[[], bytes]
    close_result: Callable[[], None] | None = None
    _tee: Tee | None = None
    _done = True  # until the request has been read: there is nothing to tell before
    _size = 0
    _length: int | None = None

    def __init__(self, observer: WsgiObserver, environ: Environ, start_response: StartResponse) -> None:
        self._recorder = recorder = observer.recorder
        self._app = observer.app
        self._started = recorder.tick()
        self._environ = environ
        self._start_response = start_response
        self.chunks: list[bytes] = []
        self._key = recorder.new_id()
        self._test = recorder.test
        stream: Any = environ.get("wsgi.input")
        plain = type(stream) in PLAIN_STREAMS and stream.seekable()
        body = peek(stream) if plain else b""
        self._request = Request(
            environ["REQUEST_METHOD"],
            observer.target
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
        if not plain and stream is not None:
            self._tee = environ["wsgi.input"] = Tee(stream)
        environ[MARK] = self._key
        self._done = False

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], Any]:
        if exc_info is None:
            self._write = self._start_response(status, headers)
        else:
            self._write = self._start_response(status, headers, exc_info)
        self.status = status
        self._fields = headers
        # Flask leaves the matched rule on its request, which stands in the environ while the call lasts.
        if not self._done:
            self._rule = getattr(self._environ.get("werkzeug.request"), "url_rule", None)
        return self.write

    def write(self, data: bytes) -> Any:
        """What PEP 3333 lets an application call instead of returning its body."""
        self.chunks.append(as_bytes(data))
        return self._write(data)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            data = self.next_chunk()
        except StopIteration:
            self.finish()
            raise
        except BaseException as error:
            self.finish(error)
            raise
        if self._done:
            if data and self._size == self._length:
                self._size += len(data)
                self._recorder.remark("response framing: more body than Content-Length announced, after its end")
            return data
        chunks = self.chunks
        if not chunks and self.status is not None:
            self._length = content_length(self._fields)
        chunks.append(data if type(data) is bytes else as_bytes(data))
        self._size += len(data)
        if self._size == self._length:
            self.finish()
        elif len(chunks) == 1:
            self._recorder.unfinished.add(self)
        return data

    def close(self) -> None:
        try:
            if self.close_result is not None:
                self.close_result()
        except BaseException as error:
            if self._done:
                self._recorder.remark(f"close() raised after its exchange had been recorded: {type(error).__name__}")
            self.finish(error)
            raise
        self.finish(complete=False)

    def __del__(self) -> None:
        if not self._done:
            self.finish(complete=False, dropped=True)

    def finish(self, error: BaseException | None = None, complete: bool = True, dropped: bool = False) -> None:
        """The exchange is over: build it and record it, once."""
        if self._done:
            return
        self._done = True
        recorder = self._recorder
        try:
            exchange = Exchange(
                self._key,
                self._request if self._tee is None else self._tee.complete(self._request),
                self._response(error, complete),
                "wsgi",
                recorder.epoch + self._started,
                recorder.tick() - self._started,
                None if self._rule is None and error is None else self._route(),
                None if error is None else describe(error),
                self._test,
            )
        except Exception as failure:
            recorder.lose(f"the exchange could not be read: {describe(failure)}")
            return
        finally:
            # A response that a test keeps must not keep the application alive.
            del self._app, self._environ
        if dropped:
            recorder.defer(exchange)
        else:
            recorder.record(exchange)

    def _response(self, error: BaseException | None, complete: bool) -> Response:
        status = self.status
        if status is None or (error is not None and not any(self.chunks)):
            return SERVER_ERROR
        return Response(
            int(status[:3]),
            status[4:],
            Headers.from_text(self._fields),
            () if self._request.method == "HEAD" else tuple(self.chunks),
            NONE,
            complete and error is None,
        )

    def _route(self) -> Route | None:
        rule = self._rule or matched_rule(self._environ, self._app)
        return wsgi_route(rule, self._environ, self._app)


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

    WSGI keeps neither case nor repeats: names are written as is the custom, repeated fields came joined.
    """
    host = environ.get("HTTP_HOST")
    if host is None:
        host = f"{environ.get('SERVER_NAME', 'localhost')}:{environ.get('SERVER_PORT', '80')}"
    fields = [("Host", host)]
    for key, name in header_names(tuple(environ)):
        value = environ[key]
        if value or key[:5] == "HTTP_":  # an empty CONTENT_LENGTH means that there is none
            fields.append((name, value if type(value) is str else str(value)))
    return Headers.from_text(fields)


@lru_cache(maxsize=512)
def header_names(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those keys of an environ that hold a header field, but for the host's, each with the field's name.

    ``HTTP_X_REQUEST_ID`` is ``X-Request-Id``.
    """
    found = [key for key in keys if (key[:5] == "HTTP_" and key != "HTTP_HOST") or key in CONTENT_KEYS]
    return tuple((key, "-".join(map(str.capitalize, key.removeprefix("HTTP_").split("_")))) for key in found)


@lru_cache(maxsize=1024)
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


def content_length(fields: Iterable[tuple[str, str]]) -> int | None:
    for name, value in fields:
        if len(name) == 14 and name.lower() == "content-length":
            return int(value) if value.isascii() and value.isdigit() else None
    return None
