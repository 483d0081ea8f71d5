"""A running mirror: settings in, echo server and observed clients out."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self

from mirror.adapters.imports import ImportWatch
from mirror.adapters.seams import SEAMS, Detach, attach
from mirror.address import parse_proxy
from mirror.config import Settings, environment, path_filter, pyproject, resolve
from mirror.errors import ConfigError, PortError
from mirror.exchange import Exchange
from mirror.history import History
from mirror.recorder import Counts, Recorder, Sink
from mirror.wire.pending import Pending
from mirror.wire.proxy import Proxy
from mirror.wire.server import EchoServer
from mirror.wire.sink import Wire, WireSink


class Mirror:
    """Mirrors in-process exchanges for as long as it is open.

        with Mirror(port=8900) as mirror:
            app.test_client().get("/orders")
            print(mirror.url, mirror.counts, mirror.exchanges)

    Takes the fields of Settings as keywords. With ``attach`` (the default) every in-process client of the process is
    mirrored; without, only the client classes of ``mirror.adapters`` are. ``sinks`` take every exchange besides the
    wire. ``on_loss`` is told of the first loss, which otherwise goes to standard error.

    Raises ConfigError, PortError or ProxyError from ``start()`` (or on entering).
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        attach: bool = True,
        sinks: Sequence[Sink] = (),
        on_loss: Callable[[str], None] | None = None,
        **fields: Any,
    ) -> None:
        if settings is not None and fields:
            raise TypeError("give either settings or its fields as keywords")
        try:
            self.settings = settings or Settings(**fields)
        except TypeError as error:
            raise TypeError(f"Mirror: {error}; its keywords are the fields of mirror.Settings") from None
        self.pending = Pending()
        self.history = History(self.settings.history)
        self._attach = attach
        self._sinks = tuple(sinks)
        self._on_loss = on_loss or tell
        self._detach: list[Detach] = []
        self._watch: ImportWatch | None = None
        self._server: EchoServer | None = None
        self._recorder: Recorder | None = None
        self._url = ""

    def start(self) -> Self:
        """Open the echo port and observe the clients."""
        if self._server is not None:
            raise ConfigError("this mirror was started before: make a new one, Mirror(...)")
        settings = self.settings
        proxy = None
        if settings.proxy is not None:
            proxy = Proxy(parse_proxy(settings.proxy))
            if settings.port and proxy.address.port == settings.port and proxy.address.host in LOCAL:
                raise ConfigError(
                    f"the proxy {proxy.address} is the echo port itself: the proxy needs a port of its own"
                )
            proxy.probe()
        server = EchoServer(settings.host, settings.port, self.pending, settings.correlation_header)
        try:
            wire = Wire(proxy, settings.proxy_mode, settings.correlation_header)
            if proxy is None:
                warm(server)
            sinks: list[Sink] = [WireSink(server, self.pending, wire), self.history, *self._sinks]
            self._recorder = recorder = Recorder(sinks, path_filter(settings), self._on_loss)
            self._server, self._url = server, server.url
            if self._attach:
                self._watch = ImportWatch(SEAMS, lambda module: self._attach_to(module, recorder))
                self._watch.start()
        except BaseException:
            self.close()
            server.stop()
            raise
        RUNNING.append(self)
        return self

    def _attach_to(self, module: ModuleType, recorder: Recorder) -> None:
        self._detach.append(attach(module, recorder))

    def close(self) -> None:
        """Leave the clients as they were, record what is unfinished, and close the port. May be called twice."""
        if self._server is None or self._recorder is None:
            return
        if self in RUNNING:
            RUNNING.remove(self)
        if self._watch is not None:
            self._watch.stop()
        while self._detach:
            self._detach.pop()()
        self._recorder.close("made after the mirror was closed")
        self._server.stop()

    def pause(self) -> None:
        """Have no thread for a moment: from Python 3.12 on, a fork beside one is worth a warning."""
        if self._server is not None:
            self._server.pause()

    def resume(self) -> None:
        """Go on after pause()."""
        if self._server is not None:
            self._server.resume()

    def abandon(self) -> None:
        """Become harmless in a forked child: the echo's thread is not there, and its connections are the parent's."""
        if self._recorder is not None and self._server is not None:
            self._recorder.abandon("made in a forked child")
            self._server.abandon()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._recorder is None:
            return "<Mirror, not started>"
        counts = self.counts
        return f"<Mirror {self._url}: made {counts.made}, published {counts.published}>"

    @property
    def recorder(self) -> Recorder:
        """Where observers of one's own record to. Raises RuntimeError before ``start()``."""
        if self._recorder is None:
            raise RuntimeError("this mirror has not been started: use it in a with block, or call start()")
        return self._recorder

    @property
    def url(self) -> str:
        """Where the echo listens: ``http://127.0.0.1:PORT``."""
        return self._url

    @property
    def port(self) -> int:
        return int(self._url.rpartition(":")[2]) if self._url else 0

    @property
    def exchanges(self) -> list[Exchange]:
        """The newest exchanges, oldest first: as many as ``Settings.history`` says (under pytest: of this test)."""
        self.recorder.drain()
        return self.history()

    @property
    def counts(self) -> Counts:
        """made = published + failed + ignored, and the reasons."""
        return self.recorder.counts


def warm(server: EchoServer) -> None:
    """Open the publisher's first connection. Raises PortError where the echo listens but cannot be reached."""
    try:
        server.connections.warm()
    except OSError as error:
        raise PortError(
            f"the echo at {server.url} cannot be reached from this process ({error}): choose another --mirror-host"
        ) from None


LOCAL = ("localhost", "127.0.0.1", "::1")

# The mirrors that are open in this process, latest last. It is a fact about the process, like its open sockets, and
# the place where a client class finds the mirror that it was not handed.
RUNNING: list[Mirror] = []
STARTING = threading.Lock()


def current() -> Mirror:
    """The mirror that runs in this process; started from environment and pyproject.toml where none does."""
    if not RUNNING:
        with STARTING:
            if not RUNNING:
                mirror = Mirror(resolve([environment(), pyproject(Path.cwd())]), attach=False)
                mirror.start()
                atexit.register(mirror.close)
    return RUNNING[-1]


def tell(loss: str) -> None:
    """Say on the real standard error that exchanges are being lost."""
    try:
        if sys.__stderr__ is not None:
            sys.__stderr__.write(f"mirror: an exchange was lost: {loss} (said once; the counts tell the rest)\n")
    except (OSError, ValueError):
        pass  # nobody listens any more: no reason to break a test


def _each(action: Callable[[Mirror], None]) -> Callable[[], None]:
    def call() -> None:
        for mirror in RUNNING:
            action(mirror)

    return call


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_each(Mirror.pause), after_in_parent=_each(Mirror.resume), after_in_child=_each(Mirror.abandon)
    )
