"""Accident: threads that recorded at once made the history believe that it held more than it did, for good."""

from __future__ import annotations

import threading

import pytest
from factories import make_exchange

import mirror.history
from mirror import Exchange
from mirror.history import History


def test_what_it_holds_is_what_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = threading.Barrier(2, timeout=60)

    def slow(exchange: Exchange) -> int:
        """Two threads are here at once: what takes a while is done outside the lock."""
        turns.wait()
        return 10

    monkeypatch.setattr(mirror.history, "weight", slow)
    history = History(1000)
    threads = [threading.Thread(target=history.write, args=(make_exchange(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(history.all) == 2
    assert history._held == 20
