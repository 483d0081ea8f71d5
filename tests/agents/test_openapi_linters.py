"""Learned documents before validators: openapi-spec-validator, Spectral and Redocly with their default rules.

What is left of warnings stands here, and with its reason in docs/openapi-tools.md. Nothing else may come up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from agents.learned import EXAMPLES, OTHERS, Learned
from agents.programs import find
from agents.suite import FASTAPI_APP
from openapi_spec_validator import validate
from ruamel.yaml import YAML

pytestmark = pytest.mark.xdist_group("openapi")
AGENTS = ("spectral", "redocly", "node")

SPECTRAL_LEFT = {"info-contact", "operation-description", "operation-tags", "path-keys-no-trailing-slash"}
REDOCLY_LEFT = {
    "info-license",
    "tag-description",
    "operation-2xx-response",
    "operation-4xx-response",
    "no-unused-components",
    "no-path-trailing-slash",
}


class Complaint(NamedTuple):
    """``place`` is the pointer into the document, without escapes."""

    document: Path
    is_error: bool
    rule: str
    place: tuple[str, ...]


def spectral(documents: Iterable[Path], folder: Path) -> list[Complaint]:
    rules = folder / ".spectral.yaml"
    rules.write_text('extends: ["spectral:oas"]\n')
    command = [find("spectral"), "lint", "--quiet", "--format=json", f"--ruleset={rules}"]
    return [
        Complaint(Path(each["source"]), each["severity"] == 0, each["code"], tuple(map(str, each["path"])))
        for each in said_by([*command, *map(str, documents)], folder)
    ]


def redocly(documents: Iterable[Path], folder: Path) -> list[Complaint]:
    """One document at a time: of several it does not say as JSON which is which."""
    found = []
    for document in documents:
        said = said_by([find("redocly"), "lint", "--format=json", "--max-problems=10000", str(document)], folder)
        for each in said["problems"]:
            pointer = each["location"][0].get("pointer", "#").split("/")[1:]
            place = tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer)
            found.append(Complaint(document, each["severity"] == "error", each["ruleId"], place))
    return found


def said_by(command: list[str], folder: Path) -> Any:
    """The JSON that a program prints, whatever it makes of the documents."""
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
    run = subprocess.run(command, cwd=folder, env={**os.environ, **quiet}, capture_output=True, text=True, timeout=100)
    assert run.stdout.lstrip()[:1] in ("[", "{"), run.stdout + run.stderr
    return json.JSONDecoder().raw_decode(run.stdout.lstrip())[0]


@pytest.mark.parametrize("name", [*EXAMPLES, *OTHERS])
def test_they_accept_it(name: str, learned_of: Callable[[str], Learned], tmp_path: Path) -> None:
    learned = learned_of(name)
    for document in learned.documents:
        content = YAML(typ="safe", pure=True).load(document.read_text("utf-8"))
        validate(content)
    # To Redocly a document in YAML is the same as that in JSON: it is shown two of the four.
    complaints = spectral(learned.documents, tmp_path)
    assert {each.rule for each in complaints} <= SPECTRAL_LEFT
    assert not [each for each in complaints if each.is_error]
    assert_nothing_else(complaints, learned)

    complaints = redocly([learned.document("3.1", "yaml"), learned.document("3.0", "json")], tmp_path)
    assert {each.rule for each in complaints} <= REDOCLY_LEFT
    assert {each.rule for each in complaints if each.is_error} <= {"no-path-trailing-slash"}
    assert_nothing_else(complaints, learned)


def assert_nothing_else(complaints: list[Complaint], learned: Learned) -> None:
    """Each rule complains where it is known to, and nowhere else."""
    content = learned.content("3.1")
    streams = {json.dumps(each) for each in items_of_streams(content)}
    for each in complaints:
        match each.rule:
            case "path-keys-no-trailing-slash" | "no-path-trailing-slash":
                assert each.place[1].endswith("/"), each
            case "operation-tags":
                assert each.place[:2] == ("paths", "/"), each
            case "operation-description":
                assert "description" not in content["paths"][each.place[1]][each.place[2]], each
            case "operation-2xx-response" | "operation-4xx-response":
                statuses = content["paths"][each.place[1]][each.place[2]]["responses"]
                assert not [status for status in statuses if status[0] == each.rule[10]], each
            case "no-unused-components":
                assert json.dumps({"$ref": f"#/components/schemas/{each.place[-1]}"}) in streams, each


def items_of_streams(content: dict[str, Any]) -> Iterator[Any]:
    for item in content["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                for media in response.get("content", {}).values():
                    yield media.get("x-item-schema")


def test_paths_end_as_they_do_in_the_applications_own_document(
    learned_of: Callable[[str], Learned], tmp_path: Path
) -> None:
    """What Redocly calls an error is the truth: FastAPI writes the same, and is told the same."""
    learned = learned_of("fastapi_app")
    program = "import json, library; print(json.dumps(library.create_app().openapi()))"
    declared = tmp_path / "declared.json"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=FASTAPI_APP, capture_output=True, text=True, check=True,
    )  # fmt: skip
    declared.write_text(run.stdout, "utf-8")
    complaints = redocly([declared, learned.document("3.1", "json")], tmp_path)
    ends = [
        {each.place for each in complaints if each.rule == "no-path-trailing-slash" and each.document == document}
        for document in (declared, learned.document("3.1", "json"))
    ]
    assert ends[0] == ends[1] != set()
