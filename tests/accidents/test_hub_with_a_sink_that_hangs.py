"""A hub that was closed or paused while a sink held its thread let go of the descriptors all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from factories import make_exchange

from mirror import Exchange
from mirror.recorder import Recorder
from mirror.wire.hub_client import HubClient
from mirror.wire.hub_recorder import HubRecorder
from mirror.wire.hub_server import Hub


class Hanging:
    """Holds whoever writes until it is let go, and keeps who that was."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.go = threading.Event()
        self.writers: list[str] = []

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        self.entered.set()
        self.go.wait(60)
        self.writers.append(threading.current_thread().name)
        return ()


@pytest.fixture
def sink() -> Iterator[Hanging]:
    sink = Hanging()
    yield sink
    sink.go.set()


@pytest.fixture
def hub(sink: Hanging) -> Iterator[Hub]:
    hub = Hub(Recorder([sink]), "http://127.0.0.1:1", patience=0.05)
    yield hub
    sink.go.set()
    hub.close()


def served(hub: Hub) -> threading.Thread:
    (thread,) = [each for each in threading.enumerate() if each.name == "mirror-hub"]
    return thread


def hand_over(hub: Hub, sink: Hanging) -> HubRecorder:
    recorder = HubRecorder(HubClient(hub.address, "test", patience=30), [])
    for _ in range(3):
        recorder.record(make_exchange())
    recorder.hand_over()
    assert sink.entered.wait(60)
    return recorder


def test_closing_leaves_the_descriptors_to_the_thread(hub: Hub, sink: Hanging) -> None:
    recorder = hand_over(hub, sink)
    thread = served(hub)
    hub.close()
    assert thread.is_alive()
    assert hub._listener.fileno() >= 0
    sink.go.set()
    thread.join(60)
    assert hub._listener.fileno() == -1
    assert sink.writers == ["mirror-hub"] * 3  # nobody else has read what it was reading
    assert hub.recorder.counts.published == 3
    recorder.close("the test is over")


def test_pausing_and_resuming_makes_no_second_thread(hub: Hub, sink: Hanging) -> None:
    recorder = hand_over(hub, sink)
    thread = served(hub)
    hub.pause()
    hub.resume()
    assert served(hub) is thread
    sink.go.set()
    recorder.close("the test is over")
    assert recorder.counts.published == 3
    assert served(hub) is thread


def test_a_pause_ends_the_thread_when_it_comes_back(hub: Hub, sink: Hanging) -> None:
    recorder = hand_over(hub, sink)
    thread = served(hub)
    hub.pause()
    sink.go.set()
    thread.join(60)
    assert not thread.is_alive()
    hub.resume()
    recorder.close("the test is over")
    assert recorder.counts.published == 3
