"""The publisher's own connections: large messages, broken ones, interrupted ones, many at once."""

from __future__ import annotations

import _socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response
from observer import Packets, assert_says, messages, why_no_packets

from mirror import Exchange
from mirror.errors import WireError
from mirror.recorder import Recorder
from mirror.wire.connection import SMALL, Connections, Loop, pass_on
from mirror.wire.held import Held, library
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


class Interrupting:
    """A message whose publisher is interrupted, while it is at it, by another one in its own thread."""

    mends = ()
    last = False

    def __init__(self, data: bytes, interruption: Callable[[], None]) -> None:
        self.blocks = (data,)
        self.interruption = interruption

    @property
    def size(self) -> int:
        interruption, self.interruption = self.interruption, lambda: None
        interruption()
        return len(self.blocks[0])


def small(data: bytes) -> Message:
    return Message((data,), len(data))


def test_a_publisher_may_be_interrupted_by_another_in_its_own_thread(server: EchoServer) -> None:
    connections: Connections = server.connections
    done: list[str] = []

    def inner() -> None:
        connections.exchange(small(b"inner"), small(b"inner reply"))
        done.append("inner")

    outer: Any = Interrupting(b"outer", inner)
    connections.exchange(outer, small(b"outer reply"))
    assert done == ["inner"]
    assert len(idle(server)) == 2


@pytest.mark.skipif(library() is None, reason="the C library cannot be called with the interpreter lock held")
class TestHoldingTheInterpreterLock:
    """What several publishers do; by themselves they would seldom come to the system's refusals."""

    @pytest.fixture
    def loop(self, server: EchoServer) -> Iterator[Loop]:
        loop = server.connections._connect()
        loop.hold()
        yield loop
        loop.close()

    def test_messages_up_to_the_room_arrive(self, loop: Loop) -> None:
        for size in (1, 2, 1000, SMALL - 1, SMALL):
            assert loop.exchange(small(b"q" * size), small(b"\0" * size))

    def test_what_cannot_be_sent_at_once_is_waited_for(self, loop: Loop) -> None:
        for sock in (loop.client, loop.echo):
            sock.setsockopt(_socket.SOL_SOCKET, _socket.SO_SNDBUF, 1)
            sock.setsockopt(_socket.SOL_SOCKET, _socket.SO_RCVBUF, 1)
        body = bytes(range(256)) * (SMALL // 512)
        for _ in range(20):
            assert loop.exchange(small(body), small(body[::-1]))

    def test_other_bytes_are_noticed(self, loop: Loop) -> None:
        loop.client.send(b"x")
        with pytest.raises(WireError, match="other bytes"):
            loop.exchange(small(b"question"), small(b"answer"))

    def test_a_closed_end_is_noticed(self, loop: Loop) -> None:
        loop.client.shutdown(_socket.SHUT_WR)
        with pytest.raises(OSError, match="pipe"):
            loop.exchange(small(b"question"), small(b"answer"))

    def test_a_socket_that_is_closed_is_no_other_ones(self, loop: Loop) -> None:
        loop.client.close()
        with pytest.raises(OSError, match="descriptor"):
            loop.exchange(small(b"question"), small(b"answer"))

    def test_it_is_done_where_there_are_several_publishers_and_not_for_one(
        self, sink: WireSink, server: EchoServer
    ) -> None:
        for _ in range(3):
            sink.write(make_exchange())
        sink.write(make_exchange(make_request(headers=[("Connection", "close")])))
        sink.write(make_exchange())
        assert [loop.pass_on for loop in idle(server)] == [pass_on]
        with ThreadPoolExecutor(8) as pool:
            barrier = threading.Barrier(8)

            def publish(_: int) -> None:
                barrier.wait()
                for _turn in range(50):
                    sink.write(make_exchange())

            list(pool.map(publish, range(8)))
        if len(idle(server)) > 1:
            assert any(isinstance(loop.pass_on, Held) for loop in idle(server))


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
