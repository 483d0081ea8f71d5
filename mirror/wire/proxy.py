"""Publishing through a proxy that the user named.

The request makes the whole trip: to the proxy, from the proxy to the echo port, and the response back. One exchange
at a time is outstanding, on a connection of its own that says ``Connection: close``: with keep-alive a validating
proxy was seen to lose a third of the exchanges.

reverse   the proxy stands for the echo (mitmproxy --mode reverse:, Optic, Prism, WireMock): origin-form target
forward   an ordinary HTTP proxy: absolute-form target with the echo's address, which is the only one it may go to

The application's own Host goes along unless the proxy changes it. ``HTTP_PROXY`` is never looked at. What comes back
is read to its end, compared and reported, and never handed to the test: a proxy may decompress, join fields, rewrite.
After three exchanges in a row without an answer the proxy is given up (a dead proxy must not cost each test seconds).
"""

from __future__ import annotations

import _socket
import io
import threading
from http.client import HTTPException, HTTPResponse, RemoteDisconnected
from typing import Any, Final, NamedTuple

from mirror.address import Address
from mirror.clock import CLOCK
from mirror.errors import ProxyError, WireError
from mirror.exchange import carries_no_body
from mirror.wire.message import Message
from mirror.wire.sockets import STREAM, Socket, set_timeouts, tune

CONNECT_PATIENCE: Final = 2.0
REPLY_PATIENCE: Final = 5.0
GIVE_UP_AFTER: Final = 3
CLOSE: Final = (b"Connection", b"close")


class NoAnswer(WireError):
    """The proxy took the request and said nothing."""


class Reply(NamedTuple):
    """What came back from the proxy."""

    status: int
    body: bytes


class Proxy:
    """A proxy, and whether it is still worth asking."""

    def __init__(self, address: Address) -> None:
        self.address = address
        # Held for a whole exchange, from before its response is pending: one at a time is outstanding. May be taken
        # again by its own thread, for a publisher that interrupts another.
        self.turn = threading.RLock()
        self._failures = 0
        self._lost_sessions = 0

    def probe(self) -> None:
        """Raises ProxyError where nobody listens at the address."""
        try:
            self._connect().close()
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise ProxyError(
                f"no proxy answers at {self.address} ({why}): start it before the tests, or correct --mirror-proxy"
            ) from None

    def trip(self, request: Message, method: str, expected: int = 0) -> Reply:
        """Send a request by way of the proxy and read the reply; to be called in one's ``turn``. Raises ProxyError.

        ``expected`` is the size of the response in bytes, by which it is judged what is too long, and what too slow.
        """
        if self._failures >= GIVE_UP_AFTER:
            raise ProxyError(f"the proxy {self.address} was given up after {GIVE_UP_AFTER} exchanges without an answer")
        try:
            reply = self._trip(request, method, expected)
        except (OSError, UnicodeError) as error:
            self._failures += 1
            what = "did not answer in time" if isinstance(error, BlockingIOError | TimeoutError) else str(error)
            raise ProxyError(f"the proxy {self.address}: {what}") from error
        except NoAnswer:
            self._failures += 1
            raise
        self._failures = 0
        return reply

    def _trip(self, request: Message, method: str, expected: int) -> Reply:
        sock = self._connect()
        try:
            for block in request.blocks:
                sock.sendall(block)
            return read_reply(sock, method, expected)
        finally:
            sock.close()

    def upgrade(self, handshake: Message) -> Socket:
        """Send a WebSocket handshake by way of the proxy; returns the connection on which its 101 has come back.

        To be called in one's ``turn``. Raises ProxyError. Sessions are given up apart from ordinary exchanges: a proxy
        that knows nothing of WebSocket may be a good one otherwise.
        """
        if self._lost_sessions >= GIVE_UP_AFTER:
            raise ProxyError(f"the proxy {self.address} was given up for WebSocket after {GIVE_UP_AFTER} lost sessions")
        sock: Socket | None = None
        try:
            sock = self._connect()
            for block in handshake.blocks:
                sock.sendall(block)
            reply = read_reply(sock, "GET", handshake.size)
            if reply.status != 101:
                raise ProxyError(f"the proxy {self.address} answered {reply.status} to a WebSocket handshake")
            return sock
        except BaseException as error:
            if sock is not None:
                sock.close()
            self.session_ended(lost=True)
            if isinstance(error, OSError | UnicodeError):
                what = "did not answer in time" if isinstance(error, BlockingIOError | TimeoutError) else str(error)
                raise ProxyError(f"the proxy {self.address}: {what} (a WebSocket handshake)") from error
            raise

    def session_ended(self, *, lost: bool) -> None:
        """What became of a WebSocket session, by which it is judged whether to ask for another."""
        self._lost_sessions = self._lost_sessions + 1 if lost else 0

    def _connect(self) -> Socket:
        family, _, _, _, address = _socket.getaddrinfo(*self.address, 0, STREAM)[0]
        sock = Socket(family, STREAM, 0)
        try:
            set_timeouts(sock, CONNECT_PATIENCE)
            sock.connect(address)
            set_timeouts(sock, REPLY_PATIENCE)
            tune(sock)
        except BaseException:
            sock.close()
            raise
        return sock


def no_passage(method: str, status: int) -> str | None:
    """Why no proxy can carry an exchange, however patient its publisher; None where one can."""
    if method == "CONNECT":
        return "CONNECT cannot go through a proxy: it asks the proxy itself for a tunnel"
    if status < 200:
        return f"a final {status} cannot come back through a proxy: it would wait for the response after it"
    return None


def read_reply(sock: Socket, method: str, expected: int = 0) -> Reply:
    """Read one response to its end; interim ones are passed over.

    It may take twice the patience and a second for each 4 MiB, and be 16 MiB longer than ten times what is expected (a
    proxy may decompress): a test must not wait for a proxy that never ends.
    """
    stream = _Stream(sock, CLOCK.tick() + 2 * REPLY_PATIENCE + expected / 2**22, 2**24 + 10 * expected)
    with stream.makefile("rb"):
        while True:
            response = HTTPResponse(stream, method=method)  # type: ignore[arg-type]
            try:
                response.begin()
                if response.status >= 200 or response.status == 101:
                    # http.client would wait for the chunks of a 304 that names the chunked coding.
                    empty = carries_no_body(method, response.status)
                    return Reply(response.status, b"" if empty else response.read())
            except RemoteDisconnected:
                raise NoAnswer("the proxy closed the connection without an answer") from None
            except (HTTPException, ValueError) as error:
                what = str(error) or type(error).__name__
                raise WireError(f"the proxy answered with something else than HTTP: {what}") from None
            finally:
                response.fp = None  # type: ignore[assignment]  # which it would close when it is collected


class _Stream(io.RawIOBase):
    """What http.client reads a response from: a socket whose methods no test tool can have replaced."""

    def __init__(self, sock: Socket, deadline: float, room: int) -> None:
        self._sock = sock
        self._deadline = deadline
        self._room = room
        self._reader = io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if CLOCK.tick() > self._deadline:
            raise TimeoutError
        size = self._sock.recv_into(buffer)
        self._room -= size
        if self._room < 0:
            raise WireError("the proxy's answer is much longer than the response")
        return size

    def makefile(self, mode: str) -> io.BufferedReader[Any]:
        return self._reader
