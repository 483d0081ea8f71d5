"""WebSocket sessions on the publisher's own connections, as seen on the loopback interface."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
import wsproto
import wsproto.events
from factories import make_exchange, make_headers
from frames import Session, assert_shows, say, session
from observer import Packets, messages, why_no_packets

from mirror import Counts, Exchange, Request, Response
from mirror.errors import WireError
from mirror.exchange import WebSocketMessage
from mirror.recorder import Recorder
from mirror.wire.pending import Pending
from mirror.wire.server import EchoServer
from mirror.wire.sink import Wire, WireSink

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 section 1.3
HANDSHAKE = make_headers(
    ("Host", "testserver"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
    ("Sec-WebSocket-Key", KEY.decode()), ("Sec-WebSocket-Version", "13"),
)  # fmt: skip
ACCEPTING = make_headers(
    ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
)
CLOSES = (say("client", "close", b"bye", 1000), say("server", "close", b"bye", 1000))


def make_session(*messages: WebSocketMessage, target: str = "/chat", **rest: Any) -> Exchange:
    request = Request("GET", target, HANDSHAKE, (), "ws")
    return make_exchange(request, Response(101, "Switching Protocols", ACCEPTING), messages=messages, **rest)


@pytest.fixture
def sink(server: EchoServer, pending: Pending) -> WireSink:
    return WireSink(server, pending, Wire())


@pytest.fixture
def recorder(sink: WireSink) -> Recorder:
    return Recorder([sink])


@pytest.fixture
def packets(server: EchoServer) -> Iterator[Packets]:
    if (reason := why_no_packets()) is not None:
        pytest.skip(reason)
    with Packets(server.server_address[1]) as packets:
        yield packets


def play(recorder: Recorder, exchange: Exchange) -> None:
    """A session as an observer makes it: it begins, goes on and ends."""
    live = recorder.open(msgspec.structs.replace(exchange, messages=()))
    for message in exchange.messages:
        live.send(message)
    live.finish(exchange)


def only(packets: Packets) -> Session:
    (stream,) = packets.streams()
    return session(stream)


def test_a_session(recorder: Recorder, packets: Packets) -> None:
    exchange = make_session(
        say("client", "text", "Grüße, 世界 🌍".encode()),
        say("server", "binary", bytes(range(256))),
        say("client", "ping", b"are you there"),
        say("server", "pong", b"are you there"),
        say("server", "ping"),
        say("client", "pong"),
        say("client", "text"),
        say("server", "binary"),
        *CLOSES,
    )
    play(recorder, exchange)
    assert_shows(only(packets), exchange)
    assert recorder.counts.published == recorder.counts.made == 1
    assert not recorder.counts.remarks


def test_each_message_is_there_when_it_has_been_said(recorder: Recorder, packets: Packets) -> None:
    live = recorder.open(make_session())
    (stream,) = packets.streams()
    assert session(stream).messages == []
    live.send(say("client", "text", b"one"))
    packets.streams()
    assert session(stream).messages == [("client", "text", b"one", 0)]
    live.send(say("server", "text", b"two"))
    packets.streams()
    assert session(stream).messages[1:] == [("server", "text", b"two", 0)]
    live.finish(make_session())


def test_a_session_that_is_over_is_played_whole(recorder: Recorder, packets: Packets) -> None:
    """Where it comes from a file or another process."""
    exchange = make_session(say("client", "text", b"one"), *CLOSES)
    recorder.record(exchange)
    assert_shows(only(packets), exchange)
    assert recorder.counts.published == 1


def test_another_protocol_to_switch_to_is_no_session(recorder: Recorder, packets: Packets) -> None:
    response = Response(101, "Switching Protocols", make_headers(("Upgrade", "h2c"), ("Connection", "Upgrade")))
    recorder.record(make_exchange(None, response))
    (stream,) = packets.streams()
    assert [message.status for message in messages(stream)] == [101]
    assert recorder.counts.published == 1


def test_the_correlation_header_goes_into_the_handshake(server: EchoServer, packets: Packets) -> None:
    recorder = Recorder([WireSink(server, Pending(), Wire(correlation_header="X-Correlation"))])
    exchange = make_session(*CLOSES)
    play(recorder, exchange)
    assert_shows(only(packets), exchange, ((b"X-Correlation", exchange.id.encode()),))


def test_the_handshake_is_one_to_wsproto_at_both_ends(recorder: Recorder, packets: Packets) -> None:
    play(recorder, make_session(say("server", "text", b"hello"), *CLOSES))
    (stream,) = packets.streams()
    server = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
    server.receive_data(bytes(stream.sent))
    (request,) = server.events()
    assert isinstance(request, wsproto.events.Request)
    # Its own answer to that request has the same Sec-WebSocket-Accept.
    answer = server.send(wsproto.events.AcceptConnection())
    (accept,) = [line for line in answer.split(b"\r\n") if line.lower().startswith(b"sec-websocket-accept")]
    assert accept in bytes(stream.received).split(b"\r\n")


# Large ones -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 32767, 32768, 32769, 65535, 65536, 65537, 1 << 20])
def test_any_length(recorder: Recorder, packets: Packets, size: int) -> None:
    data = os.urandom(size)
    exchange = make_session(say("client", "binary", data), say("server", "binary", data), *CLOSES)
    play(recorder, exchange)
    assert_shows(seen := only(packets), exchange)
    assert len(seen.client) - 1 == len(seen.server) - 1 == max(1, -(-size // 32768))
    assert recorder.counts.published == 1


def test_sixteen_megabytes_each_way(recorder: Recorder, packets: Packets) -> None:
    data = os.urandom(1 << 20) * 16
    play(recorder, make_session(say("client", "binary", data), say("server", "text", b"x" * len(data)), *CLOSES))
    (stream,) = packets.streams()
    assert len(stream.sent) > len(data)
    assert recorder.counts == Counts(1, 1)


def test_a_long_text_is_cut_between_its_characters(recorder: Recorder, packets: Packets) -> None:
    text = ("a" + "€" * 30_000 + "🌍" * 20_000).encode()
    exchange = make_session(say("client", "text", text), *CLOSES)
    play(recorder, exchange)
    assert_shows(seen := only(packets), exchange)
    assert len(seen.client) > 5
    for frame in seen.client[:-1]:
        frame.payload.decode()


# What a frame cannot hold ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [1, 999, 1004, 1005, 1006, 1014, 1015, 1016, 2000, 2999, 5000, 65535, 70000, -1])
def test_a_code_that_no_frame_may_carry(recorder: Recorder, packets: Packets, code: int) -> None:
    exchange = make_session(say("server", "close", b"why", code), say("client", "close", b"why", code))
    play(recorder, exchange)
    assert only(packets).messages == [("server", "close", b"", 0), ("client", "close", b"", 0)]
    assert recorder.counts.published == 1
    assert recorder.counts.remarks == {
        f"the WebSocket close code {code}, which no frame may carry: sent without a code": 1,
        "a WebSocket close reason left out: there is no place for it without a code": 1,
    }


@pytest.mark.parametrize("code", [0, 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 4999])
def test_a_code_that_a_frame_may_carry(recorder: Recorder, packets: Packets, code: int) -> None:
    exchange = make_session(say("client", "close", b"", code), say("server", "close", b"", code))
    play(recorder, exchange)
    assert_shows(only(packets), exchange)
    assert not recorder.counts.remarks


@pytest.mark.parametrize(
    ("message", "shown", "remark"),
    [
        (say("client", "text", b"a\xff\xc3"), ("client", "text", "a\ufffd\ufffd".encode(), 0), "not UTF-8"),
        (say("server", "ping", b"p" * 126), ("server", "ping", b"p" * 125, 0), "a WebSocket ping with more than 125"),
        (say("client", "pong", b"p" * 999), ("client", "pong", b"p" * 125, 0), "a WebSocket pong with more than 125"),
        (say("server", "close", "ü".encode() * 62, 4000), ("server", "close", "ü".encode() * 61, 4000), "than 123"),
        (say("server", "close", b"\xe4", 4000), ("server", "close", "\ufffd".encode(), 4000), "reason that is not UTF"),
    ],
)
def test_a_mend(recorder: Recorder, packets: Packets, message: Any, shown: Any, remark: str) -> None:
    play(recorder, make_session(message))
    assert only(packets).messages == [shown]
    (told,) = recorder.counts.remarks
    assert remark in told
    assert recorder.counts.published == 1


def test_what_follows_a_close_frame_is_left_out(recorder: Recorder, packets: Packets) -> None:
    exchange = make_session(
        say("server", "close", b"", 1000),
        say("client", "text", b"still under way"),
        say("server", "text", b"too late"),
        say("client", "close", b"", 1000),
        say("client", "ping", b"too late"),
    )
    play(recorder, exchange)
    assert only(packets).messages == [("server", "close", b"", 1000), ("client", "close", b"", 1000)]
    assert recorder.counts.published == 1
    assert recorder.counts.remarks == {
        f"a WebSocket message behind a close frame ({kind}): left out": 1 for kind in ("text", "ping")
    }


# Many, and lost ones --------------------------------------------------------------------------------------------------


def test_a_hundred_sessions_at_once(recorder: Recorder, packets: Packets) -> None:
    made = [
        make_session(say("client", "text", b"%d" % number), say("server", "text", b"%d!" % number), *CLOSES,
                     target=f"/{number}")
        for number in range(100)
    ]  # fmt: skip
    live = [recorder.open(msgspec.structs.replace(exchange, messages=())) for exchange in made]
    for place in range(4):
        for one, exchange in zip(live, made, strict=True):
            one.send(exchange.messages[place])
    for one, exchange in zip(reversed(live), reversed(made), strict=True):
        one.finish(exchange)
    for stream, exchange in zip(packets.streams(), made, strict=True):
        assert_shows(session(stream), exchange)
    assert recorder.counts.published == 100


def test_sessions_in_threads(recorder: Recorder, packets: Packets) -> None:
    made = [
        make_session(*[say("client", "text", b"%d" % (number * 10**place)) for place in range(20)], target=f"/{number}")
        for number in range(40)
    ]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda exchange: play(recorder, exchange), made))
    seen = {one.target: one for one in map(session, packets.streams())}
    for exchange in made:
        assert_shows(seen[exchange.request.target.encode()], exchange)
    assert recorder.counts.published == 40


def test_an_exchange_beside_a_session_has_a_connection_of_its_own(recorder: Recorder, packets: Packets) -> None:
    live = recorder.open(make_session())
    recorder.record(make_exchange())
    live.send(say("client", "text", b"one"))
    live.finish(make_session(say("client", "text", b"one")))
    assert [session(stream).messages for stream in packets.streams() if stream.sent.startswith(b"GET /chat")] == [
        [("client", "text", b"one", 0)]
    ]
    assert recorder.counts.published == 2


def test_a_session_whose_server_is_stopped_is_lost_once(recorder: Recorder, server: EchoServer) -> None:
    live = recorder.open(make_session())
    server.stop()
    for _ in range(3):
        live.send(say("client", "text", b"one"))
    live.finish(make_session())
    assert (recorder.counts.made, recorder.counts.failed) == (1, 1)
    gc.collect()


def test_what_is_said_after_the_end_is_an_error(sink: WireSink) -> None:
    one = sink.open(make_session())
    one.finish(make_session())
    with pytest.raises(WireError, match="was lost before"):
        one.send(say("client", "text"))
    with pytest.raises(WireError, match="was lost before"):
        one.finish(make_session())


def test_a_handshake_that_cannot_be_written_leaves_nothing_open(recorder: Recorder, server: EchoServer) -> None:
    live = recorder.open(make_session(target="/a b"))
    live.finish(make_session())
    assert recorder.counts.failed == 1
    assert not server._sessions


def test_connections_do_not_pile_up(recorder: Recorder, server: EchoServer) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        play(recorder, make_session(say("client", "text", b"one"), *CLOSES))
    assert not server._sessions
    assert len(os.listdir("/proc/self/fd")) <= before
