"""Real time, also where a test has frozen it.

freezegun replaces ``time.time`` in every module that holds it, hiro replaces the ``time`` module's attributes, and
time-machine replaces the C function itself. All of them leave the monotonic clock of a reference taken early alone; so
the wall clock is read once, when mirroring starts, and carried on by the monotonic one. The reference is kept in an
object, because freezegun looks through the attributes of modules.
"""

from __future__ import annotations

import time
from typing import Final


class Clock:
    """``tick()`` reads seconds from an arbitrary zero, which lies ``epoch`` seconds after the Unix epoch."""

    __slots__ = ("epoch", "tick")

    def __init__(self) -> None:
        self.tick: Final = time.perf_counter
        self.epoch: Final = time.time() - self.tick()


# Made when this module is imported, which is before any test can have frozen anything.
CLOCK: Final = Clock()
