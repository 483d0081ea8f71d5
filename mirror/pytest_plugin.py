"""The pytest plugin: ``--mirror`` and what belongs to it.

pytest imports this module in every run of an environment that has mirror installed. So it imports nothing but pytest;
the rest comes when a run is mirrored, or when a conftest uses one of mirror's client classes or fixtures.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mirror.config import Settings
    from mirror.exchange import Exchange
    from mirror.recorder import Counts
    from mirror.session import Mirror

OPTION_NAMES = ("port", "host", "proxy", "proxy_mode", "include", "exclude", "correlation_header", "strict")
SWAP_MODULES = ("mirror.adapters.flask", "mirror.adapters.starlette")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mirror", "mirror: in-process exchanges as real HTTP")
    group.addoption(
        "--mirror", action="store_true", default=None, help="publish every in-process exchange to a loopback echo port"
    )
    group.addoption("--mirror-port", metavar="N", help="echo port for a capture agent (default: a free one)")
    group.addoption("--mirror-host", metavar="H", help="address the echo listens on (default: 127.0.0.1)")
    group.addoption(
        "--mirror-proxy", metavar="URL", help="publish through a proxy, http://HOST:PORT (mitmproxy, Optic, Prism ...)"
    )
    group.addoption(
        "--mirror-proxy-mode",
        metavar="MODE",
        help="what the proxy is: reverse (its address stands for the echo; default) or forward (absolute-form requests)",
    )
    group.addoption(
        "--mirror-include", metavar="GLOB", action="append", help="mirror only paths that match; repeatable ('/api/*')"
    )
    group.addoption(
        "--mirror-exclude", metavar="GLOB", action="append", help="do not mirror paths that match; repeatable"
    )
    group.addoption(
        "--mirror-correlation-header",
        metavar="NAME",
        nargs="?",
        const="Mirror-Correlation-Id",
        help="send each exchange's ID in a header field (default name: Mirror-Correlation-Id)",
    )
    group.addoption(
        "--mirror-strict", action="store_true", default=None, help="lost exchanges fail the run (its exit status only)"
    )
    parser.addini("mirror", "as --mirror", type="bool", default=None)
    for name in OPTION_NAMES:
        parser.addini(f"mirror_{name}", f"as --mirror-{name.replace('_', '-')}", default=None)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    from mirror import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    plugin = MirrorPlugin(config)
    config.pluginmanager.register(plugin, "mirror-session")
    if plugin.wanted():
        plugin.begin()


@pytest.fixture(scope="session")
def mirror(request: pytest.FixtureRequest) -> Mirror:
    """The running mirror: ``.url``, ``.port``, ``.counts``, ``.exchanges``. Starts one where ``--mirror`` did not."""
    plugin: MirrorPlugin = request.config.pluginmanager.get_plugin("mirror-session")
    return plugin.running()


@pytest.fixture(scope="session")
def mirror_url(mirror: Mirror) -> str:
    """Where the echo listens: ``http://127.0.0.1:PORT``."""
    return mirror.url


@pytest.fixture
def mirror_exchanges(mirror: Mirror) -> Iterator[ExchangesOfTest]:
    """The exchanges of the current test, oldest first: a view that grows while the test goes on."""
    yield ExchangesOfTest(mirror)


class ExchangesOfTest:
    """A read-only sequence of the exchanges that the current test has made so far."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror

    def __len__(self) -> int:
        return len(self._mirror.exchanges)

    def __getitem__(self, index: Any) -> Any:
        return self._mirror.exchanges[index]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._mirror.exchanges)

    def __repr__(self) -> str:
        return repr(self._mirror.exchanges)


class MirrorPlugin:
    """One pytest run: whether it is mirrored, by which mirror, and what there is to tell of it."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.mirror: Mirror | None = None
        self.counts: Counts | None = None
        self._workers: dict[str, Counts] = {}
        self._ports: dict[str, int] = {}
        self._silent: list[str] = []
        self._loss: str | None = None

    # Starting and ending --------------------------------------------------------------------------------------------

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

    def wanted(self) -> bool:
        """Whether this run is to be mirrored: option, environment, ini, [tool.mirror], in this order."""
        for value in (
            self.config.getoption("mirror"),
            os.environ.get("MIRROR"),
            self.config.getini("mirror"),
            lambda: "mirror" in (table := self._table()) and table["mirror"],
        ):
            found = value() if callable(value) else value
            if found is not None and found != "":
                return found is True or str(found).strip().lower() in ("1", "true", "yes", "on")
        return False

    def _table(self) -> dict[str, Any]:
        """[tool.mirror], read only where the file speaks of it: most runs are not mirrored."""
        path = Path(self.config.rootpath, "pyproject.toml")
        try:
            if b"tool.mirror" not in path.read_bytes():
                return {}
        except OSError:
            return {}
        return dict(self._checked(lambda: _config().pyproject(path.parent)).values)

    def _checked(self, action: Any) -> Any:
        from mirror.errors import MirrorError

        try:
            return action()
        except MirrorError as error:
            raise pytest.UsageError(f"mirror: {error}") from None

    def settings(self) -> Settings:
        return self._checked(self._resolve)  # type: ignore[no-any-return]

    def _resolve(self) -> Settings:
        from mirror.config import Source, environment, pyproject, resolve

        option = {name: self.config.getoption(f"mirror_{name}") for name in OPTION_NAMES}
        ini = {name: self.config.getini(f"mirror_{name}") for name in OPTION_NAMES}
        sources = [
            Source("--mirror-{}", option),
            environment(),
            Source("ini mirror_{} =", ini),
            pyproject(self.config.rootpath),
        ]
        return resolve(sources)

    def begin(self) -> None:
        """Mirror this run, or have its workers do so."""
        settings = self.settings()
        if self.controls:
            self._assign_ports(settings)
            return
        assigned = getattr(self.config, "workerinput", {}).get("mirror_port")
        self._start(settings, assigned)

    def _start(self, settings: Settings, port: int | None = None, attach: bool = True) -> Mirror:
        from dataclasses import replace

        from mirror.errors import PortError
        from mirror.session import Mirror

        sinks = [HookSink(self.config)] if self.config.hook.pytest_mirror_exchange.get_hookimpls() else []

        def open_on(chosen: Settings) -> Mirror:
            return Mirror(chosen, attach=attach, sinks=sinks, on_loss=self._on_loss).start()

        if port is None:
            self.mirror = self._checked(lambda: open_on(settings))
        else:
            try:
                self.mirror = open_on(replace(settings, port=port))
            except PortError:
                if settings.port:
                    raise
                # The port that the controller had found free is taken by now; the summary tells the other one.
                self.mirror = open_on(settings)
        return self.mirror

    def running(self) -> Mirror:
        """The mirror of this run; started now where only a fixture or a client class asks for it."""
        if self.mirror is None:
            self._start(self.settings(), attach=False)
        assert self.mirror is not None
        return self.mirror

    def _on_loss(self, loss: str) -> None:
        self._loss = loss

    def pytest_unconfigure(self) -> None:
        if self.mirror is not None:
            self.mirror.close()

    # Tests ----------------------------------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        if self.mirror is None and any(name in sys.modules for name in SWAP_MODULES):
            # A conftest swapped its client for one of ours.
            self.running()
        if self.mirror is None:
            return (yield)
        recorder = self.mirror.recorder
        recorder.test = item.nodeid
        self.mirror.history.clear()
        try:
            return (yield)
        finally:
            recorder.drain()
            recorder.test = None
            if self._loss is not None:
                self._warn(self._loss)
                self._loss = None

    def _warn(self, loss: str) -> None:
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and self.worker is None:
            reporter.ensure_newline()
            reporter.write_line(
                f"mirror: an exchange was lost: {loss} (said once; the summary counts them)", yellow=True
            )

    # Many processes -------------------------------------------------------------------------------------------------

    def _assign_ports(self, settings: Settings) -> None:
        """Choose each worker's port now, so that the header line can name it."""
        if settings.proxy is not None and settings.proxy_mode == "reverse":
            raise pytest.UsageError(
                "mirror: --mirror-proxy (reverse) with several workers: a reverse proxy stands for one echo port, but "
                "each worker has its own. Run without -n, or use --mirror-proxy-mode forward."
            )
        names = [f"gw{number}" for number in range(len(self.config.option.tx))]
        if settings.port:
            self._ports = {name: settings.port + number for number, name in enumerate(names)}
            if max(self._ports.values()) > 65535:
                raise pytest.UsageError(
                    f"mirror: --mirror-port {settings.port} leaves no room for {len(names)} workers"
                )
        else:
            self._ports = dict(zip(names, free_ports(settings.host, len(names)), strict=True))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        if self._ports:
            node.workerinput["mirror_port"] = self._ports.get(node.gateway.id, 0)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        from mirror.recorder import Counts

        told = getattr(node, "workeroutput", {}).get("mirror")
        if told is not None:
            self._workers[node.gateway.id] = Counts(**told["counts"])
        elif self._ports:
            self._silent.append(node.gateway.id)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self.mirror is None:
            if not self._ports:
                return
            from mirror.recorder import Counts

            self.counts = sum(self._workers.values(), Counts())
        else:
            for call in list(self.mirror.recorder.unfinished):
                call.finish(complete=False)
            self.mirror.recorder.drain()
            self.counts = self.mirror.counts
        if self.worker is not None:
            import msgspec

            self.config.workeroutput["mirror"] = {  # type: ignore[attr-defined]
                "counts": msgspec.to_builtins(self.counts),
                "url": self.mirror.url if self.mirror else "",
            }
            return
        self.config.hook.pytest_mirror_summary(config=self.config, counts=self.counts)
        if self.settings().strict and (self.counts.failed or self._silent) and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    # The terminal ---------------------------------------------------------------------------------------------------

    def pytest_report_header(self) -> list[str] | None:
        if self._ports:
            host = self.settings().host
            shown = f"[{host}]" if ":" in host else host
            ports = ", ".join(f"http://{shown}:{port} ({name})" for name, port in self._ports.items())
            return [f"mirror: echo {ports}"]
        if self.mirror is None:
            return None
        proxy = self.mirror.settings.proxy
        through = f" (published through the {self.mirror.settings.proxy_mode} proxy {proxy})" if proxy else ""
        return [f"mirror: echo {self.mirror.url}{through}"]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        counts = self.counts
        if counts is None:
            self._tell_of_idle_options(terminalreporter)
            return
        if self.config.option.verbose < 0 and not counts.failed and not self._silent:
            return
        lost = bool(counts.failed or self._silent)
        terminalreporter.section("mirror", sep="-", yellow=lost)
        where = f" to {self.mirror.url}" if self.mirror is not None else ""
        terminalreporter.write_line(
            f"mirror: made {counts.made} = published {counts.published} + failed {counts.failed} "
            f"+ ignored {counts.ignored}{where}"
        )
        for title, reasons in (("failed", counts.failures), ("ignored", counts.ignores), ("mended", counts.remarks)):
            for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
                terminalreporter.write_line(f"  {title} {number}: {reason}")
        for name in self._silent:
            terminalreporter.write_line(f"  worker {name} died: what it had published is not counted here")
        if lost and self.settings().strict:
            terminalreporter.write_line("  --mirror-strict: the run fails because exchanges were lost", red=True)

    def _tell_of_idle_options(self, terminalreporter: Any) -> None:
        given = [name for name in OPTION_NAMES if self.config.getoption(f"mirror_{name}") not in (None, [])]
        if given and self.worker is None and not self.wanted():
            options = ", ".join(f"--mirror-{name.replace('_', '-')}" for name in given)
            terminalreporter.write_line(
                f"mirror: {options} had no effect: nothing was mirrored (add --mirror)", yellow=True
            )


class HookSink:
    """Hands exchanges to ``pytest_mirror_exchange``."""

    def __init__(self, config: pytest.Config) -> None:
        self._hook = config.hook.pytest_mirror_exchange

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        self._hook(exchange=exchange)
        return ()


def free_ports(host: str, number: int) -> list[int]:
    """Ports that are free now. Another program may still be faster than the worker; it then takes another one."""
    sockets = []
    try:
        for _ in range(number):
            sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
            sockets.append(sock)
            sock.bind((host, 0))
        return [sock.getsockname()[1] for sock in sockets]
    except OSError as error:
        raise pytest.UsageError(f"mirror: --mirror-host {host}: {error.strerror or error}") from None
    finally:
        for sock in sockets:
            sock.close()


def _config() -> Any:
    from mirror import config

    return config
