"""The recorder: where every exchange arrives, is counted, and goes on to the sinks.

The numbers always add up: made = published + failed + ignored. A sink that raises costs its exchange, never the test:
the loss is counted by its reason, and told.
"""

from __future__ import annotations

import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Protocol
from weakref import WeakSet

import msgspec

from mirror.clock import CLOCK
from mirror.exchange import Exchange


class Sink(Protocol):
    """Takes exchanges, one at a time, possibly from several threads at once."""

    def write(self, exchange: Exchange) -> Sequence[str]:
        """Take one exchange; returns remarks on what could not be kept as it stood. May raise anything."""


class Unfinished(Protocol):
    """A response that its client has not read to the end."""

    def finish(self, *, complete: bool) -> None:
        """Record what there is of it, if that has not been done."""


class Counts(msgspec.Struct, frozen=True):
    """made = published + failed + ignored, and why.

    ``failures`` and ``ignores`` count by reason. ``remarks`` counts what had to be mended on the way: an exchange with
    a remark is published all the same.
    """

    made: int = 0
    published: int = 0
    failed: int = 0
    ignored: int = 0
    failures: Mapping[str, int] = {}
    ignores: Mapping[str, int] = {}
    remarks: Mapping[str, int] = {}

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.made + other.made,
            self.published + other.published,
            self.failed + other.failed,
            self.ignored + other.ignored,
            Counter(self.failures) + Counter(other.failures),
            Counter(self.ignores) + Counter(other.ignores),
            Counter(self.remarks) + Counter(other.remarks),
        )


class Recorder:
    """Counts exchanges and hands them to ``sinks`` in order.

    ``ignore`` tells for an exchange why it is ignored, or None where it is kept; without it all are kept. ``on_loss``
    is called with the first failure, in words. ``test`` is put by whoever knows which test is running; observers copy
    it into the exchange.

    The lock may be taken again by the thread that holds it: a finaliser or a signal handler runs between any two
    instructions, and may have an exchange of its own to count.
    """

    def __init__(
        self,
        sinks: Sequence[Sink],
        ignore: Callable[[Exchange], str | None] | None = None,
        on_loss: Callable[[str], None] | None = None,
    ) -> None:
        self.sinks = list(sinks)
        self.test: str | None = None
        self.unfinished: WeakSet[Unfinished] = WeakSet()
        self.tick = CLOCK.tick
        self.epoch = CLOCK.epoch
        self._ignore = ignore
        self._on_loss = on_loss
        self._lock = threading.RLock()
        self._deferred: deque[Exchange] = deque()
        self._prefix = os.urandom(4).hex()
        self._serial = count(1)
        self._closed: str | None = None
        self._published = self._failed = self._ignored = 0
        self._failures: Counter[str] = Counter()
        self._ignores: Counter[str] = Counter()
        self._remarks: Counter[str] = Counter()

    def new_id(self) -> str:
        """A correlation ID: no other exchange of this or another run has it."""
        return f"{self._prefix}-{next(self._serial):06d}"

    def record(self, exchange: Exchange) -> None:
        """Take one exchange. Returns when every sink has it; raises nothing but what interrupts the program."""
        if self._deferred:
            self.drain()
        self._take(exchange)

    def _take(self, exchange: Exchange) -> None:
        if self._closed is not None or self._ignore is not None:
            reason = self._closed or (self._ignore and self._ignore(exchange))
            if reason is not None:
                self.pass_over(reason)
                return
        loss: str | None = None
        remarks: Sequence[str] = ()
        for sink in self.sinks:
            try:
                more = sink.write(exchange)
                if more and isinstance(more, tuple | list):
                    remarks = (*remarks, *map(str, more))
            except Exception as error:
                loss = loss or describe(error)
            except BaseException as error:
                self._count(describe(error), remarks)
                raise
        if loss is None and not remarks:
            with self._lock:
                self._published += 1
        else:
            self._count(loss, remarks)

    def pass_over(self, reason: str) -> None:
        """Count an exchange that is not kept."""
        with self._lock:
            self._ignored += 1
            tally(self._ignores, reason)

    def lose(self, reason: str) -> None:
        """Count an exchange that never came to be."""
        self._count(reason, ())

    def remark(self, remark: str) -> None:
        """Count a remark on an exchange that has been recorded already."""
        with self._lock:
            tally(self._remarks, remark)

    def defer(self, exchange: Exchange) -> None:
        """Take an exchange from a finaliser, where nothing can be waited for; it is recorded with the next one."""
        self._deferred.append(exchange)

    def drain(self) -> None:
        """Record what was deferred."""
        while self._deferred:
            try:
                exchange = self._deferred.popleft()
            except IndexError:  # another thread was faster
                return
            self._take(exchange)

    def close(self, reason: str) -> None:
        """Record what is unfinished; from now on exchanges are ignored for that reason."""
        self.settle()
        self._closed = reason

    def settle(self) -> None:
        """Record what clients have not read to the end, as far as they have read it, and what was deferred."""
        for call in list(self.unfinished):
            call.finish(complete=False)
        self.drain()

    def abandon(self, reason: str) -> None:
        """Close in a forked child: nothing of the parent's is recorded, and no lock of its threads is waited for."""
        self._lock = threading.RLock()
        self._deferred.clear()
        self._closed = reason

    def _count(self, loss: str | None, remarks: Sequence[str]) -> None:
        first = False
        with self._lock:
            if loss is None:
                self._published += 1
            else:
                first = not self._failed
                self._failed += 1
                tally(self._failures, loss)
            for remark in remarks:
                tally(self._remarks, remark)
        if first and loss is not None and self._on_loss is not None:
            try:
                self._on_loss(loss)
            except Exception as error:
                self.remark(f"on_loss raised {describe(error)}")

    @property
    def counts(self) -> Counts:
        with self._lock:
            return Counts(
                self._published + self._failed + self._ignored,
                self._published,
                self._failed,
                self._ignored,
                dict(self._failures),
                dict(self._ignores),
                dict(self._remarks),
            )


# Different reasons that are told apart. They may hold figures; a long run must not collect them for ever.
MOST_REASONS = 100


def tally(counter: Counter[str], reason: str) -> None:
    counter[reason if reason in counter or len(counter) < MOST_REASONS else "other reasons"] += 1


def describe(error: BaseException) -> str:
    """An exception in one line; its text alone where the error is mirror's own."""
    try:
        text = str(error).partition("\n")[0]
    except Exception:  # an exception that cannot be put into words is still one
        text = ""
    name = type(error).__name__
    if type(error).__module__.startswith("mirror."):
        return text
    return f"{name}: {text}" if text else name
