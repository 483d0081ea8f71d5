"""Mirrored runs of whole suites, in a pytest of their own, and what mirror says it published in them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from mirror import Counts, Exchange

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
FLASK_APP = CHECKOUT / "examples" / "flask_app"
FASTAPI_APP = CHECKOUT / "examples" / "fastapi_app"

SUMMARY = re.compile(r"^mirror: made (\d+) = published (\d+) \+ failed (\d+) \+ ignored (\d+)", re.MULTILINE)
REASON = re.compile(r"^  (failed|ignored|mended) (\d+): (.*)$", re.MULTILINE)
PLUGINS = ["-p", "exchange_dump", "-p", "no:cacheprovider"]
PATIENCE = 300


class Run(NamedTuple):
    """``exchanges`` are those that were not ignored, in the order in which they were made."""

    exchanges: list[Exchange]
    counts: Counts
    output: str


def mirrored(suite: Path, dump: Path, *arguments: object, **variables: str) -> Run:
    """Run a suite under ``pytest --mirror``; all of it has to pass."""
    command = [sys.executable, "-m", "pytest", "--mirror", *PLUGINS, *map(str, arguments)]
    run = subprocess.run(
        command,
        cwd=suite,
        env=environment(EXCHANGE_DUMP=str(dump), **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    output = run.stdout + run.stderr
    assert run.returncode == 0, output
    return told(output, dump)


def told(output: str, dump: Path) -> Run:
    """What a run's summary and its dump say."""
    exchanges = [msgspec.json.decode(line, type=Exchange) for line in dump.read_bytes().splitlines()]
    ((made, published, failed, ignored),) = SUMMARY.findall(output)
    reasons: dict[str, dict[str, int]] = {"failed": {}, "ignored": {}, "mended": {}}
    for kind, number, reason in REASON.findall(output):
        reasons[kind][reason] = int(number)
    counts = Counts(
        int(made), int(published), int(failed), int(ignored), reasons["failed"], reasons["ignored"], reasons["mended"]
    )
    assert counts.made == counts.published + counts.failed + counts.ignored
    assert len(exchanges) == counts.published + counts.failed
    return Run(exchanges, counts, output)


def environment(**variables: str) -> dict[str, str]:
    """That of the tests without what would turn a suite's pytest into a part of this one, and without any proxy."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "MIRROR", "COV_")) and not name.lower().endswith("_proxy")
    }
    path = [str(HERE / "plugin"), str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(path)} | variables


def shapes_suite(folder: Path, names: Iterable[str]) -> Path:
    """A suite in a folder of its own that makes each of these cases of the table of shapes once."""
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:asyncio\n")
    (folder / "test_shapes.py").write_text((HERE / "every_shape.py").read_text())
    (folder / "cases").write_text("\n".join(names))
    return folder


def sessions_suite(folder: Path) -> Path:
    """A suite in a folder of its own with WebSocket sessions of every kind."""
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:asyncio\n")
    (folder / "test_sessions.py").write_text((HERE / "every_session.py").read_text())
    return folder
