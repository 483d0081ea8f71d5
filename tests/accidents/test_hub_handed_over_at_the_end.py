"""What another thread handed over while the connection to a hub ended counted as published, and was nowhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from factories import make_exchange

from mirror import Counts, Exchange
from mirror.recorder import Recorder
from mirror.wire.hub_client import HubClient
from mirror.wire.hub_recorder import HubRecorder
from mirror.wire.hub_server import Hub


class Slow:
    """A sink that has an exchange until it is told to go on."""

    def __init__(self) -> None:
        self.has_one, self.go_on = threading.Event(), threading.Event()

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        self.has_one.set()
        assert self.go_on.wait(10)
        return ()


class Late(HubClient):
    """A connection that ends just when another thread has handed over one more."""

    def _end(self) -> None:
        assert self.hand(make_exchange(), None, ()) is None
        super()._end()


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub(Recorder([]), "http://127.0.0.1:1")
    yield hub
    hub.close()


def test_after_the_end(hub: Hub) -> None:
    sink = Slow()
    recorder = HubRecorder(HubClient(hub.address, "test"), [sink])
    thread = threading.Thread(target=recorder.record, args=(make_exchange(),))
    thread.start()
    assert sink.has_one.wait(10)
    recorder.close("over")
    sink.go_on.set()
    thread.join()
    (reason,) = recorder.counts.failures
    assert "the connection to the hub at" in reason
    assert recorder.counts == Counts(1, 0, 1, 0, {reason: 1})
    assert recorder.missing == recorder.counts
    hub.settle(5)
    assert hub.recorder.counts == Counts()


def test_between_the_last_answer_and_the_end(hub: Hub) -> None:
    client = Late(hub.address, "test")
    recorder = HubRecorder(client, [])
    recorder.record(make_exchange())
    recorder.count(None, ())  # as the other thread does when it has handed over
    recorder.close("over")
    (reason,) = recorder.counts.failures
    assert recorder.counts == Counts(2, 1, 1, 0, {reason: 1})
    assert recorder.missing == Counts(1, 0, 1, 0, {reason: 1})
    hub.settle(5)
    assert hub.recorder.counts == Counts(1, 1)


def test_an_end_like_any_other(hub: Hub) -> None:
    recorder = HubRecorder(HubClient(hub.address, "test"), [])
    recorder.record(make_exchange())
    recorder.close("over")
    recorder.record(make_exchange())
    assert recorder.counts == Counts(2, 1, 0, 1, {}, {"over": 1})
    assert recorder.missing == Counts(1, 0, 0, 1, {}, {"over": 1})
