"""A running mirror: settings in, echo server and observed clients out."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from mirror.adapters.imports import ImportWatch
from mirror.adapters.seams import SEAMS, Detach, attach
from mirror.config import Settings, environment, path_filter, pyproject, resolve
from mirror.counts import Counts
from mirror.errors import ConfigError
from mirror.exchange import Exchange
from mirror.history import History
from mirror.recorder import LiveSink, Recorder, Sink
from mirror.wire.pending import Pending

if TYPE_CHECKING:
    from mirror.redact.redactor import Redactor
    from mirror.store.captures import Captures
    from mirror.wire.hub_counter import SharedCounter
    from mirror.wire.hub_server import Hub
    from mirror.wire.server import EchoServer


class Mirror:
    """Mirrors in-process exchanges for as long as it is open.

        with Mirror(port=8900) as mirror:
            app.test_client().get("/orders")
            print(mirror.url, mirror.counts, mirror.exchanges)

    Takes the fields of Settings as keywords. With ``attach`` (the default) every in-process client of the process is
    mirrored; without, only the client classes of ``mirror.adapters`` are. ``sinks`` take every exchange besides the
    wire. ``on_loss`` is told of the first loss, which otherwise goes to standard error. ``name`` is what a hub is told
    of this process, and ``counter`` counts what it has made (see mirror.wire.hub_counter).

    Raises ConfigError, PortError, ProxyError or HubError from ``start()`` (or on entering).
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        attach: bool = True,
        sinks: Sequence[Sink] = (),
        on_loss: Callable[[str], None] | None = None,
        name: str | None = None,
        counter: SharedCounter | None = None,
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
        self._on_loss = on_loss or self._tell_loss
        self._name = name
        self._counter = counter
        self._detach: list[Detach] = []
        self._watch: ImportWatch | None = None
        self._server: EchoServer | None = None
        self._hub: Hub | None = None
        self._recorder: Recorder | None = None
        self._redactor: Redactor | None = None
        self._captures: Captures | None = None
        self.notes: dict[Path, list[str]] = {}  # what is worth saying of a file that has been written to its end
        self._url = ""

    def start(self) -> Self:
        """Open the echo port, or the connection to a hub, and observe the clients."""
        if self._recorder is not None:
            raise ConfigError("this mirror was started before: make a new one, Mirror(...)")
        if self.settings.files or self.settings.redact == "all" or self.settings.rules.detectors:
            self._redactor = self._new_redactor()  # refuses a detector that is none before anything is open
        recorder = self._publish() if self.settings.hub is None else self._hand_over(self.settings.hub)
        try:
            self._recorder = recorder
            if self.settings.files:
                recorder.sinks.append(self._open_captures(recorder.take_back))
            if self._attach:
                self._watch = ImportWatch(SEAMS, lambda module: self._attach_to(module, recorder))
                self._watch.start()
        except BaseException:
            self.close()
            raise
        RUNNING.append(self)
        return self

    def _publish(self) -> Recorder:
        """A recorder that puts what it takes on the wire of an echo of our own."""
        # Werkzeug's server and http.client take a while to load: a process with a hub does without them.
        from mirror.address import is_loopback, parse_proxy
        from mirror.wire.connection import warm
        from mirror.wire.proxy import Proxy
        from mirror.wire.server import EchoServer
        from mirror.wire.sink import Wire, WireSink

        settings = self.settings
        proxy = None
        if settings.proxy is not None:
            proxy = Proxy(parse_proxy(settings.proxy))
            if settings.port and proxy.address.port == settings.port and is_loopback(proxy.address.host):
                raise ConfigError(
                    f"the proxy {proxy.address} is the echo port itself: the proxy needs a port of its own"
                )
            proxy.probe()
        server = EchoServer(settings.host, settings.port, self.pending, settings.correlation_header)
        try:
            if proxy is None:
                warm(server.connections, server.url)
            wire: LiveSink = WireSink(
                server, self.pending, Wire(proxy, settings.proxy_mode, settings.correlation_header)
            )
            if settings.redact == "all":
                wire = self._redacted(wire)
        except BaseException:
            server.stop()
            raise
        self._server, self._url = server, server.url
        warn_of(settings.host)
        return Recorder([wire, self.history, *self._sinks], path_filter(settings), self._on_loss)

    def _hand_over(self, hub: str) -> Recorder:
        """A recorder that gives what it takes to a hub. Raises HubError."""
        from mirror.wire.hub_client import HubClient
        from mirror.wire.hub_protocol import parse_hub
        from mirror.wire.hub_recorder import HubRecorder

        client = HubClient(parse_hub(hub), self._name or f"pid-{os.getpid()}", self._counter)
        self._url = client.url
        return HubRecorder(client, [self.history, *self._sinks], path_filter(self.settings), self._on_loss)

    def _new_redactor(self) -> Redactor | None:
        from mirror.redact.redactor import Redactor

        return None if self.settings.redact == "none" else Redactor(self.settings.rules)

    def _redacted(self, wire: LiveSink) -> LiveSink:
        from mirror.redact.sink import RedactedSink

        assert self._redactor is not None
        return RedactedSink(wire, self._redactor)

    def _open_captures(self, lost: Callable[[str], None]) -> Captures:
        from mirror.files import open_files

        self._captures = open_files(self.settings, self._redactor)
        self._captures.lost = lost
        return self._captures

    @property
    def redactor(self) -> Redactor | None:
        """What takes secrets out of texts about the exchanges of this mirror; None where nothing is redacted."""
        if self._redactor is None:
            self._redactor = self._new_redactor()
        return self._redactor

    def cleaned(self, text: str) -> str:
        """A text about exchanges without what is secret in it, as far as files are without it."""
        return text if self.redactor is None else self.redactor.text(text)

    def _tell_loss(self, loss: str) -> None:
        tell(f"an exchange was lost: {self.cleaned(loss)} (said once; the counts tell the rest)")

    def tell(self, test: str, outcome: str) -> None:
        """A test is over: captures say how it ended."""
        self.recorder.conclude(test, outcome)

    @property
    def captured(self) -> list[Path]:
        """The capture files that are being written."""
        return [] if self._captures is None else self._captures.paths

    @property
    def missing_captures(self) -> list[str]:
        """Which capture files cannot be had, and why."""
        return [] if self._captures is None else self._captures.missing

    def finish_captures(self) -> list[str]:
        """Write the capture files to their end; returns what could not be. What is made later is not in them."""
        if self._captures is None:
            return []
        # Another thread may be going through the list: it is replaced, not changed.
        self.recorder.sinks = [sink for sink in self.recorder.sinks if sink is not self._captures]
        problems, self.notes = self._captures.close(), self._captures.notes
        while self._captures.remarks:
            self.recorder.remark(self._captures.remarks.pop(0))
        return problems

    def open_hub(self, host: str = "127.0.0.1", port: int = 0, token: str | None = None) -> Hub:
        """Take exchanges of other processes as well, until close(). Raises PortError."""
        from mirror.wire.hub_server import Hub

        if self._hub is None:
            self._hub = Hub(self.recorder, self.url, host, port, token)
            if host != self.settings.host:
                warn_of(host)
        return self._hub

    def _attach_to(self, module: ModuleType, recorder: Recorder) -> None:
        self._detach.append(attach(module, recorder))

    def close(self) -> None:
        """Leave the clients as they were, record what is unfinished, and close the port. May be called twice."""
        if self._recorder is None:
            return
        if self in RUNNING:
            RUNNING.remove(self)
        with ExitStack() as steps:  # the last is taken first, and each whatever the others have raised
            if self._server is not None:
                steps.callback(self._server.stop)
            steps.callback(self._end_captures)
            steps.callback(self._recorder.close, "made after the mirror was closed")
            if self._hub is not None:
                steps.callback(self._hub.close)
            while self._detach:
                steps.callback(self._detach.pop(0))
            if self._watch is not None:
                steps.callback(self._watch.stop)

    def _end_captures(self) -> None:
        for problem in self.finish_captures():
            tell(problem)

    def pause(self) -> None:
        """Have no thread for a moment: from Python 3.12 on, a fork beside one is worth a warning."""
        for service in (self._hub, self._server):
            if service is not None:
                service.pause()

    def resume(self) -> None:
        """Go on after pause()."""
        for service in (self._server, self._hub):
            if service is not None:
                service.resume()

    def abandon(self) -> None:
        """Become harmless in a forked child: the threads are not there, and the connections are the parent's."""
        if self._recorder is not None:
            self._recorder.abandon("made in a forked child")
        if self._captures is not None:
            self._captures.abandon()
        for service in (self._hub, self._server):
            if service is not None:
                service.abandon()

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


# The mirrors that are open in this process, latest last. It is a fact about the process, like its open sockets, and
# the place where a client class finds the mirror that it was not handed.
RUNNING: list[Mirror] = []
STARTING = threading.Lock()


def current() -> Mirror:
    """The mirror of this process; where none runs, in a test pytest's plugin starts it, else it is made of settings."""
    if not RUNNING:
        plugin = sys.modules.get("mirror.pytest_plugin")
        if plugin is not None and (mirror := plugin.asked()) is not None:
            return mirror  # type: ignore[no-any-return]
        with STARTING:
            if not RUNNING:
                mirror = Mirror(resolve([environment(), pyproject(Path.cwd())]), attach=False)
                mirror.start()
                atexit.register(mirror.close)
    return RUNNING[-1]


def tell(text: str) -> None:
    """Say it on the real standard error."""
    try:
        if sys.__stderr__ is not None:
            sys.__stderr__.write(f"mirror: {text}\n")
    except (OSError, ValueError):
        pass  # nobody listens any more: no reason to break a test


def warn_of(host: str) -> None:
    """Say it where an address that is listened on is not this machine's alone."""
    from mirror.address import exposed

    if (warning := exposed(host)) is not None:
        tell(warning)


def _each(action: Callable[[Mirror], None]) -> Callable[[], None]:
    def call() -> None:
        for mirror in RUNNING:
            action(mirror)

    return call


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_each(Mirror.pause), after_in_parent=_each(Mirror.resume), after_in_child=_each(Mirror.abandon)
    )
