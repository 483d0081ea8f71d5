"""One exchange as evidence: what it adds to what is known of its operation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from mirror.exchange import Exchange, KnownRoute, Route
from mirror.headers import Headers
from mirror.openapi.about import is_about, is_listed_about
from mirror.openapi.blamed import kind_at
from mirror.openapi.bodies import Body, Take, add_body, at_once, read_body
from mirror.openapi.bounded import entry
from mirror.openapi.credentials import credentials_of
from mirror.openapi.evidence import (
    MOST_DOCS,
    MOST_OMISSIONS,
    MOST_TESTS,
    Answer,
    Credentials,
    Operation,
    Parameters,
    Refusal,
    Requests,
    fate_of,
)
from mirror.openapi.fieldnames import is_custom
from mirror.openapi.graphql import add_graphql, graphql_of
from mirror.openapi.paths import LONGEST_ECHO, Echoes
from mirror.openapi.refusals import omissions, refused, root_of
from mirror.openapi.spelling import spelled
from mirror.openapi.texts import Texts
from mirror.redact.blanks import blanked, is_marked

Find = Callable[[Exchange, Echoes], tuple[Operation, str | None]]

NO_ROUTE = "no route"
STATIC = re.compile(r"(?:.*\.)?static")
LOCATION = re.compile(r"(?:(?:([A-Za-z][\w+.-]*):)?//[^/?#]*)?([^?#]*)")
FILE = re.compile(r"\.\w+$")  # without an extension it may be what an operation keeps: a photo
PAGES = re.compile(r"(?:text/(?:css|javascript)|application/(?:javascript|x-javascript|wasm)|image/|font/)")


def reason_to_skip(exchange: Exchange) -> str | None:
    """Why an exchange is no call of an operation; None where it is one."""
    request, response, route = exchange.request, exchange.response, exchange.route
    if response.status == 101 or exchange.messages:
        return "a WebSocket session"
    if request.method == "OPTIONS":
        return "a CORS preflight" if request.headers.get("access-control-request-method") else "OPTIONS"
    if request.method in ("CONNECT", "TRACE"):
        return request.method
    if is_about(exchange):
        return "a document about the service"
    if route is not None:
        return "a static file" if is_static(route) else None
    if exchange.gateway in ("wsgi", "asgi"):  # mirror's own: the framework would have told the route
        if response.status in (404, 405):
            return NO_ROUTE
        if 300 <= response.status < 400:
            if is_detour(exchange):
                return "a redirection without a route"
            # What sends on after it has done something (POST, 303) is an operation. A GET may be middleware's, and is
            # one only where no routes are ever known.
            if request.method in ("GET", "HEAD"):
                return NO_ROUTE
    if FILE.search(request.path) and PAGES.match(response.headers.get("content-type") or ""):
        return "a static file"
    return None


def is_detour(exchange: Exchange) -> bool:
    """Whether it sends to the same path with a slash more or less, or the same request elsewhere. What is done is told
    by 302 or 303 to the same path as well: that shows what has become of it."""
    request, status = exchange.request, exchange.response.status
    found = LOCATION.match(exchange.response.headers.get("location") or "")
    here, there = unquote(request.path), unquote(found[2] or "/") if found else ""
    if status == 303 or here.rstrip("/") != there.rstrip("/"):
        return False
    return here != there or status in (301, 307, 308) or bool(found and found[1] not in (None, request.scheme))


def is_beside(path: str, route: KnownRoute) -> bool:
    """Whether a route with that path template is no operation: static files, and documents about the service."""
    return is_listed_about(path, route) or is_static(route)


def is_static(route: Route | KnownRoute) -> bool:
    return STATIC.fullmatch(route.endpoint) is not None and ":" in route.template


def note(exchange: Exchange, find: Find, take: Take) -> None:
    """Add an exchange to the operation that ``find`` gives for it and for the strings in its bodies. The values of the
    bodies go to their shapes by ``take``, at once where operations are found by their paths: they may become one."""
    request, response = exchange.request, exchange.response
    said = read_body(request.headers, request.body)
    answered = read_body(response.headers, response.body)
    echoes = {} if exchange.route is not None else named(answered.values)
    operation, template = find(exchange, echoes)
    if template is None:
        take = at_once
    operation.count += 1
    if exchange.route is not None:
        operation.endpoints.add(exchange.route.endpoint)
        if exchange.route.doc and exchange.route.doc not in operation.docs:
            operation.docs = sorted([*operation.docs, exchange.route.doc])[:MOST_DOCS]
    fate = fate_of(response.status)
    requests = operation.requests.get(fate)
    if requests is None:
        requests = operation.requests[fate] = Requests()
    test = stable(exchange.test or "")
    requests.count += 1
    queries = query_of(request.query)
    note_parameters(requests.parameters, exchange, template, queries)
    if request.body:
        add_body(requests.contents, said, test, take)
    else:
        requests.bodiless += 1
    note_answer(operation, exchange, answered, test, take)
    note_refusal(operation, exchange, said, answered, queries, () if template is None else pattern(template).groupindex)
    note_credentials(operation, exchange, queries)
    calls = graphql_of(request, said)
    if calls:
        add_graphql(operation.graphql, calls, answered.values[0] if answered.values else None)


def note_parameters(
    parameters: Parameters, exchange: Exchange, template: str | None, queries: Mapping[str, list[str]]
) -> None:
    parameters.count += 1
    request = exchange.request
    if template is not None and "{" in template:
        found = pattern(template).fullmatch(spelled(request.path))
        for name, value in found.groupdict().items() if found is not None else ():
            entry(parameters.path, name, Texts).add([unquote(value)])
    note_named(parameters, request.headers, queries)
    for name, value in cookies_of(request.headers):
        entry(parameters.cookie, name, Texts).add([value])


def note_named(parameters: Parameters, headers: Headers, queries: Mapping[str, list[str]]) -> None:
    for name, values in queries.items():
        entry(parameters.query, name, Texts).add(values)
    for name, values in customs(headers):
        entry(parameters.header, name, Texts).add(values)


def note_answer(operation: Operation, exchange: Exchange, answered: Body, test: str, take: Take) -> None:
    response = exchange.response
    answer = operation.answers.get(response.status)
    if answer is None:
        answer = operation.answers[response.status] = Answer()
    answer.count += 1
    place = bisect_left(answer.tests, test)
    if test and place < MOST_TESTS and answer.tests[place : place + 1] != [test]:
        answer.tests.insert(place, test)
        del answer.tests[MOST_TESTS:]
    for name, values in customs(response.headers):
        entry(answer.headers, name, Texts).add(values)
    if response.status == 201 or 300 <= response.status < 400:  # where what was made, or asked for, is
        locations = response.headers.get_all("location")
        if locations:
            entry(answer.headers, "location", Texts).add(locations)
    if response.body:
        add_body(answer.contents, answered, test, take)


def note_refusal(
    operation: Operation,
    exchange: Exchange,
    said: Body,
    answered: Body,
    queries: Mapping[str, list[str]],
    variables: Collection[str],
) -> None:
    status = exchange.response.status
    if not 400 <= status < 500 or not answered.values:
        return
    told = refused(status, answered.values[0], said, exchange.request.method, queries, variables)
    root = root_of(said)
    for each in told.places:
        refusal = entry(operation.refusals, each.place, Refusal)
        refusal.count += 1
        refusal.missing += each.missing
        if each.type:
            refusal.types.add(each.type)
        if kind := kind_at(each.place, root):
            refusal.sent.add(kind)
        is_secret = any(map(is_marked, each.choices))
        if not is_secret:  # without the one that is secret they are others
            refusal.choose(each.choices)
        refusal.doubtful += each.doubtful or is_secret
    if told.places:
        operation.omissions = sorted({*operation.omissions, *omissions(told, queries, said)})[:MOST_OMISSIONS]


def note_credentials(operation: Operation, exchange: Exchange, queries: Mapping[str, list[str]]) -> None:
    status = exchange.response.status
    for scheme in credentials_of(exchange.request) or ("",):
        kept = entry(operation.credentials, scheme, Credentials)
        if status in (401, 403):
            kept.denied += 1
        elif status < 400:
            kept.accepted += 1
        else:
            kept.other += 1
    if status in (401, 403):
        operation.denied.count += 1
        note_named(operation.denied, exchange.request.headers, queries)
    if status == 401:
        for challenge in exchange.response.headers.get_all("www-authenticate"):
            operation.challenges.add(challenge.partition(" ")[0].lower())


def stable(test: str) -> str:
    """The name of a test as it is in every run: the parameters that redaction replaced are others in each."""
    name, _, parameters = test.partition("[")
    return name if parameters and is_marked(parameters) else test


@lru_cache(maxsize=512)
def pattern(template: str) -> re.Pattern[str]:
    """Matches the paths of a template, which are spelled like it (mirror.openapi.spelling); a parameter may span
    segments where that is needed."""
    parts = re.split(r"\{([^{}]+)\}", template)
    expression = ""
    names: set[str] = set()
    for number, part in enumerate(parts):
        if number % 2 == 0:
            expression += re.escape(part)
        elif part.isidentifier() and part not in names:
            names.add(part)
            expression += f"(?P<{part}>.+?)" if number == len(parts) - 2 and not parts[-1] else f"(?P<{part}>[^/]+)"
        else:
            expression += "[^/]+"
    return re.compile(expression)


@lru_cache(maxsize=512)
def query_of(query: str) -> dict[str, list[str]]:
    """The values of each name in a query. Nobody may change it: it is remembered."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        found.setdefault(blanked(name), []).append(value)  # a name may be a value: ?zoe%40shop.example
    return found


@lru_cache(maxsize=512)
def customs(headers: Headers) -> tuple[tuple[str, list[str]], ...]:
    """The header fields that an interface has of its own, by their names in small letters."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        low = name.lower()
        if is_custom(low):
            found.setdefault(low, []).append(value)
    return tuple(found.items())


@lru_cache(maxsize=512)
def cookies_of(headers: Headers) -> tuple[tuple[str, str], ...]:
    """The cookies of a request (RFC 6265 section 4.2)."""
    found = []
    for field in headers.get_all("cookie"):
        for part in field.split(";"):
            name, equals, value = part.strip().partition("=")
            if equals:
                plain = unquote(name)
                blank = blanked(plain)
                found.append((name if blank == plain else blank, value))
    return tuple(found)


def named(values: Iterable[Any]) -> dict[str | int, set[str]]:
    """The strings and integers in JSON values, down to the third level, and the names of the members that they are
    values of: what a path's segments may be echoed as."""
    found: dict[str | int, set[str]] = {}
    pending: list[tuple[Any, str, int]] = [(value, "", 0) for value in values]
    while pending:
        value, name, depth = pending.pop()
        if isinstance(value, str):
            if len(value) <= LONGEST_ECHO:
                found.setdefault(value, set()).add(name)
        elif isinstance(value, int) and not isinstance(value, bool):
            found.setdefault(value, set()).add(name)
        elif depth < 3 and isinstance(value, dict):
            pending += [(each, blanked(key), depth + 1) for key, each in value.items()]
        elif depth < 3 and isinstance(value, list):
            pending += [(each, name, depth + 1) for each in value[:50]]
    return found
