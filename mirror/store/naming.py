"""When the name of a test is decided: at its end.

``test_login[hunter-2000]`` holds a password, but nobody knows before some exchange of the test has sent it as one; and
a name has to be the same in all its exchanges. So exchanges of a test with parameters are held until the test is over,
without their own secrets already. Of a test with more exchanges than can be held no parameter is told.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from mirror.exchange import Exchange

MOST = 200
"""Exchanges of one test that are held."""
MOST_BYTES = 4 << 20
"""Bytes of bodies and messages of one test that are held."""
AWAY = 50
"""Exchanges of others after which a test is taken to be over, where nobody says so."""


class Cleaner(Protocol):
    """Takes secrets out of exchanges (see mirror.redact.redactor.Redactor)."""

    def unnamed(self, exchange: Exchange) -> Exchange: ...

    def named(self, exchange: Exchange) -> Exchange: ...

    def is_open(self, text: str) -> bool: ...

    def hide(self, text: str) -> None: ...


class Naming:
    """Redacts exchanges, and holds those whose name is not decided yet. May be used by several threads at once."""

    def __init__(self, cleaner: Cleaner) -> None:
        self._cleaner = cleaner
        self._held: dict[str, list[Exchange]] = {}
        self._sizes: dict[str, int] = {}
        self._lock = threading.RLock()

    def take(self, exchange: Exchange) -> list[Exchange]:
        """Those that are ready now: this one, redacted; none while it is held; all of its test, if those are many."""
        new = self._cleaner.unnamed(exchange)
        test = exchange.test
        with self._lock:
            if not test or not self._cleaner.is_open(test):
                return [self._cleaner.named(new)]
            held = self._held.setdefault(test, [])
            held.append(new)
            size = self._sizes.get(test, 0) + weight(new)
            self._sizes[test] = size
            if len(held) < MOST and size < MOST_BYTES:
                return []
            self._cleaner.hide(test)
            return self.release(test)

    def release(self, test: str) -> list[Exchange]:
        """The test is over: those of it that were held."""
        with self._lock:
            self._sizes.pop(test, None)
            return [self._cleaner.named(each) for each in self._held.pop(test, ())]

    def rest(self) -> list[Exchange]:
        """All that were held, of tests that nobody has ended."""
        return [each for test in list(self._held) for each in self.release(test)]


def weight(exchange: Exchange) -> int:
    """Bytes of bodies and messages."""
    chunks = (*exchange.request.chunks, *exchange.response.chunks)
    return sum(map(len, chunks)) + sum(len(message.data) for message in exchange.messages)


def redacted(
    exchanges: Iterable[Exchange], cleaner: Cleaner, done: Callable[[], bool] = lambda: False
) -> Iterator[Exchange]:
    """Exchanges that were captured before, without their secrets and in their order. Those of several tests may be
    mixed (captures that were merged, a run of many processes): a test is over when there was nothing of it among the
    last AWAY. ``done`` tells of the exchange that has come last whether it has no secrets any more."""
    waiting: deque[Exchange] = deque()
    last: dict[str, int] = {}  # the place of each test's last exchange, the oldest first; of those that may go on
    size = 0
    for number, exchange in enumerate(exchanges):
        if done() and not waiting:
            yield exchange
            continue
        waiting.append(cleaner.unnamed(exchange))
        size += weight(waiting[-1])
        last.pop(exchange.test or "", None)
        last[exchange.test or ""] = number
        while last[oldest := next(iter(last))] <= number - AWAY:
            del last[oldest]
        while waiting:
            test = waiting[0].test or ""
            if test in last and cleaner.is_open(test):
                if len(waiting) < MOST and size < MOST_BYTES:
                    break
                cleaner.hide(test)
            first = waiting.popleft()
            size -= weight(first)
            yield cleaner.named(first)
    yield from map(cleaner.named, waiting)
