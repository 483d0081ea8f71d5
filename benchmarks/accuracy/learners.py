"""The learners that are compared, each tuned as well as its options allow, on the same captures.

    models asked   ``mirror learn`` from mirror's own capture, which knows the routes and what their models declare
    routes alone   the same with ``--no-models``: of the models it does not even ask the names
    values alone   ``mirror learn`` from an archive as any other tool would write it: values alone
    mitmproxy2swagger, har-to-openapi, optic    from that same archive

The tools of others are where ``tests/agents/install`` puts them: in ``.agents`` of the checkout or in the folder that
MIRROR_AGENTS names.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
PATIENCE = 600

# What a person who sees the paths of these applications would take for a parameter: whatever has a digit, but versions.
SEGMENT = "(?!v[0-9]+$).*[0-9].*"


class CannotRun(Exception):
    """A learner is not here, or ended with an error. It is told, not scored."""


class Capture(NamedTuple):
    """The exchanges of a run: as mirror keeps them, and as an archive in which mirror says nothing of its own.
    ``folder`` is the learner's, empty at first."""

    jsonl: Path
    har: Path
    folder: Path

    @property
    def origin(self) -> str:
        """Scheme and authority of the first request."""
        archive = json.loads(self.har.read_text("utf-8"))
        match = re.match(r"https?://[^/]+", archive["log"]["entries"][0]["request"]["url"])
        assert match is not None
        return match[0]


class Learner(NamedTuple):
    """``tuning`` says what was done for it."""

    name: str
    learn: Callable[[Capture], dict[str, Any]]
    version: Callable[[], str]
    tuning: str


def agents(place: str) -> Path:
    """Raises CannotRun where nothing stands there."""
    for folder in (os.environ.get("MIRROR_AGENTS"), CHECKOUT / ".agents"):
        if folder and (Path(folder) / place).exists():
            return Path(folder) / place
    raise CannotRun("not installed: run tests/agents/install")


def run(command: Sequence[object], folder: Path, **variables: str) -> str:
    """The output of a program. Raises CannotRun where it fails."""
    unwanted = ("PYTEST_", "MIRROR", "COV_")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(unwanted) and not name.lower().endswith("_proxy")
    }
    kept |= {"PYTHONPATH": str(CHECKOUT), **variables}
    try:
        ran = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotRun(f"{Path(str(command[0])).name}: {error}") from error
    if ran.returncode:
        said = (ran.stderr + ran.stdout).strip().splitlines() or ["nothing said"]
        worst = next((line for line in said if "rror" in line), said[-1])
        why = worst.strip().replace(f"{folder}{os.sep}", "")[:200]
        raise CannotRun(f"{Path(str(command[0])).name} exited with {ran.returncode}: {why}")
    return ran.stdout


def load(path: Path) -> dict[str, Any]:
    """A document, of JSON or YAML."""
    from ruamel.yaml import YAML

    if not path.exists():
        raise CannotRun("no document was written")
    document = YAML(typ="safe").load(path)
    if not isinstance(document, dict):
        raise CannotRun("what was written is no document")
    return as_json(document)  # type: ignore[no-any-return]


def as_json(node: Any) -> Any:
    """What YAML read, as JSON would: its keys may be numbers and dates there."""
    if isinstance(node, dict):
        return {str(name): as_json(value) for name, value in node.items()}
    if isinstance(node, list):
        return [as_json(value) for value in node]
    return node if node is None or isinstance(node, str | int | float) else str(node)


def mirror(source: str, *options: str) -> Callable[[Capture], dict[str, Any]]:
    def learn(capture: Capture) -> dict[str, Any]:
        target = capture.folder / "openapi.json"
        run([sys.executable, "-m", "mirror", "learn", getattr(capture, source), "-o", target, *options], capture.folder)
        return load(target)

    return learn


def mirror_version() -> str:
    from mirror import __version__

    return __version__


def mitmproxy2swagger(capture: Capture) -> dict[str, Any]:
    """Two passes: the first suggests templates, of which all are taken, the literal ones first (the first that matches
    wins)."""
    program = agents("mitmproxy2swagger/bin/mitmproxy2swagger")
    target, flows = capture.folder / "openapi.yaml", capture.folder / "flows"
    run([program.with_name("python"), "-I", HERE / "har_to_flows.py", capture.har, flows], capture.folder)
    command = [program, "-i", flows, "-o", target, "-p", capture.origin, "-f", "flow", "-r", SEGMENT, "-s"]
    run(command, capture.folder)
    document = load(target)
    templates = [path.removeprefix("ignore:") for path in document["x-path-templates"]]
    document["x-path-templates"] = sorted(templates, key=lambda path: ["{" in part for part in path.split("/")])
    target.write_text(json.dumps(document), "utf-8")
    run(command, capture.folder)
    return load(target)


def python_version(name: str, place: str) -> str:
    code = f"from importlib.metadata import version; print(version({name!r}))"
    return run([agents(place).with_name("python"), "-I", "-c", code], HERE).strip()


def har_to_openapi(capture: Capture) -> dict[str, Any]:
    packages = agents("har-readers/node_modules")
    written = run(["node", HERE / "har_to_openapi.js", capture.har], capture.folder, PACKAGES=str(packages))
    (capture.folder / "openapi.json").write_text(written, "utf-8")
    return load(capture.folder / "openapi.json")


def npm_version(place: str) -> str:
    return str(json.loads(agents(f"{place}/package.json").read_text("utf-8"))["version"])


EMPTY = "openapi: 3.0.3\ninfo:\n  title: learned\n  version: '1'\npaths: {}\n"


def optic(capture: Capture) -> dict[str, Any]:
    """``optic capture``, twice: what the first turn adds is not complete, what a third one would change is next to
    nothing (and each takes half a minute)."""
    program = agents("optic/node_modules/.bin/optic")
    target = capture.folder / "openapi.yml"
    target.write_text(EMPTY)
    (capture.folder / "optic.yml").write_text(
        f"capture:\n  openapi.yml:\n    server:\n      url: {capture.origin}\n"
        "    requests:\n      run:\n        command: 'true'\n"
    )
    home = capture.folder / "home"
    home.mkdir()
    for _ in range(2):
        command = [program, "capture", "openapi.yml", "--har", capture.har, "--update", "automatic"]
        quiet = {"OPTIC_TELEMETRY_LEVEL": "off", "NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}
        run(command, capture.folder, HOME=str(home), TMPDIR=str(home), **quiet)
    return load(target)


LEARNERS = (
    Learner("mirror, models asked", mirror("jsonl"), mirror_version, "nothing: `mirror learn capture.jsonl`"),
    Learner("mirror, routes alone", mirror("jsonl", "--no-models"), mirror_version, "`--no-models`"),
    Learner("mirror, values alone", mirror("har"), mirror_version, "nothing: `mirror learn capture.har`"),
    Learner(
        "mitmproxy2swagger",
        mitmproxy2swagger,
        lambda: python_version("mitmproxy2swagger", "mitmproxy2swagger/bin/mitmproxy2swagger"),
        "a flow file (it ends at the first form of an archive); two passes, all suggested templates taken, literal "
        "ones first; `--param-regex` for whatever has a digit and is no version; "
        "`--suppress-params`; without `--headers` and `--examples` (they make every header a parameter)",
    ),
    Learner(
        "har-to-openapi",
        har_to_openapi,
        lambda: npm_version("har-readers/node_modules/har-to-openapi"),
        "`attemptToParameterizeUrl`, `pathReplace` for whatever has a digit and is no version, "
        "`forceAllRequestsInSameSpec`, `filterStandardHeaders`, `relaxedContentTypeJsonParse: false`, "
        "`guessAuthenticationHeaders`, the names of the key headers in `securityHeaders`",
    ),
    Learner(
        "Optic",
        optic,
        lambda: npm_version("optic/node_modules/@useoptic/optic"),
        "`capture --har --update automatic`, twice; ajv 8.17.1 in the place of the newest, "
        "with which it does not start",
    ),
)


def bare(archive: Mapping[str, Any]) -> dict[str, Any]:
    """An archive without what mirror adds of its own (every name that begins with an underscore)."""

    def stripped(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: stripped(value) for name, value in node.items() if not name.startswith("_")}
        return [stripped(value) for value in node] if isinstance(node, list) else node

    return {"log": stripped(archive["log"]) | {"creator": {"name": "a browser", "version": "1"}}}


def empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
