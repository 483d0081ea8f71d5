"""Accident: where a host's name means an IPv6 address first, Werkzeug took the listening socket for an IPv4 one."""

from __future__ import annotations

import _socket
import socket
from typing import Any

import pytest

from mirror import Mirror


def test_a_name_that_means_the_ipv6_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 loopback on this machine")
    real = _socket.getaddrinfo

    def ipv6_first(host: Any, *rest: Any) -> Any:
        return real("::1" if host == "localhost" else host, *rest)

    monkeypatch.setattr(_socket, "getaddrinfo", ipv6_first)
    with Mirror(host="localhost", attach=False) as mirror:
        assert mirror.url == f"http://[::1]:{mirror.port}"
