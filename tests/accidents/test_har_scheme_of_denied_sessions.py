"""A WebSocket handshake that is answered with an ordinary response came back from a HAR as plain ``http``."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from factories import make_exchange, make_request, make_response

from mirror.store.capture import read, save


@pytest.mark.parametrize("status", [101, 200, 403])
@pytest.mark.parametrize("scheme", ["http", "https", "ws", "wss"])
def test_it_keeps_its_scheme(scheme: str, status: int, tmp_path: Path) -> None:
    request = msgspec.structs.replace(make_request("GET", "/chat"), scheme=scheme)
    exchange = make_exchange(request, make_response(status))
    save(tmp_path / "kept.har", [exchange])
    assert [one.request.scheme for one in read(tmp_path / "kept.har")] == [scheme]
