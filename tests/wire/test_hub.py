"""A hub and those who hand over to it: real connections, in one process."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from factories import exchanges, make_exchange, make_request, make_response
from forks import in_a_child, needs_fork
from hypothesis import HealthCheck, given, settings, strategies as st

from mirror import Counts, Exchange, Mirror, Settings, WebSocketMessage
from mirror.errors import ConfigError, HubError, PortError
from mirror.recorder import Recorder
from mirror.wire.hub_client import HubClient
from mirror.wire.hub_counter import SharedCounter
from mirror.wire.hub_protocol import Ask, HubAddress, Taken, frame, parse_hub
from mirror.wire.hub_recorder import HubRecorder
from mirror.wire.hub_server import Hub

TOKEN = "a-token-of-tests"


class Seen:
    """A sink that keeps what it is given, and raises for the paths that it is told of."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.raising: dict[str, Exception] = {}
        self.remarks: tuple[str, ...] = ()

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        self.exchanges.append(exchange)
        if exchange.request.path in self.raising:
            raise self.raising[exchange.request.path]
        return self.remarks


class Watched(Seen):
    """A sink that takes WebSocket sessions while they go on."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def open(self, exchange: Exchange) -> Watched:
        self.events.append(("open", exchange))
        return self

    def send(self, message: WebSocketMessage) -> tuple[str, ...]:
        self.events.append(message)
        return ()

    def finish(self, exchange: Exchange) -> tuple[str, ...]:
        self.events.append(("finish", exchange))
        return ()


@pytest.fixture
def seen() -> Watched:
    return Watched()


@pytest.fixture
def hub(seen: Watched) -> Iterator[Hub]:
    hub = Hub(Recorder([seen]), "http://127.0.0.1:1", token=TOKEN)
    yield hub
    hub.close()


Join = Callable[..., HubRecorder]


@pytest.fixture
def join(hub: Hub) -> Iterator[Join]:
    """Makes recorders that hand over to the hub."""
    made: list[HubRecorder] = []

    def join(*sinks: Any, name: str = "test", **rest: Any) -> HubRecorder:
        of_client = {key: rest.pop(key) for key in ("counter", "patience", "room", "largest") if key in rest}
        made.append(HubRecorder(HubClient(hub.address, name, **of_client), sinks, **rest))
        return made[-1]

    yield join
    for recorder in made:
        recorder.close("the test is over")


def add_up(counts: Counts) -> bool:
    return counts.made == counts.published + counts.failed + counts.ignored and all(
        sum(reasons.values()) == number
        for reasons, number in ((counts.failures, counts.failed), (counts.ignores, counts.ignored))
    )


# Handing over --------------------------------------------------------------------------------------------------------


def test_what_is_recorded_in_one_process_is_recorded_in_the_other(hub: Hub, seen: Watched, join: Join) -> None:
    recorder = join()
    made = [make_exchange(make_request("GET", f"/{number}"), test="tests/test_a.py::test") for number in range(500)]
    for exchange in made:
        recorder.record(exchange)
    recorder.settle()
    assert seen.exchanges == made
    assert recorder.counts == hub.recorder.counts == Counts(500, 500)
    assert recorder.missing == Counts()
    assert recorder.client.url == "http://127.0.0.1:1"


def test_several_processes_at_once(hub: Hub, seen: Watched, join: Join) -> None:
    recorders = [join() for _ in range(8)]

    def work(recorder: HubRecorder) -> None:
        for number in range(200):
            recorder.record(make_exchange(make_response_of(number)))
        recorder.settle()

    threads = [threading.Thread(target=work, args=(recorder,)) for recorder in recorders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hub.recorder.counts.published == len(seen.exchanges) == 1600
    assert all(recorder.counts.published == 200 for recorder in recorders)


def test_several_threads_of_one_process(hub: Hub, seen: Watched, join: Join) -> None:
    recorder = join()

    def work() -> None:
        for number in range(200):
            recorder.record(make_exchange(make_response_of(number)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.settle()
    assert recorder.counts == Counts(1600, 1600)
    assert len({exchange.id for exchange in seen.exchanges}) == 1600


def make_response_of(number: int) -> Any:
    return make_request("POST", f"/{number}", b"x" * number * 50)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.lists(exchanges(hostile=True), max_size=6))
def test_every_exchange_arrives_as_it_is(hub: Hub, seen: Watched, join: Join, made: list[Exchange]) -> None:
    seen.exchanges.clear()
    recorder = join()
    for exchange in made:
        recorder.record(exchange)
    recorder.close("over")
    assert seen.exchanges == made
    assert recorder.counts.published == len(made)


def test_the_numbers_of_both_sides_are_those_of_one(hub: Hub, seen: Watched, join: Join) -> None:
    here = Seen()
    here.remarks = ("mended here",)
    here.raising = {"/both": OSError("no disk"), "/here": OSError("no disk")}
    seen.raising = {"/both": HubError("no wire"), "/there": HubError("no wire")}
    warned: list[str] = []
    ignore = {"/ignored": "excluded"}
    recorder = join(here, ignore=lambda exchange: ignore.get(exchange.request.path), on_loss=warned.append)
    for path in ("/fine", "/both", "/here", "/there", "/there", "/ignored"):
        recorder.record(make_exchange(make_request("GET", path)))
    recorder.lose("the request could not be read")
    recorder.remark("on second thoughts")
    recorder.settle()
    expected = Counts(
        7, 1, 5, 1,
        {"OSError: no disk": 2, "no wire": 2, "the request could not be read": 1},
        {"excluded": 1},
        {"mended here": 3, "on second thoughts": 1},
    )  # fmt: skip
    assert hub.recorder.counts == expected
    assert recorder.counts == expected
    assert recorder.missing == Counts()
    assert warned == ["OSError: no disk"]


def test_an_exchange_that_is_too_large_counts_as_failed(hub: Hub, seen: Watched, join: Join) -> None:
    recorder = join(largest=100_000)
    recorder.record(make_exchange(response=make_response(200, b"x" * 100_001)))
    recorder.record(make_exchange())
    recorder.settle()
    assert (recorder.counts.made, recorder.counts.published, recorder.counts.failed) == (2, 1, 1)
    assert recorder.counts == hub.recorder.counts
    (reason,) = recorder.counts.failures
    assert "larger than a hub takes" in reason


def test_a_large_exchange_arrives(hub: Hub, seen: Watched, join: Join) -> None:
    exchange = make_exchange(response=make_response(200, os.urandom(30_000_000), b"end"))
    recorder = join()
    recorder.record(exchange)
    recorder.settle()
    assert seen.exchanges == [exchange]


def test_an_exchange_within_an_exchange(hub: Hub, seen: Watched, join: Join) -> None:
    class Again(Seen):
        def write(self, exchange: Exchange) -> tuple[str, ...]:
            if exchange.request.path == "/outer":
                recorder.record(make_exchange(make_request("GET", "/inner")))
            return ()

    recorder = join(Again())
    recorder.record(make_exchange(make_request("GET", "/outer")))
    recorder.settle()
    assert Counter(exchange.request.path for exchange in seen.exchanges) == {"/outer": 1, "/inner": 1}
    assert recorder.counts == Counts(2, 2)


def test_signal_handlers_may_hand_over_at_any_time(hub: Hub, seen: Watched, join: Join) -> None:
    recorder = join()
    handled = 0

    def handle(*_: object) -> None:
        nonlocal handled
        handled += 1
        recorder.record(make_exchange(make_request("GET", "/handler", b"y" * 5000)))

    before = signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        made = 0
        while handled < 50:
            recorder.record(make_exchange(make_request("GET", "/plain", b"x" * 5000)))
            made += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    recorder.settle()
    assert recorder.counts == Counts(made + handled, made + handled)
    assert Counter(exchange.request.path for exchange in seen.exchanges) == {"/plain": made, "/handler": handled}


def test_an_event_loop_is_not_blocked(hub: Hub, seen: Watched, join: Join) -> None:
    blockbuster = pytest.importorskip("blockbuster", reason="needs blockbuster")
    recorder = join()

    async def work() -> None:
        for _ in range(300):
            recorder.record(make_exchange(response=make_response(200, b"x" * 5000)))
            recorder.hand_over()

    with blockbuster.blockbuster_ctx():
        asyncio.run(work())
    recorder.settle()
    assert recorder.counts == Counts(300, 300)


def test_a_hub_on_a_hub(hub: Hub, seen: Watched, join: Join) -> None:
    middle = join()
    with Hub_of(middle) as near:
        seen.raising = {"/there": HubError("no wire")}
        recorder = HubRecorder(HubClient(near.address, "far"), [])
        recorder.record(make_exchange())
        recorder.record(make_exchange(make_request("GET", "/there")))
        recorder.lose("unreadable")
        recorder.pass_over("excluded")
        recorder.close("over")
        near.settle(5)
        middle.settle()
    assert middle.counts == hub.recorder.counts
    assert middle.counts == Counts(4, 1, 2, 1, {"no wire": 1, "unreadable": 1}, {"excluded": 1})


class Hub_of:  # noqa: N801 - reads as a function
    def __init__(self, recorder: Recorder) -> None:
        self.hub = Hub(recorder, "http://127.0.0.1:2")

    def __enter__(self) -> Hub:
        return self.hub

    def __exit__(self, *_: object) -> None:
        self.hub.close()


def test_a_counter_counts_everything_that_was_made(hub: Hub, join: Join) -> None:
    counter = SharedCounter.make()
    recorder = join(counter=SharedCounter.join(counter.path))
    for _ in range(3):
        recorder.record(make_exchange())
    recorder.pass_over("excluded")
    recorder.lose("unreadable")
    assert counter.value == 5
    recorder.close("over")
    recorder.pass_over("too late")
    hub.settle(5)
    assert counter.value == 5
    counter.close()


# WebSocket sessions --------------------------------------------------------------------------------------------------

HANDSHAKE = make_exchange(response=make_response(101, reason="Switching Protocols"))


def message(text: bytes) -> WebSocketMessage:
    return WebSocketMessage("client", "text", text, 1.5)


def test_a_session_is_seen_while_it_goes_on(hub: Hub, seen: Watched, join: Join) -> None:
    here = Watched()
    recorder = join(here)
    session = recorder.open(HANDSHAKE)
    session.send(message(b"one"))
    recorder.settle()
    assert seen.events == [("open", HANDSHAKE), message(b"one")]
    session.send(message(b"two"))
    whole = msgspec.structs.replace(HANDSHAKE, messages=(message(b"one"), message(b"two")))
    session.finish(whole)
    recorder.settle()
    assert seen.events[2:] == [message(b"two"), ("finish", whole)]
    assert here.events == seen.events
    assert recorder.counts == hub.recorder.counts == Counts(1, 1)


def test_sessions_beside_each_other(hub: Hub, seen: Watched, join: Join) -> None:
    recorder = join()
    sessions = [recorder.open(HANDSHAKE) for _ in range(3)]
    for number, session in enumerate(sessions):
        session.send(message(b"%d" % number))
    for number, session in enumerate(sessions):
        session.finish(msgspec.structs.replace(HANDSHAKE, messages=(message(b"%d" % number),)))
    recorder.settle()
    finished = [event[1].messages for event in seen.events if isinstance(event, tuple) and event[0] == "finish"]
    assert [[message.data for message in messages] for messages in finished] == [[b"0"], [b"1"], [b"2"]]
    assert recorder.counts == hub.recorder.counts == Counts(3, 3)


def test_a_session_that_is_ignored(hub: Hub, seen: Watched, join: Join) -> None:
    recorder = join(ignore=lambda _: "excluded")
    session = recorder.open(HANDSHAKE)
    session.send(message(b"one"))
    session.finish(HANDSHAKE)
    recorder.settle()
    assert seen.events == []
    assert recorder.counts == hub.recorder.counts == Counts(1, 0, 0, 1, {}, {"excluded": 1})


def test_a_session_whose_process_is_gone_ends_there_and_is_lost(hub: Hub, seen: Watched, join: Join) -> None:
    recorder = join(on_loss=lambda _: None)
    session = recorder.open(HANDSHAKE)
    session.send(message(b"one"))
    recorder.settle()
    recorder.client._sock.close()
    hub.settle(5)
    assert seen.events[-1] == ("finish", msgspec.structs.replace(HANDSHAKE, messages=(message(b"one"),)))
    assert (hub.recorder.counts.made, hub.recorder.counts.failed) == (1, 1)
    (reason,) = hub.recorder.counts.failures
    assert "gone before" in reason


def test_settling_waits_for_what_a_process_that_is_gone_has_left(hub: Hub, seen: Watched, join: Join) -> None:
    class Slow:
        """A sink that takes its time to end a session."""

        def write(self, exchange: Exchange) -> tuple[str, ...]:
            time.sleep(0.2)
            return ()

    hub.recorder.sinks.append(Slow())
    recorder = join(on_loss=lambda _: None)
    recorder.open(HANDSHAKE)
    recorder.settle()
    recorder.client._sock.close()
    hub.settle(5)
    assert hub.recorder.counts.made == 1


# Hubs that go, or never were -----------------------------------------------------------------------------------------


def test_what_a_dead_hub_had_not_acknowledged_counts_as_failed(hub: Hub, join: Join) -> None:
    warned: list[str] = []
    recorder = join(on_loss=warned.append)
    for _ in range(5):
        recorder.record(make_exchange())
    recorder.settle()
    hub.close()
    for _ in range(3):
        recorder.record(make_exchange())
        recorder.hand_over()
    recorder.pass_over("excluded")
    recorder.settle()
    counts = recorder.counts
    assert (counts.made, counts.published, counts.failed, counts.ignored) == (9, 5, 3, 1)
    assert add_up(counts)
    assert recorder.missing == Counts(4, 0, 3, 1, counts.failures, counts.ignores)
    assert len(warned) == 1
    assert "is gone" in warned[0]


def test_a_hub_that_goes_when_it_has_everything_loses_nothing(hub: Hub, join: Join) -> None:
    warned: list[str] = []
    recorder = join(on_loss=warned.append)
    recorder.record(make_exchange())
    recorder.settle()
    hub.close()
    recorder.close("over")
    assert (recorder.counts, warned) == (Counts(1, 1), [])


def test_a_hub_that_closes_takes_what_has_arrived(hub: Hub, seen: Watched, join: Join) -> None:
    recorder = join()
    hub.pause()
    for _ in range(50):
        recorder.record(make_exchange())
    recorder.hand_over()
    hub.close()
    assert len(seen.exchanges) == 50


def test_a_hub_that_is_slow_holds_up_no_test(hub: Hub, seen: Watched, join: Join) -> None:
    recorder = join()
    hub.pause()
    body = os.urandom(100_000)
    for _ in range(100):  # ten megabytes: more than the kernel takes
        recorder.record(make_exchange(response=make_response(200, body)))
        recorder.hand_over()
    assert recorder.client.gone is None
    hub.resume()
    recorder.settle()
    assert recorder.counts == Counts(100, 100)
    assert len(seen.exchanges) == 100


def test_a_hub_that_takes_nothing_is_given_up(hub: Hub, join: Join) -> None:
    recorder = join(patience=0.2, room=1_000_000)
    hub.pause()
    body = os.urandom(1_000_000)
    for _ in range(20):
        recorder.record(make_exchange(response=make_response(200, body)))
    assert recorder.client.gone is not None
    assert "nothing of it for" in recorder.client.gone
    assert (recorder.counts.made, recorder.counts.published, recorder.counts.failed) == (20, 0, 20)
    assert add_up(recorder.counts)


def test_a_hub_that_does_not_acknowledge_is_given_up(hub: Hub, join: Join) -> None:
    recorder = join(patience=0.2)
    hub.pause()
    recorder.record(make_exchange())
    recorder.settle()
    assert recorder.counts.failed == 1
    assert add_up(recorder.counts)


def refusal(address: HubAddress) -> str:
    with pytest.raises(HubError) as raised:
        HubClient(address, "test")
    assert "\n" not in str(raised.value)
    assert address.token not in str(raised.value)
    return str(raised.value)


def test_a_wrong_token_is_refused(hub: Hub) -> None:
    assert "wrong token" in refusal(hub.address._replace(token="another-token"))
    assert hub.refusals.total() == 1


def test_nobody_there() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        assert "no hub answers" in refusal(HubAddress("127.0.0.1", sock.getsockname()[1], TOKEN))


def test_no_such_host() -> None:
    assert "no hub answers" in refusal(HubAddress("no-such-host.invalid", 1, TOKEN))


ANSWERS = {
    "nothing": b"",
    "http": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    "a length that is too long": b"\xff\xff\xff\xff",
    "half a frame": b"\0\0\0\x10abc",
    "no value": b"\0\0\0\x01\xc1",
    "the wrong value": frame(Taken(Counts())),
    "what processes say": frame(Ask(1)),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_somebody_else_answers(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        reason = refusal(HubAddress("127.0.0.1", server.getsockname()[1], TOKEN))
        thread.join()
    assert "127.0.0.1" in reason or "it says" in reason or "announced" in reason


@pytest.mark.parametrize("url", ["http://short@127.0.0.1:80", f"http://{TOKEN}@127.0.0.1:0", f"http://{TOKEN}@h:99999"])
def test_addresses_that_cannot_be(url: str) -> None:
    with pytest.raises(HubError, match="MIRROR_HUB") as raised:
        parse_hub(url)
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_an_address_is_read_as_it_is_written(host: str) -> None:
    address = HubAddress(host, 8123, TOKEN)
    assert parse_hub(address.url) == address
    assert Settings(hub=address.url).hub == address.url


@pytest.mark.parametrize("fields", [{"port": 1}, {"proxy": "http://h:1"}, {"host": "::1"}, {"correlation_header": "X"}])
def test_settings_that_are_the_hubs(fields: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=f"{next(iter(fields))} together with a hub"):
        Settings(hub=f"http://{TOKEN}@127.0.0.1:1", **fields)


@pytest.mark.parametrize("token", ["", "short", "with a blank", "with@sign", "line\nbreak", "x" * 300])
def test_tokens_that_cannot_be(token: str) -> None:
    with pytest.raises(ConfigError, match="token"):
        Hub(Recorder([]), "", token=token)


def test_a_port_in_use(hub: Hub) -> None:
    with pytest.raises(PortError, match=r"the hub port .* is in use: .*--hub-port"):
        Hub(Recorder([]), "", port=hub.address.port)


# A mirror with a hub -------------------------------------------------------------------------------------------------


def test_two_mirrors_and_the_wire_between(hub: Hub, seen: Watched) -> None:
    with Mirror(attach=False) as echo:
        address = echo.open_hub().address
        assert echo.open_hub() is echo.open_hub()
        with Mirror(hub=address.url, attach=False) as mirror:
            assert (mirror.url, mirror.port) == (echo.url, echo.port)
            mirror.recorder.record(exchange := make_exchange())
            assert mirror.exchanges == [exchange]
        assert mirror.counts == Counts(1, 1)
        assert echo.exchanges == [exchange]
        with pytest.raises(ConfigError, match="started before"):
            mirror.start()
    assert echo.counts == Counts(1, 1)
    mirror.close()


def test_a_mirror_whose_hub_is_not_there_does_not_start(hub: Hub) -> None:
    port = hub.address.port
    hub.close()
    mirror = Mirror(hub=f"http://{TOKEN}@127.0.0.1:{port}")
    with pytest.raises(HubError):
        mirror.start()
    mirror.close()
    assert repr(mirror) == "<Mirror, not started>"


@needs_fork
def test_a_forked_child_says_nothing(hub: Hub, seen: Watched) -> None:
    counter = SharedCounter.make()
    with Mirror(hub=hub.address.url, attach=False, counter=SharedCounter.join(counter.path)) as mirror:
        mirror.recorder.record(make_exchange(make_request("GET", "/before")))

        def work() -> None:
            mirror.recorder.record(make_exchange(make_request("GET", "/child")))
            mirror.recorder.hand_over()
            assert mirror.counts.ignores == {"made in a forked child": 1}
            mirror.close()

        in_a_child(work)
        mirror.recorder.record(make_exchange(make_request("GET", "/after")))
        assert counter.value == 2
    assert [exchange.request.path for exchange in seen.exchanges] == ["/before", "/after"]
    assert mirror.counts == Counts(2, 2)
    counter.close()


@needs_fork
def test_a_hub_goes_on_after_a_fork_of_its_own_process() -> None:
    with Mirror(attach=False) as echo:
        address = echo.open_hub().address
        recorder = HubRecorder(HubClient(address, "test"), [])
        recorder.record(make_exchange())
        in_a_child(lambda: echo.close())
        recorder.record(make_exchange())
        recorder.close("over")
        assert recorder.counts == Counts(2, 2)
        assert echo.counts == Counts(2, 2)


def test_nothing_is_left(hub: Hub) -> None:
    files = Path("/proc/self/fd")
    if not files.exists():
        pytest.skip("needs /proc")
    before = (threading.active_count(), len(list(files.iterdir())))
    for _ in range(5):
        with Hub_of(Recorder([])) as near, Mirror(hub=near.address.url) as mirror:
            mirror.recorder.record(make_exchange())
        assert mirror.counts == Counts(1, 1)
    assert (threading.active_count(), len(list(files.iterdir()))) == before
