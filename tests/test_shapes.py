"""Every shape of exchange, by every client that can express it: what the client, the exchange and the wire say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from observer import Packets, Tee, assert_says, messages, why_no_packets
from shapes import ADAPTERS, CASES, SHAPES, Adapter, Answer, Outcome, Shape, bytes_of

from mirror import Exchange, Mirror

every_case = pytest.mark.parametrize(
    ("shape", "adapter"), CASES, ids=[f"{shape.name}-{adapter.name}" for shape, adapter in CASES]
)


def first_status(shape: Shape) -> int:
    return shape.answer.status if isinstance(shape.answer, Answer) else 0


# How an exchange reaches the proxy does not depend on the adapter: one of each gateway, and the one that has trailers.
PROXIED = [(shape, adapter) for shape, adapter in CASES if adapter.name in ("werkzeug", "starlette")]
# A final 1xx cannot be told from an interim one, and CONNECT is meant for the proxy itself: neither is sent to one.
REFUSED = [case for case in PROXIED if 100 <= first_status(case[0]) < 200 or case[0].method == "CONNECT"]
PROXIED = [case for case in PROXIED if case not in REFUSED]


def test_the_table_covers_what_it_should() -> None:
    assert len(SHAPES) >= 60
    assert len({shape.name for shape in SHAPES}) == len(SHAPES)
    assert {shape.name for shape, _ in CASES} == {shape.name for shape in SHAPES}


@every_case
def test_the_client_notices_nothing(shape: Shape, adapter: Adapter) -> None:
    bare = adapter.call(shape)
    with Mirror() as mirror:
        assert adapter.call(shape) == bare
    counts = mirror.counts
    assert counts.made == counts.published == len(shape.hops or "1"), counts
    assert len(mirror.pending) == 0
    if bare.error is not None:
        assert bare.very_same_error


@every_case
def test_the_exchange_says_what_happened(shape: Shape, adapter: Adapter) -> None:
    with Mirror() as mirror:
        outcome = adapter.call(shape)
    exchanges = mirror.exchanges
    hops = shape.hops or (mounted(shape, adapter),)
    assert [exchange.request.target for exchange in exchanges] == list(hops)
    assert all(exchange.gateway == adapter.gateway for exchange in exchanges)
    assert_request_is(exchanges[0], shape, adapter)
    for exchange in exchanges:
        assert_response_is(exchange, shape, adapter)
    assert_client_saw(exchanges[-1], outcome, shape)
    remarks = sorted(mirror.counts.remarks)
    # Over WSGI the exchange has been recorded when close() is called.
    expected = sorted(
        [
            *shape.mends,
            *(["close() raised"] if (shape.name, adapter.gateway) == ("raises when all is over", "wsgi") else []),
        ]
    )
    assert len(remarks) == len(expected)
    assert all(map(str.startswith, remarks, expected)), remarks


@pytest.mark.skipif(why_no_packets() is not None, reason=str(why_no_packets()))
@every_case
def test_packets_say_what_the_exchange_says(shape: Shape, adapter: Adapter) -> None:
    with Mirror() as mirror, Packets(mirror.port) as packets:
        adapter.call(shape)
        seen = [message for stream in packets.streams() for message in messages(stream)]
    assert len(seen) == len(mirror.exchanges)
    for message, exchange in zip(seen, mirror.exchanges, strict=True):
        assert_says(message, exchange, mended=bool(shape.mends))


@pytest.mark.parametrize(
    ("shape", "adapter"), PROXIED, ids=[f"{shape.name}-{adapter.name}" for shape, adapter in PROXIED]
)
def test_a_proxy_sees_what_the_exchange_says(shape: Shape, adapter: Adapter) -> None:
    with Tee() as tee, Mirror(proxy=tee.url) as mirror:
        tee.forward_to(mirror.port)
        adapter.call(shape)
        seen = [message for stream in tee.streams() for message in messages(stream)]
    assert mirror.counts.published == len(seen) == len(mirror.exchanges), mirror.counts
    for message, exchange in zip(seen, mirror.exchanges, strict=True):
        assert_says(message, closing(exchange), bool(shape.mends), added=((b"Connection", b"close"),))


@pytest.mark.parametrize(
    ("shape", "adapter"), REFUSED, ids=[f"{shape.name}-{adapter.name}" for shape, adapter in REFUSED]
)
def test_what_no_proxy_can_carry_is_not_sent_to_one(shape: Shape, adapter: Adapter) -> None:
    with Tee() as tee, Mirror(proxy=tee.url) as mirror:
        tee.forward_to(mirror.port)
        for _ in range(4):  # more than what a proxy is given up after
            adapter.call(shape)
        adapter.call(SHAPES[0])
        seen = [message for stream in tee.streams() for message in messages(stream)]
    counts = mirror.counts
    assert (counts.made, counts.published, counts.failed, len(seen)) == (5, 1, 4, 1), counts
    assert [reason for reason in counts.failures if "through a proxy" in reason] == list(counts.failures)


def test_a_cookie_travels_to_the_next_hop() -> None:
    shape = next(shape for shape in SHAPES if shape.name == "a cookie on the way")
    for adapter in ADAPTERS:
        with Mirror() as mirror:
            adapter.call(shape)
        login, home = mirror.exchanges
        assert login.request.headers.get("cookie") is None
        assert home.request.headers["cookie"].split("; ") == ["sid=1", "b=2"]


def test_what_follows_the_announced_length_is_remarked() -> None:
    """A WSGI response is over, for its client too, when as much has come as Content-Length announced."""
    row = Shape("", answer=Answer(200, (("Content-Length", "2"),), (b"he", b"llo"), streamed=True))
    for adapter in ADAPTERS[:4]:
        bare = adapter.call(row)
        with Mirror() as mirror:
            assert adapter.call(row) == bare
        assert mirror.exchanges[0].response.chunks == (b"he",)
        assert list(mirror.counts.remarks) == [
            "response framing: more body than Content-Length announced, after its end"
        ]


# What an exchange has to say, worked out from the table ---------------------------------------------------------------


def mounted(shape: Shape, adapter: Adapter) -> str:
    """Werkzeug's client has the mount in its URL; the others have the application there, but not the URL."""
    return shape.mount + shape.target if adapter.name in ("werkzeug", "flask") else shape.target


def assert_request_is(exchange: Exchange, shape: Shape, adapter: Adapter) -> None:
    request = exchange.request
    assert request.method == shape.method
    assert request.authority == shape.authority
    assert request.body == (shape.body or b"".join(shape.upload))
    assert request.scheme == shape.url.partition(":")[0]
    if shape.upload and adapter.name != "starlette":  # TestClient hands it over as one
        assert request.chunks == shape.upload
    named = {name.lower() for name, _ in shape.headers}
    sent = [(name, value) for name, value in request.headers if name.lower() in named]
    if adapter.gateway == "asgi":
        assert sent == list(shape.headers)
    else:  # which keeps neither case nor the order between a length and the rest
        assert sorted(lower(sent)) == sorted(lower(shape.headers))


def assert_response_is(exchange: Exchange, shape: Shape, adapter: Adapter) -> None:
    answer = shape.answer_to(exchange.request.path.removeprefix(shape.mount))
    response = exchange.response
    # A WSGI server sends the head with the first chunk: what is raised before that becomes a 500.
    if answer.raises == "start" or (answer.raises == "head" and adapter.gateway == "wsgi"):
        assert (response.status, response.reason) == (500, "Internal Server Error")
        assert response.body
    else:
        assert response.status == answer.status
        if adapter.gateway == "wsgi":
            assert response.reason == (answer.phrase or ("UNKNOWN" if adapter.name == "flask" else ""))
        if adapter.name != "flask":  # whose Response has a mind of its own
            assert response.headers.raw == bytes_of(answer.headers)
        expected = answer.chunks if shape.read is None else (answer.chunks * 2)[: shape.read]
        if shape.method == "HEAD" or answer.raises == "head":
            expected = ()
        assert tuple(filter(None, response.chunks)) == tuple(filter(None, expected))
        assert response.trailers.raw == bytes_of(answer.trailers)
        assert response.complete is (shape.read is None and answer.raises not in ("head", "body"))
    if answer.raises is not None and not (answer.raises == "close" and adapter.gateway == "wsgi"):
        # (A WSGI response is over, and on the wire, before it is closed.)
        assert exchange.error == f"Boom: {answer.raises}"
    elif shape.read is None:
        assert exchange.error is None


def assert_client_saw(exchange: Exchange, outcome: Outcome, shape: Shape) -> None:
    if outcome.error is not None or shape.swallow:
        return
    response = exchange.response
    assert str(response.status) == str(outcome.status).partition(" ")[0]
    assert sorted(response.headers.raw) == sorted(outcome.headers)
    if shape.method != "HEAD":
        assert response.body == b"".join(outcome.chunks)
    if exchange.gateway == "asgi":
        assert exchange.request.headers.raw == outcome.sent


def lower(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in fields]


def closing(exchange: Exchange) -> Any:
    """The exchange without a Connection field of the client's own."""
    fields = tuple(pair for pair in exchange.request.headers.raw if pair[0].lower() != b"connection")
    request = msgspec.structs.replace(exchange.request, headers=type(exchange.request.headers)(fields))
    return msgspec.structs.replace(exchange, request=request)
