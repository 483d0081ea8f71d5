"""Whatever is said on the hub's port: the hub lives, whoever said it is sent away, and nobody else notices."""

from __future__ import annotations

import contextlib
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator

import msgspec
import pytest
from factories import make_exchange
from hypothesis import HealthCheck, given, settings, strategies as st

from mirror import Counts, WebSocketMessage
from mirror.errors import HubError
from mirror.recorder import Recorder
from mirror.wire.hub_client import HubClient
from mirror.wire.hub_protocol import (
    ANSWER,
    ANSWER_LIMIT,
    HELLO_LIMIT,
    Ask,
    Counted,
    Finished,
    Frames,
    Handed,
    Opened,
    Sent,
    Taken,
    frame,
    hello,
)
from mirror.wire.hub_recorder import HubRecorder
from mirror.wire.hub_server import MOST_STRANGERS, Hub

TOKEN = "a-token-of-tests"
HELLO = hello(TOKEN, "hostile")


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub that at the end of each test takes an exchange as if nothing had been."""
    hub = Hub(Recorder([]), "http://127.0.0.1:1", token=TOKEN)
    yield hub
    recorder = HubRecorder(HubClient(hub.address, "friend"), [])
    recorder.record(make_exchange())
    recorder.close("over")
    assert recorder.counts == Counts(1, 1)
    hub.close()
    assert not hub._links
    assert not hub._strangers


@pytest.fixture
def say(hub: Hub) -> Callable[[bytes], bytes]:
    """Says that on a connection of its own, then that this was all; returns what is answered until the end."""

    def say(data: bytes) -> bytes:
        with connect(hub) as connection, contextlib.suppress(OSError):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while more := connection.recv(65536):
                answer += more
            return answer
        return b""

    return say


def connect(hub: Hub) -> socket.socket:
    connection = socket.create_connection(hub.address[:2])
    connection.settimeout(20)
    return connection


def raw(payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + payload


FIRST_LINES = {
    "nothing": b"",
    "http": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n" + b"\0" * 400,
    "no end": b"mirror-hub/1 " + b"x" * 5000,
    "no line, long": b"\0" * 100_000,
    "half a line": b"mirror-hub/1 a-tok",
    "another version": HELLO.replace(b"/1", b"/2"),
    "no name": b"mirror-hub/1 a-token-of-tests\n",
    "too many words": b"mirror-hub/1 a-token-of-tests a b\n",
    "no token": b"mirror-hub/1  name\n",
    "the wrong token": b"mirror-hub/1 a-token-of-testx name\n",
    "part of the token": b"mirror-hub/1 a-token-of-test name\n",
    "more than the token": b"mirror-hub/1 a-token-of-tests0 name\n",
    "not ascii": b"mirror-hub/1 a-token-of-tests n\xe4me\n",
    "a frame first": raw(b"\x81\xa4type\xa3ask"),
}


@pytest.mark.parametrize("line", FIRST_LINES.values(), ids=FIRST_LINES)
def test_whoever_does_not_say_the_token_is_sent_away(hub: Hub, say: Callable[[bytes], bytes], line: bytes) -> None:
    answer = say(line)
    assert b"welcome" not in answer
    assert b"127.0.0.1" not in answer
    assert hub.recorder.counts == Counts()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.binary(max_size=2000))
def test_garbage_instead_of_the_token(hub: Hub, say: Callable[[bytes], bytes], data: bytes) -> None:
    assert b"welcome" not in say(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.binary(max_size=2000), st.booleans())
def test_garbage_behind_the_token(hub: Hub, say: Callable[[bytes], bytes], data: bytes, framed: bool) -> None:
    say(HELLO + (raw(data) if framed else data))


def packed(**fields: object) -> bytes:
    return raw(msgspec.msgpack.encode(fields))


def handed_with(**changes: object) -> bytes:
    """A Handed whose exchange has other fields than it should."""
    whole = msgspec.msgpack.decode(frame(Handed(make_exchange()))[4:])
    whole["exchange"] |= changes
    return raw(msgspec.msgpack.encode(whole))


EXCHANGE = make_exchange()
FRAMES = {
    "too long": b"\xff\xff\xff\xff",
    "empty": raw(b""),
    "not msgpack": raw(b"\xc1"),
    "cut short": raw(frame(Handed(EXCHANGE))[4:-3]),
    "two values in one": raw(frame(Ask(1))[4:] * 2),
    "no type": packed(serial=1),
    "another type": packed(type="pickle", data=b"cos\nsystem\n"),
    "an answer of ours": packed(type="welcome", url="http://evil"),
    "a field missing": packed(type="exchange"),
    "a wrong kind of field": packed(type="ask", serial="1"),
    "a target that is bytes": handed_with(request=1),
    "headers that are a number": handed_with(response={"status": 200, "reason": "", "headers": 7}),
    "a status that is text": handed_with(response={"status": "200", "reason": "", "headers": {}}),
    "a number below nothing": packed(type="counted", failures={"x": -1}),
    "a number too large": packed(type="counted", failures={"x": 2**63}),
    "deep": raw(b"\x91" * 100_000),
    "a map that promises much": raw(b"\xdf\xff\xff\xff\xff"),
    "a text that promises much": raw(b"\xdb\xff\xff\xff\xff"),
    "a message of no session": frame(Sent(7, WebSocketMessage("client", "text", b"", 0.0))),
    "the end of no session": frame(Finished(7, EXCHANGE)),
    "a session twice": frame(Opened(7, EXCHANGE)) * 2,
}


@pytest.mark.parametrize("data", FRAMES.values(), ids=FRAMES)
def test_a_frame_that_is_none_ends_its_connection(hub: Hub, say: Callable[[bytes], bytes], data: bytes) -> None:
    say(HELLO + frame(Handed(EXCHANGE)) + data + frame(Handed(EXCHANGE)))
    hub.settle(10)
    assert hub.refusals.total() == 1
    # What came before counts, what came after does not.
    assert hub.recorder.counts.published == 1


def test_half_a_frame(hub: Hub, say: Callable[[bytes], bytes]) -> None:
    say(HELLO + frame(Handed(EXCHANGE)) + frame(Handed(EXCHANGE))[:-1])
    hub.settle(10)
    assert hub.recorder.counts == Counts(1, 1)
    assert not hub.refusals


def test_byte_by_byte(hub: Hub) -> None:
    with connect(hub) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in HELLO + frame(Handed(EXCHANGE)) + frame(Ask(1)):
            connection.sendall(bytes([byte]))
        answer = b""
        while b"taken" not in answer:
            answer += connection.recv(65536)
    assert hub.recorder.counts == Counts(1, 1)


def test_whoever_says_nothing_is_sent_away() -> None:
    hub = Hub(Recorder([]), "http://127.0.0.1:1", hello_patience=0.1)
    try:
        with connect(hub) as silent, connect(hub) as slow:
            slow.sendall(HELLO[:5])
            for connection in (silent, slow):
                assert b"no token within" in connection.recv(65536)
                # A reset it is where what was sent before the end had not been read.
                with contextlib.suppress(ConnectionResetError):
                    assert connection.recv(65536) == b""
        assert sum(hub.refusals.values()) == 2
    finally:
        hub.close()


def test_a_first_line_without_an_end_is_not_waited_for() -> None:
    frames = Frames(1000)
    frames.feed(b"x" * (HELLO_LIMIT - 1))
    assert frames.line() is None
    frames.feed(b"x")
    with pytest.raises(HubError, match="too long"):
        frames.line()


def test_hundreds_of_strangers_do_not_keep_a_friend_away(hub: Hub) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(3 * MOST_STRANGERS):
            stack.enter_context(connect(hub))
        recorder = HubRecorder(HubClient(hub.address, "friend"), [])
        recorder.record(make_exchange())
        recorder.close("over")
        assert recorder.counts == Counts(1, 1)
        assert len(hub._strangers) <= MOST_STRANGERS
        assert hub.refusals["too many connections without a token"] >= MOST_STRANGERS


def test_thousands_of_connections_one_after_the_other(hub: Hub) -> None:
    for number in range(2000):
        with connect(hub) as connection:
            if number % 2:
                connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
    hub.settle(10)


def test_a_length_alone_reserves_nothing(hub: Hub) -> None:
    with contextlib.ExitStack() as stack:
        tracemalloc.start()
        stack.callback(tracemalloc.stop)
        for _ in range(20):
            connection = stack.enter_context(connect(hub))
            connection.sendall(HELLO + (256 * 1024 * 1024).to_bytes(4, "big") + b"x" * 1000)
            assert b"welcome" in connection.recv(65536)
        _, peak = tracemalloc.get_traced_memory()
    assert peak < 8 * 1024 * 1024  # twenty buffers, and what the test itself needs


def test_whoever_does_not_listen_is_answered_when_he_does(hub: Hub) -> None:
    # Answers of some size: a hundred long reasons. More than the kernel holds of them are due.
    reasons = {f"{number} {'x' * 1000}": 1 for number in range(100)}
    with connect(hub) as connection:
        connection.sendall(HELLO + frame(Counted(reasons)))
        for serial in range(1, 1001):
            connection.sendall(frame(Ask(serial)) + frame(Counted({}, {"y": 1}, {"z" * 60_000: 1})))
        # The hub has not been held up: it serves others meanwhile.
        recorder = HubRecorder(HubClient(hub.address, "friend"), [])
        recorder.record(make_exchange())
        recorder.close("over")
        assert recorder.counts.published == 1
        answers = Frames(ANSWER_LIMIT)
        last: Taken | None = None
        while last is None or last.answer < 1000 or last.counts.ignored < 1000:
            answers.feed(connection.recv(65536))
            for answer in map(ANSWER.decode, answers):
                last = answer if isinstance(answer, Taken) else last
    assert last.counts.made == 1100
    assert max(map(len, last.counts.failures)) < 400


def test_hostile_and_friendly_at_once(hub: Hub, say: Callable[[bytes], bytes]) -> None:
    stop = threading.Event()

    def attack() -> None:
        lines = [*FIRST_LINES.values(), *(HELLO + data for data in FRAMES.values())]
        while not stop.is_set():
            for line in lines:
                say(line)

    attackers = [threading.Thread(target=attack) for _ in range(3)]
    for thread in attackers:
        thread.start()
    try:
        recorder = HubRecorder(HubClient(hub.address, "friend"), [])
        for _ in range(300):
            recorder.record(make_exchange())
            recorder.hand_over()
        recorder.close("over")
    finally:
        stop.set()
        for thread in attackers:
            thread.join()
    assert recorder.counts == Counts(300, 300)


def test_what_a_sink_makes_of_it_is_nobodys_end(hub: Hub) -> None:
    class Exits:
        def write(self, exchange: object) -> tuple[str, ...]:
            raise RuntimeError("no")

        def open(self, exchange: object) -> object:
            raise RuntimeError("no session")

    hub.recorder.sinks.append(Exits())  # type: ignore[arg-type]
    recorder = HubRecorder(HubClient(hub.address, "test"), [], on_loss=lambda _: None)
    recorder.record(make_exchange())
    recorder.open(EXCHANGE).finish(EXCHANGE)
    recorder.close("over")
    assert recorder.counts == Counts(2, 0, 2, 0, {"RuntimeError: no": 1, "RuntimeError: no session": 1})
    hub.recorder.sinks.clear()
