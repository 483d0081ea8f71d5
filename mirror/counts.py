"""What became of the exchanges of a run, in numbers and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec


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


# Different reasons that are told apart. They may hold figures; a long run must not collect them for ever.
MOST_REASONS = 100
OTHER_REASONS = "other reasons"
# Characters of a reason: it may hold what somebody has sent.
LONGEST_REASON = 300


def tally(counter: Counter[str], reason: str, number: int = 1) -> None:
    if len(reason) > LONGEST_REASON:
        reason = f"{reason[:LONGEST_REASON]} ..."
    counter[reason if reason in counter or len(counter) < MOST_REASONS else OTHER_REASONS] += number


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
