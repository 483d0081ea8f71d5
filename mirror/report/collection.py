"""What a report is made of: the learned model, and beside it the exchanges that are shown."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from mirror.exchange import Exchange, KnownRoute
from mirror.openapi.batch import Batch
from mirror.openapi.model import Model, Service, with_known_method
from mirror.openapi.observation import reason_to_skip
from mirror.openapi.paths import template_of
from mirror.report.rows import LONGEST_NAME, Row, row_of, short

BODY = 16 * 1024
MOST = 5000


class Limits(NamedTuple):
    """What is kept: ``body`` characters of a body, ``most`` exchanges of one operation with one status."""

    body: int = BODY
    most: int = MOST


class Spot(NamedTuple):
    """What is known of where an exchange belongs, before all are read. ``path`` is the template where the framework has
    ``routed`` it; ``aside`` says why it is no call of an operation."""

    method: str
    path: str
    routed: bool
    aside: str = ""


class Seen:
    """What was seen at one spot, or of one operation: everything is counted, ``rows`` are what is shown."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.tests: Counter[str] = Counter()
        self.rows: list[Row] = []

    def add(self, other: Seen) -> None:
        self.statuses.update(other.statuses)
        self.tests.update(other.tests)
        self.rows += other.rows


class Collection:
    """Takes exchanges in.

    collection = Collection()
    for exchange in exchanges:
        collection.add(exchange)
    """

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 (it is immutable)
        self.limits = limits
        self.count = 0
        self.spots: dict[Spot, Seen] = {}
        self.outcomes: dict[str, str] = {}
        self._model = Model()
        self._batch = Batch(self._model)
        self._same: dict[Any, Any] = {}

    def service(self) -> Service:
        """What was learned from all of them, with every template known."""
        self._batch.settle()
        return self._model.settled().get("", Service()).judged()

    def know(self, routes: tuple[KnownRoute, ...]) -> None:
        """Take in the routes of one application, called or not."""
        self._model.know(routes)

    def add(self, exchange: Exchange) -> None:
        self._batch.add(exchange)
        self.count += 1
        spot = spot_of(with_known_method(exchange))
        seen = self.spots.get(spot)
        if seen is None:
            seen = self.spots[spot] = Seen()
        status = exchange.response.status
        seen.statuses[status] += 1
        if exchange.test:
            test = short(exchange.test, LONGEST_NAME)
            seen.tests[test] += 1
            self.outcomes[test] = exchange.outcome or self.outcomes.get(test, "")
        if seen.statuses[status] <= self.limits.most:
            seen.rows.append(self._once(row_of(exchange, self.count, self.limits.body)))

    def _once(self, row: Row) -> Row:
        """The row with one copy of what many have: the memory follows what is different."""
        same = self._same.setdefault
        return row._replace(
            sent_fields=same(row.sent_fields, row.sent_fields),
            sent=same(row.sent, row.sent),
            got_fields=same(row.got_fields, row.got_fields),
            got=same(row.got, row.got),
        )


def spot_of(exchange: Exchange) -> Spot:
    request, route = exchange.request, exchange.route
    path = request.path if route is None else template_of(route.template).path
    if exchange.response.status == 101 or exchange.messages:
        return Spot("WS", path, route is not None, "a WebSocket session")
    reason = reason_to_skip(exchange)
    if reason is not None:
        return Spot("", "", False, reason)
    return Spot(request.method, path, route is not None)
