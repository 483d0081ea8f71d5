"""Learned documents in Swagger UI and Redoc, in a headless browser: nothing on its console, every operation shown."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from agents.learned import EXAMPLES, OTHERS, Learned
from agents.programs import HERE, find

pytestmark = pytest.mark.xdist_group("openapi")
AGENTS = ("swagger-ui", "redocly", "playwright-core", "chromium", "node")

YAML_AND_JSON = (("3.1", "yaml"), ("3.0", "json"))


@pytest.mark.parametrize(
    ("viewer", "names", "forms"),
    [
        ("swagger", EXAMPLES, YAML_AND_JSON),
        ("swagger", OTHERS, YAML_AND_JSON[:1]),
        ("redoc", EXAMPLES, YAML_AND_JSON),
        ("redoc", OTHERS, YAML_AND_JSON[1:]),
    ],
    ids=["swagger-examples", "swagger-others", "redoc-examples", "redoc-others"],
)
def test_it_shows_every_operation(
    viewer: str, names: tuple[str, ...], forms: tuple[tuple[str, str], ...], learned_of: Callable[[str], Learned]
) -> None:
    opened = [(learned_of(name), version, form) for name in names for version, form in forms]
    arguments = []
    for learned, version, form in opened:
        wanted = [
            [each.method, each.path, (each.said.get("tags") or [""])[0], each.said["operationId"]]
            for each in learned.operations(version)
        ]
        arguments += [str(learned.document(version, form)), json.dumps(wanted)]
    packages, playwright = (Path(find(name)).parents[1] for name in ("swagger-ui", "playwright-core"))
    run = subprocess.run(
        [find("node"), str(HERE / "openapi_viewers.js"), viewer, find("chromium"), *arguments],
        env={**os.environ, "PACKAGES": str(packages), "PLAYWRIGHT": str(playwright)},
        capture_output=True, text=True, timeout=250,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert len(seen) == len(opened)
    for (learned, version, _), page in zip(opened, seen, strict=True):
        assert not page["errors"]
        assert sorted(page["shown"]) == sorted(each.label for each in learned.operations(version))
