"""Schemathesis makes requests from learned documents, to the applications that these were learned from."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from agents.learned import OTHERS, Learned
from agents.programs import HERE, Program, find
from agents.suite import environment
from runs import free_ports_in_a_row

pytestmark = pytest.mark.xdist_group("openapi")
AGENTS = ("schemathesis",)

CHECKS = "not_a_server_error,content_type_conformance,response_schema_conformance,status_code_conformance"

# Answers that do not fit what was learned, and why:
UNFIT = {
    # No test has asked before anything had happened: that an action may be missing was never seen.
    ("Response violates schema", "GET /reports/activity"),
    # It checks each event against the schema, which is that of the stream: before OpenAPI 3.2 there is no other.
    ("SSE event violates schema", "GET /news"),
}


@pytest.mark.parametrize(("name", "version", "form"), [("flask_app", "3.0", "json"), ("fastapi_app", "3.1", "yaml")])
def test_answers_fit_the_document(
    name: str, version: str, form: str, learned_of: Callable[[str], Learned], tmp_path: Path
) -> None:
    learned = learned_of(name)
    port = free_ports_in_a_row(1)
    served = f"http://127.0.0.1:{port}"
    report = tmp_path / "report.json"
    command = [
        find("schemathesis"), "run", str(learned.document(version, form)), f"--url={served}", f"--checks={CHECKS}",
        "--phases=examples,fuzzing", "--mode=positive", "--max-examples=3", "--seed=1", "--no-shrink",
        "--continue-on-failure", "--report=json", f"--report-json-path={report}",
    ]  # fmt: skip
    variables = environment(SCHEMATHESIS_HOOKS="openapi_login", SERVED=served, EXAMPLE=name, PYTHONPATH=str(HERE))
    application = [sys.executable, str(HERE / "openapi_served.py"), name, str(port)]
    with Program(application, tmp_path / "log", tmp_path, environment()) as program:
        program.listens(port)
        run = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=200)
    assert report.exists(), run.stdout + run.stderr
    said = json.loads(report.read_text("utf-8"))
    assert not said["errors"]
    labels = {each.label for each in learned.operations()}
    assert said["operations"]["tested"] == said["operations"]["total"] == len(labels)

    found = {(each["title"], label) for each in said["failures"] for label in each["operations"]}
    # Statuses that no test has shown (a 404, a 415) are found here: that is what it is for.
    unfit = {(title, label) for title, label in found if title != "Undocumented status code"}
    assert unfit <= UNFIT, run.stdout
    assert len({label for title, label in found if title == "Undocumented status code"}) < len(labels) / 3


def test_it_has_requests_for_every_operation(learned_of: Callable[[str], Learned], tmp_path: Path) -> None:
    """Of applications that are not served here."""
    documents = [
        learned_of(name).document(version, form)
        for name in OTHERS
        for version, form in [("3.1", "json"), ("3.0", "yaml")]
    ]
    program = """
import json, sys, warnings
import schemathesis
from hypothesis import HealthCheck, Phase, find, settings
made = {}
for path in sys.argv[1:]:
    for result in schemathesis.openapi.from_path(path).get_all_operations():
        operation = result.ok()
        quick = settings(max_examples=1, database=None, phases=[Phase.generate], derandomize=True,
                         suppress_health_check=list(HealthCheck))
        case = find(operation.as_strategy(), lambda case: True, settings=quick)
        made.setdefault(path, []).append(operation.label)
print(json.dumps(made))
"""
    python = Path(find("schemathesis")).with_name("python")
    run = subprocess.run(
        [python, "-W", "ignore", "-c", program, *map(str, documents)], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    made = json.loads(run.stdout)
    for name in OTHERS:
        labels = [each.label for each in learned_of(name).operations()]
        for document in documents:
            if document.name.startswith(f"{name}-"):
                assert sorted(made[str(document)]) == sorted(labels)
