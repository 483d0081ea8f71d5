"""Accident: mirror took ``select.poll`` when the first WebSocket session came. Where a test had put in another just
then, all later sessions had that one too: with a proxy slow to read they were lost."""

from __future__ import annotations

import subprocess
import sys

FIRST = """
import select, sys
from unittest.mock import MagicMock, patch
from starlette.testclient import TestClient
from mirror import Mirror

real = select.poll

async def greet(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": "hello"})
    await send({"type": "websocket.close"})

with Mirror() as mirror:
    assert "mirror.wire.websocket" not in sys.modules
    with patch.object(select, "poll", MagicMock()), TestClient(greet).websocket_connect("/") as session:
        assert session.receive_text() == "hello"
    assert mirror.counts.published == 1, mirror.counts

from mirror.wire.websocket import poll
assert poll is real
"""


def test_is_not_kept() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", FIRST], check=True, timeout=120)
