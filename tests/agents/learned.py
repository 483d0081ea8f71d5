"""Documents learned from whole suites, for tools that read such: the examples', and those of more applications."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from agents.suite import CHECKOUT, environment
from click.testing import CliRunner

from mirror.cli.main import mirror

EXAMPLES = ("flask_app", "fastapi_app")
OTHERS = ("tickets", "telemetry")
"""Of benchmarks/accuracy: flask-smorest with components that may be null, FastAPI with tuples and NDJSON."""
FORMS = (("3.1", "yaml"), ("3.1", "json"), ("3.0", "yaml"), ("3.0", "json"))


class Operation(NamedTuple):
    """``said`` is the operation object."""

    method: str
    path: str
    said: dict[str, Any]

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"


class Learned(NamedTuple):
    """What was learned from the suite of an application: its capture, and its documents beside that."""

    name: str
    capture: Path

    def document(self, version: str, form: str) -> Path:
        return self.capture.with_name(f"{self.name}-{version}.{form}")

    def content(self, version: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.document(version, "json").read_text("utf-8"))
        return content

    def operations(self, version: str = "3.1") -> Iterator[Operation]:
        for path, item in self.content(version)["paths"].items():
            for name, said in item.items():
                if not name.startswith("x-"):
                    yield Operation(name.upper(), path, said)

    @property
    def documents(self) -> list[Path]:
        return [self.document(version, form) for version, form in FORMS]


def learn(name: str, folder: Path) -> Learned:
    """Run a suite under ``pytest --mirror --mirror-capture``, and ``mirror learn`` on what that has left."""
    suite = CHECKOUT / "examples" / name if name in EXAMPLES else CHECKOUT / "benchmarks" / "accuracy" / "apps" / name
    capture = folder / f"{name}.jsonl"
    command = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--mirror", f"--mirror-capture={capture}"]
    path = os.pathsep.join([str(CHECKOUT), str(suite)])
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *command], cwd=suite, env=environment(PYTHONPATH=path),
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    learned = Learned(name, capture)
    for version, form in FORMS:
        arguments = ["learn", str(capture), "-o", str(learned.document(version, form)), "--openapi-version", version]
        made = CliRunner().invoke(mirror, arguments)
        assert made.exit_code == 0, made.output
    return learned
