"""mirror: in-process tests made visible as real HTTP.

``pytest --mirror`` publishes every exchange of an in-process test client to a loopback echo server. The names below
are loaded when they are first used: ``import mirror`` alone imports no framework and opens nothing.

PYTEST_DONT_REWRITE: see mirror.pytest_plugin.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mirror.config import Settings as Settings
    from mirror.counts import Counts as Counts
    from mirror.errors import MirrorError as MirrorError
    from mirror.exchange import (
        Exchange as Exchange,
        Request as Request,
        Response as Response,
        Route as Route,
        WebSocketMessage as WebSocketMessage,
    )
    from mirror.headers import Headers as Headers
    from mirror.session import Mirror as Mirror

__version__ = "0.1.0"

HOMES = {
    "Counts": "mirror.counts",
    "Exchange": "mirror.exchange",
    "Headers": "mirror.headers",
    "Mirror": "mirror.session",
    "MirrorError": "mirror.errors",
    "Request": "mirror.exchange",
    "Response": "mirror.exchange",
    "Route": "mirror.exchange",
    "Settings": "mirror.config",
    "WebSocketMessage": "mirror.exchange",
}

__all__ = [
    "Counts", "Exchange", "Headers", "Mirror", "MirrorError", "Request", "Response", "Route", "Settings",
    "WebSocketMessage",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'mirror' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *HOMES])
