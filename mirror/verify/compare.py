"""Which exchanges an agent missed, saw twice, or saw altered.

Exchanges are told apart by all that is compared of them; equal ones are counted. What an agent saw and nobody published
in that form is then held against what was published and not seen: of the same method and target first, then of the
same bodies. So an exchange that an agent altered is told as altered, not as one missed and one unknown.

Constant memory but for a digest of each exchange and for what differs: the capture is read twice.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

import msgspec

from mirror.exchange import Exchange
from mirror.verify.view import View, agree, differences, view


class Finding(msgspec.Struct, frozen=True):
    """One thing that an agent saw otherwise. ``kind`` is missed, twice or altered; ``how`` says what differs."""

    kind: str
    id: str
    method: str
    target: str
    status: int
    test: str | None
    how: tuple[str, ...] = ()

    def __str__(self) -> str:
        test = f"  ({self.test})" if self.test else ""
        how = f": {'; '.join(self.how)}" if self.how else ""
        return f"{self.kind:<8} {self.method} {self.target} {self.status}  {self.id}{test}{how}"


class Verdict(msgspec.Struct, frozen=True):
    """Numbers of exchanges: ``unknown`` of what nobody published, ``uncompared`` of those with a body that nothing
    here can read, so that it was not compared."""

    published: int
    seen: int
    unknown: int
    findings: tuple[Finding, ...]
    uncompared: int = 0


def compare(
    published: Callable[[], Iterable[Exchange]],
    seen: Iterable[Exchange],
    ignored: frozenset[bytes] = frozenset(),
    tells_trailers: bool = False,
) -> Verdict:
    """Hold what was seen against what was published. ``published`` is read twice, and has to be the same then.

    ``tells_trailers``: the agent's file would hold trailers; where it has none, they were lost.
    """
    expected: Counter[bytes] = Counter()
    variants: dict[bytes, dict[bytes, View]] = {}
    for exchange in published():
        what = view(exchange, ignored)
        key = what.key
        expected[key] += 1
        if what.closes or what.trailers:
            variants.setdefault(what.digest, {})[key] = what
    left = Counter(expected)
    findings: list[Finding] = []
    strange: list[tuple[View, Exchange]] = []
    number = 0
    for exchange in seen:
        number += 1
        what = view(exchange, ignored)
        key = what.key
        if left[key] > 0:
            left[key] -= 1
            continue
        alike = [key] if key in expected else []
        if variants or what.closes or what.trailers:
            alike += others(what, expected, variants, tells_trailers)
        free = next((each for each in alike if left[each] > 0), None)
        if free is not None:
            left[free] -= 1
        elif alike:
            findings.append(finding("twice", exchange))
        else:
            strange.append((what, exchange))
    missed = list(unseen(published(), left, ignored))
    altered = list(pairs(missed, strange))
    findings += [
        finding("altered", ours, differences(view(ours, ignored), theirs, tells_trailers)) for ours, theirs in altered
    ]
    findings += [finding("missed", exchange) for exchange in missed]
    return Verdict(expected.total(), number, len(strange), tuple(findings))


def others(
    what: View, expected: Counter[bytes], variants: dict[bytes, dict[bytes, View]], tells_trailers: bool
) -> list[bytes]:
    """The keys of what was published and looks like this, as far as both sides tell it."""
    digest = what.digest
    keys = [key for key, ours in variants.get(digest, {}).items() if agree(ours, what, tells_trailers)]
    if digest in expected and agree(what._replace(closes={}, trailers={}), what, tells_trailers):
        keys.append(digest)
    return keys


def unseen(published: Iterable[Exchange], left: Counter[bytes], ignored: frozenset[bytes]) -> Iterator[Exchange]:
    """The exchanges that nobody saw; of equal ones the last, because nobody can know which of them it was."""
    last = {digest: deque[Exchange](maxlen=number) for digest, number in (+left).items()}
    if last:
        for exchange in published:
            kept = last.get(view(exchange, ignored).key)
            if kept is not None:
                kept.append(exchange)
    for kept in last.values():
        yield from kept


def pairs(missed: list[Exchange], strange: list[tuple[View, Exchange]]) -> Iterator[tuple[Exchange, View]]:
    """What was missed beside what was seen in its stead; takes both out of their lists.

    Alike are, in this order: same method and target, same path, same status and body.
    """
    for of_ours, of_theirs in (
        (lambda ours: (ours.request.method, ours.request.target), lambda theirs: (theirs.method, theirs.target)),
        (lambda ours: ours.request.path, lambda theirs: theirs.target.partition("?")[0]),
        (
            lambda ours: answered(ours.response.status, ours.response.body),
            lambda theirs: answered(theirs.status, theirs.response_body),
        ),
    ):
        alike: dict[object, deque[int]] = {}
        for place, (theirs, _) in enumerate(strange):
            key = of_theirs(theirs)
            if key is not None:
                alike.setdefault(key, deque()).append(place)
        taken: set[int] = set()
        left: list[Exchange] = []
        for ours in missed:
            places = alike.get(of_ours(ours))
            if places:
                place = places.popleft()
                taken.add(place)
                yield ours, strange[place][0]
            else:
                left.append(ours)
        missed[:] = left
        strange[:] = [each for place, each in enumerate(strange) if place not in taken]


def answered(status: int, body: bytes) -> tuple[int, bytes] | None:
    """By what an answer is known when nothing is left of its request; None where it says nothing."""
    return (status, blake2b(body, digest_size=16).digest()) if body else None


def finding(kind: str, exchange: Exchange, how: Iterable[str] = ()) -> Finding:
    request = exchange.request
    return Finding(
        kind, exchange.id, request.method, request.target, exchange.response.status, exchange.test, tuple(how)
    )
