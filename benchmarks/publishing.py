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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
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


def publishing(_: Options) -> Iterator[Row]:
    """Publishing a ready exchange (WireSink.write) / a raw one-thread loopback ping-pong of the same bytes.

    Beside it the naive way: one ``requests`` call per exchange to a stock Werkzeug server in a thread.
    """
    with naive_echo() as echo, wire_sink() as sink, ping_pong() as raw:
        for size, name, target, calls, naive_calls in SIZES:
            exchanges = [make_exchange(number, size) for number in range(DIFFERENT if size < MIB else 2)]
            yield publishing_row(exchanges, name, target, (calls, naive_calls), (sink, raw, echo))


def publishing_row(
    exchanges: list[Exchange], name: str, target: float, calls: tuple[int, int], ways: tuple[WireSink, Raw, NaiveEcho]
) -> Row:
    sink, raw, echo = ways
    messages = [
        (bytes(write_request(exchange.request)), bytes(write_response(exchange.response, exchange.request.method)))
        for exchange in exchanges
    ]
    each, each_naive, each_message = cycle(exchanges), cycle(exchanges), cycle(messages)
    ours, naive = calls
    timings = measure(
        [
            Variant("raw", lambda: raw(*next(each_message)), calls=ours),
            Variant("mirror", lambda: sink.write(next(each)), calls=ours),
            Variant("naive", lambda: echo.publish_exchange(next(each_naive)), calls=naive, uncounted=1, every=10),
        ],
        seconds=4,
        rounds=12,
    )
    echo.responses.clear()
    ratio = timings.ratio("mirror", "raw")
    what = f"publishing {name} / a raw ping-pong"
    beside = f"naive {timings.ratio('naive', 'raw').value:.0f}"
    return Row(what, ratio.value, target, spread=ratio.spread, beside=beside, median=str(timings))


def har(_: Options) -> Iterator[Row]:
    """Publishing a small exchange / writing it as a HAR entry with json.dumps, to a file."""
    exchanges = [make_exchange(number, 200) for number in range(DIFFERENT)]
    each, each_entry = cycle(exchanges), cycle(exchanges)
    with wire_sink() as sink, tempfile.TemporaryFile("w", encoding="utf-8") as file:
        timings = measure(
            [
                Variant("HAR", lambda: write_entry(file, next(each_entry))),
                Variant("mirror", lambda: sink.write(next(each))),
            ],
            seconds=4,
            rounds=40,
        )
    ratio = timings.ratio("mirror", "HAR")
    yield Row("publishing 200 B / writing it as HAR", ratio.value, 1.25, spread=ratio.spread, median=str(timings))


def make_exchange(number: int, size: int) -> Exchange:
    """An exchange such as a test of a JSON interface makes."""
    request = Request(
        "GET",
        f"/items/{number}?page=2",
        Headers.from_text([("Host", "localhost"), ("User-Agent", "Werkzeug/3.1.3"), ("Accept", "application/json")]),
    )
    response = Response(
        200,
        "OK",
        Headers.from_text([("Content-Type", "application/json"), ("Content-Length", str(size))]),
        (f"{number:010d}".encode() * (size // 10 + 1),),
    )
    body = response.body[:size]
    response = Response(response.status, response.reason, response.headers, (body,))
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
