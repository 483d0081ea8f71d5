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

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mirror.adapters.environ import Environ, read_request
from mirror.adapters.gateway import MARK, SERVER_ERROR, as_bytes
from mirror.adapters.known import meet_flask
from mirror.adapters.routes import attribute, matched_rule, wsgi_route
from mirror.counts import describe
from mirror.exchange import NONE, Exchange, Response, Route
from mirror.headers import Headers
from mirror.recorder import Recorder

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class WsgiObserver:
    """Wraps a WSGI application: every call of it becomes an exchange in ``recorder``.

    ``target`` is the request target where the client knows it better than the environ. An observer that a client's call
    goes through is the ``outermost``; any other lets pass what one further out has marked.
    """

    __slots__ = ("app", "outermost", "recorder", "target")

    def __init__(
        self, app: Application, recorder: Recorder, target: str | None = None, *, outermost: bool = False
    ) -> None:
        self.app = app
        self.recorder = recorder
        self.target = target
        self.outermost = outermost

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if MARK in environ and not self.outermost:
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
            return WsgiBody(call, result)
        except BaseException as error:
            call.finish(error)
            raise


class WsgiCall:
    """One call of the application: its request, and what it has answered so far.

    It does not know the iterable that the application returned: a generator holds ``start_response``, and must be freed
    when its client lets go of it.
    """

    # Most calls leave these as they are; making a call costs a mirrored test what it costs here.
    status: str | None = None
    done = False
    _fields: Any = ()
    _head: Head | None = None
    _rule: Any = None
    _write: Callable[[bytes], Any]

    def __init__(self, observer: WsgiObserver, environ: Environ, start_response: StartResponse) -> None:
        self.recorder = recorder = observer.recorder
        self._app = observer.app
        self._started = recorder.tick()
        self._environ = environ
        self._start_response = start_response
        self.chunks: list[bytes] = []
        self._test = recorder.test
        self._key = recorder.new_id()
        self._request, self._tee = read_request(environ, observer.target)
        environ[MARK] = self._key
        if self._tee is not None:
            environ["wsgi.input"] = self._tee

    def start_response(self, status: str, *rest: Any, **named: Any) -> Callable[[bytes], Any]:
        """What the client gave, with all that it takes; what an iterator of fields gives is kept for the client."""
        fields = rest[0] if rest else named.get("headers", named.get("response_headers", ()))
        if rest and hasattr(fields, "__next__"):
            fields = list(fields)
            rest = (fields, *rest[1:])
        self._write = self._start_response(status, *rest, **named)
        self.status = status
        self._fields = fields
        self._head = None
        if not self.done:
            # Flask leaves the matched rule on its request, which stands in the environ while the call lasts.
            self._rule = attribute(self._environ.get("werkzeug.request"), "url_rule")
        return self.write

    def write(self, data: bytes) -> Any:
        """What PEP 3333 lets an application call instead of returning its body."""
        self.chunks.append(as_bytes(data))
        return self._write(data)

    def head(self) -> Head:
        """What the application has said of its response so far. Raises what reading it raises."""
        head = self._head
        if head is None:
            fields = self._fields
            head = self._head = read_head(self.status or "", fields.items() if isinstance(fields, Mapping) else fields)
        return head

    @property
    def length(self) -> int | None:
        """The length that the application has announced, if it is one."""
        try:
            return self.head().length
        except Exception:  # fields of no shape that we know; the client may know it
            return None

    def finish(self, error: BaseException | None = None, complete: bool = True, dropped: bool = False) -> None:
        """The exchange is over: build it and record it, once."""
        if self.done:
            return
        self.done = True
        recorder = self.recorder
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
            if self._rule is not None and not dropped:  # in a finaliser nothing is read
                meet_flask(recorder, self._rule, self._environ, self._app)
        except Exception as failure:
            recorder.lose(f"the exchange could not be read: {describe(failure)}")
            return
        finally:
            # The environ may be used for another call, and a response that a test keeps must not keep the application.
            self._environ.pop(MARK, None)
            del self._app, self._environ
        if dropped:
            recorder.defer(exchange)
        else:
            recorder.record(exchange)

    def _response(self, error: BaseException | None, complete: bool) -> Response:
        if self.status is None or (error is not None and not any(self.chunks)):
            return SERVER_ERROR
        head = self.head()
        return Response(
            head.status,
            head.reason,
            head.headers,
            () if self._request.method == "HEAD" else tuple(self.chunks),
            NONE,
            complete and error is None,
        )

    def _route(self) -> Route | None:
        rule = self._rule or matched_rule(self._environ, self._app)
        return wsgi_route(rule, self._environ, self._app)


class WsgiBody:
    """The iterable that the client gets: the application's, one chunk at a time."""

    __slots__ = ("_call", "_close", "_length", "_next", "_size")

    def __init__(self, call: WsgiCall, result: Iterable[bytes]) -> None:
        self._call = call
        self._size = 0
        self._length: int | None = None
        self._close = getattr(result, "close", None)
        self._next = iter(result).__next__

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        call = self._call
        try:
            data = self._next()
        except StopIteration:
            call.finish()
            raise
        except BaseException as error:
            self._tell_late("the application", error)
            call.finish(error)
            raise
        if call.done:
            if data and self._size == self._length:
                self._length = None
                call.recorder.remark("response framing: more body than Content-Length announced, after its end")
            return data
        chunks = call.chunks
        if not chunks and call.status is not None:
            self._length = call.length
        chunk = data if type(data) is bytes else as_bytes(data)
        chunks.append(chunk)
        self._size += len(chunk)
        if self._size == self._length:
            call.finish()
        elif len(chunks) == 1:
            call.recorder.unfinished.add(call)
        return data

    def close(self) -> None:
        try:
            if self._close is not None:
                self._close()
        except BaseException as error:
            self._tell_late("close()", error)
            self._call.finish(error)
            raise
        self._call.finish(complete=False)

    def _tell_late(self, who: str, error: BaseException) -> None:
        if self._call.done:
            name = type(error).__name__
            self._call.recorder.remark(f"{who} raised after its exchange had been recorded: {name}")

    def __del__(self) -> None:
        # Where __init__ has raised, there is no call to speak of.
        call = getattr(self, "_call", None)
        if call is not None and not call.done:
            call.finish(complete=False, dropped=True)


class Head(NamedTuple):
    """Status and header fields of a response; ``length`` is the one that they announce, if any."""

    status: int
    reason: str
    headers: Headers
    length: int | None


def read_head(status: str, fields: Iterable[tuple[str, str]]) -> Head:
    """What an application gives to start_response: one value for what says the same."""
    pairs = tuple(fields)
    try:
        return _read_head(status, pairs)
    except TypeError:  # pairs that are lists: not PEP 3333, but seen
        return _read_head(status, tuple([(name, value) for name, value in pairs]))


@lru_cache(maxsize=256)
def _read_head(status: str, fields: tuple[tuple[str, str], ...]) -> Head:
    code, _, reason = status.partition(" ")
    headers = Headers.from_text(fields)
    length = headers.get("content-length") or ""
    return Head(int(code), reason, headers, int(length) if length.isascii() and length.isdigit() else None)
