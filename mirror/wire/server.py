"""The echo server: Werkzeug's, on a port of its own, answering each request with the response of its exchange.

What stock Werkzeug does otherwise, and why it is not wanted here: it prints and calls ``sys.exit`` where the port is
in use; it closes the connection after every response and says so in a header field; it adds ``Server`` and ``Date``;
it folds ``//a`` to ``/a``, joins repeated fields and chunks on its own terms; it waits 10 ms for leftover input after
each response; its log goes to the terminal. So the socket is bound here, and the handler writes the response message
as it was written down for the wire.

Who connects to the port:

* the publisher itself. Its connection is announced by local port before it connects; the accepting thread hands the
  echo's end over, and the publisher drives both (see mirror.wire.connection);
* everybody else: a proxy that carries the publisher's requests, an agent's probe, a person with curl. They are served
  by a thread each. The response is found by correlation header field where the publisher sends one, else by likeness
  with the one exchange that is under way; who matches none gets a 404 that explains itself.
"""

from __future__ import annotations

import _socket
import errno
import socket
import threading
import time
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from mirror.errors import PortError
from mirror.exchange import Response
from mirror.headers import Headers
from mirror.wire.connection import Connections, Loop
from mirror.wire.handover import Handover, Switching
from mirror.wire.message import Message, write_response
from mirror.wire.pending import Pending
from mirror.wire.sockets import PATIENCE, STREAM, Socket, adopt, set_timeouts, tune

# The real ones, also while a test has put others into their modules.
_PythonSocket = socket.socket
_Thread = threading.Thread
_rest = time.sleep

# How the answer to a request without an exchange begins.
UNKNOWN = b"mirror: no exchange is waiting for this request."

# What accept() says when the listening socket is gone, or its descriptor is another file's by now.
NO_LISTENER = frozenset({errno.EBADF, errno.EINVAL, errno.ENOTSOCK})

# An idle connection of a stranger is closed after so many seconds.
STRANGER_PATIENCE = 30.0
# The same where the request said ``Connection: close``. Not at once: proxies (Optic) pass that field on to the echo and
# send their next request on the same connection all the same, and would lose it in a connection that closes meanwhile.
LINGER = 1.0


class EchoHandler(WSGIRequestHandler):
    """Answers requests on a connection that is not the publisher's own."""

    protocol_version = "HTTP/1.1"
    timeout = STRANGER_PATIENCE
    server: EchoServer

    def run_wsgi(self) -> None:
        self.connection.settimeout(STRANGER_PATIENCE)
        try:
            self.read_body()
        except ValueError:
            self.close_connection = True
            self.send_error(400, "Bad framing")
            return
        target = str(self.raw_requestline, "latin-1").split()[1]
        response = self.server.find(self.command, target, self.headers.items())
        if response is None:
            response = unknown(self.command, target)
        for block in response.blocks:
            self.connection.sendall(block)
        if isinstance(response, Switching):
            self.close_connection = True
            self.server.hand_over(self.connection, response.handover)
        elif response.last:
            self.close_connection = True
        elif self.close_connection and self.request_version == "HTTP/1.1":
            self.connection.settimeout(LINGER)
            self.close_connection = False

    def read_body(self) -> None:
        """Take the request's body off the connection. Raises ValueError where its framing is broken."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            while size := int(self.rfile.readline(1000).partition(b";")[0], 16):
                self.skip(size)
                self.rfile.readline(1000)
            while self.rfile.readline(65537) not in (b"\r\n", b"\n", b""):
                pass
        else:
            self.skip(int(self.headers.get("Content-Length", "0")))

    def skip(self, size: int) -> None:
        while size > 0:
            data = self.rfile.read(min(size, 64 * 1024))
            if not data:
                raise ValueError("the body ended early")
            size -= len(data)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - Werkzeug's name
        """Silent: the terminal belongs to the tests."""


class EchoServer(ThreadedWSGIServer):
    """Listens on ``host:port`` (0 for a free one) until ``stop()``.

    ``pending`` holds the responses, ``correlation_header`` is the name of the field by which they are asked for, or
    None. Raises PortError where the address cannot be had.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, host: str, port: int, pending: Pending, correlation_header: str | None = None) -> None:
        self.pending = pending
        self.correlation_header = correlation_header and correlation_header.lower()
        self._listener = listen(host, port)
        try:
            # Werkzeug duplicates the descriptor; from here on its own socket is the one that listens.
            # It reads the address family from the host, which must therefore be a number, not a name.
            host, port = self._listener.getsockname()[:2]
            super().__init__(host, port, _not_an_application, handler=EchoHandler, fd=self._listener.fileno())
        finally:
            self._listener.close()
        self._stopping = self._paused = False
        self._announced: dict[tuple[str, int], Handover] = {}
        self._strangers: set[socket.socket] = set()
        self._sessions: set[Loop] = set()
        self.connections = Connections(self._connect)
        self._accept_in_background()

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}" if self.address_family == _socket.AF_INET6 else f"http://{host!s}:{port}"

    def absolute(self, target: str) -> str:
        """A request target as a forward proxy wants it (RFC 9112 section 3.2.2; ``*`` is the empty path, 3.2.4)."""
        host, port = self._reachable()
        return f"http://{f'[{host}]' if ':' in host else host}:{port}" + ("" if target == "*" else target)

    def find(self, method: str, target: str, fields: Any) -> Message | None:
        """The pending response that a request asks for, taken out."""
        if self.correlation_header is not None:
            return self.pending.take_known(value for name, value in fields if name.lower() == self.correlation_header)
        return self.pending.take_alike(method, target)

    # The accepting thread -------------------------------------------------------------------------------------------

    def serve_forever(self, poll_interval: float = 0.0) -> None:
        """Accept until stop() connects to say that it is over. (Werkzeug's own loop would look twice a second.)"""
        while True:
            try:
                fd, peer = self.socket._accept()  # type: ignore[attr-defined]
            except OSError as error:
                if self._stopping or error.errno in NO_LISTENER:
                    return
                # Out of descriptors, or a connection that broke at once: not to be tried again at full speed.
                _rest(0.05)
                continue
            handover = self._announced.pop(peer[:2], None)
            if handover is not None:
                handover.take(adopt(fd, self.address_family))
            elif self._stopping:
                adopt(fd, self.address_family).close()
                return
            else:
                self._serve_stranger(_PythonSocket(self.address_family, socket.SOCK_STREAM, 0, fileno=fd), peer)

    def _serve_stranger(self, connection: socket.socket, peer: Any) -> None:
        self._strangers.add(connection)
        try:
            _Thread(target=self.process_request_thread, args=(connection, peer), daemon=True).start()
        except RuntimeError:  # no more threads: the stranger may try again
            self.shutdown_request(connection)

    def shutdown_request(self, request: Any) -> None:
        self._strangers.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A stranger's connection broke: its loss, not the terminal's."""

    def hand_over(self, connection: socket.socket, handover: Handover) -> None:
        """Give a connection that a proxy made for a WebSocket session to the session's publisher."""
        connection.settimeout(None)
        self._strangers.discard(connection)
        handover.take(adopt(connection.detach(), self.address_family))

    # The publisher --------------------------------------------------------------------------------------------------

    def join(self, loop: Loop | None = None) -> Loop:
        """The connection of a WebSocket session, a new one of the publisher's own where none is given.

        It is closed by ``leave``, and with the port at the latest.
        """
        loop = loop or self._connect()
        self._sessions.add(loop)
        return loop

    def leave(self, loop: Loop) -> None:
        self._sessions.discard(loop)
        loop.close()

    def _connect(self) -> Loop:
        """A new connection of the publisher's own, both ends of it."""
        handover = Handover()
        try:
            client = Socket(self.address_family, STREAM, 0)
        except BaseException:
            handover.close()
            raise
        own = ("", 0)
        try:
            set_timeouts(client, PATIENCE)
            # From the address that it connects to: an echo on another interface sees no other.
            client.bind((self._reachable()[0], 0))
            own = client.getsockname()[:2]
            self._announced[own] = handover
            client.connect(self._reachable())
            echo = handover.wait(PATIENCE)
        except BaseException:
            client.close()
            handover.give_up()
            raise
        finally:
            self._announced.pop(own, None)
            handover.close()
        for sock in (client, echo):
            tune(sock)
        set_timeouts(echo, PATIENCE)
        return Loop(client, echo)

    def _reachable(self) -> tuple[str, int]:
        """The address to connect to: that of this server, or loopback where it listens on every interface."""
        host, port = self.server_address[:2]
        return (_loopback(self.address_family) if host in ("0.0.0.0", "::") else str(host)), int(port)

    def stop(self) -> None:
        """Close the port and every connection, and end the thread. May be called twice."""
        if self._stopping:
            return
        self._close_connections()
        self._stop_accepting()
        self.server_close()
        for connection in list(self._strangers):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # its own thread was faster

    def pause(self) -> None:
        """End the accepting thread, and let who connects wait: a process must not fork while it has threads."""
        if not self._stopping:
            self._paused = True
            self._stop_accepting()

    def resume(self) -> None:
        """Accept again after pause()."""
        if self._paused:
            self._paused = self._stopping = False
            self._accept_in_background()

    def _stop_accepting(self) -> None:
        self._stopping = True
        try:
            wake = Socket(self.address_family, STREAM, 0)
            try:
                set_timeouts(wake, PATIENCE)
                wake.connect(self._reachable())
            finally:
                wake.close()
        except OSError:
            pass  # the listening socket is gone already, and the thread with it
        self._thread.join(PATIENCE)

    def _accept_in_background(self) -> None:
        self._thread = _Thread(target=self.serve_forever, name="mirror-echo", daemon=True)
        self._thread.start()

    def abandon(self) -> None:
        """Let go of the descriptors in a forked child, where the thread is not: nothing is said on a connection."""
        self._stopping = True
        self._paused = False
        self._close_connections()
        self.socket.close()

    def _close_connections(self) -> None:
        self.connections.close()
        for loop in list(self._sessions):
            self.leave(loop)


def listen(host: str, port: int, name: str = "echo", options: str = "--mirror") -> Socket:
    """A listening socket. Raises PortError with the remedy where it cannot be had.

    ``name`` says whose port it is, ``options`` how the options begin that choose it.
    """
    try:
        family, _, _, _, address = _socket.getaddrinfo(host, port, 0, STREAM, 0, _socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError) as error:
        raise PortError(f"{options}-host {host!r} is no address of this machine ({error})") from None
    sock = Socket(family, STREAM, 0)
    try:
        sock.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(128)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            remedy = (
                f"stop the program that listens there, choose another {options}-port, or leave it out for a free one"
            )
            raise PortError(f"the {name} port {host}:{port} is in use: {remedy}") from None
        if error.errno == errno.EACCES:
            raise PortError(
                f"the {name} port {host}:{port} may not be opened by this user: choose one above 1023"
            ) from None
        raise PortError(f"the {name} cannot listen on {host}:{port}: {error.strerror or error}") from None
    return sock


def unknown(method: str, target: str) -> Message:
    """What a request without an exchange gets."""
    text = (
        f"{UNKNOWN.decode('ascii')}\n\n"
        f"{method} {target}\n\n"
        "This is the echo port of a test run (pytest --mirror). It answers a request that mirror itself sends, or\n"
        "that a proxy passes on for it (--mirror-proxy), with the response that the application gave in the test:\n"
        "once, and only while that exchange is under way. The correlation ID of this request is missing, unknown or\n"
        "expired.\n"
        "To watch the traffic, capture this port (tcpdump, tshark) or put the proxy between.\n"
    ).encode("latin-1", "replace")
    fields = [(b"Content-Type", b"text/plain; charset=utf-8"), (b"Content-Length", b"%d" % len(text))]
    return write_response(Response(404, "Not Found", Headers(tuple(fields)), (text,)), method)


def _loopback(family: int) -> str:
    return "::1" if family == _socket.AF_INET6 else "127.0.0.1"


def _not_an_application(environ: Any, start_response: Any) -> Any:
    """Werkzeug's constructor wants an application; the handler above never calls it."""
    raise NotImplementedError("the echo handler writes its responses itself")
