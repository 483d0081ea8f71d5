"""Prism as a validating proxy: how it is run, and what its log says of each exchange."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from agents.programs import Program, find
from agents.suite import environment

RECEIVED = re.compile(r"\[HTTP SERVER\] (\S+) (\S+) ℹ +info +Request received")  # noqa: RUF001 - Prism's own sign
FORWARDED = re.compile(r'> Forwarding "(\S+)" request to http://127\.0\.0\.1:\d+(\S*)\.\.\.$')
RETURNED = re.compile(r"The upstream call to \S+ has returned (\d+)$")
VIOLATION = re.compile(r"Violation: (\S+) (.*)$")


@contextmanager
def prism(document: Path, port: int, echo: int, log: Path) -> Iterator[None]:
    """A proxy on a port that holds what passes against an OpenAPI document, and writes its log when the block ends."""
    command = [find("prism"), "proxy", str(document), f"http://127.0.0.1:{echo}", "-h", "127.0.0.1", "-p", str(port)]
    with Program(command, log, environment=environment(NO_COLOR="1", FORCE_COLOR="0")) as program:
        program.says("Prism is listening")
        yield
        program.stop(signal.SIGTERM)


@dataclass
class Seen:
    """One exchange as Prism tells it. ``status`` is None where it found the response too odd to pass on."""

    method: str
    target: str
    status: int | None = None
    violations: list[tuple[str, str]] = field(default_factory=list)

    @property
    def breaks(self) -> set[str]:
        """Which side broke the document: ``request``, ``response``."""
        return {where.partition(".")[0] for where, _ in self.violations}


def read(log: Path) -> list[Seen]:
    """What Prism says it has seen. (mirror sends one exchange at a time, so its lines do not mix.)"""
    seen: list[Seen] = []
    for line in log.read_text("utf-8").splitlines():
        if received := RECEIVED.search(line):
            seen.append(Seen(received[1].upper(), received[2]))
        elif forwarded := FORWARDED.search(line):
            assert seen[-1].method == forwarded[1].upper()
            seen[-1].target = forwarded[2]
        elif returned := RETURNED.search(line):
            assert seen[-1].status is None
            seen[-1].status = int(returned[1])
        elif violation := VIOLATION.search(line):
            seen[-1].violations.append((violation[1], violation[2]))
    return seen
