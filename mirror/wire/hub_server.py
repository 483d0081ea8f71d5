"""The hub: takes what other processes hand over, and records it as if it had been made here.

One thread serves every connection, because what it does is recording, one exchange after the other. It never waits for
anybody: sockets do not block, of what it has to say one answer at most waits for whoever does not read, and who has not
said the token within five seconds is sent away. Whoever has not said it yet has half a kilobyte of memory, and there
are at most a hundred of them at once: a new one takes the place of the oldest.

What is not understood ends its connection and nothing else; what that process had handed over before counts. A
WebSocket session whose process is gone ends there, and counts as failed. A process says when this was all: one whose
connection ends without that has vanished.
"""

from __future__ import annotations

import _socket
import hmac
import secrets
import selectors
import threading
import time
from collections import Counter, deque
from contextlib import suppress
from typing import Final

from mirror.clock import CLOCK
from mirror.counts import describe, tally
from mirror.errors import ConfigError, HubError
from mirror.recorder import Recorder
from mirror.wire.connection import STEP
from mirror.wire.hub_link import Link, decode
from mirror.wire.hub_protocol import (
    TOKEN,
    Answer,
    Ask,
    Concluded,
    Counted,
    Handed,
    HubAddress,
    Known,
    Left,
    Refused,
    Taken,
    Telling,
    Welcome,
    frame,
    read_hello,
)  # fmt: skip
from mirror.wire.server import listen
from mirror.wire.sockets import PATIENCE, adopt, tune

# Seconds within which a connection has to say its token.
HELLO_PATIENCE: Final = 5.0
NO_TOKEN: Final = f"no token within {HELLO_PATIENCE:.0f} seconds"
# So many connections may owe it at once.
MOST_STRANGERS: Final = 100
# Seconds after which a process is told how far the hub is, while it works through what was handed over.
SIGN_OF_LIFE: Final = 1.0
# So many processes that vanished are remembered by name.
MOST_VANISHED: Final = 100

_Selector = selectors.DefaultSelector
_Thread = threading.Thread
_rest = time.sleep


class Hub:
    """Listens on ``host:port`` (0 for a free one) until ``close()``, and records to ``recorder``.

    ``url`` is what processes are told of the echo. ``token`` is made here where none is given. ``refusals`` counts the
    connections that were sent away, by reason; ``vanished`` are the processes that went without saying that this was
    all, and how many exchanges each had handed over. ``hello_patience`` are the seconds within which a connection has
    to say its token, ``patience`` those that closing waits for a sink that does not come back. Raises PortError where
    the address cannot be had, ConfigError for a token that cannot be one.
    """

    def __init__(
        self,
        recorder: Recorder,
        url: str,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        *,
        hello_patience: float = HELLO_PATIENCE,
        patience: float = 2 * PATIENCE,
    ) -> None:
        if token is not None and not TOKEN.fullmatch(token):
            raise ConfigError(
                "the token of a hub has 8 to 200 letters, digits and signs that a URL may hold before its @"
            )
        self.recorder = recorder
        self.url = url
        self.refusals: Counter[str] = Counter()
        self.vanished: deque[tuple[str, int]] = deque(maxlen=MOST_VANISHED)
        self._token = token or secrets.token_urlsafe(24)
        self._listener = listen(host, port, "hub", "--hub")
        self._listener.setblocking(False)
        self._family = self._listener.family
        self._wake, self._woken = _socket.socketpair()
        self._selector = _Selector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._links: set[Link] = set()
        self._strangers: dict[Link, None] = {}  # oldest first
        self._ledgers: dict[str, Recorder] = {}
        self._hello_patience, self._patience = hello_patience, patience
        self._lock = threading.Lock()  # of the next four
        self._thread: threading.Thread | None = None  # who alone reads connections and touches the descriptors
        self._pausing = False
        self._orphaned = False
        self._closed = False
        self.resume()

    @property
    def address(self) -> HubAddress:
        """Where it listens; loopback, where that is every interface."""
        host, port = self._listener.getsockname()[:2]
        return HubAddress({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, self._token)

    def watch(self, name: str) -> Recorder:
        """A ledger that counts what comes from the process of that name; it has to be asked for beforehand."""
        return self._ledgers.setdefault(name, Recorder([]))

    @property
    def clients(self) -> int:
        """How many processes are connected."""
        return len(self._links) - len(self._strangers)

    # Its thread -------------------------------------------------------------------------------------------------------

    def resume(self) -> None:
        """Serve, from now on or again after pause()."""
        if self._closed:
            return
        with self._lock:
            self._pausing = False
            if self._thread is None:
                self._thread = _Thread(target=self._serve, name="mirror-hub", daemon=True)
                self._thread.start()

    def pause(self) -> None:
        """End the thread; whoever connects or says something waits.

        A sink may keep it beyond all patience. Then it ends when it comes back, if nobody has resumed by then.
        """
        with self._lock:
            thread, self._pausing = self._thread, True
        if thread is not None:
            with suppress(OSError):  # it has just let go of everything
                self._wake.send(b"!")
            thread.join(self._patience)

    def _is_over(self) -> bool:
        """Whether the thread has to end; from then on it is none."""
        with self._lock:
            if self._pausing:
                self._thread = None
            return self._pausing

    def settle(self, seconds: float) -> None:
        """Wait until every process has ended its connection, and what it said has been recorded; at most so long."""
        end = CLOCK.tick() + seconds
        while self.clients and CLOCK.tick() < end:
            _rest(0.005)

    def close(self) -> None:
        """Take what has arrived by now, and end every connection. May be called twice.

        Where the thread does not come back from a sink, that is left to it: the descriptors are its own until then.
        """
        if self._closed:
            return
        self.pause()
        with self._lock:
            self._closed = True
            self._orphaned = self._thread is not None
        if not self._orphaned:
            self._finish()

    def _finish(self) -> None:
        end = CLOCK.tick() + PATIENCE
        for link in list(self._links):
            while link in self._links and link.ledger is not None and CLOCK.tick() < end and self._read(link):
                pass
            self._drop(link)
        self.abandon()

    def abandon(self) -> None:
        """Let go of the descriptors, in a forked child: nothing is said on a connection."""
        self._closed = True
        self._thread = None
        self._selector.close()
        for sock in (self._listener, self._wake, self._woken, *(link.sock for link in self._links)):
            sock.close()

    def _serve(self) -> None:
        while not self._is_over():
            for key, events in self._selector.select(self._hello_patience / 10 if self._strangers else None):
                if self._pausing:
                    break
                if key.fileobj is self._woken:
                    self._woken.recv(64)
                elif key.fileobj is self._listener:
                    self._accept()
                elif key.data in self._links and events & selectors.EVENT_WRITE:
                    self._send_rest(key.data)
                elif key.data in self._links:
                    self._read(key.data)
            late = CLOCK.tick() - self._hello_patience
            for link in [link for link in self._strangers if link.since < late]:
                self._refuse(link, NO_TOKEN)
        if self._orphaned:
            self._finish()

    # Connections ------------------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        try:
            fd, _ = self._listener._accept()  # type: ignore[attr-defined]
        except BlockingIOError:
            return
        except OSError:
            _rest(0.05)  # out of descriptors, or a connection that broke at once
            return
        sock = adopt(fd, self._family)
        sock.setblocking(False)
        tune(sock)
        if len(self._strangers) >= MOST_STRANGERS:
            self._refuse(next(iter(self._strangers)), "too many connections without a token")
        link = Link(sock)
        self._links.add(link)
        self._strangers[link] = None
        self._selector.register(sock, selectors.EVENT_READ, link)

    def _read(self, link: Link) -> bool:
        """Read what has arrived on a connection, and do what it says; False where there was nothing to read."""
        try:
            data = link.sock.recv(STEP)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self._miss(link)
            return False
        link.frames.feed(data)
        try:
            if link.ledger is None:
                self._greet(link)
            if link.ledger is not None:
                for payload in link.frames:
                    self._take(link, link.ledger, decode(payload))
                    if CLOCK.tick() - link.since > SIGN_OF_LIFE:
                        self._report(link)
                self._report(link)
        except HubError as error:
            self._refuse(link, str(error))
        except OSError:
            self._miss(link)
        except Exception as error:
            self._refuse(link, f"what it said could not be recorded: {describe(error)}")
        return True

    def _greet(self, link: Link) -> None:
        line = link.frames.line()
        if line is None:
            return
        said = read_hello(line)
        if said is None:
            raise HubError("this is a hub of mirror's, version 1, and it was told something else")
        if not hmac.compare_digest(said.token, self._token.encode("ascii")):
            raise HubError("wrong token: copy the MIRROR_HUB line that the hub prints")
        del self._strangers[link]
        link.name, link.ledger = said.name, self._ledgers.get(said.name) or Recorder([])
        self._say(link, Welcome(self.url, self.recorder.applications.are_asked_for))

    def _take(self, link: Link, ledger: Recorder, told: Telling) -> None:
        link.news = True
        if isinstance(told, Handed):
            ledger.count(*self.recorder.relay(told.exchange, told.loss, told.remarks))
        elif isinstance(told, Counted):
            self.recorder.add(told.failures, told.ignores, told.remarks)
            ledger.add(told.failures, told.ignores, told.remarks)
        elif isinstance(told, Concluded):
            self.recorder.conclude(told.test, told.outcome)
        elif isinstance(told, Known):
            self.recorder.applications.know(told.routes)
        elif isinstance(told, Ask):
            link.answer = told.serial
        elif isinstance(told, Left):
            link.has_left = True
        else:
            link.follow(told, ledger, self.recorder)

    def _report(self, link: Link) -> None:
        # Who does not listen is told when there is room again, and then of everything at once.
        if link.news and link.ledger is not None and not link.unsent:
            link.news, link.since = False, CLOCK.tick()
            self._say(link, Taken(link.ledger.counts, link.answer))

    def _say(self, link: Link, answer: Answer) -> None:
        link.unsent = frame(answer)
        try:
            link.unsent = link.unsent[link.sock.send(link.unsent) :]
        except BlockingIOError:
            pass
        if link.unsent:
            self._selector.modify(link.sock, selectors.EVENT_READ | selectors.EVENT_WRITE, link)

    def _send_rest(self, link: Link) -> None:
        try:
            link.unsent = link.unsent[link.sock.send(link.unsent) :]
            if not link.unsent:
                self._selector.modify(link.sock, selectors.EVENT_READ, link)
                self._report(link)
        except BlockingIOError:
            pass
        except OSError:
            self._miss(link)

    def _refuse(self, link: Link, reason: str) -> None:
        tally(self.refusals, reason)
        try:
            if not link.unsent:
                self._say(link, Refused(reason))
        except OSError:
            pass  # whoever it is does not want to know
        self._drop(link)

    def _miss(self, link: Link) -> None:
        """The other end of a connection is gone."""
        if link.ledger is not None and not link.has_left:
            self.vanished.append((link.name, link.ledger.counts.made))
        self._drop(link)

    def _drop(self, link: Link) -> None:
        if link not in self._links:
            return
        self._selector.unregister(link.sock)
        link.sock.close()
        link.end_sessions()
        # Last: who settles waits for the connection to go, and then counts.
        self._links.discard(link)
        self._strangers.pop(link, None)
