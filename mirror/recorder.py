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
from typing import Any, Protocol
from weakref import WeakSet

from mirror.applications import Applications
from mirror.clock import CLOCK
from mirror.counts import Counts, describe, tally
from mirror.exchange import Exchange, WebSocketMessage


class Sink(Protocol):
    """Takes exchanges, one at a time, possibly from several threads at once."""

    def write(self, exchange: Exchange) -> Sequence[str]:
        """Take one exchange; returns remarks on what could not be kept as it stood. May raise anything."""


class Session(Protocol):
    """A WebSocket session that a sink takes while it goes on."""

    def send(self, message: WebSocketMessage) -> Sequence[str]:
        """Take one message, of either side; returns remarks. May raise anything."""

    def finish(self, exchange: Exchange) -> Sequence[str]:
        """The session is over; the exchange has all its messages. Returns remarks. May raise anything."""


class LiveSink(Sink, Protocol):
    """A sink that takes WebSocket sessions while they go on; any other gets the exchange at their end."""

    def open(self, exchange: Exchange) -> Session:
        """A session begins with this handshake; it has no messages yet."""


class Unfinished(Protocol):
    """A response that its client has not read to the end."""

    def finish(self, *, complete: bool) -> None:
        """Record what there is of it, if that has not been done."""


class Recorder:
    """Counts exchanges and hands them to ``sinks`` in order.

    ``ignore`` tells for an exchange (and for a route) why it is ignored, or None where it is kept; without it all are
    kept. ``on_loss`` is called with the first failure, in words. ``test`` is put by whoever knows which test is
    running; observers copy it into the exchange. ``applications`` are those that were called, with all their routes.

    The lock may be taken again by the thread that holds it: a finaliser or a signal handler runs between any two
    instructions, and may have an exchange of its own to count.
    """

    def __init__(
        self,
        sinks: Sequence[Sink],
        ignore: Callable[[Any], str | None] | None = None,
        on_loss: Callable[[str], None] | None = None,
    ) -> None:
        self.sinks = list(sinks)
        self.test: str | None = None
        self.unfinished: WeakSet[Unfinished] = WeakSet()
        # Sessions that go on. A test's end does not end them: a fixture may hold one for many tests.
        self.live: set[Unfinished] = set()
        self.tick = CLOCK.tick
        self.epoch = CLOCK.epoch
        self.applications = Applications(self.sinks, ignore, self.remark)
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
            reason = self.ignored(exchange)
            if reason is not None:
                self.pass_over(reason)
                return
        loss, remarks = self._offer(exchange)
        if loss is None and not remarks:
            with self._lock:
                self._published += 1
        else:
            self.count(loss, remarks)

    def _offer(
        self, exchange: Exchange, loss: str | None = None, remarks: Sequence[str] = ()
    ) -> tuple[str | None, Sequence[str]]:
        """Give the exchange to each sink; returns what came of it, together with what had come of it before."""
        try:
            for sink in self.sinks:
                failure, more = offered(sink, "write", exchange)
                loss = loss or failure
                if more:
                    remarks = (*remarks, *more)
        except BaseException as error:
            self.count(describe(error), remarks)
            raise
        return loss, remarks

    def relay(self, exchange: Exchange, loss: str | None, remarks: Sequence[str]) -> tuple[str | None, Sequence[str]]:
        """Take an exchange of another process with what came of it there; returns what came of it altogether."""
        loss, remarks = self._offer(exchange, loss, remarks)
        self.count(loss, remarks)
        return loss, remarks

    def add(self, failures: Mapping[str, int], ignores: Mapping[str, int], remarks: Mapping[str, int]) -> None:
        """Count what another process has lost, ignored and remarked on."""
        with self._lock:
            first = not self._failed
            self._failed += sum(failures.values())
            self._ignored += sum(ignores.values())
            for counter, reasons in ((self._failures, failures), (self._ignores, ignores), (self._remarks, remarks)):
                for reason, number in reasons.items():
                    tally(counter, reason, number)
        if first and failures:
            self._warn(next(iter(failures)))

    @property
    def is_closed(self) -> bool:
        """Whether exchanges are ignored, since this recorder was closed or its process is a forked child."""
        return self._closed is not None

    def ignored(self, exchange: Exchange) -> str | None:
        """Why an exchange is not kept, or None where it is."""
        return self._closed or (self._ignore and self._ignore(exchange))

    def open(self, exchange: Exchange) -> LiveSession:
        """A WebSocket session begins, with a handshake that the application has accepted."""
        return LiveSession(self, exchange)

    def pass_over(self, reason: str) -> None:
        """Count an exchange that is not kept."""
        with self._lock:
            self._ignored += 1
            tally(self._ignores, reason)

    def take_back(self, reason: str) -> None:
        """Count one that counts as published as lost: a sink has had it, and could not keep it after all."""
        with self._lock:
            first = not self._failed
            self._published -= 1
            self._failed += 1
            tally(self._failures, reason)
        if first:
            self._warn(reason)

    def lose(self, reason: str) -> None:
        """Count an exchange that never came to be."""
        self.count(reason, ())

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

    def conclude(self, test: str, outcome: str) -> None:
        """A test is over: sinks that keep how tests ended are told."""
        for sink in self.sinks:
            tell = getattr(sink, "tell", None)
            for problem in tell(test, outcome) if tell is not None else ():
                self.remark(problem)

    def hand_over(self) -> None:
        """A test is over: record what was deferred, and hand over what is held back (see mirror.wire.hub_recorder)."""
        self.drain()

    def close(self, reason: str) -> None:
        """Record what is unfinished; from now on exchanges are ignored for that reason."""
        self.end_sessions()
        self.settle()
        self.applications.close()
        self._closed = reason

    def end_sessions(self) -> None:
        """Record the WebSocket sessions that still go on, as far as they have gone."""
        for session in list(self.live):
            session.finish(complete=False)

    def settle(self) -> None:
        """Record what clients have not read to the end, as far as they have read it, and what was deferred."""
        for call in list(self.unfinished):
            call.finish(complete=False)
        self.drain()
        self.applications.read_again()

    def abandon(self, reason: str) -> None:
        """Close in a forked child: nothing of the parent's is recorded, and no lock of its threads is waited for."""
        self._lock = threading.RLock()
        self._deferred.clear()
        self.live.clear()
        self.applications.close()
        self._closed = reason

    def count(self, loss: str | None, remarks: Sequence[str]) -> None:
        """Count one exchange that the sinks have had: published, or lost for a reason."""
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
        if first and loss is not None:
            self._warn(loss)

    def _warn(self, loss: str) -> None:
        if self._on_loss is not None:
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

    @property
    def missing(self) -> Counts:
        """What of the counts nobody else has: everything, but where it has been handed over (see HubRecorder)."""
        return self.counts


class LiveSession:
    """A WebSocket session on its way to the sinks. What a sink loses of it is told once, at its end."""

    def __init__(self, recorder: Recorder, exchange: Exchange) -> None:
        self._recorder = recorder
        self._ignored = recorder.ignored(exchange)
        self.loss: str | None = None
        self.remarks: list[str] = []
        self._sessions: list[Session] = []
        self._others: list[Sink] = []
        if self._ignored is None:
            for sink in recorder.sinks:
                if not hasattr(sink, "open"):
                    self._others.append(sink)
                    continue
                try:
                    self._sessions.append(sink.open(exchange))
                except Exception as error:
                    self.loss = self.loss or describe(error)

    def send(self, message: WebSocketMessage) -> None:
        """One message of either side, when it has been sent."""
        if self._recorder.is_closed:
            return  # a forked child: the sessions are its parent's
        for session in list(self._sessions):
            if not self._offer(session, "send", message):
                self._sessions.remove(session)

    def finish(self, exchange: Exchange, loss: str | None = None, remarks: Sequence[str] = ()) -> None:
        """The session is over; the exchange has all its messages. ``loss`` is what another process lost of it."""
        self.loss = loss or self.loss
        self.remarks.extend(remarks)
        ignored = self._ignored or (self._recorder.ignored(exchange) if self._recorder.is_closed else None)
        if ignored is not None:
            self._recorder.pass_over(ignored)
            return
        try:
            for session in self._sessions:
                self._offer(session, "finish", exchange)
            for sink in self._others:
                self._offer(sink, "write", exchange)
        except BaseException as error:
            self._recorder.count(describe(error), self.remarks)
            raise
        self._recorder.count(self.loss, self.remarks)

    def _offer(self, taker: Sink | Session, method: str, what: Exchange | WebSocketMessage) -> bool:
        failure, more = offered(taker, method, what)
        self.loss = self.loss or failure
        self.remarks.extend(more)
        return failure is None


def offered(taker: Sink | Session, method: str, what: Exchange | WebSocketMessage) -> tuple[str | None, Sequence[str]]:
    """Give something to a sink, or to its session: why it was lost there, and the remarks. A sink is anybody's code:
    what it returns is remarks where it is a tuple or a list, and nothing (a count, True) where it is not."""
    try:
        more = getattr(taker, method)(what)
        return None, list(map(str, more)) if more and isinstance(more, tuple | list) else ()
    except Exception as error:
        return describe(error), ()
