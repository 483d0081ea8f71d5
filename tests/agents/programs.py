"""Programs that run beside the tests: found, started, waited for, and always ended."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import pytest

HERE = Path(__file__).parent
# Read when this module is: the tests run in an environment that says nothing of mirror.
FOLDERS = [Path(os.environ["MIRROR_AGENTS"])] if os.environ.get("MIRROR_AGENTS") else []
FOLDERS += [HERE.parents[1] / ".agents"]
REQUIRED = os.environ.get("MIRROR_AGENTS_REQUIRED") == "1"

# Where ``install`` puts them.
PLACES = {
    "mitmdump": "mitmproxy/bin/mitmdump",
    "optic": "optic/node_modules/.bin/optic",
    "prism": "prism/node_modules/.bin/prism",
    "mitmproxy2swagger": "mitmproxy2swagger/bin/mitmproxy2swagger",
    "har-readers": "har-readers/node_modules/har-validator",
    "playwright-core": "har-readers/node_modules/playwright-core",
    "spectral": "openapi-npm/node_modules/.bin/spectral",
    "redocly": "openapi-npm/node_modules/.bin/redocly",
    "swagger-ui": "openapi-npm/node_modules/swagger-ui-dist",
    "schemathesis": "openapi-python/bin/schemathesis",
    "datamodel-codegen": "openapi-python/bin/datamodel-codegen",
}
PATIENCE = 60.0


def find(name: str) -> str:
    """The path of an agent; the test is skipped where it is not installed (with MIRROR_AGENTS_REQUIRED=1 it fails)."""
    for folder in FOLDERS:
        path = folder / PLACES.get(name, name)
        if path.exists():
            return str(path)
    found = shutil.which(name)
    if found is None:
        install = "tests/agents/install" if name in PLACES else "apt-get install tcpdump tshark nodejs chromium"
        missing(f"{name} is not installed here: run {install}")
    return found


def missing(reason: str) -> None:
    if REQUIRED:
        pytest.fail(f"{reason} (MIRROR_AGENTS_REQUIRED=1)")
    pytest.skip(reason)


class Program:
    """A program and whatever it starts, in a process group of its own that does not outlive the ``with`` block.

    Its output goes to the file ``log``.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.command = list(command)
        self.log = log
        self._folder = folder
        self._environment = environment

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=self._environment,
                start_new_session=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # nobody is left of it
        self._process.wait()

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def says(self, text: str) -> None:
        """Wait until it has said that."""
        self._until(lambda: text in self.output, f"say {text!r}")

    def listens(self, port: int) -> None:
        """Wait until it accepts connections on a port."""
        self._until(lambda: accepts(port), f"listen on port {port}")

    def _until(self, happened: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not happened():
            assert self._process.poll() is None, f"{self.command[0]} ended before it did {what}:\n{self.output}"
            assert time.monotonic() < end, f"{self.command[0]} did not {what}:\n{self.output}"
            time.sleep(0.05)

    def stop(self, number: signal.Signals) -> int:
        """Ask it to end; returns its exit status."""
        self._process.send_signal(number)
        return self.wait()

    def wait(self, seconds: float = PATIENCE) -> int:
        return self._process.wait(seconds)


def accepts(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
