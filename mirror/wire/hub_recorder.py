"""A recorder whose exchanges go to a hub, each with what became of it in this process.

Its numbers stay those of this process: made = published + failed + ignored. While the hub takes what it is given, what
was handed over counts as published, unless the hub has said otherwise; what it had not acknowledged when it went counts
as failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from mirror.counts import OTHER_REASONS, Counts, describe, tally
from mirror.exchange import Exchange, WebSocketMessage
from mirror.recorder import LiveSession, Recorder, Sink
from mirror.wire.hub_client import HubClient
from mirror.wire.hub_protocol import Finished, Opened, Sent


class HubRecorder(Recorder):
    """Hands each exchange over when the ``sinks`` of this process have had it."""

    def __init__(
        self,
        client: HubClient,
        sinks: Sequence[Sink],
        ignore: Callable[[Any], str | None] | None = None,
        on_loss: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(sinks, ignore, on_loss)
        self.client = client
        self._warned = False
        client.on_gone = self._on_gone
        if client.keeps_routes:
            self.applications.hand = client.know

    def _warn(self, loss: str) -> None:
        if not self._warned:
            self._warned = True
            super()._warn(loss)

    def _on_gone(self, reason: str) -> None:
        if super().counts.made > self.client.told.made:
            self._warn(reason)

    def _offer(
        self, exchange: Exchange, loss: str | None = None, remarks: Sequence[str] = ()
    ) -> tuple[str | None, Sequence[str]]:
        self.client.count_made()
        try:
            loss, remarks = super()._offer(exchange, loss, remarks)
        except BaseException as error:
            self.client.count(failures={describe(error): 1})
            raise
        try:
            lost = self.client.hand(exchange, loss, tuple(remarks))
        except BaseException as error:
            self.count(describe(error), remarks)
            raise
        return loss or lost, remarks

    def open(self, exchange: Exchange) -> LiveSession:
        return HandedSession(self, exchange)

    def pass_over(self, reason: str) -> None:
        super().pass_over(reason)
        self.client.count_made()
        self.client.count(ignores={reason: 1})

    def lose(self, reason: str) -> None:
        super().lose(reason)
        self.client.count_made()
        self.client.count(failures={reason: 1})

    def remark(self, remark: str) -> None:
        super().remark(remark)
        self.client.count(remarks={remark: 1})

    def add(self, failures: Mapping[str, int], ignores: Mapping[str, int], remarks: Mapping[str, int]) -> None:
        super().add(failures, ignores, remarks)
        self.client.count(failures, ignores, remarks)

    def conclude(self, test: str, outcome: str) -> None:
        super().conclude(test, outcome)
        self.client.conclude(test, outcome)

    def hand_over(self) -> None:
        super().hand_over()
        self.client.flush()

    def settle(self) -> None:
        super().settle()
        self.client.sync()

    def close(self, reason: str) -> None:
        super().close(reason)
        self.client.close()

    def abandon(self, reason: str) -> None:
        super().abandon(reason)
        self.client.abandon()

    @property
    def counts(self) -> Counts:
        here, told, gone = super().counts, self.client.told, self.client.gone
        # Numbers are taken from numbers: each side has reasons of its own for those that it does not tell apart.
        only_there = max(0, told.failed - here.failed)
        failures = Counter(here.failures)
        for reason, number in surplus(told.failures, here.failures, only_there).items():
            tally(failures, reason, number)
        published = here.published - only_there
        if gone is not None and published > told.published:
            failures[gone] += published - told.published
            published = told.published
        remarks = Counter(here.remarks)
        for reason, number in surplus(told.remarks, here.remarks).items():
            tally(remarks, reason, number)
        return Counts(
            here.made,
            published,
            here.made - here.ignored - published,
            here.ignored,
            dict(failures),
            here.ignores,
            dict(remarks),
        )

    @property
    def missing(self) -> Counts:
        """What of the counts the hub does not have; nothing, where it has acknowledged everything."""
        here, told = self.counts, self.client.told
        ignored = max(0, here.ignored - told.ignored)
        failed = max(0, here.made - told.made - ignored)
        return Counts(
            failed + ignored,
            0,
            failed,
            ignored,
            surplus(here.failures, told.failures, failed),
            surplus(here.ignores, told.ignores, ignored),
            surplus(here.remarks, told.remarks),
        )


def surplus(more: Mapping[str, int], less: Mapping[str, int], number: int | None = None) -> dict[str, int]:
    """What ``more`` counts beyond ``less``, so many in all (by default: their totals' difference), by reason.

    The reasons are the likeliest only, because beyond a hundred neither side tells them apart.
    """
    left = max(0, sum(more.values()) - sum(less.values())) if number is None else number
    found: dict[str, int] = {}
    for reason, count in (Counter(more) - Counter(less)).most_common():
        if left:
            found[reason] = min(count, left)
            left -= found[reason]
    if left:
        found[OTHER_REASONS] = found.get(OTHER_REASONS, 0) + left
    return found


class HandedSession(LiveSession):
    """A WebSocket session whose events go to the hub as they happen."""

    def __init__(self, recorder: HubRecorder, exchange: Exchange) -> None:
        super().__init__(recorder, exchange)
        self._client = recorder.client
        self._key = 0
        self._handed = 0
        if self._ignored is None:
            self._client.count_made()
            self._key = self._client.new_key()
            self._tell(Opened(self._key, exchange))

    def send(self, message: WebSocketMessage) -> None:
        super().send(message)
        if self._key:
            self._tell(Sent(self._key, message))
            self._handed += 1

    def finish(self, exchange: Exchange, loss: str | None = None, remarks: Sequence[str] = ()) -> None:
        super().finish(exchange, loss, remarks)
        if self._key and len(exchange.messages) == self._handed:
            exchange = msgspec.structs.replace(exchange, messages=())
        if self._key:
            self._tell(Finished(self._key, exchange, self.loss, tuple(self.remarks)))
        elif self._ignored is None:
            self._client.count(failures={self.loss or "": 1})

    def _tell(self, value: Opened | Sent | Finished) -> None:
        reason = self._client.tell_now(value)
        if reason is not None:
            # The hub counts what it has seen begin as lost, for want of an end.
            self.loss = self.loss or reason
            if isinstance(value, Opened):
                self._key = 0
