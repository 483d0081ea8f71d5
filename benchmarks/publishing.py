"""What publishing costs, apart from the call: against the bytes alone, and against a file.

The floor is a *raw ping-pong*: the same bytes over a loopback TCP connection of which one thread holds both ends, with
nothing around them: no exchange, no header section to write, nothing compared with what was sent. The other yardstick
is what a recorder without a network does: a HAR entry, written to a file.
"""

from __future__ import annotations

import json
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from typing import Any, TextIO

from blocks import Variant, measure
from naive import NaiveEcho, naive_echo
from report import Options, Row

from mirror import Exchange, Headers, Mirror, Request, Response
from mirror.wire.message import write_request, write_response
from mirror.wire.sink import WireSink

KIB, MIB = 1024, 1024 * 1024
STEP = 64 * KIB
SMALL = 16 * KIB

# Bytes of the response body, its name, the most that publishing may cost, and the sizes of a block of ours and of one
# of the naive way. Fifty calls of 10 MB would be a second, in which the machine has changed; the calls are long enough
# to be alike without.
SIZES = (
    (200, "200 B", 3.0, 50, 50),
    (10 * KIB, "10 KB", 3.5, 50, 50),
    (MIB, "1 MB", 1.5, 50, 10),
    (10 * MIB, "10 MB", 1.5, 10, 2),
)

# Publishing always the same exchange would be measuring caches.
DIFFERENT = 100

CONNECTIONS = 4


def publishing(_: Options) -> Iterator[Row]:
    """Publishing a ready exchange (WireSink.write) / a raw one-thread loopback ping-pong of the same bytes.

    Beside it the naive way: one ``requests`` call per exchange to a stock Werkzeug server in a thread. Large messages
    are quicker on one connection than on another, as the kernel has come to size its buffers; so each block of either
    variant is on another one of several.
    """
    with ExitStack() as stack:
        echo = stack.enter_context(naive_echo())
        sinks = [stack.enter_context(wire_sink()) for _ in range(CONNECTIONS)]
        raws = [stack.enter_context(ping_pong()) for _ in range(CONNECTIONS)]
        for size, name, target, calls, naive_calls in SIZES:
            exchanges = [make_exchange(number, size) for number in range(DIFFERENT if size < MIB else 2)]
            variants = [
                rotated("raw", [partial(ping_pong_next, raw, cycle(messages(exchanges))) for raw in raws], calls),
                rotated("mirror", [partial(write_next, sink, cycle(exchanges)) for sink in sinks], calls),
                Variant("naive", partial(naive_next, echo, cycle(exchanges)), calls=naive_calls, uncounted=1, every=12),
            ]
            timings = measure(variants, seconds=3, rounds=12)
            echo.responses.clear()
            ratio = timings.ratio("mirror", "raw")
            beside = f"naive {timings.ratio('naive', 'raw').value:.0f}"
            what = f"publishing {name} / a raw ping-pong"
            yield Row(what, ratio.value, target, spread=ratio.spread, beside=beside, median=str(timings))


def rotated(name: str, ways: Sequence[Callable[[], object]], calls: int) -> Variant:
    """A variant that goes another one of several equal ways in each block."""
    turn = cycle(ways)
    way = ways[0]

    @contextmanager
    def another() -> Iterator[None]:
        nonlocal way
        way = next(turn)
        yield

    return Variant(name, lambda: way(), another, calls)


def write_next(sink: WireSink, exchanges: Iterator[Exchange]) -> None:
    sink.write(next(exchanges))


def ping_pong_next(raw: Raw, messages: Iterator[tuple[bytes, bytes]]) -> None:
    raw(*next(messages))


def naive_next(echo: NaiveEcho, exchanges: Iterator[Exchange]) -> None:
    echo.publish_exchange(next(exchanges))


def messages(exchanges: Sequence[Exchange]) -> list[tuple[bytes, bytes]]:
    """Their requests and responses as they go over the wire."""
    return [
        (bytes(write_request(exchange.request)), bytes(write_response(exchange.response, exchange.request.method)))
        for exchange in exchanges
    ]


def har(_: Options) -> Iterator[Row]:
    """Publishing a small exchange / writing it as a HAR entry with json.dumps, to a file."""
    exchanges = [make_exchange(number, 200) for number in range(DIFFERENT)]
    entries = cycle(exchanges)
    with wire_sink() as sink, tempfile.TemporaryFile("w", encoding="utf-8") as file:
        timings = measure(
            [
                Variant("HAR", lambda: write_entry(file, next(entries))),
                Variant("mirror", partial(write_next, sink, cycle(exchanges))),
            ],
            seconds=4,
            rounds=40,
        )
    ratio = timings.ratio("mirror", "HAR")
    yield Row("publishing 200 B / writing it as HAR", ratio.value, 1.25, spread=ratio.spread, median=str(timings))


def make_exchange(number: int, size: int) -> Exchange:
    """An exchange such as a test of a JSON interface makes."""
    body = (f"{number:010d}".encode() * (size // 10 + 1))[:size]
    request = Request(
        "GET",
        f"/items/{number}?page=2",
        Headers.from_text([("Host", "localhost"), ("User-Agent", "Werkzeug/3.1.3"), ("Accept", "application/json")]),
    )
    response = Response(
        200,
        "OK",
        Headers.from_text([("Content-Type", "application/json"), ("Content-Length", str(size))]),
        (body,),
    )
    return Exchange(f"benchmark-{number}", request, response, "wsgi", time.time(), 0.0005)


@contextmanager
def wire_sink() -> Iterator[WireSink]:
    with Mirror(attach=False) as mirror:
        sink = mirror.recorder.sinks[0]
        assert isinstance(sink, WireSink)
        yield sink


Raw = Callable[[bytes, bytes], None]


@contextmanager
def ping_pong() -> Iterator[Raw]:
    """The raw thing: a request one way and a response the other, both ends in this thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        echo, _ = listener.accept()
    with client, echo:
        for sock in (client, echo):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def raw(request: bytes, response: bytes) -> None:
            carry(client, echo, request)
            carry(echo, client, response)

        yield raw


def carry(source: socket.socket, target: socket.socket, data: bytes) -> None:
    if len(data) <= SMALL:
        source.send(data)
        left = len(data) - len(target.recv(len(data)))
        while left:
            left -= len(target.recv(left))
        return
    view = memoryview(data)
    sent = read = 0
    while read < len(data):
        if sent < len(data):
            try:
                sent += source.send(view[sent : sent + 4 * STEP], socket.MSG_DONTWAIT)
            except BlockingIOError:
                pass
        while read < sent:
            read += len(target.recv(min(STEP, sent - read)))


def write_entry(file: TextIO, exchange: Exchange) -> None:
    file.write(json.dumps(har_entry(exchange)))
    file.write(",\n")


def har_entry(exchange: Exchange) -> dict[str, Any]:
    """An entry of HAR 1.2 with its required fields."""
    request, response = exchange.request, exchange.response
    body = response.body
    query = [pair.partition("=") for pair in request.query.split("&") if pair]
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.started, UTC).isoformat(),
        "time": exchange.elapsed * 1000,
        "request": {
            "method": request.method,
            "url": request.url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": name, "value": value} for name, value in request.headers],
            "queryString": [{"name": name, "value": value} for name, _, value in query],
            "headersSize": -1,
            "bodySize": len(request.body),
        },
        "response": {
            "status": response.status,
            "statusText": response.reason,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": name, "value": value} for name, value in response.headers],
            "content": {
                "size": len(body),
                "mimeType": response.headers.get("content-type") or "",
                "text": body.decode("utf-8"),
            },
            "redirectURL": response.headers.get("location") or "",
            "headersSize": -1,
            "bodySize": len(body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": exchange.elapsed * 1000, "receive": 0},
    }
