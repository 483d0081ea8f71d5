"""Optic's live capture: it starts the tests itself and stands between mirror and the echo while they run."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import NamedTuple

from agents.har import Entry, entries
from agents.programs import Program, find
from agents.suite import PLUGINS, Run, environment, told
from runs import free_ports_in_a_row

EMPTY = "openapi: 3.0.3\ninfo:\n  title: learned\n  version: '1'\npaths: {}\n"

CONFIGURATION = """\
capture:
  openapi.yml:
    server:
      url: http://127.0.0.1:{echo}
    requests:
      run:
        command: {command}
        proxy_variable: OPTIC_PROXY
"""


class Captured(NamedTuple):
    """What came of ``optic capture``: its exit status and its words, what it saw of the echo at a port, and what mirror
    said that it published there."""

    echo: int
    status: int
    output: str
    seen: list[Entry]
    run: Run


class Optic:
    """A folder with a document, ``openapi.yml``, that is learned from a suite or compared with it."""

    def __init__(self, folder: Path, suite: Path) -> None:
        self.document = folder / "openapi.yml"
        self._folder = folder
        self._suite = suite
        self._captures = 0
        self.document.write_text(EMPTY)

    def capture(self, *options: str, tests: str = "") -> Captured:
        """``optic capture openapi.yml``; ``tests`` chooses some of the suite."""
        self._captures += 1
        own = self._folder / str(self._captures)  # its home and its temporary files, of this capture alone
        (own / "tmp").mkdir(parents=True)
        echo = free_ports_in_a_row(2)
        proxy = echo + 1
        command = (
            f"cd {shlex.quote(str(self._suite))} && {self._tests(echo, tests)} > {shlex.quote(str(own))}/pytest.log"
        )
        configuration = CONFIGURATION.format(echo=echo, command=json.dumps(command))
        (self._folder / "optic.yml").write_text(configuration)
        variables = environment(
            OPTIC_TELEMETRY_LEVEL="off",
            NO_UPDATE_NOTIFIER="1",
            NO_COLOR="1",
            HOME=str(own),
            TMPDIR=str(own / "tmp"),
            EXCHANGE_DUMP=str(own / "published.jsonl"),
        )
        program = [find("optic"), "capture", "openapi.yml", "-p", str(proxy), *options]
        with Program(program, own / "optic.log", self._folder, variables) as optic:
            status = optic.wait(300)
            output = optic.output
        seen = [entry for path in sorted((own / "tmp").rglob("*.har")) for entry in entries(path)]
        return Captured(echo, status, output, seen, told((own / "pytest.log").read_text(), own / "published.jsonl"))

    def _tests(self, echo: int, tests: str) -> str:
        # The document that is learned depends on the order of the examples.
        plugins = " ".join([*PLUGINS, "-p", "no:randomly"])
        python = shlex.quote(sys.executable)
        options = f'--mirror --mirror-port {echo} --mirror-proxy "$OPTIC_PROXY"'
        return f"{python} -m pytest {options} {plugins} {tests}"
