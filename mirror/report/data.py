"""The data of the page, as JSON values: an index that is read at once, and the exchanges that are read when asked for.

    index  {"title", "count", "limits": {"body", "most"}, "cut", "tests": [[outcome, calls, name], ...],
            "operations": [...], "schemas": {...}, "security": {...},
            "rows": [[number, operation, method, target, status, elapsed, test], ...]}
    raw    {"fields": [[[name, value], ...], ...], "bodies": [[kind, size, text, cut], ...],
            "exchanges": [[id, started, gateway, reason, sent fields, sent, got fields, got, more], ...]}

``rows`` and ``exchanges`` go together; fields and bodies stand once, and are referred to by their place (-1: none). An
operation has ``kind`` (``call``, ``session``, ``aside``, ``uncalled``), ``method``, ``path``, ``tag``, ``count``,
``statuses`` and ``tests`` (pairs with counts), and ``doc``: what its OpenAPI document says. Only header fields begin
with their name: whoever looks for secrets takes what stands behind a name, or beside a ``name``, for its value.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from mirror.openapi.document import Style, openapi
from mirror.openapi.info import info_of
from mirror.openapi.model import HIDDEN, Service, hidden_among, key_of
from mirror.openapi.naming import METHODS, blank
from mirror.report.collection import Collection, Seen, Spot
from mirror.report.places import Places
from mirror.report.rows import Body, Fields, Message, Row

Data = dict[str, Any]

NEVER_FOUND = "never anything but 404 or 405"


def data(collection: Collection, title: str | None = None) -> tuple[Data, Data]:
    """The index and the raw exchanges. Without a ``title`` it is the application's, or API."""
    service = collection.service()
    title = title or info_of(service.known).title or "API"
    document = openapi(service, Style(title=title))
    operations = sorted([*called(collection, service, document), *uncalled(document)], key=order)
    tests = sorted({test for _, seen in operations for test in seen.tests})
    place = {test: number for number, test in enumerate(tests)}
    raw = Raw()
    rows: list[Any] = []
    most = collection.limits.most
    for number, (operation, seen) in enumerate(operations):
        operation["count"] = seen.statuses.total()
        operation["statuses"] = [[status, seen.statuses[status]] for status in sorted(seen.statuses)]
        operation["tests"] = [[place[test], seen.tests[test]] for test in sorted(seen.tests)]
        for row in limited(seen, most):
            by = place.get(row.test, -1)
            rows.append([row.number, number, row.method, row.target, row.status, row.elapsed, by])
            raw.add(row)
    calls: Counter[str] = Counter()
    for _, seen in operations:
        calls.update(seen.tests)
    components = document.get("components", {})
    index = {
        "title": title,
        "count": collection.count,
        "limits": collection.limits._asdict(),
        "cut": raw.cut,
        "tests": [[collection.outcomes.get(test, ""), calls[test], test] for test in tests],
        "operations": [operation for operation, _ in operations],
        "schemas": components.get("schemas", {}),
        "security": components.get("securitySchemes", {}),
        "rows": rows,
    }
    return index, raw.data()


def called(collection: Collection, service: Service, document: Data) -> Iterator[tuple[Data, Seen]]:
    """What exchanges were of: operations, WebSocket sessions, and what is no operation."""
    keys = {}
    for key in service.operations():
        method, _, template = key.partition(" ")
        doc = document["paths"].get(template, {}).get(member(method))
        if doc is not None:
            keys[key] = doc
    found: dict[tuple[str, str, str], Seen] = {}
    unwanted = hidden_among(service.known)
    places = Places(keys)
    hidden = Places(key for key in map(key_of, service.known) if blank(key) in unwanted)
    for spot, seen in collection.spots.items():
        found.setdefault(whose(spot, places, hidden), Seen()).add(seen)
    for (kind, method, path), seen in found.items():
        operation: Data = {"kind": kind, "method": method, "path": path}
        if kind == "call":
            operation |= lean(keys[f"{method} {path}"])
        yield operation, seen


def whose(spot: Spot, places: Places, hidden: Places) -> tuple[str, str, str]:
    """The kind, method and path of what the exchanges of a spot are shown under."""
    if spot.method == "WS":
        return "session", "WS", spot.path
    if spot.aside:
        return "aside", "", spot.aside
    key = places.of(spot.method, spot.path, spot.routed)
    if key is None:
        return "aside", "", HIDDEN if hidden.of(spot.method, spot.path, spot.routed) else NEVER_FOUND
    method, _, path = key.partition(" ")
    return "call", method, path


def uncalled(document: Data) -> Iterator[tuple[Data, Seen]]:
    """The routes that the framework has and no test called."""
    for template, item in document["paths"].items():
        for name, doc in item.items():
            if doc.get("x-mirror", {}).get("samples") == 0:
                yield {"kind": "uncalled", "method": name.upper(), "path": template} | lean(doc), Seen()


def member(method: str) -> str:
    """What a method is called in a path item of the document."""
    return method.lower() if method.lower() in METHODS else f"x-{method.lower()}"


def lean(doc: Data) -> Data:
    """What the document says of an operation, without what the page knows better; examples as text."""
    kept = {key: value for key, value in doc.items() if key not in ("tags", "x-mirror")}
    if "requestBody" in kept:
        kept["requestBody"] = with_examples(kept["requestBody"])
    kept["responses"] = {status: with_examples(each) for status, each in kept.get("responses", {}).items()}
    return {"tag": (doc.get("tags") or [""])[0], "doc": kept}


def with_examples(holder: Data) -> Data:
    kept = {key: value for key, value in holder.items() if key != "x-mirror"}
    if "content" in kept:
        kept["content"] = {media: dict(content) for media, content in kept["content"].items()}
        for content in kept["content"].values():
            if "examples" in content:
                content["examples"] = [
                    {"example": name, "text": text_of(each["value"])} for name, each in content["examples"].items()
                ]
    return kept


def text_of(value: Any) -> str:
    """An example as text: a browser would round its numbers."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def limited(seen: Seen, most: int) -> Iterator[Row]:
    """The rows that are shown, in the order of the captures."""
    left = dict.fromkeys(seen.statuses, most)
    for row in sorted(seen.rows, key=lambda row: row.number):
        if left[row.status] > 0:
            left[row.status] -= 1
            yield row


KINDS = ("call", "uncalled", "session", "aside")


def order(each: tuple[Data, Seen]) -> tuple[Any, ...]:
    operation = each[0]
    kind, method = operation["kind"], operation["method"].lower()
    group = 0 if kind in ("call", "uncalled") else KINDS.index(kind)
    place = METHODS.index(method) if method in METHODS else len(METHODS)
    return group, operation.get("tag", ""), operation["path"], place, operation["method"]


class Raw:
    """The exchanges themselves: what stands in several of them is kept once."""

    def __init__(self) -> None:
        self._fields: dict[Fields, int] = {}
        self._bodies: dict[Body, int] = {}
        self._exchanges: list[Any] = []
        self.cut = 0

    def add(self, row: Row) -> None:
        more: Data = {}
        if row.trailers:
            more["trailers"] = self._section(row.trailers)
        if not row.complete:
            more["incomplete"] = True
        if row.error:
            more["error"] = row.error
        if row.messages:
            more["messages"] = [self._message(each) for each in row.messages]
        if row.more_messages:
            more["more"] = row.more_messages
        self._exchanges.append(
            [
                row.id, row.started, row.gateway, row.reason, self._section(row.sent_fields), self._body(row.sent),
                self._section(row.got_fields), self._body(row.got), more,
            ]
        )  # fmt: skip

    def data(self) -> Data:
        return {"fields": list(self._fields), "bodies": list(self._bodies), "exchanges": self._exchanges}

    def _section(self, fields: Fields) -> int:
        return self._fields.setdefault(fields, len(self._fields))

    def _body(self, body: Body | None) -> int:
        if body is None:
            return -1
        self.cut += body.cut
        return self._bodies.setdefault(body, len(self._bodies))

    def _message(self, message: Message) -> list[Any]:
        return [message.sender, message.kind, message.code, message.after, self._body(message.body)]
