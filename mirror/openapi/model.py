"""The model: what exchanges have shown of one or several services, ready to be merged and to be written down.

    model = Model()
    for exchange in exchanges:
        model.add(exchange)
    document = openapi(model.settled()[""])         # mirror.openapi.document

Merging models of parts of the exchanges, in any order, gives the model of all of them (law 8). ``to_bytes`` and
``from_bytes`` carry a model from one process to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, Self

import msgspec
from msgspec.structs import replace

from mirror.exchange import Exchange, KnownRoute, encodable
from mirror.openapi.bodies import Take, at_once
from mirror.openapi.evidence import Operation, fate_of
from mirror.openapi.keys import with_keys
from mirror.openapi.merging import copy, merge_into
from mirror.openapi.naming import blank
from mirror.openapi.observation import NO_ROUTE, is_beside, note, reason_to_skip
from mirror.openapi.one_path import named, unified
from mirror.openapi.paths import Echoes, Tree, template_of
from mirror.openapi.prose import with_prose

HIDDEN = "kept out of the schema by its developers"


class Service(msgspec.Struct):
    """One application: ``routed`` are the operations whose route is known, by method and path template (``GET
    /orders/{order_id}``), ``tree`` holds the others by their paths. ``known`` are the routes of its applications,
    called or not. ``skipped`` counts what is no operation, by reason. ``lost`` holds what was not found by an
    application under mirror's own eyes, and had no route: where routes are known it asked for nothing that is there;
    where none ever is (Django), it may have asked an operation for a thing that it has not."""

    count: int = 0
    routed: dict[str, Operation] = {}
    tree: Tree = msgspec.field(default_factory=Tree)
    lost: Tree = msgspec.field(default_factory=Tree)
    known: set[KnownRoute] = msgspec.field(default_factory=set)
    skipped: dict[str, int] = {}

    def add(self, exchange: Exchange, take: Take = at_once) -> None:
        """Take in one exchange; the values in its bodies go to their shapes by ``take``."""
        exchange = with_known_method(exchange)
        reason = reason_to_skip(exchange)
        if reason is not None:
            self.skipped[reason] = self.skipped.get(reason, 0) + 1
            if reason == NO_ROUTE:
                note(exchange, self._lost, take)
            return
        self.count += 1
        note(exchange, self._operation, take)

    def _lost(self, exchange: Exchange, echoes: Echoes) -> tuple[Operation, str | None]:
        request = exchange.request
        return self.lost.add(request.method, request.path, echoes, fate_of(exchange.response.status)), None

    def _operation(self, exchange: Exchange, echoes: Echoes) -> tuple[Operation, str | None]:
        """The operation of an exchange, and the path template where it is known."""
        method, route = exchange.request.method, exchange.route
        if route is None:
            return self.tree.add(method, exchange.request.path, echoes, fate_of(exchange.response.status)), None
        template = template_of(route.template)
        key = f"{method} {template.path}"
        operation = self.routed.get(key)
        if operation is None:
            operation = self.routed[key] = Operation()
        for name, word in template.converters.items():
            operation.converters.setdefault(name, set()).add(word)
        return operation, template.path

    def merge(self, other: Service) -> None:
        """Take in what another one has taken in; that one may not be used any more."""
        self.count += other.count
        merge_into(self.routed, other.routed)
        self.tree.merge(other.tree)
        self.lost.merge(other.lost)
        self.known |= other.known
        for reason, number in other.skipped.items():
            self.skipped[reason] = self.skipped.get(reason, 0) + number

    def operations(self) -> dict[str, Operation]:
        """All operations by method and path template, each path under one name."""
        hidden = hidden_among(self.known)
        return {key: each for key, each in self._found().items() if blank(key) not in hidden}

    def judged(self) -> Service:
        """The same with every template known, and with what developers hide left out: asked for its operations, it need
        not judge paths again."""
        hidden, found = hidden_among(self.known), self._found()
        calls = sum(each.count for key, each in found.items() if blank(key) in hidden)
        routed = {key: each for key, each in found.items() if blank(key) not in hidden}
        skipped = self.skipped | ({HIDDEN: self.skipped.get(HIDDEN, 0) + calls} if calls else {})
        return msgspec.structs.replace(
            self, count=self.count - calls, routed=routed, tree=Tree(), lost=Tree(), skipped=skipped
        )

    def _found(self) -> dict[str, Operation]:
        """All operations, those that developers hide as well."""
        found = dict(self.routed)
        tree = self.tree
        if not self.routed and self.skipped.get(NO_ROUTE):
            tree = copy(tree)
            tree.merge(copy(self.lost))
        for key, operation in tree.templates():
            if key in found:
                whole = copy(found[key])
                whole.merge(operation)
                found[key] = whole
            else:
                found[key] = operation
        found = with_keys(with_prose(named(unified(found), self.known)))
        return {key: each for key, each in found.items() if is_operation(key, found)}


class Model(msgspec.Struct):
    """The services by name; the only one of an undivided model has none. ``applications`` are the routes of each
    application that was met, called or not. Bytes of another ``version`` are not read: a worker of a cluster may have
    another mirror."""

    version: Literal[1] = 1
    services: dict[str, Service] = {}
    applications: set[tuple[KnownRoute, ...]] = msgspec.field(default_factory=set)

    def add(self, exchange: Exchange, service: str = "", take: Take = at_once) -> None:
        """Take in one exchange, which may hold half characters where it does not come from a file. The values in its
        bodies go to their shapes by ``take``."""
        route = exchange.route
        texts = f"{exchange.test}{exchange.request.target}"
        if route is not None:
            texts += f"{route.template}{route.endpoint}{route.doc}"
        try:
            texts.encode()
        except UnicodeEncodeError:
            exchange = encodable(exchange)
        found = self.services.get(service)
        if found is None:
            found = self.services[service] = Service()
        found.add(exchange, take)

    def know(self, routes: tuple[KnownRoute, ...]) -> None:
        """Take in the routes of one application."""
        self.applications.add(routes)

    def settled(self) -> dict[str, Service]:
        """The services, each with the routes of the applications that it is made of. An application is a part of all
        services that have called a route of it; of one that nobody divided, all are."""
        for routes in self.applications:
            listed = [route for route in routes if not is_beside(template_of(route.template).path, route)]
            keys = set(map(key_of, listed))
            for name, service in self.services.items():
                if (not name and len(self.services) == 1) or not keys.isdisjoint(service.routed):
                    service.known.update(listed)
        return self.services

    def merge(self, other: Model) -> None:
        merge_into(self.services, other.services)
        self.applications |= other.applications

    def to_bytes(self) -> bytes:
        return msgspec.msgpack.encode(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises msgspec.MsgspecError where it is no model of this version."""
        return msgspec.msgpack.decode(data, type=cls)


def key_of(route: KnownRoute) -> str:
    """Its operation, by method and path template."""
    return f"{route.method} {template_of(route.template).path}"


def hidden_among(known: Iterable[KnownRoute]) -> set[str]:
    """The operations that developers do not want in a document, without the names of their parameters: all routes of
    such a one are hidden."""
    keys: dict[bool, set[str]] = {True: set(), False: set()}
    for route in known:
        keys[route.hidden].add(blank(key_of(route)))
    return keys[True] - keys[False]


def with_known_method(exchange: Exchange) -> Exchange:
    """The exchange with its method in large letters. Some tools write small ones; a path item has one key for both."""
    method = exchange.request.method
    if method == method.upper():
        return exchange
    return replace(exchange, request=replace(exchange.request, method=method.upper()))


def is_operation(key: str, operations: Mapping[str, Operation]) -> bool:
    """A HEAD beside a GET is the framework's; what was only ever not found is nothing."""
    method, _, template = key.partition(" ")
    if method == "HEAD" and f"GET {template}" in operations:
        return False
    operation = operations[key]
    if operation.endpoints:  # the framework knows it, but perhaps for another method
        return operation.answers.keys() != {405}
    return any(status not in (404, 405) for status in operation.answers)


def by_authority(exchange: Exchange) -> str:
    """The host and port that it was for, without who asked."""
    return exchange.request.authority.rpartition("@")[2]


def by_test_package(exchange: Exchange) -> str:
    """The folder of the tests that made it."""
    return (exchange.test or "").partition("::")[0].rpartition("/")[0]


DIVISIONS: dict[str, Callable[[Exchange], str]] = {"host": by_authority, "tests": by_test_package}
