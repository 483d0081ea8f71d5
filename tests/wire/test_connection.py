"""The publisher's own connections: large messages, broken ones, interrupted ones, many at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response
from observer import Packets, assert_says, messages, why_no_packets

from mirror import Exchange
from mirror.recorder import Recorder
from mirror.wire.connection import SMALL, Connections, Loop
from mirror.wire.message import ONE_WRITE, Message
from mirror.wire.pending import Pending
from mirror.wire.server import EchoServer
from mirror.wire.sink import Wire, WireSink

needs_packets = pytest.mark.skipif(why_no_packets() is not None, reason=str(why_no_packets()))


@pytest.fixture
def sink(server: EchoServer, pending: Pending) -> WireSink:
    return WireSink(server, pending, Wire())


def sized(sent: int, answered: int) -> Exchange:
    body, answer = b"s" * sent, b"a" * answered
    return make_exchange(
        make_request("POST", "/", body, headers=[("Content-Length", str(sent))]),
        make_response(200, answer, headers=[("Content-Length", str(answered))]),
    )


def idle(server: EchoServer) -> list[Loop]:
    return list(server.connections._idle)


def test_a_hundred_megabytes_travel_both_ways(sink: WireSink, server: EchoServer) -> None:
    size = 100 * 1024 * 1024
    assert sink.write(sized(size, size)) == ()
    assert len(idle(server)) == 1


@needs_packets
@pytest.mark.parametrize("answered", [0, SMALL, ONE_WRITE, 3_000_000])
@pytest.mark.parametrize(
    "sent", [0, SMALL - 100, SMALL, SMALL + 1, ONE_WRITE - 70, ONE_WRITE, ONE_WRITE + 1, 3_000_000]
)
def test_every_size_arrives(sink: WireSink, server: EchoServer, sent: int, answered: int) -> None:
    made = [sized(sent, answered), make_exchange()]
    with Packets(server.server_address[1]) as packets:
        for exchange in made:
            assert sink.write(exchange) == ()
        (stream,) = packets.streams()
    for message, exchange in zip(messages(stream), made, strict=True):
        assert_says(message, exchange)


@needs_packets
def test_exchanges_of_one_publisher_share_a_connection(sink: WireSink, server: EchoServer) -> None:
    with Packets(server.server_address[1]) as packets:
        for _ in range(50):
            sink.write(make_exchange())
        (stream,) = packets.streams()
    assert len(messages(stream)) == 50


@needs_packets
@pytest.mark.parametrize(
    "exchange",
    [
        make_exchange(response=make_response(103)),
        make_exchange(response=make_response(101)),
        make_exchange(make_request("CONNECT", "/")),
        pytest.param(
            make_exchange(make_request(headers=[("Connection", "close")])),
        ),
        pytest.param(
            make_exchange(response=make_response(200, b"ok", headers=[("Connection", "Close")])),
        ),
    ],
    ids=["103", "101", "CONNECT", "request says close", "response says close"],
)
def test_nothing_follows_what_ends_a_connection(sink: WireSink, server: EchoServer, exchange: Exchange) -> None:
    """An observer could not tell it, or would take no more of it (RFC 9112 section 9.6)."""
    with Packets(server.server_address[1]) as packets:
        sink.write(exchange)
        sink.write(make_exchange())
        streams = packets.streams()
    assert [len(messages(stream)) for stream in streams] == [1, 1]


@pytest.mark.parametrize("end", ["client", "echo"])
def test_a_broken_connection_costs_one_exchange(server: EchoServer, sink: WireSink, end: str) -> None:
    losses: list[str] = []
    recorder = Recorder([sink], on_loss=losses.append)
    recorder.record(make_exchange())
    (loop,) = idle(server)
    getattr(loop, end).close()
    for _ in range(3):
        recorder.record(make_exchange())
    counts = recorder.counts
    assert (counts.made, counts.published, counts.failed) == (4, 3, 1)
    assert losses == list(counts.failures)


def test_a_dead_server_costs_exchanges_and_raises_nothing(server: EchoServer, sink: WireSink) -> None:
    losses: list[str] = []
    recorder = Recorder([sink], on_loss=losses.append)
    recorder.record(make_exchange())
    server.stop()
    for _ in range(3):
        recorder.record(make_exchange())
    counts = recorder.counts
    assert (counts.made, counts.published, counts.failed) == (4, 1, 3)
    assert len(losses) == 1


def test_other_bytes_than_were_sent_are_noticed(server: EchoServer, sink: WireSink) -> None:
    recorder = Recorder([sink], on_loss=lambda loss: None)
    recorder.record(make_exchange())
    (loop,) = idle(server)
    loop.echo.send(b"unasked")
    recorder.record(make_exchange())
    assert list(recorder.counts.failures) == ["the echo connection gave back other bytes than were sent"]
    recorder.record(make_exchange())
    assert recorder.counts.published == 2


class Interrupting(Message):
    """A message whose publisher is interrupted, while it is at it, by another one in its own thread."""

    __slots__ = ("interruption",)

    @property
    def size(self) -> int:
        interruption, self.interruption = self.interruption, lambda: None
        interruption()
        return sum(map(len, self.blocks))

    @size.setter
    def size(self, value: int) -> None:
        self.interruption: Any = lambda: None


def test_a_publisher_may_be_interrupted_by_another_in_its_own_thread(server: EchoServer) -> None:
    connections: Connections = server.connections
    done: list[str] = []

    def inner() -> None:
        connections.exchange(Message([b"inner"]), Message([b"inner reply"]))
        done.append("inner")

    outer = Interrupting([b"outer"])
    outer.interruption = inner
    connections.exchange(outer, Message([b"outer reply"]))
    assert done == ["inner"]
    assert len(idle(server)) == 2


def test_a_sink_may_publish_from_inside_a_publish(sink: WireSink, server: EchoServer) -> None:
    class Nested:
        depth = 0

        def write(self, exchange: Exchange) -> tuple[str, ...]:
            if self.depth < 3:
                self.depth += 1
                recorder.record(make_exchange())
            return ()

    recorder = Recorder([Nested(), sink, Nested()])
    recorder.record(make_exchange())
    assert recorder.counts.made == recorder.counts.published == 7


def test_publishers_at_the_same_time_get_a_connection_each(server: EchoServer, sink: WireSink) -> None:
    recorder = Recorder([sink])
    barrier = threading.Barrier(8)

    def publish() -> None:
        barrier.wait()
        for number in range(30):
            recorder.record(sized(number * 1000, number * 500))

    threads = [threading.Thread(target=publish) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert recorder.counts.made == recorder.counts.published == 240
    assert 1 <= len(idle(server)) <= 8


def test_no_connection_outlives_the_server(server: EchoServer, sink: WireSink) -> None:
    sink.write(make_exchange())
    (loop,) = idle(server)
    server.stop()
    assert loop.client.fileno() == loop.echo.fileno() == -1
    assert idle(server) == []
