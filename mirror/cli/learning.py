"""Learning from captures, one by one: what becomes of a capture depends on nothing that stands in another one, so that
any engine in any order comes to the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Self

import msgspec

from mirror.cli.redaction import find_detectors, rules
from mirror.exchange import Exchange
from mirror.openapi.batch import Batch
from mirror.openapi.model import DIVISIONS, Model
from mirror.redact.redactor import Redactor
from mirror.redact.rules import Rules
from mirror.store.capture import read
from mirror.store.naming import redacted
from mirror.store.reading import TOLD, Reading
from mirror.store.remote import Source


class Plan(msgspec.Struct, frozen=True):
    """How captures are learned from, in this process and in others.

    ``rules`` are those of redaction, None where nothing is redacted; ``key`` makes equal secrets of all captures equal.
    ``folder`` is where detectors stand.
    """

    split: str | None
    rules: Rules | None
    key: bytes
    keep_going: bool
    folder: str

    @classmethod
    def of(cls, split: str | None, redact: str, keep_going: bool) -> Self:
        """Raises ConfigError."""
        return cls(split, None if redact == "none" else rules(), os.urandom(32), keep_going, str(Path.cwd()))


class Learned(msgspec.Struct):
    """What captures have shown, what of them could not be read (see mirror.store.reading), and how often a detector
    raised."""

    model: Model
    skipped: int = 0
    problems: list[str] = []
    failures: int = 0

    def merge(self, other: Learned) -> None:
        """Take in what other captures have shown; that one may not be used any more."""
        self.model.merge(other.model)
        self.skipped += other.skipped
        self.problems = [*self.problems, *other.problems][:TOLD]
        self.failures += other.failures

    def to_bytes(self) -> bytes:
        return msgspec.msgpack.encode(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return msgspec.msgpack.decode(data, type=cls)


def learn_from(source: Source, plan: Plan, model: Model, reading: Reading, tell: Callable[[], None]) -> int:
    """Bring a capture into a model; ``tell`` is called for each exchange. Returns how often a detector raised.

    Raises CaptureError.
    """
    redactor: Redactor | None = None
    if plan.rules is not None:
        if plan.rules.detectors:
            find_detectors(plan.folder)
        # One for each capture: what it has found in one, it would look for in the next.
        redactor = Redactor(plan.rules, plan.key)
    division = None if plan.split is None else DIVISIONS[plan.split]
    exchanges: Iterable[Exchange] = read(source, reading)
    if redactor is not None and (rules := redactor.digest):
        exchanges = redacted(exchanges, redactor, lambda: reading.redacted == rules)
    elif redactor is not None:
        exchanges = redacted(exchanges, redactor)
    batch = Batch(model)
    for exchange in exchanges:
        batch.add(exchange, "" if division is None else division(exchange))
        tell()
    batch.settle()
    for routes in reading.known:
        model.know(routes if redactor is None else tuple(map(redactor.known_route, routes)))
    return 0 if redactor is None else redactor.failures


def learned_here(captures: Sequence[Source], plan: Plan, tell: Callable[[int], None]) -> Learned:
    """All captures, one after another in this process. Raises CaptureError."""
    whole, number = Learned(Model()), count(1)
    for capture in captures:
        reading = Reading(plan.keep_going, outcomes=False)
        whole.failures += learn_from(capture, plan, whole.model, reading, lambda: tell(next(number)))
        whole.skipped += reading.skipped
        whole.problems = [*whole.problems, *reading.problems][:TOLD]
    return whole


def learned_alone(capture: Source, plan: Plan) -> bytes:
    """One capture, as Learned.to_bytes. Raises CaptureError."""
    return learned_here([capture], plan, lambda _: None).to_bytes()


def joined(*parts: bytes) -> bytes:
    """What the captures of several parts have shown."""
    whole = Learned(Model())
    for part in parts:
        whole.merge(Learned.from_bytes(part))
    return whole.to_bytes()
