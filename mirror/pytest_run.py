"""A mirrored pytest run: the mirror, the header and summary lines, and the many processes of pytest-xdist.

Under xdist the controller has the echo, and the workers hand over what they make (mirror.pytest_workers); it adds up
what has arrived, what the workers know to have been lost, and what is missing of those that died. Only where no
``--mirror`` has told the controller, and a worker meets mirror in its conftest, has it an echo of its own.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mirror.address import exposed
from mirror.config import DOCUMENTS, Settings
from mirror.counts import Counts, describe
from mirror.errors import HubError, MirrorError
from mirror.exchange import Exchange
from mirror.pytest_reports import Reports, outcome_of, shows_passed
from mirror.pytest_workers import (
    Unreachable,
    Workers,
    handing,
    join,
    refuse_reverse_proxy,
    worker_index,
    worker_number,
)
from mirror.recorder import Sink
from mirror.session import Mirror
from mirror.summary import summary, without_secrets


class Run:
    """One mirrored pytest process; registered as a plugin. ``nodes`` are the xdist workers that it controls."""

    def __init__(self, config: pytest.Config, settings: Settings, nodes: Sequence[Any]) -> None:
        self.config = config
        self.settings = settings
        self.mirror: Mirror | None = None
        self.counts: Counts | None = None
        self._nodes = nodes
        self._workers: Workers | None = None
        self._handing = False
        self._dead: dict[str, Counts | None] = {}
        self._sink: HookSink | None = None
        self._loss: str | None = None
        self._outcomes: dict[str, str] = {}
        self._problems: list[str] = []
        self._kept: list[Path] = []
        self._down: set[str] = set()
        self._reports: Reports | None = None

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
            self.mirror = Mirror(self.settings, attach=False, on_loss=self._on_loss).start()
            self._workers = Workers(self.mirror)
        elif self.worker is None:
            self._open(self.settings, attach)
        else:
            self._open_in_worker(self.worker, attach)

    def _open(self, settings: Settings, attach: bool, *others: Sink, **identity: Any) -> None:
        hook = self.config.hook.pytest_mirror_exchange
        if hook.get_hookimpls():
            self._sink = HookSink(hook)
        sinks = [*others, *([] if self._sink is None else [self._sink])]
        self.mirror = Mirror(settings, attach=attach, sinks=sinks, on_loss=self._on_loss, **identity).start()

    def _open_in_worker(self, worker: str, attach: bool) -> None:
        settings = self.settings
        workerinput = self.config.workerinput  # type: ignore[attr-defined]
        hub = workerinput.get("mirror_hub")
        if hub is not None:
            try:
                self._open(handing(settings, hub), attach, name=worker, counter=join(workerinput))
                self._handing = True
            except HubError as error:
                # A worker that refuses to start would be taken for one that has crashed.
                self._open(replace(settings, port=0, proxy=None, proxy_mode="reverse"), attach, Unreachable(error))
            return
        # The controller does not know: only this worker's conftest has one of mirror's clients.
        refuse_reverse_proxy(settings)
        port = settings.port and settings.port + worker_index(worker)
        capture, openapi = (
            tuple(str(Path(path).with_stem(f"{Path(path).stem}.{worker}")) for path in paths)
            for paths in (settings.capture, settings.openapi)
        )
        self._open(replace(settings, port=port, capture=capture, openapi=openapi), attach)

    def pytest_plugin_registered(self) -> None:
        """A conftest further down the tree may bring a hook of its own."""
        hook = self.config.hook.pytest_mirror_exchange
        if self.mirror is not None and self._sink is None and self._workers is None and hook.get_hookimpls():
            self._sink = HookSink(hook)
            self.mirror.recorder.sinks.append(self._sink)

    def pytest_unconfigure(self) -> None:
        if self._workers is not None:
            self._workers.close()
        if self.mirror is not None:
            self.mirror.close()

    # Tests ------------------------------------------------------------------------------------------------------------

    def enter(self, test: str) -> None:
        """A test begins: what is recorded from now on is its."""
        if self.mirror is not None:
            self.mirror.recorder.test = test
            self.mirror.history.mark()

    def leave(self) -> None:
        """The test is over."""
        if self.mirror is not None:
            self.mirror.recorder.hand_over()
            self.mirror.recorder.test = None
            self._tell_loss()

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """A module has been imported: it may have made exchanges, and have failed."""
        report = yield
        self._clean(report)
        return report

    def _clean(self, report: Any) -> None:
        if self.mirror is not None and self.settings.redact != "none":
            told = report.longrepr or hasattr(report, "wasxfail")
            printed = report.sections or getattr(report, "user_properties", None)
            if told or (printed and self._shows_passed()):
                self._reports = self._reports or Reports(self.mirror)
                self._reports.clean(report)

    def _shows_passed(self) -> bool:
        """Whether anybody writes what passed tests have printed, here or in the controller (which may not know us)."""
        workerinput = getattr(self.config, "workerinput", {"mirror_shows_passed": False})
        return workerinput.get("mirror_shows_passed", True) or shows_passed(self.config)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A phase of a test, or a part of it, is over: it is told without secrets, by whoever tells it. When it is the
        last, the captures are told how the test ended."""
        self._clean(report)  # what a worker sends is without its own secrets, but not without those of the others
        # The workers tell of their tests themselves, behind the exchanges; but for the one that has crashed a worker.
        if self.mirror is not None and (self._workers is None or str(report.when) == "???"):
            outcome = outcome_of(report, self._outcomes.pop(report.nodeid, "passed"))
            if report.when in ("setup", "call"):
                self._outcomes[report.nodeid] = outcome
            else:  # its last phase; xdist says "???" of a test whose worker has crashed
                self.mirror.tell(report.nodeid, outcome)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker has ended; with an error where it did not do so by itself."""
        if error:
            self._down.add(node.gateway.id)

    def pytest_runtest_logfinish(self) -> None:
        """A test of a worker's is over."""
        if self._workers is not None:
            self._tell_loss()

    def _tell_loss(self) -> None:
        if self._loss is not None:
            self._tell(f"an exchange was lost: {self._cleaned(self._loss)} (said once; the summary counts them)")
            self._loss = None

    def _cleaned(self, text: str) -> str:
        return text if self.mirror is None else self.mirror.cleaned(text)

    def _on_loss(self, loss: str) -> None:
        self._loss = loss

    # Many processes ---------------------------------------------------------------------------------------------------

    def assign(self, node: Any) -> None:
        """Tell a worker where the hub is; one on another machine, which cannot reach it, has an echo of its own."""
        node.workerinput["mirror_shows_passed"] = shows_passed(self.config)
        if self._workers is not None and node.gateway.spec.popen:
            self._workers.assign(node.gateway.id, node.workerinput)

    def finish(self, session: pytest.Session) -> None:
        """The tests are over: add up, hand in, tell the hook."""
        if self.mirror is not None:
            self.mirror.recorder.end_sessions()
            self.mirror.recorder.settle()
            if self._workers is None:
                self._finish_captures(self.mirror)
            self.counts = self.mirror.counts
        if self.worker is not None:
            assert self.mirror is not None
            # Of what was handed over, the controller has the numbers.
            counts = self.mirror.recorder.missing if self._handing else self.mirror.counts
            self.config.workeroutput["mirror"] = {  # type: ignore[attr-defined]
                "counts": msgspec.to_builtins(without_secrets(counts, self._cleaned)),
                "problems": self._problems,
                "kept": [str(path.absolute()) for path in self._kept],
            }
            return
        if self._workers is not None or self._nodes:
            self._add_up()
        reporter: Any = self.config.pluginmanager.get_plugin("terminalreporter")
        if self.mirror is not None and self.settings.redact != "none" and reporter is not None:
            for warning in reporter.stats.get("warnings", ()):
                warning.message = self._cleaned(warning.message)
        self._tell_loss()
        try:
            self.config.hook.pytest_mirror_summary(config=self.config, counts=self.counts)
        except Exception as error:
            self._tell(f"the hook pytest_mirror_summary raised {self._cleaned(describe(error))}")
        if self.settings.strict and self._lost and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _add_up(self) -> None:
        """The numbers of all workers: what the hub has, what it has not, and what died with a worker."""
        counts = Counts()
        if self._workers is not None and self.mirror is not None:
            self._workers.settle()
            self.mirror.recorder.settle()
            self._finish_captures(self.mirror)
            counts = self.mirror.counts
        for node in self._nodes:
            told = getattr(node, "workeroutput", {}).get("mirror")
            if told is None and node.gateway.id in self._down:  # it has died
                name = node.gateway.id
                self._dead[name] = missing = None if self._workers is None else self._workers.missing(name)
                counts += missing or Counts()
            elif told is not None:
                counts += Counts(**told["counts"])
                self._problems += told["problems"]
                self._kept += map(Path, told["kept"])
        self.counts = counts

    def _finish_captures(self, mirror: Mirror) -> None:
        """Write the files to their end. What stands in the place of one that was lost is an older run's."""
        paths, problems = mirror.captured, mirror.finish_captures()
        for path in paths:
            names = (str(path), str(path.resolve()))  # each problem begins with one
            if path.exists() and not any(problem.startswith(names) for problem in problems):
                self._kept.append(path)
        self._problems += problems

    @property
    def _lost(self) -> bool:
        """Whether exchanges were lost, or may have been."""
        failed = self.counts is not None and self.counts.failed
        return bool(failed or self._problems) or None in self._dead.values()

    @property
    def _contradicted(self) -> bool:
        """Whether what was seen contradicts what people have written in a document: a warning, which is told however
        quiet the run is."""
        notes = {} if self.mirror is None else self.mirror.notes
        return any(note.startswith("contradicted: ") for several in notes.values() for note in several)

    # The terminal -----------------------------------------------------------------------------------------------------

    def pytest_report_header(self) -> list[str] | None:
        settings = self.settings
        if self.mirror is None:
            return None
        where = self.mirror.url
        if self._workers is not None:
            number = worker_number(self.config)
            where += f" (for {number} worker{'s' * (number != 1)})"
        elif settings.hub is not None:
            where += " (of the hub)"
        through = f" (published through the {settings.proxy_mode} proxy {settings.proxy})" if settings.proxy else ""
        warning = exposed(settings.host)
        return [f"mirror: echo {where}{through}", *([] if warning is None else [f"mirror: {warning}"])]

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
        if counts is None or (self.config.option.verbose < 0 and not (self._lost or self._contradicted)):
            return
        terminalreporter.write_sep("-", "mirror", yellow=self._lost)
        for line in summary(without_secrets(counts, self._cleaned), self.mirror.url if self.mirror is not None else ""):
            terminalreporter.write_line(line)
        for path in self._kept:
            what = "learned" if path.suffix.lower() in DOCUMENTS else "captured to"
            terminalreporter.write_line(f"  {what} {os.path.relpath(path)}")
            for note in self.mirror.notes.get(path, ()) if self.mirror is not None else ():
                terminalreporter.write_line(f"    {self._cleaned(note)}")
        unwritten = {} if self.mirror is None else self.mirror.notes
        for path in [path for path in unwritten if path not in self._kept]:
            why = self._cleaned("; ".join(unwritten[path]))
            terminalreporter.write_line(f"  not written: {os.path.relpath(path)}: {why}")
        for problem in self._problems:
            # A problem begins with the name of its file.
            what = "document" if any(f"{end}{mark}" in problem for end in DOCUMENTS for mark in ":, ") else "capture"
            terminalreporter.write_line(f"  a {what} was lost: {problem}", red=True)
        for name, missing in self._dead.items():
            what = "of what it had made nothing is missing"
            if missing is None:
                what = "what it had made and not handed over is not counted here"
            elif missing.made:
                what = f"{missing.made} of the exchanges that it had made had not been handed over"
            terminalreporter.write_line(f"  worker {name} died: {what}")
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
