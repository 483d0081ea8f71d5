"""The workers of pytest-xdist, as their controller sees them: one echo and one hub for all.

The controller opens both and tells each worker where the hub is, by the way that xdist has for that. A worker hands
over what it makes; of one that dies, what is missing is known from a counter that it shared
(mirror.wire.hub_counter).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mirror.config import Settings
from mirror.counts import Counts
from mirror.errors import ConfigError, HubError
from mirror.wire.hub_counter import SharedCounter

if TYPE_CHECKING:
    import pytest

    from mirror.exchange import Exchange
    from mirror.recorder import Recorder
    from mirror.session import Mirror

# Seconds that what dead workers have left in their connections may take to be recorded.
SETTLING = 10.0


class Workers:
    """Opens the hub of a mirror, gives each worker access to it, and tells what is missing of the dead."""

    def __init__(self, mirror: Mirror) -> None:
        self.hub = mirror.open_hub()
        self._ledgers: dict[str, Recorder] = {}
        self._counters: dict[str, SharedCounter] = {}

    def assign(self, name: str, workerinput: dict[str, Any]) -> None:
        """Tell a worker of this machine where the hub is."""
        self._ledgers[name] = self.hub.watch(name)
        workerinput["mirror_hub"] = self.hub.address.url
        try:
            self._counters[name] = counter = SharedCounter.make()
        except OSError:
            return  # no room for eight bytes: should the worker die, what is missing of it cannot be told
        workerinput["mirror_counter"] = counter.path

    def settle(self) -> None:
        """Wait until what the workers have said is recorded. They have ended."""
        self.hub.settle(SETTLING)

    def missing(self, name: str) -> Counts | None:
        """What a dead worker had made and not handed over; None where that cannot be known."""
        counter, ledger = self._counters.get(name), self._ledgers.get(name)
        if counter is None or ledger is None:
            return None
        missing = max(0, counter.value - ledger.counts.made)
        reasons = {f"worker {name} died before handing it over": missing} if missing else {}
        return Counts(missing, 0, missing, 0, reasons)

    def close(self) -> None:
        while self._counters:
            self._counters.popitem()[1].close()


def join(workerinput: Mapping[str, Any]) -> SharedCounter | None:
    """In a worker: the counter that it shares with its controller."""
    path = workerinput.get("mirror_counter")
    try:
        return path and SharedCounter.join(path)
    except (OSError, ValueError):
        return None


def handing(settings: Settings, hub: str) -> Settings:
    """The settings of a worker: the wire, and the files, are its controller's."""
    return replace(
        settings, hub=hub, port=0, host="127.0.0.1", proxy=None, proxy_mode="reverse", correlation_header=None,
        capture=(), openapi=(), redact="none" if settings.redact == "none" else "store",
    )  # fmt: skip


class Unreachable:
    """Takes the place of a hub that could not be reached: every exchange is lost."""

    def __init__(self, error: HubError) -> None:
        self._reason = str(error)

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        raise HubError(self._reason)


def refuse_reverse_proxy(settings: Settings) -> None:
    if settings.proxy is not None and settings.proxy_mode == "reverse":
        raise ConfigError(
            "--mirror-proxy (reverse) with several workers: a reverse proxy stands for one echo port, but where the "
            "client is swapped in a conftest each worker has its own. Add --mirror, or run without -n."
        )


def worker_number(config: pytest.Config) -> int:
    """How many workers xdist is going to start (``--tx 3*popen`` counts for three)."""
    return sum(int(count) if (count := spec.partition("*")[0]).isdigit() else 1 for spec in config.option.tx)


def worker_index(name: str) -> int:
    """0 for gw0, and so on."""
    digits = name.removeprefix("gw")
    return int(digits) if digits.isdigit() else 0
