"""Measuring variants of one thing side by side, so that the machine's moods cancel out.

A machine is never equally fast for long: clocks change, neighbours come and go, caches warm. So no variant is timed by
itself. Each round times one *block* of calls of every variant, the next round begins with another variant, and what is
reported is a ratio of many blocks' medians. Blocks rather than single calls in turn, because a call that follows
another variant's call pays for the caches (the processor's and the interpreter's) that the other one has filled; for
the same reason the first calls of a block are not counted. A block stands for its median call (p50): the mean belongs
to whatever else the machine was doing. The garbage collector is left as it is: a user's tests run with it.

The ratio of two variants is the median of the ratios of their blocks in the same round. The ratio of the medians of all
rounds is the same number where nothing else goes on; where the machine changes its pace in the middle it is not, and
has been seen outside the range in which the middle half of the rounds' ratios lay.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

BLOCK = 50
UNCOUNTED = 10
ROUNDS = 12


@dataclass(frozen=True)
class Variant:
    """One way of doing the thing.

    ``around`` makes the context in which a block runs; entering and leaving it is not timed. ``calls`` is the size of a
    block, ``uncounted`` the calls before it. ``every`` n-th round alone has a block of this variant: for slow ones.
    """

    name: str
    call: Callable[[], object]
    around: Callable[[], AbstractContextManager[object]] = nullcontext
    calls: int = BLOCK
    uncounted: int = UNCOUNTED
    every: int = 1


@dataclass(frozen=True)
class Ratio:
    """The median of the ratios of two variants' blocks; half of the rounds gave one between ``low`` and ``high``."""

    value: float
    low: float
    high: float

    @property
    def spread(self) -> tuple[float, float]:
        return self.low, self.high


@dataclass
class Timings:
    """The p50 of each block, in seconds, by variant and round."""

    blocks: dict[str, dict[int, float]] = field(default_factory=dict)

    def median(self, name: str) -> float:
        """Seconds of a typical call."""
        return statistics.median(self.blocks[name].values())

    def ratio(self, name: str, base: str) -> Ratio:
        """How many times as long as ``base`` that variant takes."""
        ours, theirs = self.blocks[name], self.blocks[base]
        ratios = [ours[turn] / theirs[turn] for turn in ours if turn in theirs]
        return Ratio(statistics.median(ratios), *quartiles(ratios))

    def __str__(self) -> str:
        return ", ".join(f"{name} {duration(self.median(name))}" for name in self.blocks)


def measure(variants: Sequence[Variant], seconds: float, rounds: int = ROUNDS) -> Timings:
    """Time blocks of every variant in turn, for so many seconds and at least so many rounds."""
    timings = Timings({variant.name: {} for variant in variants})
    end = time.perf_counter() + seconds
    turn = 0
    while turn < rounds or time.perf_counter() < end:
        first = turn % len(variants)
        for variant in (*variants[first:], *variants[:first]):
            if turn % variant.every == 0:
                timings.blocks[variant.name][turn] = time_block(variant)
        turn += 1
    return timings


def time_block(variant: Variant) -> float:
    """The median call of one block, in seconds."""
    call = variant.call
    clock = time.perf_counter
    times: list[float] = []
    with variant.around():
        for _ in range(variant.uncounted):
            call()
        for _ in range(variant.calls):
            start = clock()
            call()
            times.append(clock() - start)
    return statistics.median(times)


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """The values that a quarter lies below, and above."""
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def duration(seconds: float) -> str:
    """Seconds for a reader."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} us"
