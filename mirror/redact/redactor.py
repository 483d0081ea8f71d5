"""The redactor: an exchange in, the same exchange without its secrets out.

    redactor = Redactor()
    redactor.redact(exchange)     # the very same object where nothing is secret
    redactor.text("password=...") # for errors, logs, reports
    redactor.blank(exchange)      # one constant for each kind: to compare what different runs captured

It can be called from several threads at once, and it never raises: whatever goes wrong, the part where it went wrong is
replaced whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from mirror.exchange import Declaration, Exchange, KnownRoute, Request, Response, Route, WebSocketMessage
from mirror.headers import Headers
from mirror.redact.blanks import blanked
from mirror.redact.echo import Echoes
from mirror.redact.framing import Chunks, digested, reframed, rewrite_chunks, same
from mirror.redact.known import Known
from mirror.redact.names import Names
from mirror.redact.notes import Notes, name_of, notes
from mirror.redact.placeholders import Placeholders
from mirror.redact.repeated import Repeated
from mirror.redact.rules import DEFAULT, Rules
from mirror.redact.urls import rewrite_target, rewrite_url
from mirror.redact.values import Replaced, Values
from mirror.redact.within import settled

REMEMBERED = 2000
"""Verdicts on header fields and docstrings that are kept; when there are more, all are forgotten."""

UNTOUCHED = frozenset({b"content-type", b"content-length", b"content-encoding", b"transfer-encoding", b"date", b"host"})
# Browsers send tokens in these: bearer.TOKEN, and Kubernetes' base64url.bearer.authorization.k8s.io.TOKEN.
SUBPROTOCOL = re.compile(r"(?i)((?:base64url\.)?(?:bearer|token|jwt|auth)\.(?:authorization\.k8s\.io\.)?)(.{6,})")
CONTROL = {"ping": 125, "pong": 125, "close": 123}

Found = Callable[[str, str, str], None]


class Redactor:
    """Replaces secrets by placeholders that are equal for equal values of one redactor.

    ``rules`` are the user's. ``key`` makes the placeholders of several redactors equal (several processes of one run);
    without it each has its own, which is never written anywhere. Raises ConfigError for a detector of the user's that
    cannot be imported.
    """

    def __init__(
        self, rules: Rules = DEFAULT, key: bytes | None = None, *, blank: bool = False, found: Found | None = None
    ) -> None:
        self._rules = rules
        self._blank: Redactor | None = self if blank else None
        self._placeholders = Placeholders(key, blank)
        self._values = Values(rules, self._placeholders, found)
        self._bodies = Repeated(self._values)
        self._fields: dict[tuple[bytes, bytes], bytes] = {}
        self._replaced: dict[tuple[bytes, bytes], Replaced] = {}  # in those fields of which something was
        self._known = Known(self._placeholders)
        self._echoes = Echoes(self._placeholders)
        self._names = Names(self._values, self._known)
        self._docs: dict[str, str] = {}

    def redact(self, exchange: Exchange) -> Exchange:
        """The exchange without its secrets."""
        return self.named(self.unnamed(exchange))

    def unnamed(self, exchange: Exchange, said: Replaced | None = None) -> Exchange:
        """The exchange without its secrets, but with its test's name as it is (see mirror.store.naming).

        ``said`` is filled with what was replaced in it, for the messages of a session that has just begun with it.
        """
        said = {} if said is None else said
        places = self._values.places
        places.replaced = said
        request = self._request(exchange.request)
        places.replaced = None
        response = self._response(exchange.response)
        if said:
            response = self._echoes.response(response, said)
        messages = exchange.messages
        if messages:
            messages = tuple([self.message(message, said) for message in messages])
            if all(map(same, messages, exchange.messages)):
                messages = exchange.messages
        error = self.text(exchange.error) if exchange.error else exchange.error
        route = self._route(exchange.route) if exchange.route is not None else None
        if (
            request is exchange.request
            and response is exchange.response
            and messages is exchange.messages
            and error == exchange.error
            and route is exchange.route
        ):
            return exchange
        return msgspec.structs.replace(
            exchange, request=request, response=response, messages=messages, error=error, route=route
        )

    def named(self, exchange: Exchange) -> Exchange:
        """The exchange with the name of its test without secrets."""
        test = self.name(exchange.test) if exchange.test else exchange.test
        return exchange if test == exchange.test else msgspec.structs.replace(exchange, test=test)

    def blank(self, exchange: Exchange) -> Exchange:
        """The exchange with one constant for each kind of secret, whether it was redacted before or not."""
        if self._blank is None:
            self._blank = Redactor(self._rules, blank=True)
        return self._blank.redact(exchange)

    def text(self, text: str) -> str:
        """A text for people without secrets: what is found in it, and what was found elsewhere in this run before."""
        try:
            self._values.begin()
            return settled(self._text, text)
        except Exception:  # see the module's docstring
            return self._whole(text)

    @property
    def failures(self) -> int:
        """How many values were replaced whole, because something (a detector of the user's, say) raised."""
        return self._values.failures

    @property
    def digest(self) -> str:
        """Which rules these are (see mirror.redact.rules.Rules)."""
        return self._rules.digest

    @property
    def known(self) -> list[str]:
        """The secrets that were found in this run, as far as they are remembered."""
        return list(self._placeholders.known)

    def name(self, text: str) -> str:
        """The name of a test without secrets. See mirror.redact.names for this and the next two."""
        return self._names.name(text)

    def is_open(self, text: str) -> bool:
        return self._names.is_open(text)

    def hide(self, text: str) -> None:
        self._names.hide(text)

    def _text(self, text: str) -> str:
        return self._known.replace(self._values.prose(self._known.replace_torn(text)))

    # Parts ------------------------------------------------------------------------------------------------------------

    def _route(self, route: Route) -> Route:
        try:
            self._values.begin("route")
            template, endpoint = self._values.flat(route.template), blanked(self._values.flat(route.endpoint))
            doc = self._doc(route.doc) if route.doc else route.doc
        except Exception:  # see the module's docstring
            return Route(self._whole(route.template))
        if (template, endpoint, doc) == (route.template, route.endpoint, route.doc):
            return route
        return Route(template, endpoint, doc)

    def known_route(self, route: KnownRoute) -> KnownRoute:
        """A route that nobody may have called, without what is secret in its names and in what is said of it."""
        clean = self._route(Route(route.template, route.endpoint, route.doc or None))
        if route.hidden:
            return KnownRoute(clean.template, route.method, clean.endpoint, hidden=True)
        try:
            self._values.begin("route")
            declared = tuple(each for each in map(self._declaration, route.declared) if each is not None)
            names = (*route.tags, route.operation_id, route.title, route.version)
            *tags, operation_id, title, version = (blanked(self._values.flat(each)) for each in names)
            summary, description = self._doc(route.summary), self._doc(route.description)
            answers, about = (
                tuple((name, self._doc(said)) for name, said in each) for each in (route.answers, route.about_tags)
            )
            info = self._notes(route.info)
        except Exception:  # see the module's docstring
            return KnownRoute(clean.template, route.method, clean.endpoint, clean.doc or "")
        return KnownRoute(
            clean.template, route.method, clean.endpoint, clean.doc or "", declared, tuple(tags),
            summary, description, operation_id, route.deprecated, title, version, answers=answers,
            info=info, about_tags=about,
        )  # fmt: skip

    def _declaration(self, declared: Declaration) -> Declaration | None:
        """Nothing of a member that is named so, nor of choices of which one is secret: without it they are others."""
        if any(self._values.flat(name) != name for name in (declared.part, declared.pointer, declared.model)):
            return None
        if any(self._values.flat(each) != each for each in declared.choices):
            declared = msgspec.structs.replace(declared, choices=())
        return msgspec.structs.replace(declared, notes=self._notes(declared.notes, name_of(declared)))

    def _notes(self, said: Notes, name: str = "") -> Notes:
        is_secret = bool(name) and self._values.key(name) is not None
        return notes(said, is_secret, self._doc, lambda body: self._bodies.rewrite(body, "application/json", "")[0])

    def _doc(self, doc: str) -> str:
        """A docstring: a text that comes with each exchange, so its verdict is kept. It is published, and nobody
        follows what stands in it: so its placeholders are the same in every run."""
        found = self._docs.get(doc)
        if found is None:
            found = blanked(self._values.prose(doc))
            if len(self._docs) >= REMEMBERED:
                self._docs.clear()
            self._docs[doc] = found
        return found

    def _request(self, request: Request) -> Request:
        target = self._target(request.target)
        headers, chunks = self._message_parts(request.headers, request.chunks)
        if target == request.target and headers is request.headers and chunks is request.chunks:
            return request
        return Request(request.method, target, headers, chunks, request.scheme)

    def _response(self, response: Response) -> Response:
        headers, chunks = self._message_parts(response.headers, response.chunks)
        trailers = self._headers(response.trailers) if response.trailers.raw else response.trailers
        if trailers is not response.trailers or chunks is not response.chunks:
            trailers = digested(trailers, response.chunks, chunks)
        reason = self._string(response.reason) if len(response.reason) > 8 else response.reason
        if (
            headers is response.headers
            and chunks is response.chunks
            and trailers is response.trailers
            and reason == response.reason
        ):
            return response
        return Response(response.status, reason, headers, chunks, trailers, response.complete)

    def _target(self, target: str) -> str:
        try:
            if self._values.tracks:
                self._values.begin("query")
            if target.startswith("/"):
                return rewrite_target(target, self._values, 0)
            return self._string(target)
        except Exception:  # see the module's docstring
            return f"/{self._whole(target)}"

    def _string(self, text: str) -> str:
        try:
            return self._values.string(text)
        except Exception:  # see the module's docstring
            return self._whole(text)

    def _whole(self, text: str) -> str:
        return self._placeholders.make(text)

    def _message_parts(self, headers: Headers, chunks: Chunks) -> tuple[Headers, Chunks]:
        """Header section and body of a message, which are made to fit each other again."""
        new_headers = self._headers(headers)
        if not any(chunks):
            return new_headers, chunks
        content_type, encoding = headers.get("content-type") or "", headers.get("content-encoding") or ""
        if self._values.tracks:
            self._values.begin()
        new_chunks, bare = rewrite_chunks(chunks, content_type, encoding, self._bodies.rewrite)
        if new_chunks is chunks:
            return new_headers, chunks
        return reframed(new_headers, chunks, new_chunks, bare), new_chunks

    def _headers(self, headers: Headers) -> Headers:
        changed = False
        fields = []
        known = self._fields
        for field in headers.raw:
            new = known.get(field)
            if new is None:
                new = self._first_field(field)
            if new is not field[1] and new != field[1]:
                changed = True
                self._values.told(self._replaced.get(field))
                field = (field[0], new)
            fields.append(field)
        return Headers(tuple(fields)) if changed else headers

    def _first_field(self, field: tuple[bytes, bytes]) -> bytes:
        """The value of a field that was not seen before."""
        new, replaced = self._values.telling(lambda: self._field(*field))
        if not self._values.tracks:
            if len(self._fields) >= REMEMBERED:
                self._fields.clear()
                self._replaced.clear()
            if replaced:
                self._replaced[field] = replaced
            self._fields[field] = new
        return new

    def _field(self, name: bytes, value: bytes) -> bytes:
        low = name.lower()
        if (low in UNTOUCHED and b"@" not in value) or len(value) < 3:
            return value
        text = value.decode("latin-1")
        try:
            if self._values.tracks:
                self._values.begin("headers", low.decode("latin-1"))
            if low == b"sec-websocket-protocol":
                return self._subprotocols(text).encode("latin-1")
            if low == b"host":  # an authority, with a user in it
                return rewrite_url(f"http://{text}", self._values, 0)[7:].encode("latin-1", "xmlcharrefreplace")
            key = self._values.key(name.decode("latin-1"))
            new = self._values.string(text, key)
            return value if new == text else new.encode("latin-1", "xmlcharrefreplace")
        except Exception:  # see the module's docstring
            return self._whole(text).encode("latin-1", "replace")

    def _subprotocols(self, text: str) -> str:
        """Browsers send no Authorization with a WebSocket, so a token is often the subprotocol behind ``bearer``."""
        parts = text.split(",")
        for place, part in enumerate(parts):
            bare = part.strip()
            behind = parts[place - 1].strip().lower() if place else ""
            secret = behind in ("bearer", "token", "access_token", "authorization", "auth", "jwt")
            joined = SUBPROTOCOL.fullmatch(bare)
            if joined:
                new = f"{joined[1]}{self._values.secret('token', joined[2])}"
            else:
                new = self._values.secret("token", bare) if secret else self._values.string(bare)
            if new != bare:
                parts[place] = part.replace(bare, new)
        return ",".join(parts)

    def message(self, message: WebSocketMessage, said: Replaced) -> WebSocketMessage:
        """A message without its secrets, and without those that were ``said`` before it, to which it adds its own."""
        if not message.data:
            return message
        if self._values.tracks:
            self._values.begin()
        kind = "" if message.kind == "binary" else "text/plain"
        (new, _), own = self._values.telling(lambda: self._bodies.rewrite(message.data, kind, ""))
        if said:
            new = self._echoes.body(new, kind, said)
        said.update(own)
        if new is message.data or new == message.data:
            return message
        if len(new) > CONTROL.get(message.kind, len(new)):
            new = self._placeholders.plain(message.data.hex()).encode()
        return msgspec.structs.replace(message, data=new)
