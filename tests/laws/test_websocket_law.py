"""Laws 3 and 4 for WebSocket: the wire shows a session as it is, whatever it is; and the numbers add up.

Random sessions, several at once and their messages interleaved, go through the wire's sink while an observer that knows
nothing of mirror watches. An ordinary exchange follows.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from factories import make_exchange, make_headers, make_request, make_response, names, values
from frames import Said, assert_shows, said, say, session
from hypothesis import HealthCheck, given, settings, strategies as st
from observer import Packets, messages, why_no_packets
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from mirror import Exchange, Headers, Mirror, Request, Response
from mirror.exchange import WebSocketMessage
from mirror.recorder import LiveSession, Recorder
from mirror.wire.pending import Pending
from mirror.wire.server import EchoServer
from mirror.wire.sink import Wire, WireSink

needs_packets = pytest.mark.skipif(why_no_packets() is not None, reason=str(why_no_packets()))
law = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
ORDINARY = make_exchange(make_request("POST", "/ordinary", b"in"), make_response(200, b"out"))

senders = st.sampled_from(["client", "server"])
texts = st.text(max_size=80).map(str.encode) | st.sampled_from([40_000, 70_000]).map(
    lambda size: b"\xe2\x82\xac" * size
)
binaries = st.binary(max_size=200) | st.sampled_from([125, 126, 65535, 65536, 100_000]).map(bytes)
good_codes = st.sampled_from([1000, 1001, 1003, 1007, 1011, 1013]) | st.integers(3000, 4999)
reasons = st.text(max_size=30).map(str.encode)

plain_messages = (
    st.builds(say, senders, st.just("text"), texts)
    | st.builds(say, senders, st.just("binary"), binaries)
    | st.builds(say, senders, st.sampled_from(["ping", "pong"]), st.binary(max_size=125))
)
hostile_messages = (
    plain_messages
    | st.builds(say, senders, st.just("text"), st.binary(max_size=80))
    | st.builds(say, senders, st.sampled_from(["ping", "pong"]), st.binary(max_size=300))
    | st.builds(say, senders, st.just("close"), st.binary(max_size=200), st.integers(-10, 70_000) | good_codes)
)

REQUIRED = (
    (b"Host", b"testserver"), (b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"),
    (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="), (b"Sec-WebSocket-Version", b"13"),
)  # fmt: skip
ANSWER = make_headers(("Upgrade", "websocket"), ("Connection", "Upgrade"))


@st.composite
def sessions(draw: st.DrawFn) -> Exchange:
    """Any session that can happen: messages, and perhaps both sides' close frames."""
    said = draw(st.lists(plain_messages, max_size=8))
    if draw(st.booleans()):
        code = draw(good_codes | st.just(0))
        reason = draw(reasons) if code else b""
        sides = draw(st.permutations(["client", "server"]))
        said += [say(side, "close", reason, code) for side in sides]
    return with_messages(said, draw(st.lists(st.tuples(names, values), max_size=3)))


def with_messages(said: list[WebSocketMessage], fields: Any = ()) -> Exchange:
    own = tuple((name, value.strip(b" \t")) for name, value in fields if name.lower() not in SPECIAL)
    request = Request("GET", "/chat", Headers((*REQUIRED, *own)), (), "ws")
    return make_exchange(request, Response(101, "Switching Protocols", ANSWER), messages=tuple(said))


SPECIAL = {b"host", b"content-length", b"transfer-encoding", b"connection", b"expect", b"upgrade"}


@needs_packets
@law
@given(st.lists(sessions(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_the_wire_shows_sessions_as_they_are(made: list[Exchange], chance: Any) -> None:
    seen, recorder = published(made, chance)
    for one, exchange in zip(seen, made, strict=True):
        assert_shows(session(one), exchange)
    counts = recorder.counts
    assert counts.made == counts.published == len(made) + 1, counts
    assert not counts.remarks


@needs_packets
@law
@given(st.lists(hostile_messages, max_size=8), st.randoms(use_true_random=False))
def test_a_hostile_session_is_mended_reported_and_survived(hostile: list[WebSocketMessage], chance: Any) -> None:
    exchange = with_messages(hostile)
    (seen,), recorder = published([exchange], chance)
    shown = session(seen).messages
    assert shown == mended(said(exchange))
    counts = recorder.counts
    assert counts.made == counts.published == 2, counts
    assert bool(counts.remarks) is (shown != said(exchange))


@needs_packets
@settings(law, max_examples=30)
@given(st.lists(st.text(max_size=40) | st.binary(max_size=40), max_size=6), good_codes, reasons.map(bytes.decode))
def test_what_a_test_says_and_hears_is_what_the_wire_shows(words: list[Any], code: int, reason: str) -> None:
    async def again(scope: Any, receive: Any, send: Any) -> None:
        websocket = WebSocket(scope, receive, send)
        await websocket.accept()
        while (message := await websocket.receive())["type"] == "websocket.receive":
            await websocket.send({**message, "type": "websocket.send"})

    with Mirror() as mirror, Packets(mirror.port) as packets:
        heard: list[Said] = []
        with TestClient(again).websocket_connect("/") as talk:
            for word in words:
                (talk.send_text if isinstance(word, str) else talk.send_bytes)(word)
                answer = talk.receive()
                assert word == answer.get("text", answer.get("bytes"))
                kind, data = ("text", word.encode()) if isinstance(word, str) else ("binary", word)
                heard += [("client", kind, data, 0), ("server", kind, data, 0)]
            talk.close(code, reason)
        (stream,) = packets.streams()
    assert heard == said(mirror.exchanges[0])[:-2]
    assert_shows(session(stream), mirror.exchanges[0])


def published(made: list[Exchange], chance: Any) -> tuple[list[Any], Recorder]:
    """What is seen while the sessions go on at once, each message at some time; one stream for each."""
    pending = Pending()
    server = EchoServer("127.0.0.1", 0, pending)
    try:
        with Packets(server.server_address[1]) as packets:
            recorder = Recorder([WireSink(server, pending, Wire())])
            live = [recorder.open(msgspec.structs.replace(exchange, messages=())) for exchange in made]
            for one, message in shuffled(live, made, chance):
                one.send(message)
            for one, exchange in zip(live, made, strict=True):
                one.finish(exchange)
            recorder.record(ORDINARY)
            *streams, last = packets.streams()
            assert [message.response_body for message in messages(last)] == [b"out"]
    finally:
        server.stop()
    assert not server._sessions
    assert len(pending) == 0
    return streams, recorder


def shuffled(live: list[LiveSession], made: list[Exchange], chance: Any) -> list[tuple[LiveSession, WebSocketMessage]]:
    """The messages of all sessions, each session's in their order."""
    waiting = [(one, list(exchange.messages)) for one, exchange in zip(live, made, strict=True)]
    order: list[tuple[LiveSession, WebSocketMessage]] = []
    while waiting := [pair for pair in waiting if pair[1]]:
        one, left = chance.choice(waiting)
        order.append((one, left.pop(0)))
    return order


def mended(messages: list[Said]) -> list[Said]:
    """What can be shown of messages that frames cannot hold as they are."""
    shown: list[Said] = []
    closed: set[str] = set()
    for sender, kind, data, code in messages:
        if sender in closed or (closed and kind != "close"):
            continue
        if kind == "text":
            data = data.decode("utf-8", "replace").encode()
        elif kind in ("ping", "pong"):
            data = data[:125]
        elif kind == "close":
            closed.add(sender)
            if code not in (*range(1000, 1004), *range(1007, 1014), *range(3000, 5000)):
                code, data = 0, b""
            data = data.decode("utf-8", "replace").encode()[:123].decode("utf-8", "ignore").encode()
        shown.append((sender, kind, data, code))
    return shown
