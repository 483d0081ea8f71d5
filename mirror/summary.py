"""What became of the exchanges of a run, in the words in which it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from mirror.counts import Counts


def summary(counts: Counts, where: str = "") -> list[str]:
    """The line that adds up, and one for each reason, the most frequent first. ``where`` is the echo's URL."""
    to = f" to {where}" if where else ""
    lines = [
        f"mirror: made {counts.made} = published {counts.published} + failed {counts.failed} "
        f"+ ignored {counts.ignored}{to}"
    ]
    for title, reasons in (("failed", counts.failures), ("ignored", counts.ignores), ("mended", counts.remarks)):
        for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
            lines.append(f"  {title} {number}: {reason}")
    return lines


def without_secrets(counts: Counts, clean: Callable[[str], str]) -> Counts:
    """The counts with clean reasons. They may hold what somebody has sent."""

    def cleaned(reasons: Mapping[str, int]) -> Counter[str]:
        found: Counter[str] = Counter()
        for reason, number in reasons.items():
            # What redaction says of itself is no secret, and where it is broken would become one.
            found[reason if reason.startswith("redaction: ") else clean(reason)] += number
        return found

    return msgspec.structs.replace(
        counts, failures=cleaned(counts.failures), ignores=cleaned(counts.ignores), remarks=cleaned(counts.remarks)
    )
