"""A pytest plugin (``-p exchange_dump``): mirror's own account of a run, one JSON line for each exchange.

It is loaded from a folder of its own, so that a suite is mirrored and accounted for without a change to it.
"""

from __future__ import annotations

import os

import msgspec

from mirror import Exchange


def pytest_mirror_exchange(exchange: Exchange) -> None:
    with open(os.environ["EXCHANGE_DUMP"], "ab") as dump:
        dump.write(msgspec.json.encode(exchange) + b"\n")
