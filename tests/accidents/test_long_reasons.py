"""A reason of a megabyte was kept whole for every count, and did not fit into what a hub answers."""

from __future__ import annotations

from factories import make_exchange

from mirror.recorder import Recorder
from mirror.wire.hub_client import HubClient
from mirror.wire.hub_recorder import HubRecorder
from mirror.wire.hub_server import Hub


class Raising:
    def write(self, exchange: object) -> tuple[str, ...]:
        raise ValueError("x" * 10_000_000)


def test_a_long_reason_is_told_in_short() -> None:
    recorder = Recorder([Raising()])
    recorder.record(make_exchange())
    (reason,) = recorder.counts.failures
    assert reason.startswith("ValueError: xxx")
    assert len(reason) < 400


def test_a_hub_has_the_same_short_reason() -> None:
    hub = Hub(Recorder([]), "http://127.0.0.1:1")
    try:
        recorder = HubRecorder(HubClient(hub.address, "test"), [Raising()])
        recorder.record(make_exchange())
        recorder.settle()
        assert recorder.client.gone is None
        recorder.close("over")
    finally:
        hub.close()
    assert recorder.counts == hub.recorder.counts
    assert sum(recorder.counts.failures.values()) == recorder.counts.failed == 1
