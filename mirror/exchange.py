"""One exchange: a request and its response, as the application and its client exchanged them.

Frozen values without I/O, shared by everything else. RFC 9110's words: a *request target* is what stands between
method and version on the request line, the *authority* is what the Host field says.

A body is kept as the chunks in which it was exchanged (``chunks``), because a stream's boundaries are part of what an
observer can see; ``body`` joins them. Times are in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec

from mirror.headers import Headers

T = TypeVar("T")

NONE = Headers()


class Request(msgspec.Struct, frozen=True, gc=False):
    """What the client sent.

    ``target`` is the request target in origin form (``/a//b%2Fc?x=1``), or ``*``; ASCII. ``scheme`` is the one the
    client's URL had, although the wire is always plain HTTP.
    """

    method: str
    target: str
    headers: Headers
    chunks: tuple[bytes, ...] = ()
    scheme: str = "http"

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def authority(self) -> str:
        """The value of the Host field (empty where there is none)."""
        return self.headers.get("host") or ""

    @property
    def path(self) -> str:
        """The target without its query, still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query of the target without its question mark, still percent-encoded."""
        return self.target.partition("?")[2]

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


class Response(msgspec.Struct, frozen=True, gc=False):
    """What the application answered.

    ``complete`` is False where the body ended early: the application raised, or the client stopped reading.
    ``trailers`` follow a chunked body (RFC 9112 section 7.1.2).
    """

    status: int
    reason: str
    headers: Headers
    chunks: tuple[bytes, ...] = ()
    trailers: Headers = NONE
    complete: bool = True

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)


class Route(msgspec.Struct, frozen=True, gc=False):
    """What the framework matched: known, not guessed.

    ``template`` is written as the framework writes it, with the prefixes of mounts and blueprints (``/orders/<int:id>``
    in Flask, ``/orders/{id}`` in Starlette); ``endpoint`` is the framework's name for the view, ``doc`` its docstring.
    """

    template: str
    endpoint: str = ""
    doc: str | None = None


class Declaration(msgspec.Struct, frozen=True, order=True, omit_defaults=True, gc=False):
    """What a framework's model declares of a place in what an operation is sent and answers.

    ``part`` is ``request`` for the body of a request, the status of a response (``200``), or where a parameter stands
    (``query``, ``header``, ``cookie``, ``path``); ``pointer`` is the place in it, with ``*`` for the members of lists
    and maps: the lines of an order are at ``lines/*``, the order itself at the empty one. What objects have that a
    member tells apart is below ``=kind=card`` and ``=kind=cash``.

    ``model`` is what the objects there are called. ``kinds`` are the JSON types of the values, ``map`` for objects
    whose keys are values, ``anything`` alone where any value may stand; none where nobody knows. ``format`` is that of
    strings; ``choices`` are the strings to choose from, or, where there are integers and no strings, the integers, in
    digits. ``presence`` is ``required`` or ``optional`` for what is a member or a parameter. ``notes`` are what is said
    of the values in JSON Schema's words, as JSON (``("minimum", "1")``), and of a ``model`` what its docstring says.
    """

    part: str
    pointer: str = ""
    model: str = ""
    kinds: tuple[str, ...] = ()
    format: str = ""
    choices: tuple[str, ...] = ()
    presence: Literal["", "required", "optional"] = ""
    notes: tuple[tuple[str, str], ...] = ()


class KnownRoute(msgspec.Struct, frozen=True, order=True, omit_defaults=True, gc=False):
    """A route that an application has for one method, whether a test called it or not; written as in Route.
    ``declared`` is what its models say, ``tags`` are what its framework puts it under; ``summary`` to ``deprecated`` is
    what its developers have said of it for its documentation, ``title`` and ``version`` of all that its application
    does, ``answers`` what they have said of its responses, by status; ``info`` the rest of what OpenAPI's Info
    Object has (as JSON), ``about_tags`` what its tags are about. What is ``hidden`` they do not want there."""

    template: str
    method: str
    endpoint: str = ""
    doc: str = ""
    declared: tuple[Declaration, ...] = ()
    tags: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    operation_id: str = ""
    deprecated: bool = False
    title: str = ""
    version: str = ""
    hidden: bool = False
    answers: tuple[tuple[str, str], ...] = ()
    info: tuple[tuple[str, str], ...] = ()
    about_tags: tuple[tuple[str, str], ...] = ()


class WebSocketMessage(msgspec.Struct, frozen=True, gc=False):
    """One message of a WebSocket session (RFC 6455).

    ``data`` is the payload: of a text its UTF-8, of a close its reason. ``code`` is the status code of a close (0 for
    none, and for all other kinds). ``time`` is seconds since the Unix epoch.
    """

    sender: Literal["client", "server"]
    kind: Literal["text", "binary", "ping", "pong", "close"]
    data: bytes
    time: float
    code: int = 0


class Exchange(msgspec.Struct, frozen=True, gc=False):
    """A request, its response and what is known about them.

    ``id`` is mirror's own correlation ID, fresh for every exchange. ``started`` is seconds since the Unix epoch,
    ``elapsed`` the seconds until the response had ended. ``error`` names the exception that escaped the application
    (``ValueError: boom``). ``test`` is the pytest node ID of the test that made the call. ``gateway`` is the interface
    the call went through: ``wsgi`` or ``asgi`` (``http`` where it was read from a file of another tool's).

    A WebSocket session is an exchange whose response is a 101, and its ``messages`` in the order in which they came.
    ``outcome`` is that of the test, known when the test is over: in captures, not while it runs (``passed``,
    ``failed``, ``skipped``, ``error``, ``xfailed``, ``xpassed``).
    """

    id: str
    request: Request
    response: Response
    gateway: str
    started: float
    elapsed: float
    route: Route | None = None
    error: str | None = None
    test: str | None = None
    messages: tuple[WebSocketMessage, ...] = ()
    outcome: str | None = None


def carries_no_body(method: str, status: int) -> bool:
    """Whether a response ends with its header section whatever its fields say (RFC 9112 section 6.3, rule 1)."""
    return status < 200 or status == 204 or status == 304 or method == "HEAD"


def writable(value: Any) -> Any:
    """The same with lone surrogates, which an exception's text may hold and no UTF-8 can, written as ``\\udc80``."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {writable(key): writable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [writable(item) for item in value]
    return value


def encodable(value: T) -> T:
    """An exchange, or another struct, with such text written in that way."""
    return msgspec.convert(writable(msgspec.to_builtins(value, builtin_types=(bytes,))), type(value))


def in_utf_8(value: T, encode: Callable[[T], bytes]) -> bytes:
    """The value encoded, with such text written in that way where there is any."""
    try:
        return encode(value)
    except UnicodeEncodeError:
        return encode(encodable(value))
