"""The echo port, for those who connect to it without being asked: agents, proxies, people with curl."""

from __future__ import annotations

import gc
import os
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from factories import make_exchange, make_response
from observer import Stream, messages

from mirror import Mirror
from mirror.errors import PortError
from mirror.wire.message import write_response
from mirror.wire.pending import Expected, Pending
from mirror.wire.server import EchoServer
from mirror.wire.sink import Wire, WireSink

Say = Callable[..., bytes]

GET = b"GET /somewhere?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"


def seen(sent: bytes, received: bytes) -> list[Any]:
    return messages(Stream(bytearray(sent), bytearray(received)))


def put(pending: Pending, key: str = "id", target: str = "/a", method: str = "GET", text: bytes = b"answer") -> None:
    response = make_response(200, text, headers=[("Content-Length", str(len(text))), ("X-Key", key)])
    pending.put(key, Expected(method, target, write_response(response, method)))


def test_who_asks_for_nothing_that_is_under_way_is_told_so(say: Say) -> None:
    (message,) = seen(GET, say(GET))
    assert (message.status, message.reason) == (404, b"Not Found")
    assert b"GET /somewhere?x=1\n" in message.response_body
    assert b"pytest --mirror" in message.response_body
    assert dict(message.response_headers)[b"Content-Type"] == b"text/plain; charset=utf-8"


def test_its_messages_hold_nothing_of_the_server_s_own(say: Say, pending: Pending) -> None:
    put(pending)
    request = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    assert say(request) == b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-Key: id\r\n\r\nanswer"


def test_a_response_is_given_out_once(say: Say, pending: Pending) -> None:
    put(pending)
    request = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    assert [message.status for message in seen(request * 2, say(request * 2))] == [200, 404]


def test_a_head_request_gets_a_head(say: Say) -> None:
    request = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
    (message,) = seen(request, say(request))
    assert message.status == 404
    assert message.response_body == b""


def test_strangers_are_served_by_the_correlation_header_where_there_is_one(say: Say, pending: Pending) -> None:
    server = EchoServer("127.0.0.1", 0, pending, "X-Correlation")
    with closing(Stopping(server)):
        put(pending, "id-1")
        put(pending, "id-2")

        def ask(*fields: bytes) -> Any:
            request = b"GET /a HTTP/1.1\r\nHost: a\r\n" + b"".join(field + b"\r\n" for field in fields) + b"\r\n"
            return seen(request, say(request, to=server))[0]

        assert ask().status == 404
        assert ask(b"X-Correlation: unknown").status == 404
        assert (b"X-Key", b"id-2") in ask(b"x-correlation: id-2").response_headers
        assert ask(b"X-Correlation: id-2").status == 404
        assert (b"X-Key", b"id-1") in ask(b"X-Correlation: mine", b"X-Correlation: id-1").response_headers


def test_a_connection_is_kept_for_the_next_request(server: EchoServer) -> None:
    with (
        socket.create_connection(server.server_address[:2]) as connection,
        connection.makefile("rb") as reader,
    ):
        for _ in range(3):
            connection.sendall(GET)
            assert reader.readline() == b"HTTP/1.1 404 Not Found\r\n"
            length = 0
            while (line := reader.readline()) != b"\r\n":
                if line.startswith(b"Content-Length: "):
                    length = int(line.split()[1])
            reader.read(length)


def test_a_connection_is_closed_a_while_after_the_client_asked_for_it(
    server: EchoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at once: some proxies pass the field on, and use the connection again all the same."""
    monkeypatch.setattr("mirror.wire.server.LINGER", 0.2)
    closing = GET.replace(b"Host: a", b"Host: a\r\nConnection: close")
    with socket.create_connection(server.server_address[:2]) as connection, connection.makefile("rb") as reader:
        connection.sendall(closing + closing)
        assert reader.read().count(b"HTTP/1.1 404") == 2  # and then the end, without our having said so


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Length: 40\r\n\r\n" + GET[:40],
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5;ext=1\r\nworld\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-trailer: 1\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 300000\r\n\r\n" + b"x" * 300_000,
    ],
)
def test_a_body_is_taken_off_the_connection(say: Say, body: bytes) -> None:
    request = b"POST / HTTP/1.1\r\nHost: a\r\n" + body
    assert [message.method for message in seen(request + GET, say(request + GET))] == [b"POST", b"GET"]


def test_requests_may_come_in_a_pipeline(say: Say) -> None:
    assert len(seen(GET * 20, say(GET * 20))) == 20


@pytest.mark.parametrize("method", [b"QUERY", b"X_Y", b"OPTIONS", b"TRACE"])
@pytest.mark.parametrize("target", [b"*", b"//a", b"/%", b"/" + b"x" * 5000])
def test_any_method_and_target_gets_its_answer(say: Say, method: bytes, target: bytes) -> None:
    request = b"%b %b HTTP/1.1\r\nHost: a\r\n\r\n" % (method, target)
    (message,) = seen(request, say(request))
    assert message.status == 404
    assert b"%b %b\n" % (method, target) in message.response_body


def test_the_absolute_form_is_understood(say: Say, pending: Pending) -> None:
    """RFC 9112 section 3.2.2: a server has to accept it, although only proxies are sent it."""
    put(pending, target="/a?x=1")
    request = b"GET http://127.0.0.1:80/a?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"
    assert seen(request, say(request))[0].response_body == b"answer"


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\r\n\r\n",
        b"\0" * 1000,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno field\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\nx",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"x" * 100_000 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_garbage_harms_nobody(say: Say, garbage: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    try:
        say(garbage)
    except OSError:
        pass  # it hung up while we were speaking, as it may
    assert seen(GET, say(GET))[0].status == 404
    assert capfd.readouterr() == ("", "")


def test_a_slow_stranger_holds_up_nobody(server: EchoServer, pending: Pending, say: Say) -> None:
    sink = WireSink(server, pending, Wire())
    with socket.create_connection(server.server_address[:2]) as slow:
        slow.sendall(b"GET / HT")
        assert seen(GET, say(GET))[0].status == 404
        assert sink.write(make_exchange()) == ()
        slow.sendall(b"TP/1.1\r\nHost: a\r\n\r\n")
        assert slow.recv(12) == b"HTTP/1.1 404"


def test_stopping_ends_everything(pending: Pending) -> None:
    threads = set(threading.enumerate())
    gc.collect()
    files = open_files()
    server = EchoServer("127.0.0.1", 0, pending)
    address = server.server_address[:2]
    WireSink(server, pending, Wire()).write(make_exchange())
    with socket.create_connection(address) as idle, socket.create_connection(address) as busy:
        busy.sendall(GET)
        busy.recv(1)
        idle.sendall(b"GET ")
        server.stop()
        server.stop()
        for thread in set(threading.enumerate()) - threads:
            thread.join(10)
            assert not thread.is_alive(), thread
        assert idle.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    gc.collect()
    assert open_files() == files


def open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


def test_a_port_can_be_had_again_at_once(pending: Pending, say: Say) -> None:
    server = EchoServer("127.0.0.1", 0, pending)
    WireSink(server, pending, Wire()).write(make_exchange())
    assert say(GET, to=server).startswith(b"HTTP/1.1 404")
    server.stop()
    with closing(Stopping(EchoServer("127.0.0.1", server.server_address[1], pending))) as again:
        assert say(GET, to=again.server).startswith(b"HTTP/1.1 404")


def test_a_port_in_use_is_told_with_the_remedy(server: EchoServer) -> None:
    port = server.server_address[1]
    with pytest.raises(PortError, match=rf"^the echo port 127\.0\.0\.1:{port} is in use: .*--mirror-port"):
        EchoServer("127.0.0.1", port, Pending())
    with pytest.raises(PortError), Mirror(port=port):
        pass


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_an_address_that_is_not_here_is_told(host: str) -> None:
    with pytest.raises(PortError, match=host.replace(".", r"\.")):
        EchoServer(host, 0, Pending())


def test_two_servers_know_nothing_of_each_other(server: EchoServer, pending: Pending, say: Say) -> None:
    put(pending)
    request = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    with closing(Stopping(EchoServer("127.0.0.1", 0, Pending()))) as other:
        assert say(request, to=other.server).startswith(b"HTTP/1.1 404")
        assert say(request, to=server).startswith(b"HTTP/1.1 200")


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")
def test_it_listens_on_ipv6(say: Say, pending: Pending) -> None:
    with closing(Stopping(EchoServer("::1", 0, pending))) as here:
        assert here.server.url == f"http://[::1]:{here.server.server_address[1]}"
        assert WireSink(here.server, pending, Wire()).write(make_exchange()) == ()
        assert say(GET, to=here.server).startswith(b"HTTP/1.1 404")


def test_it_listens_on_every_interface(say: Say, pending: Pending) -> None:
    with closing(Stopping(EchoServer("0.0.0.0", 0, pending))) as here:
        assert WireSink(here.server, pending, Wire()).write(make_exchange()) == ()


def test_a_stranger_may_send_what_it_likes_while_an_exchange_waits(say: Say, pending: Pending) -> None:
    """An agent's probe takes nothing from the exchange that a proxy is about to ask for."""
    put(pending, target="/orders", method="POST")
    assert say(GET).startswith(b"HTTP/1.1 404")
    request = b"POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
    assert seen(request, say(request))[0].response_body == b"answer"


class Stopping:
    """A server with the ``close`` that contextlib.closing wants."""

    def __init__(self, server: EchoServer) -> None:
        self.server = server

    def close(self) -> None:
        self.server.stop()
