"""The archives that mirror writes, given to the tools that read such: a validator of HAR 1.2, mitmproxy,
mitmproxy2swagger, har-to-openapi, Optic, and Playwright in front of a real browser."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from agents.har import entries
from agents.programs import HERE, find

from mirror import Exchange
from mirror.store.capture import read

AGENTS = ()  # each test needs another one
EXAMPLES = HERE.parents[1] / "examples"

Captured = tuple[Path, list[Exchange]]


@pytest.fixture(scope="module", params=["flask_app", "fastapi_app"])
def captured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Captured:
    """The suite of an example, captured by ``pytest --mirror --mirror-capture``."""
    folder = tmp_path_factory.mktemp(request.param)
    archive = folder / "capture.har"
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    command = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--mirror"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *command, f"--mirror-capture={archive}"],
        cwd=EXAMPLES / request.param, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return archive, list(read(archive))


def node(what: str, archive: Path, *arguments: str) -> Any:
    program = find("node")
    packages = Path(find("har-readers")).parents[1]
    run = subprocess.run(
        [program, str(HERE / "har_readers.js"), what, str(archive), *arguments],
        env={**os.environ, "PACKAGES": str(packages)}, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def paths(exchanges: list[Exchange]) -> set[str]:
    return {exchange.request.path for exchange in exchanges}


def test_it_is_valid(captured: Captured) -> None:
    assert node("validate", captured[0]) == []


def test_mitmproxy(captured: Captured, tmp_path: Path) -> None:
    archive, exchanges = captured
    again = tmp_path / "again.har"
    run = subprocess.run(
        [find("mitmdump"), "-nr", str(archive), "--set", f"hardump={again}", "--set", f"confdir={tmp_path}"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    seen = entries(again)
    assert [(each.method, each.status) for each in seen] == [
        (each.request.method, each.response.status) for each in exchanges
    ]
    for ours, theirs in zip(entries(archive), seen, strict=True):
        assert (theirs.url, theirs.response_body) == (ours.url, ours.response_body)


def test_mitmproxy2swagger(captured: Captured, tmp_path: Path) -> None:
    archive, exchanges = captured
    authority = exchanges[0].request.authority
    document = tmp_path / "learned.yaml"
    run = subprocess.run(
        [find("mitmproxy2swagger"), "-f", "har", "-i", str(archive), "-o", str(document), "-p", f"http://{authority}"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    found = set(re.findall(r"ignore:(/\S*)", document.read_text("utf-8")))
    of_there = {each.request.path for each in exchanges if each.request.authority == authority}
    # It writes numbers in paths as templates, beside the paths themselves.
    assert {path for path in of_there if not re.search(r"\d", path)} - {"/"} <= found


def test_har_to_openapi(captured: Captured) -> None:
    archive, exchanges = captured
    learned = dict(node("openapi", archive))
    ok = {each.request.path for each in exchanges if each.response.status == 200 and each.request.method == "GET"}
    assert ok <= {path.partition("?")[0] for path in learned} | {"/"}


def test_optic(captured: Captured, tmp_path: Path) -> None:
    archive, _ = captured
    document = tmp_path / "openapi.yml"
    document.write_text("openapi: 3.0.3\ninfo:\n  title: learned\n  version: '1'\npaths: {}\n")
    environment = {**os.environ, "HOME": str(tmp_path), "OPTIC_TELEMETRY_LEVEL": "off"}
    run = subprocess.run(
        [find("optic"), "capture", "openapi.yml", "--har", str(archive), "--update=automatic"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    # It reads all of them. What it then makes of examples/fastapi_app it cannot write down itself.
    assert run.returncode == 0 or "Failed writing patches" in run.stdout + run.stderr, run.stdout + run.stderr
    assert (run.stdout + run.stderr).count("\u2714 ") >= 10


def test_playwright_answers_a_browser_from_it(captured: Captured) -> None:
    archive, exchanges = captured
    first: dict[str, Exchange] = {}
    for exchange in exchanges:
        if exchange.request.method == "GET" and exchange.request.authority == exchanges[0].request.authority:
            first.setdefault(exchange.request.url, exchange)
    asked = [each for each in first.values() if each.response.status in (200, 404) and each.response.complete][:30]
    seen = node("route", archive, find("chromium"), *(each.request.url for each in asked))
    assert len(seen) == len(asked) > 5
    for (status, body), exchange in zip(seen, asked, strict=True):
        assert status in {each.response.status for each in exchanges if each.request.url == exchange.request.url}
        bodies = {each.response.body for each in exchanges if each.request.url == exchange.request.url}
        assert base64.b64decode(body) in bodies
