"""Publishing by way of a proxy: what it is sent, and all that it may do to us."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import pytest
from factories import make_exchange, make_request, make_response
from observer import Message, Tee, messages

from mirror import Mirror
from mirror.address import Address, parse_proxy
from mirror.errors import ConfigError, ProxyError
from mirror.wire.proxy import GIVE_UP_AFTER

EXCHANGE = make_exchange(
    make_request("POST", "/a%2Fb?x=1", b"in", headers=[("Connection", "keep-alive"), ("X-A", "1")]),
    make_response(201, b"out", headers=[("Content-Length", "3")], reason="Created"),
)


@contextmanager
def through(proxy: Any, **settings: Any) -> Iterator[Mirror]:
    with proxy, Mirror(proxy=proxy.url, attach=False, on_loss=lambda loss: None, **settings) as mirror:
        proxy.forward_to(mirror.port)
        yield mirror


def seen(tee: Tee) -> list[Message]:
    return [message for stream in tee.streams() for message in messages(stream)]


class Scripted:
    """A proxy that answers by itself: each connection gets ``reply`` and is closed; with None it gets nothing."""

    def __init__(self, reply: bytes | None) -> None:
        self.reply = reply
        self.requests = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._open: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def forward_to(self, port: int) -> None:
        pass

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.die()
        for connection in self._open:
            connection.close()

    def die(self) -> None:
        if self._listener.fileno() >= 0:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._thread.join()
            self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if not connection.recv(1 << 16):  # a probe
                connection.close()
                continue
            self.requests += 1
            if self.reply is None:
                self._open.append(connection)
                continue
            with connection:
                connection.sendall(self.reply)


def test_a_reverse_proxy_is_sent_the_request_as_it_is() -> None:
    tee = Tee()
    with through(tee) as mirror:
        mirror.recorder.record(EXCHANGE)
        assert mirror.counts.published == 1
    (message,) = seen(tee)
    assert (message.method, message.target, message.body) == (b"POST", b"/a%2Fb?x=1", b"in")
    # One exchange a connection: the client's own Connection field makes place.
    assert message.headers == (
        (b"Host", b"testserver"), (b"X-A", b"1"), (b"Content-Length", b"2"), (b"Connection", b"close")
    )  # fmt: skip
    assert (message.status, message.reason, message.response_body) == (201, b"Created", b"out")
    assert not mirror.counts.remarks


def test_a_forward_proxy_is_sent_the_absolute_form() -> None:
    tee = Tee()
    with through(tee, proxy_mode="forward") as mirror:
        mirror.recorder.record(EXCHANGE)
        assert mirror.counts.published == 1, mirror.counts
    (message,) = seen(tee)
    assert message.target.decode() == f"{mirror.url}/a%2Fb?x=1"
    assert dict(message.headers)[b"Host"] == b"testserver"


def test_the_correlation_header_tells_exchanges_apart() -> None:
    tee = Tee()
    with through(tee, correlation_header="X-Correlation") as mirror:
        mirror.recorder.record(EXCHANGE)
        assert mirror.counts.published == 1
    assert dict(seen(tee)[0].headers)[b"X-Correlation"] == EXCHANGE.id.encode()


def test_each_exchange_has_a_connection_of_its_own() -> None:
    tee = Tee()
    with through(tee) as mirror:
        for _ in range(5):
            mirror.recorder.record(EXCHANGE)
    assert len(tee.streams()) == len(seen(tee)) == 5


def test_ten_megabytes_travel_both_ways() -> None:
    body = b"x" * 10_000_000
    with through(tee := Tee()) as mirror:
        mirror.recorder.record(make_exchange(make_request("PUT", "/", body), make_response(200, body)))
        assert mirror.counts.published == 1
        assert not mirror.counts.remarks
    assert seen(tee)[0].body == seen(tee)[0].response_body == body


@pytest.mark.parametrize(
    ("alter", "remarks"),
    [
        (lambda data: data.replace(b"\r\n\r\nout", b"\r\nVia: 1.1 p\r\n\r\nout"), []),
        (lambda data: data.replace(b"\r\n\r\nout", b"\r\n\r\nOUT"), ["proxy: the body came back altered"]),
        (lambda data: data.replace(b" 201 ", b" 200 "), ["proxy: status 201 came back as 200"]),
        (lambda data: b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + data, []),
        (lambda data: b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + data, []),
        (lambda data: data.replace(b"Content-Length: 3\r\n\r\nout", b"\r\nout"), []),
    ],
    ids=["adds a field", "alters the body", "alters the status", "early hints", "interim responses", "no framing"],
)
def test_what_the_proxy_makes_of_the_response_is_remarked(alter: Callable[[bytes], bytes], remarks: list[str]) -> None:
    with through(Tee(alter)) as mirror:
        mirror.recorder.record(EXCHANGE)
        assert mirror.counts.published == 1, mirror.counts
        assert list(mirror.counts.remarks) == remarks


@pytest.mark.parametrize(
    ("method", "status", "fields"),
    [
        ("HEAD", 200, [("Content-Length", "99")]),
        ("HEAD", 200, [("Transfer-Encoding", "chunked")]),
        ("GET", 204, []),
        ("GET", 304, [("Content-Length", "99")]),
        ("GET", 304, [("Transfer-Encoding", "chunked")]),
    ],
)
def test_a_response_without_a_body_comes_back(method: str, status: int, fields: list[tuple[str, str]]) -> None:
    with through(Tee()) as mirror:
        mirror.recorder.record(make_exchange(make_request(method), make_response(status, headers=fields)))
        mirror.recorder.record(EXCHANGE)
        assert mirror.counts.published == 2, mirror.counts
        assert not mirror.counts.remarks


@pytest.mark.parametrize(("method", "status"), [("GET", 103), ("GET", 199), ("CONNECT", 200)])
def test_what_no_proxy_can_carry_is_told_and_not_sent(method: str, status: int) -> None:
    with through(tee := Tee()) as mirror:
        for _ in range(GIVE_UP_AFTER + 1):
            mirror.recorder.record(make_exchange(make_request(method), make_response(status)))
        mirror.recorder.record(EXCHANGE)
        counts = mirror.counts
        assert (counts.failed, counts.published) == (GIVE_UP_AFTER + 1, 1)
        assert "through a proxy" in next(iter(counts.failures))
    assert len(seen(tee)) == 1


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "the proxy answered with something else than HTTP: SSH-2.0-OpenSSH_9.6"),
        (b"\x15\x03\x01\x00\x02\x02\x28", "the proxy answered with something else than HTTP"),
        (b"HTTP/1.1 abc\r\n\r\n", "the proxy answered with something else than HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", "the proxy answered with something else than HTTP"),
        (b"", "the proxy closed the connection without an answer"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", "the proxy closed the connection without an answer"),
    ],
)
def test_garbage_is_no_answer(reply: bytes, failure: str) -> None:
    with through(Scripted(reply)) as mirror:
        mirror.recorder.record(EXCHANGE)
        counts = mirror.counts
        assert (counts.made, counts.failed) == (1, 1)
        assert next(iter(counts.failures)).startswith(failure)
        assert len(mirror.pending) == 0


def test_a_proxy_that_answers_by_itself_is_told() -> None:
    with through(proxy := Scripted(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")) as mirror:
        for _ in range(GIVE_UP_AFTER + 2):
            mirror.recorder.record(EXCHANGE)
        (failure,) = mirror.counts.failures
        assert failure.endswith("answered 403 itself: the request never came to the echo")
        assert len(mirror.pending) == 0
        # It answers, so it is not given up.
        assert proxy.requests == GIVE_UP_AFTER + 2


def test_a_silent_proxy_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirror.wire.proxy.REPLY_PATIENCE", 0.05)
    with through(proxy := Scripted(None)) as mirror:
        for _ in range(GIVE_UP_AFTER + 5):
            mirror.recorder.record(EXCHANGE)
        counts = mirror.counts
    assert proxy.requests == GIVE_UP_AFTER
    assert counts.made == counts.failed == GIVE_UP_AFTER + 5
    silent, given_up = sorted(counts.failures, key=lambda failure: "given up" in failure)
    assert silent.endswith("did not answer in time")
    assert counts.failures[silent] == GIVE_UP_AFTER
    assert given_up.endswith("was given up after 3 exchanges without an answer")
    assert len(mirror.pending) == 0


def test_a_proxy_that_dies_costs_exchanges_and_raises_nothing() -> None:
    with through(proxy := Scripted(b"")) as mirror:
        proxy.die()
        for _ in range(GIVE_UP_AFTER + 1):
            mirror.recorder.record(EXCHANGE)
        counts = mirror.counts
        assert counts.made == counts.failed == GIVE_UP_AFTER + 1
        assert any("Connection refused" in failure for failure in counts.failures)


def test_one_answer_forgives_what_was_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirror.wire.proxy.GIVE_UP_AFTER", 2)
    good = b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"
    with through(proxy := Scripted(b"")) as mirror:
        for reply in (b"", good, b"", good, b"", b""):
            proxy.reply = reply
            mirror.recorder.record(EXCHANGE)
        assert proxy.requests == 6
        mirror.recorder.record(EXCHANGE)
        assert proxy.requests == 6


def test_a_proxy_that_is_not_there_is_told_at_the_start() -> None:
    with Scripted(b"") as proxy:
        url = proxy.url
    with pytest.raises(ProxyError, match=r"^no proxy answers at 127\.0\.0\.1:\d+ .*--mirror-proxy$"):
        Mirror(proxy=url).start()


def test_a_proxy_cannot_be_the_echo_itself() -> None:
    with Scripted(b"") as proxy:
        port = int(proxy.url.rpartition(":")[2])
        with pytest.raises(ConfigError, match="is the echo port itself"):
            Mirror(proxy=proxy.url, port=port).start()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8080", Address("127.0.0.1", 8080)),
        ("http://127.0.0.1:8080/", Address("127.0.0.1", 8080)),
        ("localhost:8080", Address("localhost", 8080)),
        ("http://[::1]:8080", Address("::1", 8080)),
    ],
)
def test_a_proxy_is_an_address(url: str, address: Address) -> None:
    assert parse_proxy(url) == address
    assert parse_proxy(f"http://{address}") == address


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1:8080", "'https'"),
        ("socks5://127.0.0.1:8080", "'socks5'"),
        ("http://127.0.0.1", "lacks a host or a port"),
        ("http://:8080", "lacks a host or a port"),
        ("http://127.0.0.1:0", "lacks a host or a port"),
        ("http://127.0.0.1:99999", "no URL"),
        ("http://127.0.0.1:http", "no URL"),
        ("http://[::1:8080", "no URL"),
        ("http://user:secret@127.0.0.1:8080", "more than an address"),
        ("http://127.0.0.1:8080/path", "more than an address"),
        ("http://127.0.0.1:8080?x", "more than an address"),
        ("http://127.0.0.1:8080#x", "more than an address"),
        ("", "lacks a host or a port"),
    ],
)
def test_what_is_no_address_is_told_with_the_remedy(url: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_proxy(url)
    assert why in str(caught.value)
    assert "http://HOST:PORT" in str(caught.value)
