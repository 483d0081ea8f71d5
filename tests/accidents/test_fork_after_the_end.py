"""A fork woke the echo that had been stopped, or was its parent's: a thread was started that accepted on nothing."""

from __future__ import annotations

import os
import threading

import pytest
from forks import needs_fork, status_of

from mirror import Mirror


@needs_fork
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_starts_no_thread_of_an_echo_that_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[threading.Thread] = []
    with Mirror() as mirror:
        assert mirror._server is not None
        mirror._server.stop()
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", started.append)
            child = os.fork()
            if child == 0:
                os._exit(0)
            assert status_of(child) == 0
    assert started == []
