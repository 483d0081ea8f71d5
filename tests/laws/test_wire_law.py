"""Laws 3 and 4: the wire says what the exchange says, whatever the exchange is; and the numbers add up.

Random exchanges go through the wire's sink, one after the other on the publisher's connections, while an observer that
knows nothing of mirror watches. After every one of them an ordinary exchange follows: it must arrive whole, whatever
the one before it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from factories import NO_BODY, exchanges, make_exchange, make_request, make_response
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from observer import Fields, Message, Packets, Tee, assert_says, framing, messages, stripped, unframed, why_no_packets

from mirror import Exchange, Headers
from mirror.address import parse_proxy
from mirror.recorder import Recorder
from mirror.wire.pending import Pending
from mirror.wire.proxy import Proxy
from mirror.wire.server import EchoServer
from mirror.wire.sink import Wire, WireSink

needs_packets = pytest.mark.skipif(why_no_packets() is not None, reason=str(why_no_packets()))
law = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
ORDINARY = make_exchange(make_request("POST", "/ordinary", b"in"), make_response(200, b"out"))


def published(exchanges: Sequence[Exchange], header: str | None = None) -> tuple[list[Message], Recorder]:
    """What is seen on the loopback interface while the exchanges are recorded."""
    pending = Pending()
    server = EchoServer("127.0.0.1", 0, pending, header)
    try:
        with Packets(server.server_address[1]) as packets:
            recorder = Recorder([WireSink(server, pending, Wire(correlation_header=header))])
            for exchange in exchanges:
                recorder.record(exchange)
            seen = [message for stream in packets.streams() for message in messages(stream)]
    finally:
        server.stop()
    assert len(pending) == 0
    return seen, recorder


def passed_on(exchanges: Sequence[Exchange], header: str | None, mode: Any) -> tuple[list[Message], Recorder]:
    """What a proxy sees while the exchanges are recorded."""
    pending = Pending()
    server = EchoServer("127.0.0.1", 0, pending, header)
    try:
        with Tee() as tee:
            tee.forward_to(server.server_address[1])
            wire = Wire(Proxy(parse_proxy(tee.url)), mode, header)
            recorder = Recorder([WireSink(server, pending, wire)])
            for exchange in exchanges:
                recorder.record(exchange)
            seen = [message for stream in tee.streams() for message in messages(stream)]
    finally:
        server.stop()
    assert len(pending) == 0
    return seen, recorder


def assert_all_published(recorder: Recorder, number: int) -> None:
    counts = recorder.counts
    assert counts.made == counts.published == number, counts
    assert counts.made == counts.published + counts.failed + counts.ignored


@needs_packets
@law
@given(st.lists(exchanges(), min_size=1, max_size=4))
def test_the_wire_says_what_the_exchange_says(made: list[Exchange]) -> None:
    sequence = [one for exchange in made for one in (exchange, ORDINARY)]
    seen, recorder = published(sequence)
    assert_all_published(recorder, len(sequence))
    assert not recorder.counts.remarks
    for message, exchange in zip(in_order(seen, sequence), sequence, strict=True):
        assert_says(message, exchange)


@needs_packets
@law
@given(exchanges(hostile=True))
def test_a_hostile_exchange_is_mended_reported_and_survived(exchange: Exchange) -> None:
    seen, recorder = published([exchange, ORDINARY])
    assert_all_published(recorder, 2)
    message, ordinary = in_order(seen, [exchange, ORDINARY])
    assert_says(ordinary, ORDINARY)
    assert_mended(message, exchange, bool(recorder.counts.remarks))


@needs_packets
@law
@given(exchanges())
def test_the_correlation_header_is_all_that_is_added(exchange: Exchange) -> None:
    seen, recorder = published([exchange], header="X-Correlation")
    assert_all_published(recorder, 1)
    assert_says(seen[0], exchange, added=((b"X-Correlation", exchange.id.encode()),))


@settings(law, max_examples=40)
@given(exchanges(hostile=True), st.sampled_from([None, "X-Correlation"]))
def test_the_same_holds_for_a_proxy(exchange: Exchange, header: str | None) -> None:
    # Which no proxy can carry (see test_shapes).
    assume(exchange.response.status >= 200 and exchange.request.method != "CONNECT")
    seen, recorder = passed_on([exchange, ORDINARY], header, "reverse")
    assert_all_published(recorder, 2)
    close = (b"Connection", b"close")
    added = (close,) if header is None else (close, (b"X-Correlation", exchange.id.encode()))
    assert_mended(seen[0], with_fields(exchange, added), bool(recorder.counts.remarks))
    assert [name for name in recorder.counts.remarks if name.startswith("proxy:")] == []


# The judgement --------------------------------------------------------------------------------------------------------


def in_order(seen: list[Message], exchanges: Sequence[Exchange]) -> list[Message]:
    """The messages in the order of the exchanges; some had a connection of their own."""
    left = list(seen)
    return [left.pop(next(i for i, one in enumerate(left) if is_of(one, exchange))) for exchange in exchanges]


def is_of(message: Message, exchange: Exchange) -> bool:
    return (
        message.method.decode() == exchange.request.method
        and message.target.decode() == exchange.request.target
        and message.status == exchange.response.status
        and message.body == exchange.request.body
    )


def assert_mended(message: Message, exchange: Exchange, reported: bool) -> None:
    """As assert_says, where fields may be unsendable: those are left out, line breaks become blanks, and it is said."""
    request, response = exchange.request, exchange.response
    assert message.body == request.body
    assert unframed(message.headers) == unframed(sendable(request.headers.raw))
    assert unframed(message.response_headers) == unframed(sendable(response.headers.raw))
    empty = request.method == "HEAD" or response.status in NO_BODY
    assert message.response_body == (b"" if empty else response.body)
    kept = not (empty and response.body) and all(
        stripped(said) == sendable(said) and (not framing(said) or lower(framing(on_wire)) == lower(framing(said)))
        for said, on_wire in (
            (request.headers.raw, message.headers),
            (response.headers.raw, message.response_headers),
        )
    )
    assert kept is not reported


def sendable(fields: Fields) -> Fields:
    token = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
    return stripped(
        tuple((name, re.sub(rb"[\r\n\0]+", b" ", value)) for name, value in fields if token.fullmatch(name))
    )


def lower(fields: Fields) -> Fields:
    """A coding's name means the same in either case, and h11 tells it in lower case."""
    return tuple((name, value.lower()) for name, value in stripped(fields))


def with_fields(exchange: Exchange, added: Fields) -> Exchange:
    request = msgspec.structs.replace(exchange.request, headers=Headers((*exchange.request.headers.raw, *added)))
    return msgspec.structs.replace(exchange, request=request)
