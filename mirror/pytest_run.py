"""A mirrored pytest run: the mirror, the header and summary lines, and the many processes of pytest-xdist.

Under xdist each worker has an echo of its own. The controller chooses their ports, so that the header line can name
them, refuses what cannot work before any worker starts, and adds up the numbers that the workers hand in when they
have finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from mirror.address import parse_proxy
from mirror.config import Settings
from mirror.errors import ConfigError, MirrorError, PortError
from mirror.exchange import Exchange
from mirror.recorder import Counts, describe
from mirror.session import Mirror
from mirror.wire.proxy import Proxy
from mirror.wire.server import listen


class Run:
    """One mirrored pytest process; registered as a plugin. ``nodes`` are the xdist workers that it controls."""

    def __init__(self, config: pytest.Config, settings: Settings, nodes: Sequence[Any]) -> None:
        self.config = config
        self.settings = settings
        self.mirror: Mirror | None = None
        self.counts: Counts | None = None
        self._nodes = nodes
        self._ports: dict[str, int] = {}
        self._dead: list[str] = []
        self._sink: HookSink | None = None
        self._loss: str | None = None

    # Starting and ending ----------------------------------------------------------------------------------------------

    @property
    def worker(self) -> str | None:
        """The name of this xdist worker, None where this is the controller or a run without xdist."""
        workerinput = getattr(self.config, "workerinput", None)
        return workerinput and str(workerinput["workerid"])

    @property
    def controls(self) -> bool:
        """Whether other processes run the tests of this one."""
        option = self.config.option
        return self.worker is None and bool(getattr(option, "tx", None)) and getattr(option, "dist", "no") != "no"

    def start(self, *, attach: bool) -> None:
        """Open the echo; where this is a controller, see that each worker will be able to. Raises MirrorError."""
        if self._nodes:
            return  # They have run already: there is nothing left but to tell.
        if self.controls:
            self._choose_ports()
        elif self.worker is None:
            self._open(self.settings, attach)
        else:
            self._open_in_worker(self.worker, attach)

    def _open(self, settings: Settings, attach: bool) -> None:
        hook = self.config.hook.pytest_mirror_exchange
        if hook.get_hookimpls():
            self._sink = HookSink(hook)
        sinks = [] if self._sink is None else [self._sink]
        self.mirror = Mirror(settings, attach=attach, sinks=sinks, on_loss=self._on_loss).start()

    def _open_in_worker(self, worker: str, attach: bool) -> None:
        settings = self.settings
        refuse_reverse_proxy(settings)
        port = self.config.workerinput.get("mirror_port")  # type: ignore[attr-defined]
        if port is None:
            # The controller does not know: only this worker's conftest has one of mirror's clients.
            port = settings.port and settings.port + int(worker.removeprefix("gw"))
        try:
            self._open(replace(settings, port=port), attach)
        except PortError:
            if settings.port:
                raise
            # The port that the controller had found free is taken by now; the summary tells the other one.
            self._open(settings, attach)

    def pytest_plugin_registered(self) -> None:
        """A conftest further down the tree may bring a hook of its own."""
        hook = self.config.hook.pytest_mirror_exchange
        if self.mirror is not None and self._sink is None and hook.get_hookimpls():
            self._sink = HookSink(hook)
            self.mirror.recorder.sinks.append(self._sink)

    def pytest_unconfigure(self) -> None:
        if self.mirror is not None:
            self.mirror.close()

    # Tests ------------------------------------------------------------------------------------------------------------

    def enter(self, test: str) -> None:
        """A test begins: what is recorded from now on is its."""
        if self.mirror is not None:
            self.mirror.recorder.test = test
            self.mirror.history.clear()

    def leave(self) -> None:
        """The test is over."""
        if self.mirror is not None:
            self.mirror.recorder.drain()
            self.mirror.recorder.test = None
            if self._loss is not None:
                self._tell(f"an exchange was lost: {self._loss} (said once; the summary counts them)")
                self._loss = None

    def _on_loss(self, loss: str) -> None:
        self._loss = loss

    # Many processes ---------------------------------------------------------------------------------------------------

    def _choose_ports(self) -> None:
        """Choose each worker's port, and see that it can be had."""
        settings = self.settings
        refuse_reverse_proxy(settings)
        if settings.proxy is not None:
            Proxy(parse_proxy(settings.proxy)).probe()
        number = worker_number(self.config)
        if settings.port and settings.port + number - 1 > 65535:
            raise ConfigError(f"--mirror-port {settings.port} leaves no room for {number} workers")
        wanted = range(settings.port, settings.port + number) if settings.port else [0] * number
        sockets = []
        try:
            for port in wanted:
                sockets.append(listen(settings.host, port))
            self._ports = {f"gw{index}": sock.getsockname()[1] for index, sock in enumerate(sockets)}
        finally:
            for sock in sockets:
                sock.close()

    def assign_port(self, node: Any) -> None:
        """Tell a worker its port. One that replaces a dead worker has the dead one's, where an agent looks for it."""
        name = node.gateway.id
        if name not in self._ports:
            heir = [dead for dead in self._dead if dead in self._ports]
            self._ports[name] = self._ports.pop(heir[0]) if heir else 0
        node.workerinput["mirror_port"] = self._ports[name]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        if "mirror" not in getattr(node, "workeroutput", {}):
            self._dead.append(node.gateway.id)

    def finish(self, session: pytest.Session) -> None:
        """The tests are over: add up, hand in, tell the hook."""
        if self.mirror is not None:
            self.mirror.recorder.settle()
            self.counts = self.mirror.counts
            if self.worker is not None:
                self.config.workeroutput["mirror"] = msgspec.to_builtins(self.counts)  # type: ignore[attr-defined]
                return
        else:
            told = [getattr(node, "workeroutput", {}).get("mirror") for node in self._nodes]
            self.counts = sum((Counts(**counts) for counts in told if counts is not None), Counts())
            # Whoever has not handed in his numbers has died, or was stopped.
            self._dead = [node.gateway.id for node, counts in zip(self._nodes, told, strict=True) if counts is None]
        try:
            self.config.hook.pytest_mirror_summary(config=self.config, counts=self.counts)
        except Exception as error:
            self._tell(f"the hook pytest_mirror_summary raised {describe(error)}")
        if self.settings.strict and self._lost and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @property
    def _lost(self) -> bool:
        return bool(self._dead or (self.counts is not None and self.counts.failed))

    # The terminal -----------------------------------------------------------------------------------------------------

    def pytest_report_header(self) -> list[str] | None:
        settings = self.settings
        if self.mirror is not None:
            where = self.mirror.url
        else:
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            where = ", ".join(f"http://{host}:{port} ({name})" for name, port in self._ports.items())
        through = f" (published through the {settings.proxy_mode} proxy {settings.proxy})" if settings.proxy else ""
        return [f"mirror: echo {where}{through}"]

    def _tell(self, text: str) -> None:
        """A line of its own between what pytest prints of the tests; nothing in a worker, which has no terminal."""
        reporter: Any = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and self.worker is None:
            reporter.ensure_newline()
            if reporter.verbosity < 0:
                reporter.line("")  # of its dots it then does not know that they stand there
            reporter.write_line(f"mirror: {text}", yellow=True)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        counts = self.counts
        if counts is None or (self.config.option.verbose < 0 and not self._lost):
            return
        terminalreporter.write_sep("-", "mirror", yellow=self._lost)
        where = f" to {self.mirror.url}" if self.mirror is not None else ""
        terminalreporter.write_line(
            f"mirror: made {counts.made} = published {counts.published} + failed {counts.failed} "
            f"+ ignored {counts.ignored}{where}"
        )
        for title, reasons in (("failed", counts.failures), ("ignored", counts.ignores), ("mended", counts.remarks)):
            for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
                terminalreporter.write_line(f"  {title} {number}: {reason}")
        for name in self._dead:
            terminalreporter.write_line(f"  worker {name} died: what it had published is not counted here")
        if self._lost and self.settings.strict:
            terminalreporter.write_line("  --mirror-strict: the run fails because exchanges were lost", red=True)


class HookSink:
    """Hands exchanges to ``pytest_mirror_exchange``."""

    # They do not derive from Exception, and would end the test that is running.
    OUTCOMES = (pytest.fail.Exception, pytest.skip.Exception, pytest.xfail.Exception)

    def __init__(self, hook: Any) -> None:
        self._hook = hook

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        try:
            self._hook(exchange=exchange)
        except (Exception, *self.OUTCOMES) as error:
            raise MirrorError(f"the hook pytest_mirror_exchange raised {describe(error)}") from error
        return ()


def refuse_reverse_proxy(settings: Settings) -> None:
    if settings.proxy is not None and settings.proxy_mode == "reverse":
        raise ConfigError(
            "--mirror-proxy (reverse) with several workers: a reverse proxy stands for one echo port, but each worker "
            "has its own. Run without -n, or use --mirror-proxy-mode forward."
        )


def worker_number(config: pytest.Config) -> int:
    """How many workers xdist is going to start (``--tx 3*popen`` counts for three)."""
    return sum(int(count) if (count := spec.partition("*")[0]).isdigit() else 1 for spec in config.option.tx)
