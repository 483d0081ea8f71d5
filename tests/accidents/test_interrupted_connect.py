"""Accident: a publisher that was interrupted while it connected took the accepting thread with it."""

from __future__ import annotations

import pytest

from mirror.wire import server as module
from mirror.wire.pending import Pending
from mirror.wire.server import EchoServer


def test_an_interrupted_connect_costs_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    server = EchoServer("127.0.0.1", 0, Pending())
    try:

        def interrupted(self: object, seconds: float) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(module.Handover, "wait", interrupted)
            for _ in range(20):
                with pytest.raises(KeyboardInterrupt):
                    server.connections.warm()
        server.connections.warm()
        assert server._thread.is_alive()
    finally:
        server.stop()
