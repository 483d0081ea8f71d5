"""The shapes of exchanges: ONE table that drives the tests of every adapter and of the wire.

A shape says what a client sends, what the application answers, and what is to be seen of it where that is not simply
the same. ``ADAPTERS`` are the in-process clients; ``CASES`` are the pairs of a shape and a client that can express it.
The application is the same for all: a bare WSGI or ASGI callable that does what the table says, so that nothing but
the client and its gateway stands between the table and the exchange (Flask's own Response is in it for ``flask``).
"""

from __future__ import annotations

import gzip
import io
import itertools
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import anyio
import flask
import httpx
import httpx2
from starlette.testclient import TestClient
from werkzeug.test import Client as WerkzeugClient

Fields = tuple[tuple[str, str], ...]

TEXT: Fields = (("Content-Type", "text/plain"),)
MEGABYTE = bytes(range(256)) * 4096
PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Boom(Exception):
    """What the applications of the table raise."""


@dataclass(frozen=True)
class Answer:
    """What the application answers.

    ``reason`` is said by WSGI applications alone; None stands for the customary one. ``streamed`` makes a WSGI
    application answer with an iterator instead of a list. ``endless`` repeats the chunks for ever, ``one_buffer`` uses
    the same bytearray for all of them. ``raises`` is where the application raises: "start" (before the response),
    "head" (after its head), "body" (after its chunks), "close" (when all is over).
    """

    status: int = 200
    headers: Fields = TEXT
    chunks: tuple[bytes, ...] = (b"ok",)
    reason: str | None = None
    trailers: Fields = ()
    streamed: bool = False
    endless: bool = False
    one_buffer: bool = False
    raises: str | None = None

    @property
    def phrase(self) -> str:
        return PHRASES.get(self.status, "") if self.reason is None else self.reason

    def pieces(self) -> Iterator[bytes | bytearray]:
        buffer = bytearray()
        for chunk in itertools.cycle(self.chunks) if self.endless else self.chunks:
            if self.one_buffer:
                buffer[:] = chunk
                yield buffer
            else:
                yield chunk


@dataclass(frozen=True)
class Shape:
    """One row of the table.

    What the client does: ``upload`` sends the body in these pieces, ``mount`` is where the application is mounted
    (SCRIPT_NAME, root_path), ``follow`` follows redirects, ``swallow`` has the client turn exceptions into a 500,
    ``read`` is the number of chunks after which it stops reading.

    ``only`` names the adapters or gateways that can express it, ``but`` those that cannot. ``answer`` may depend on
    the path.

    What is expected: ``mends`` are the beginnings of the remarks, where the wire cannot say what the exchange says;
    ``hops`` the targets of all exchanges where there are several.
    """

    name: str
    method: str = "GET"
    url: str = "http://testserver/"
    headers: Fields = ()
    body: bytes = b""
    upload: tuple[bytes, ...] = ()
    answer: Answer | Mapping[str, Answer] = field(default_factory=Answer)
    mount: str = ""
    follow: bool = False
    swallow: bool = False
    read: int | None = None
    only: str = ""
    but: str = ""
    mends: tuple[str, ...] = ()
    hops: tuple[str, ...] = ()

    def answer_to(self, path: str) -> Answer:
        return self.answer if isinstance(self.answer, Answer) else self.answer[path]

    @property
    def authority(self) -> str:
        return dict(self.headers).get("Host") or urlsplit(self.url).netloc

    @property
    def target(self) -> str:
        """The request target that the URL stands for."""
        rest = self.url.partition("//")[2].partition("/")
        return "/" + rest[2]


def post(name: str, body: bytes, *headers: tuple[str, str], **rest: Any) -> Shape:
    return Shape(name, "POST", headers=headers, body=body, **rest)


def get(name: str, status: int = 200, headers: Fields = TEXT, *chunks: bytes, **rest: Any) -> Shape:
    """A GET, and what it is answered; what is not said of the shape is said of the answer."""
    of_shape = {key: rest.pop(key) for key in ("method", "only", "but", "read", "mends", "swallow") if key in rest}
    return Shape(name, answer=Answer(status, headers, chunks, **rest), **of_shape)


def length(value: object) -> Fields:
    return (*TEXT, ("Content-Length", str(value)))


MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n\x00\xff\r\n--b--\r\n"
)
NDJSON: Fields = (("Content-Type", "application/x-ndjson"),)
EVENTS: Fields = (("Content-Type", "text/event-stream"), ("Cache-Control", "no-cache"))
CHUNKED = ("Transfer-Encoding", "chunked")

# Why some rows leave out some adapters: TestClient takes the fields of a response for UTF-8, WSGITransport takes all
# fields for ASCII; Flask leaves out bodies and lengths where HTTP has none, and writes a missing reason as UNKNOWN;
# ASGITransport waits for the end of the response, and has no trailers; httpx writes methods large.

TARGETS = [
    Shape("plain"),
    Shape("empty path", url="http://testserver"),
    Shape("a query", url="http://testserver/search?q=a+b&q=%C3%BC&empty=&bare"),
    Shape("? alone", url="http://testserver/?"),
    Shape("? alone after a path", url="http://testserver/a?"),
    Shape("?? in a query", url="http://testserver/a??b?c"),
    Shape("a query of broken escapes", url="http://testserver/a?b=%zz&c=%"),
    Shape("//a", url="http://testserver//a"),
    Shape("a//b/", url="http://testserver/a//b/"),
    Shape("%2F", url="http://testserver/a%2Fb"),
    Shape("%2f", url="http://testserver/a%2fb"),
    Shape("%20", url="http://testserver/a%20b"),
    Shape("%25", url="http://testserver/100%25"),
    Shape("%7E that need not be escaped", url="http://testserver/%7Ea"),
    Shape("%00", url="http://testserver/a%00b"),
    # Werkzeug's client decodes a path as UTF-8: its application is given U+FFFD, and that is what is exchanged.
    Shape("%FF", url="http://testserver/%FF", but="werkzeug flask"),
    Shape("UTF-8 path", url="http://testserver/caf%C3%A9/%E2%82%AC"),
    Shape("sub-delimiters", url="http://testserver/~a;p=1/(x),!$&'*+:@"),
    Shape("long target", url="http://testserver/" + "x" * 6000),
    Shape("another host", url="http://ec2.us-east-1.amazonaws.com/instances?x=1"),
    Shape("a host with a port", url="http://x.localhost:5000/"),
    Shape("https", url="https://secure.example/"),
    Shape("IPv6 host", url="http://[2001:db8::1]/"),
    Shape("IPv6 host with a port", url="http://[::1]:8080/x"),
    Shape("mounted", url="http://testserver/x", mount="/api"),
]

METHODS = [
    Shape("OPTIONS", "OPTIONS"),
    Shape("DELETE with a body", "DELETE", body=b"why"),
    Shape("GET with a body", body=b"query"),
    Shape("PATCH", "PATCH", body=b"{}", headers=(("Content-Type", "application/merge-patch+json"),)),
    Shape("QUERY", "QUERY", body=b"select 1"),
    Shape("PURGE", "PURGE"),
    Shape("a method with an underscore", "X_METHOD"),
    Shape("a method in lower case", "sTrAnGe", but="httpx-wsgi httpx2-wsgi starlette asgi"),  # httpx writes them large
    Shape("TRACE", "TRACE"),
    Shape("CONNECT", "CONNECT", url="http://testserver/tunnel"),
    get("HEAD", 200, length(5), method="HEAD"),
    get("HEAD of a stream", 200, NDJSON, method="HEAD"),
    get("HEAD with a body all the same", 200, length(2), b"ok", method="HEAD", but="flask"),
]

STATUSES = [
    get("201", 201, (*TEXT, ("Location", "/orders/1")), b"made"),
    get("204", 204, ()),
    get("204 with Content-Length", 204, length(0), but="flask"),
    get("204 with a body", 204, TEXT, b"oops", mends=("a body left out",), but="flask"),
    get("205", 205, length(0)),
    get("206", 206, (*length(2), ("Content-Range", "bytes 0-1/9")), b"ok"),
    get("304", 304, (("ETag", '"x"'),)),
    get("304 with Content-Length", 304, (("Content-Length", "1234"),), but="flask"),
    get("299 that nobody registered", 299, TEXT, b"ok", reason="Strange But Fine"),
    get("418", 418, TEXT, b"teapot"),
    get("499", 499, TEXT, b"gone"),
    get("599", 599, TEXT, b"late"),
    get("999", 999, TEXT, b"far"),
    get("a status without a reason", 200, TEXT, b"ok", reason="", but="flask"),
    get("a reason of one's own", 200, TEXT, b"ok", reason="Fine, thanks"),
    get("a reason with obs-text", 200, TEXT, b"ok", reason="sch\xf6n", only="werkzeug"),
    get("123 as the final status", 123, TEXT, only="werkzeug starlette asgi"),
    get("103 as the final status", 103, (("Link", "</a.css>; rel=preload"),), only="werkzeug starlette asgi"),
    get("101", 101, (("Upgrade", "x"), ("Connection", "upgrade")), only="werkzeug starlette asgi"),
]

HEADERS = [
    Shape("repeated request fields", headers=(("X-A", "1"), ("X-B", "2"), ("x-a", "3")), only="asgi"),
    Shape(
        "two Content-Type", "POST", headers=(("Content-Type", "a/b"), ("Content-Type", "c/d")), body=b"x", only="asgi"
    ),
    Shape("an empty value", headers=(("X-Empty", ""),), answer=Answer(headers=(*TEXT, ("X-None", "")))),
    Shape("kilobytes in a value", headers=(("X-Long", "v" * 7000),), answer=Answer(headers=(("X-Long", "w" * 9000),))),
    Shape("eighty fields", headers=tuple((f"X-{n}", str(n)) for n in range(80))),
    Shape("obs-text in a request", headers=(("X-Name", "caf\xe9"),), only="werkzeug flask asgi", but="starlette"),
    get(
        "obs-text in a response", 200, (("X-Name", "caf\xe9\xff"),), b"ok", only="werkzeug flask asgi", but="starlette"
    ),
    Shape("UTF-8 in a value", headers=(("X-Name", "caf\xc3\xa9"),), only="werkzeug flask asgi"),
    get("many Set-Cookie", 200, tuple(("Set-Cookie", f"c{n}={n}; Path=/") for n in range(12)), b"ok"),
    get("repeated Vary and Link", 200, (("Vary", "a"), ("Link", "<1>"), ("Vary", "b"), ("Link", "<2>")), b"ok"),
    get("Server and Date of its own", 200, (("Server", "mine"), ("Date", "never"), *TEXT), b"ok"),
    get("case of the names", 200, (("content-type", "text/plain"), ("ETAG", '"x"'), ("x-OdD", "1")), b"ok"),
    Shape("a correlation header of the test's own", headers=(("Mirror-Correlation-Id", "mine"), ("X-Request-Id", "1"))),
    Shape("Connection: close from the client", headers=(("Connection", "close"),)),
    get("Connection: close from the application", 200, (*TEXT, ("Connection", "close")), b"ok"),
    Shape("Expect: 100-continue", "POST", headers=(("Expect", "100-continue"),), body=b"x"),
    Shape("a Host field of its own", headers=(("Host", "virtual.example:81"),), but="werkzeug flask"),
]

BODIES = [
    get("an empty body", 200, TEXT),
    get("an empty body with a length", 200, length(0)),
    get("an empty chunk", 200, length(0), b""),
    post(
        "binary", bytes(range(256)), ("Content-Type", "application/octet-stream"), answer=Answer(chunks=(b"\x00\xff",))
    ),
    get("gzip", 200, (("Content-Encoding", "gzip"),), gzip.compress(b"text" * 99, mtime=0)),
    post("gzip upload", gzip.compress(b"text", mtime=0), ("Content-Encoding", "gzip")),
    get("a body that looks like HTTP", 200, TEXT, b"HTTP/1.1 200 OK\r\n\r\n", b"0\r\n\r\n"),
    post("a megabyte both ways", MEGABYTE, answer=Answer(chunks=(MEGABYTE,), headers=length(len(MEGABYTE)))),
    post("a form", b"a=1&b=%C3%BC", ("Content-Type", "application/x-www-form-urlencoded")),
    post("a multipart upload", MULTIPART, ("Content-Type", "multipart/form-data; boundary=b")),
    Shape(
        "an upload in chunks", "POST", upload=(b"one,", b"two,", b"three"), only="httpx-asyncio httpx2-trio starlette"
    ),
]

STREAMS = [
    get("NDJSON", 200, NDJSON, b'{"n":1}\n', b'{"n":2}\n', b'{"n":3}\n', streamed=True),
    get("server-sent events", 200, EVENTS, b"data: 1\n\n", b"data: 2\n\n", streamed=True),
    get("empty chunks between", 200, NDJSON, b"", b"1\n", b"", b"2\n", b"", streamed=True),
    get("a stream with a length", 200, length(4), b"ab", b"cd", streamed=True),
    get("a megabyte in chunks", 200, TEXT, *[MEGABYTE[:65536]] * 16, streamed=True),
    get("a thousand small chunks", 200, TEXT, *[b"%d\n" % n for n in range(1000)], streamed=True),
    get("an endless stream", 200, EVENTS, b"data: 1\n\n", b"data: 2\n\n", streamed=True, endless=True, read=3,
        only="wsgi starlette"),
    get("a stream that is not read", 200, NDJSON, b"1\n", b"2\n", streamed=True, read=0, only="starlette"),
    get("one buffer for all chunks", 200, TEXT, b"aa", b"bb", b"cc", streamed=True, one_buffer=True,
        only="wsgi starlette", but="flask"),
    get("trailers", 200, (("Trailer", "x-sum"),), b"a", b"b", trailers=(("x-sum", "2"), ("x-more", "")),
        only="starlette"),
    get("trailers beside a length", 200, length(1), b"a", trailers=(("x-sum", "1"),), only="starlette",
        mends=("response framing: Content-Length: 1 on a body without that coding",)),
]  # fmt: skip

FRAMING = [
    post("request length 0 before a body", b"hello", ("Content-Length", "0"), mends=("request framing",)),
    post("request length too small", b"hello", ("Content-Length", "2"), mends=("request framing",)),
    post("request length too large", b"hello", ("Content-Length", "99"), mends=("request framing",)),
    post("request length garbage", b"hello", ("Content-Length", "many"), mends=("request framing",)),
    post("request length doubled", b"hello", ("Content-Length", "5"), ("Content-Length", "5"), only="asgi",
         mends=("request framing",)),
    post("a length without a body", b"", ("Content-Length", "7"), mends=("request framing",)),
    # httpx adds a length of its own, as the clients of WSGI do; httpx2 does not.
    post("request chunked, but plain", b"hello", CHUNKED, only="starlette httpx2-asyncio httpx2-trio"),
    post("request chunked and with a length", b"hello", CHUNKED, ("Content-Length", "5"), mends=("request framing",)),
    post("request coded otherwise", b"hello", ("Transfer-Encoding", "gzip"), only="asgi", mends=("request framing",)),
    get("response length 0 before a body", 200, length(0), b"hello", mends=("response framing",)),
    get("response length too small", 200, length(2), b"hello", mends=("response framing",)),
    get("response length too large", 200, length(99), b"hello", mends=("response framing",)),
    get("response length garbage", 200, length("many"), b"hello", mends=("response framing",)),
    get("response length negative", 200, length(-1), b"hello", mends=("response framing",)),
    get("response length with a sign", 200, length("+5"), b"hello", mends=("response framing",)),
    get("response length doubled", 200, (*length(5), *length(5)[1:]), b"hello", mends=("response framing",)),
    get("response lengths that differ", 200, (*length(5), *length(6)[1:]), b"hello", mends=("response framing",)),
    get("response chunked, but plain", 200, (*TEXT, CHUNKED), b"hello"),
    get("response chunked and with a length", 200, (*length(5), CHUNKED), b"hello", mends=("response framing",)),
    get("response coded otherwise", 200, (*TEXT, ("Transfer-Encoding", "gzip")), b"hello", mends=("response framing",)),
    get("stream with a length too small", 200, length(2), b"he", b"llo", only="asgi", mends=("response framing",)),
    get("stream with a length missed", 200, length(3), b"he", b"llo", streamed=True, mends=("response framing",)),
]  # fmt: skip

FAILURES = [
    get("raises before the response", raises="start"),
    get("raises after the head", 200, TEXT, b"", raises="head", streamed=True),
    get("raises amid the body", 200, NDJSON, b"1\n", b"2\n", raises="body", streamed=True),
    get("raises amid a body with a length", 200, length(9), b"1\n", raises="body", streamed=True,
        mends=("response framing",)),
    get("raises when all is over", 200, length(2), b"ok", raises="close", streamed=True),
    get("raises before the response, swallowed", raises="start", swallow=True, only="asgi starlette"),
    get("raises amid the body, swallowed", 200, NDJSON, b"1\n", raises="body", swallow=True, only="asgi starlette"),
]  # fmt: skip

JOURNEYS = [
    Shape(
        "a redirect followed",
        url="http://testserver/old?x=1",
        follow=True,
        answer={"/old": Answer(302, (("Location", "/new?y=2"),), (b"over there",)), "/new": Answer()},
        hops=("/old?x=1", "/new?y=2"),
    ),
    Shape(
        "a POST that becomes a GET",
        "POST",
        url="http://testserver/form",
        body=b"a=1",
        follow=True,
        answer={"/form": Answer(303, (("Location", "/done"),), ()), "/done": Answer()},
        hops=("/form", "/done"),
    ),
    Shape(
        "a POST that stays one",
        "POST",
        url="http://testserver/v1",
        body=b"a=1",
        follow=True,
        answer={
            "/v1": Answer(307, (("Location", "/v2"),), ()),
            "/v2": Answer(308, (("Location", "/v3"),), ()),
            "/v3": Answer(),
        },
        hops=("/v1", "/v2", "/v3"),
    ),
    Shape(
        "a cookie on the way",
        url="http://testserver/login",
        follow=True,
        answer={
            "/login": Answer(302, (("Location", "/home"), ("Set-Cookie", "sid=1; Path=/"), ("Set-Cookie", "b=2")), ()),
            "/home": Answer(),
        },
        hops=("/login", "/home"),
    ),
]

SHAPES = [*TARGETS, *METHODS, *STATUSES, *HEADERS, *BODIES, *STREAMS, *FRAMING, *FAILURES, *JOURNEYS]


# The applications ---------------------------------------------------------------------------------------------------


class Application:
    """What both gateways' applications share: the shape, and what was raised."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.raised: Boom | None = None

    def boom(self, where: str) -> Boom:
        self.raised = Boom(where)
        return self.raised


class WsgiApplication(Application):
    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[Any]:
        environ["wsgi.input"].read()
        answer = self.shape.answer_to(environ["PATH_INFO"])
        if answer.raises == "start":
            raise self.boom("start")
        start_response(f"{answer.status} {answer.phrase}", list(answer.headers))
        return Body(self, answer) if answer.streamed else list(answer.pieces())


class Body:
    """A WSGI response iterable that may raise where the table says so."""

    def __init__(self, application: Application, answer: Answer) -> None:
        self._application = application
        self._answer = answer

    def __iter__(self) -> Iterator[Any]:
        if self._answer.raises == "head":
            raise self._application.boom("head")
        yield from self._answer.pieces()
        if self._answer.raises == "body":
            raise self._application.boom("body")

    def close(self) -> None:
        if self._answer.raises == "close":
            raise self._application.boom("close")


class FlaskApplication(Application):
    """The same by way of Flask: before_request answers every method and path, and Flask's Response is the answer."""

    def flask(self) -> flask.Flask:
        app = flask.Flask("shapes")
        app.testing = True

        @app.before_request
        def reply() -> flask.Response:
            flask.request.environ["wsgi.input"].read()
            answer = self.shape.answer_to(flask.request.path)
            if answer.raises == "start":
                raise self.boom("start")
            body = Body(self, answer) if answer.streamed else list(answer.pieces())
            response = PlainResponse(body, status=f"{answer.status} {answer.phrase}")
            response.headers.clear()
            response.headers.extend(answer.headers)
            return response

        return app


class PlainResponse(flask.Response):
    automatically_set_content_length = False


class AsgiApplication(Application):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        answer = self.shape.answer_to(scope["path"])
        if answer.raises == "start":
            raise self.boom("start")
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        trailers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.trailers]
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": fields, "trailers": bool(trailers)}
        )
        if answer.raises == "head":
            raise self.boom("head")
        for chunk in answer.pieces():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if answer.raises == "body":
            raise self.boom("body")
        await send({"type": "http.response.body", "body": b""})
        if trailers:
            await send({"type": "http.response.trailers", "headers": trailers})
        if answer.raises == "close":
            raise self.boom("close")


# The clients --------------------------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """All that a client can see of a call. ``sent`` are the request's fields where the client tells them."""

    status: int | str | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    chunks: tuple[bytes, ...] = ()
    trailers: tuple[tuple[bytes, bytes], ...] = ()
    history: tuple[int, ...] = ()
    error: str | None = None
    very_same_error: bool = False
    sent: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True)
class Adapter:
    """An in-process client: ``call(shape)`` makes the call and tells what came of it."""

    name: str
    gateway: str
    call: Callable[[Shape], Outcome]

    def expresses(self, shape: Shape) -> bool:
        names = {self.name, self.gateway}
        return (not shape.only or bool(names & set(shape.only.split()))) and not names & set(shape.but.split())


def bytes_of(fields: Iterable[tuple[str, str]]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in fields)


def taken(chunks: Iterable[Any], number: int | None) -> Iterator[bytes]:
    """So many chunks, copied at once."""
    return map(bytes, itertools.islice(chunks, number))


def failed(error: BaseException, application: Application, **seen: Any) -> Outcome:
    return Outcome(**seen, error=repr(error), very_same_error=error is application.raised)


def call_werkzeug(shape: Shape, by_flask: bool = False) -> Outcome:
    application = FlaskApplication(shape) if by_flask else WsgiApplication(shape)
    client = application.flask().test_client() if by_flask else WerkzeugClient(application)
    parts = urlsplit(shape.url)
    overrides = {}
    headers = []
    for name, value in shape.headers:
        if name == "Content-Length":  # the client would put the right one
            overrides["CONTENT_LENGTH"] = value
        else:
            headers.append((name, value))
    path = shape.target
    if path.startswith("//"):  # the client would take it for a host
        overrides |= {"PATH_INFO": path, "RAW_URI": path, "REQUEST_URI": path}
        path = "/"
    chunks: list[bytes] = []
    try:
        response = client.open(
            path,
            base_url=f"{parts.scheme}://{parts.netloc}{shape.mount}",
            method=shape.method,
            headers=headers,
            input_stream=io.BytesIO(shape.body) if shape.body else None,
            environ_overrides=overrides,
            follow_redirects=shape.follow,
        )
        seen = {
            "status": response.status,
            "headers": bytes_of(response.headers),
            "history": tuple(hop.status_code for hop in response.history),
        }
        with closing(response):
            chunks.extend(taken(response.response, shape.read))
    except Exception as error:
        return failed(error, application, chunks=tuple(chunks))
    return Outcome(**seen, chunks=tuple(chunks))


def call_flask(shape: Shape) -> Outcome:
    return call_werkzeug(shape, by_flask=True)


def content_of(shape: Shape) -> Any:
    return iter(shape.upload) if shape.upload else shape.body


def call_starlette(shape: Shape) -> Outcome:
    application = AsgiApplication(shape)
    client = TestClient(application, raise_server_exceptions=not shape.swallow, root_path=shape.mount)
    return call_client(client, shape, application)


def call_wsgi_transport(library: Any) -> Callable[[Shape], Outcome]:
    def call(shape: Shape) -> Outcome:
        application = WsgiApplication(shape)
        transport = library.WSGITransport(application, script_name=shape.mount)
        return call_client(library.Client(transport=transport), shape, application)

    return call


def call_client(client: Any, shape: Shape, application: Application) -> Outcome:
    chunks: list[bytes] = []
    try:
        with (
            closing(client),  # not its own "with", which would be a lifespan
            client.stream(
                shape.method,
                shape.url,
                headers=bytes_of(shape.headers),
                content=content_of(shape),
                follow_redirects=shape.follow,
            ) as response,
        ):
            if shape.read != 0:
                chunks.extend(taken(response.iter_raw(), shape.read))
    except Exception as error:
        return failed(error, application, chunks=tuple(chunks))
    return outcome(response, chunks)


def outcome(response: Any, chunks: list[bytes]) -> Outcome:
    return Outcome(
        response.status_code,
        tuple(response.headers.raw),
        tuple(chunks),
        tuple(response.extensions.get("http.response.trailers", ())),
        tuple(hop.status_code for hop in response.history),
        sent=tuple(response.request.headers.raw),
    )


def call_asgi_transport(library: Any, backend: str) -> Callable[[Shape], Outcome]:
    async def upload(shape: Shape) -> AsyncIterator[bytes]:
        for piece in shape.upload:
            yield piece

    async def call(shape: Shape) -> Outcome:
        application = AsgiApplication(shape)
        transport = library.ASGITransport(application, raise_app_exceptions=not shape.swallow, root_path=shape.mount)
        try:
            async with (
                library.AsyncClient(transport=transport, follow_redirects=shape.follow) as client,
                client.stream(
                    shape.method,
                    shape.url,
                    headers=bytes_of(shape.headers),
                    content=upload(shape) if shape.upload else shape.body,
                ) as response,
            ):
                return outcome(response, [bytes(chunk) async for chunk in response.aiter_raw()])
        except Exception as error:
            return failed(error, application)

    return lambda shape: anyio.run(call, shape, backend=backend)


ADAPTERS = [
    Adapter("werkzeug", "wsgi", call_werkzeug),
    Adapter("flask", "wsgi", call_flask),
    Adapter("httpx-wsgi", "wsgi", call_wsgi_transport(httpx)),
    Adapter("httpx2-wsgi", "wsgi", call_wsgi_transport(httpx2)),
    Adapter("starlette", "asgi", call_starlette),
    Adapter("httpx-asyncio", "asgi", call_asgi_transport(httpx, "asyncio")),
    Adapter("httpx-trio", "asgi", call_asgi_transport(httpx, "trio")),
    Adapter("httpx2-asyncio", "asgi", call_asgi_transport(httpx2, "asyncio")),
    Adapter("httpx2-trio", "asgi", call_asgi_transport(httpx2, "trio")),
]

CASES = [(shape, adapter) for shape in SHAPES for adapter in ADAPTERS if adapter.expresses(shape)]
