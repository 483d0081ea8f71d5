"""WebSocket sessions beside the tools that forbid, freeze or replace."""

from __future__ import annotations

import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from unittest.mock import MagicMock, patch

import pytest
from frames import said
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from mirror import Mirror


async def again(scope: Any, receive: Any, send: Any) -> None:
    websocket = WebSocket(scope, receive, send)
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        pass


def talk(size: int) -> None:
    with TestClient(again).websocket_connect("/") as session:
        session.send_text("x" * size)
        assert session.receive_text() == "x" * size


def detector() -> AbstractContextManager[Any]:
    blockbuster = pytest.importorskip("blockbuster", reason="needs the detector of blocking calls")
    return blockbuster.blockbuster_ctx()


def frozen() -> AbstractContextManager[Any]:
    return pytest.importorskip("freezegun", reason="needs freezegun").freeze_time("2001-01-01", real_asyncio=True)


def travelled() -> AbstractContextManager[Any]:
    return pytest.importorskip("time_machine", reason="needs time-machine").travel("2001-01-01")


class NoSockets:
    """As pytest-socket does it; the event loop has its own socket pair before."""

    def __enter__(self) -> None:
        self._patch = patch.object(socket.socket, "connect", MagicMock(side_effect=RuntimeError("forbidden")))
        self._patch.start()

    def __exit__(self, *_: object) -> None:
        self._patch.stop()


def no_poll() -> AbstractContextManager[Any]:
    return patch.object(select, "poll", MagicMock(side_effect=RuntimeError("forbidden")))


@pytest.mark.parametrize("size", [1, 1 << 20])
@pytest.mark.parametrize("tool", [nullcontext, detector, frozen, travelled, NoSockets, no_poll])
def test_a_session_beside_a_tool(tool: Any, size: int) -> None:
    before = time.time()
    with Mirror() as mirror:
        with tool():
            talk(size)
        assert (mirror.counts.made, mirror.counts.published) == (1, 1), mirror.counts
        (exchange,) = mirror.exchanges
    assert [message[:2] for message in said(exchange)] == [
        ("client", "text"), ("server", "text"), ("client", "close"), ("server", "close")
    ]  # fmt: skip
    assert before - 1 < exchange.messages[0].time < time.time() + 1


FIRST = """
import sys, blockbuster
from starlette.testclient import TestClient
from starlette.websockets import WebSocket
from mirror import Mirror

async def greet(scope, receive, send):
    websocket = WebSocket(scope, receive, send)
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()

with Mirror() as mirror:
    assert not {"wsproto", "mirror.adapters.websocket"} & set(sys.modules)
    with blockbuster.blockbuster_ctx(), TestClient(greet).websocket_connect("/") as session:
        assert session.receive_text() == "hello"
    assert mirror.counts.published == mirror.counts.made == 1, mirror.counts
"""


def test_the_first_session_imports_below_a_detector() -> None:
    pytest.importorskip("blockbuster", reason="needs the detector of blocking calls")
    subprocess.run([sys.executable, "-W", "error", "-c", FIRST], check=True)


@pytest.fixture(autouse=True)
def no_threads_are_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() <= before
