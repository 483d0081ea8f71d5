"""A process that was killed while it published to a hub was noticed by nobody."""

from __future__ import annotations

from factories import make_exchange

from mirror.recorder import Recorder
from mirror.wire.hub_client import HubClient
from mirror.wire.hub_recorder import HubRecorder
from mirror.wire.hub_server import Hub


def test_who_does_not_say_that_this_was_all_has_vanished() -> None:
    hub = Hub(Recorder([]), "http://127.0.0.1:1")
    try:
        killed = HubRecorder(HubClient(hub.address, "killed"), [])
        friend = HubRecorder(HubClient(hub.address, "friend"), [])
        for recorder in (killed, friend):
            recorder.record(make_exchange())
            recorder.settle()
        killed.client.abandon()  # closes the connection, as the kernel does when the process is killed
        friend.close("the test is over")
        hub.settle(60)
        assert list(hub.vanished) == [("killed", 1)]
    finally:
        hub.close()
