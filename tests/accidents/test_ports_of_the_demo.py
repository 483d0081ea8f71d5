"""Accident: the demo took a port that the system gave it, and let it go before its suite asked for it: meanwhile the
system had given it to somebody else."""

from __future__ import annotations

import socket
from pathlib import Path
from runpy import run_path

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_they_are_none_that_others_are_given(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(EXAMPLES)
    free_port = run_path(str(EXAMPLES / "demo.py"))["free_port"]
    for _ in range(20):
        port = free_port()
        assert 20_000 <= port < 30_000
        with socket.create_server(("127.0.0.1", port)):
            assert free_port() != port
