"""A mirror for one test, and what has been on its wire."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mirror import Mirror
from mirror.wire.connection import Loop
from mirror.wire.message import Message


@pytest.fixture
def mirrored() -> Iterator[Mirror]:
    """Every in-process client of this process is mirrored. In the end the numbers add up and nothing waits."""
    with Mirror(history=None) as mirror:
        yield mirror
    counts = mirror.counts
    assert counts.made == counts.published + counts.failed + counts.ignored
    assert not counts.failed, counts.failures
    assert len(mirror.pending) == 0


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The messages that have arrived at the other end of the wire: request, response, request, response ..."""
    messages: list[bytes] = []
    exchange = Loop.exchange

    def exchange_and_note(self: Loop, request: Message, response: Message) -> bool:
        reusable = exchange(self, request, response)
        messages.extend((bytes(request), bytes(response)))
        return reusable

    monkeypatch.setattr(Loop, "exchange", exchange_and_note)
    return messages


@pytest.fixture(params=["asyncio", "trio"])
def backend(request: pytest.FixtureRequest) -> str:
    """The event loop that the application runs in."""
    return str(request.param)
