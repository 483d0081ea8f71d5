"""The pytest plugin: ``--mirror`` and what belongs to it.

pytest imports this module in every run of an environment that has mirror installed. So it imports nothing but pytest;
the rest (mirror.pytest_run) comes when a run is mirrored: by ``--mirror``, or because a conftest uses one of mirror's
client classes or fixtures.

PYTEST_DONT_REWRITE: pytest rewrites the asserts of the plugins that it loads, which costs every start; there are none
here that a test's report could show.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from mirror.config import Settings
    from mirror.exchange import Exchange
    from mirror.pytest_run import Run
    from mirror.session import Mirror

T = TypeVar("T")

OPTION_NAMES = (
    "port", "host", "proxy", "proxy_mode", "include", "exclude", "correlation_header", "strict", "capture", "openapi",
    "openapi_unexercised", "openapi_evidence", "openapi_examples", "redact",
)  # fmt: skip
INI_TYPES: dict[str, Any] = {
    "include": "args",
    "exclude": "args",
    "strict": "bool",
    "capture": "args",
    "openapi": "args",
}
SWITCHES = ("1", "true", "yes", "on", "0", "false", "no", "off")
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
        help="what the proxy is: reverse (stands for the echo; default) or forward (gets absolute-form requests)",
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
    group.addoption(
        "--mirror-capture",
        metavar="PATH",
        action="append",
        help="write every exchange to a .jsonl or .har; repeatable",
    )
    group.addoption(
        "--mirror-openapi",
        metavar="PATH",
        action="append",
        help="learn an OpenAPI document: .yaml or .json; repeatable",
    )
    group.addoption(
        "--mirror-openapi-unexercised",
        metavar="YES",
        help="list the routes that no test called in it, marked: true (default) or false",
    )
    group.addoption(
        "--mirror-openapi-evidence",
        metavar="YES",
        help="say in it on which samples and tests a fact stands (x-mirror): true (default) or false",
    )
    group.addoption("--mirror-openapi-examples", metavar="YES", help="have examples in it: true (default) or false")
    group.addoption(
        "--mirror-redact",
        metavar="WHAT",
        help="where secrets are replaced: store (files; default), all (also on the wire) or none",
    )
    parser.addini("mirror", "as --mirror", type="bool", default=None)
    for name in OPTION_NAMES:
        parser.addini(
            f"mirror_{name}",
            f"as --mirror-{name.replace('_', '-')}",
            type=INI_TYPES.get(name, "string"),
            default=None,
        )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    from mirror import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    plugin = MirrorPlugin(config)
    config.pluginmanager.register(plugin, "mirror-session")
    PLUGINS.append(plugin)
    config.add_cleanup(lambda: PLUGINS.remove(plugin))
    if wanted(config):
        plugin.begin()


@pytest.fixture(scope="session")
def mirror(request: pytest.FixtureRequest) -> Mirror:
    """The running mirror: ``.url``, ``.port``, ``.counts``, ``.exchanges``. Starts one where ``--mirror`` did not."""
    plugin: Any = request.config.pluginmanager.get_plugin("mirror-session")
    return plugin.running()  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def mirror_url(mirror: Mirror) -> str:
    """Where the echo listens: ``http://127.0.0.1:PORT``."""
    return mirror.url


@pytest.fixture
def mirror_exchanges(mirror: Mirror) -> ExchangesOfTest:
    """The exchanges of the current test, oldest first: a view that grows while the test goes on."""
    return ExchangesOfTest(mirror)


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
    """One pytest process: whether it is mirrored, and since when."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.run: Run | None = None
        self._asked = False
        self._refusal: str | None = None
        self._test: str | None = None
        self._nodes: list[Any] = []

    def begin(self, *, attach: bool = True) -> Run:
        """Mirror this process from now on, or have the xdist workers that it controls do so."""
        from mirror.pytest_run import Run

        self._asked = True
        run = checked(lambda: Run(self.config, settings(self.config), self._nodes))
        checked(lambda: run.start(attach=attach))
        self.config.pluginmanager.register(run, "mirror-run")
        self.run = run
        if self._test is not None:
            run.enter(self._test)
        return run

    @property
    def has_test(self) -> bool:
        """Whether a test is running."""
        return self._test is not None

    def running(self) -> Mirror:
        """The mirror of this run; started now where only a fixture or a client class asks for it."""
        run = self.run or self.begin(attach=False)
        assert run.mirror is not None
        return run.mirror

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._test = item.nodeid
        if self.run is not None:
            self.run.enter(item.nodeid)
        elif any(name in sys.modules for name in SWAP_MODULES):
            # A conftest swapped its client for one of ours.
            self._begin_for_swap()
        try:
            return (yield)
        finally:
            self._test = None
            if self.run is not None:
                self.run.leave()

    def _begin_for_swap(self) -> None:
        try:
            self.begin(attach=False)
        except pytest.UsageError as error:
            if not hasattr(self.config, "workerinput"):
                raise
            # An xdist worker cannot end the run: its controller takes that for a crash.
            self._refusal = str(error)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        if self._refusal is not None:
            pytest.fail(self._refusal, pytrace=False)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        self._nodes.append(node)
        if self.run is not None:
            self.run.assign(node)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.run is None and any("mirror" in getattr(node, "workeroutput", {}) for node in self._nodes):
            # The conftest swap in xdist workers: only they knew of it.
            self.begin()
        if self.run is not None:
            self.run.finish(session)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell of options that had no effect."""
        given = [name for name in OPTION_NAMES if self.config.getoption(f"mirror_{name}") not in (None, [])]
        if given and not self._asked:
            options = ", ".join(f"--mirror-{name.replace('_', '-')}" for name in given)
            terminalreporter.write_line(
                f"mirror: {options} had no effect: nothing was mirrored (add --mirror)", yellow=True
            )


# The pytest runs of this process, latest last: pytester has one within another.
PLUGINS: list[MirrorPlugin] = []


def asked() -> Mirror | None:
    """The mirror of the test that runs in this process, started now; None where none runs."""
    return PLUGINS[-1].running() if PLUGINS and PLUGINS[-1].has_test else None


# The settings ---------------------------------------------------------------------------------------------------------


def wanted(config: pytest.Config) -> bool:
    """Whether the run is to be mirrored: option, environment, ini, [tool.mirror], in this order."""
    for where, value in (
        ("--mirror", config.getoption("mirror")),
        ("MIRROR", on_or_off(os.environ.get("MIRROR"))),
        ("ini mirror =", ini(config, "mirror")),
        ("pyproject.toml [tool.mirror] mirror", table(config).get("mirror")),
    ):
        if isinstance(value, bool):
            return value
        if value is not None and value != "":
            from mirror.config import switch

            return checked(lambda where=where, value=value: switch(value, where))  # type: ignore[misc]
    return False


def on_or_off(value: str | None) -> str | None:
    """The variable MIRROR, where it can mean us: elsewhere that name holds the address of a package mirror."""
    return value if value is not None and value.strip().lower() in SWITCHES else None


def settings(config: pytest.Config) -> Settings:
    """The settings of the run. Raises ConfigError."""
    from mirror.config import Source, environment, pyproject, resolve

    name = config.getoption("mirror_correlation_header")
    if name is not None and Path(config.invocation_params.dir, name).exists():
        raise pytest.UsageError(
            f"mirror: --mirror-correlation-header {name!r} is a path here, not a name: write "
            "--mirror-correlation-header=NAME, or put the option behind the paths"
        )
    return resolve(
        [
            Source("--mirror-{}", {name: config.getoption(f"mirror_{name}") for name in OPTION_NAMES}),
            environment(),
            Source("ini mirror_{} =", {name: ini(config, f"mirror_{name}") for name in OPTION_NAMES}),
            pyproject(config.rootpath),
        ]
    )


def table(config: pytest.Config) -> dict[str, Any]:
    """[tool.mirror], checked only where there is one: most runs are not mirrored."""
    path = Path(config.rootpath, "pyproject.toml")
    if not path.exists():
        return {}
    from mirror.pyproject import tool_mirror

    if not checked(lambda: tool_mirror(path)):
        return {}
    from mirror.config import pyproject

    return dict(checked(lambda: pyproject(config.rootpath)).values)


def ini(config: pytest.Config, name: str) -> Any:
    """A value of the ini file, None where it does not say."""
    try:
        return config.getini(name)
    except (TypeError, ValueError) as error:  # pytest before 9.2: a value that is not of the option's type
        raise pytest.UsageError(f"ini {name}: {error}") from None


def checked(action: Callable[[], T]) -> T:
    """Mirror's own errors as pytest's usage errors: one line, exit status 4."""
    try:
        return action()
    except Exception as error:
        if type(error).__module__ == "mirror.errors":
            raise pytest.UsageError(f"mirror: {error}") from None
        raise
