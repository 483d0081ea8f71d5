"""The last exchanges, kept in memory for programs that want to look at them."""

from __future__ import annotations

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

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        exchanges = self._exchanges
        exchanges.append(exchange)
        if self._limit is not None:
            self._held += weight(exchange)
            while len(exchanges) > self._limit or (self._held > self._size and len(exchanges) > 1):
                try:
                    self._held -= weight(exchanges.popleft())
                except IndexError:  # another thread was faster
                    break
        return ()

    def clear(self) -> None:
        self._exchanges.clear()
        self._held = 0

    def __call__(self) -> list[Exchange]:
        """The exchanges, oldest first."""
        return list(self._exchanges)


def weight(exchange: Exchange) -> int:
    """Bytes of the bodies."""
    size = 0
    for chunk in exchange.request.chunks:
        size += len(chunk)
    for chunk in exchange.response.chunks:
        size += len(chunk)
    return size
