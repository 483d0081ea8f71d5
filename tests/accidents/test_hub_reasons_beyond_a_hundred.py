"""The numbers of a process with a hub were wrong where either side had more than a hundred reasons for losses."""

from __future__ import annotations

from factories import make_exchange, make_request

from mirror import Counts, Exchange
from mirror.recorder import Recorder
from mirror.wire.hub_client import HubClient
from mirror.wire.hub_recorder import HubRecorder, surplus
from mirror.wire.hub_server import Hub


class Full:
    """Loses each exchange for a reason of its own."""

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        if exchange.request.path.startswith("/lost"):
            raise OSError(f"no room for {exchange.request.path}")
        return (f"mended {exchange.request.path}",)


def test_numbers_are_those_of_the_hub() -> None:
    hub = Hub(Recorder([Full()]), "http://127.0.0.1:1")
    recorder = HubRecorder(HubClient(hub.address, "test"), [])
    try:
        for number in range(150):
            recorder.record(make_exchange(make_request("GET", f"/lost/{number}")))
            recorder.record(make_exchange(make_request("GET", f"/kept/{number}")))
        recorder.settle()
        for number in range(150):
            recorder.lose(f"reason {number}")
            recorder.pass_over(f"rule {number}")
            recorder.remark(f"remark {number}")
        recorder.settle()
        there, here = hub.recorder.counts, recorder.counts
        assert (here.made, here.published, here.failed, here.ignored) == (600, 150, 300, 150)
        assert (there.made, there.published, there.failed, there.ignored) == (600, 150, 300, 150)
        assert (sum(here.failures.values()), sum(here.ignores.values())) == (300, 150)
        assert sum(here.remarks.values()) == 300
        assert recorder.missing == Counts()
    finally:
        recorder.close("the test is over")
        hub.close()


def test_a_surplus_is_as_many_as_there_are() -> None:
    assert surplus({"a": 3, "b": 1}, {"a": 1}, 3) == {"a": 2, "b": 1}
    assert surplus({"a": 3, "b": 1}, {"b": 2}, 2) == {"a": 2}
    assert surplus({"a": 1}, {}, 3) == {"a": 1, "other reasons": 2}
    assert surplus({"a": 1}, {"b": 1}) == {}
