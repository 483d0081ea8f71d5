"""The last exchanges, kept in memory for programs that want to look at them."""

from __future__ import annotations

import threading
from collections import deque

from mirror.exchange import Exchange


class History:
    """A sink that remembers the newest exchanges: at most ``limit`` of them and ``size`` bytes of bodies.

    Bounded, because a session of a million exchanges must not keep them all; ``limit=None`` keeps every one.
    """

    def __init__(self, limit: int | None, size: int = 64 * 1024 * 1024) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._limit = limit
        self._size = size
        self._held = 0
        # May be taken again by who has it: a signal handler may record between any two instructions.
        self._lock = threading.RLock()
        self._total = self._marked = 0

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        exchanges, size = self._exchanges, 0 if self._limit is None else weight(exchange)
        with self._lock:
            exchanges.append(exchange)
            self._total += 1
            self._held += size
            if self._limit is not None:
                while len(exchanges) > self._limit or (self._held > self._size and len(exchanges) > 1):
                    size = weight(exchanges.popleft())
                    self._held -= size
        return ()

    def mark(self) -> None:
        """From now on tell only what comes."""
        self._marked = self._total

    @property
    def all(self) -> list[Exchange]:
        """All that are remembered, oldest first."""
        return list(self._exchanges)

    def __call__(self) -> list[Exchange]:
        """Those since the mark, oldest first."""
        recent = self._total - self._marked
        return list(self._exchanges)[-recent:] if recent else []


def weight(exchange: Exchange) -> int:
    """Bytes of the bodies and messages."""
    size = 0
    for chunk in exchange.request.chunks:
        size += len(chunk)
    for chunk in exchange.response.chunks:
        size += len(chunk)
    for message in exchange.messages:
        size += len(message.data)
    return size
