"""datamodel-code-generator makes models of Pydantic's from learned documents: they hold what was recorded."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from agents.learned import EXAMPLES, OTHERS, Learned
from agents.programs import HERE, find

from mirror.openapi.paths import template_of
from mirror.store.capture import read

pytestmark = pytest.mark.xdist_group("openapi")
AGENTS = ("datamodel-codegen",)


@pytest.mark.parametrize(
    ("name", "version", "form"),
    [(name, "3.1", "yaml") for name in EXAMPLES] + [(name, "3.0", "json") for name in (*EXAMPLES, *OTHERS)],
)
def test_models_hold_what_was_recorded(
    name: str, version: str, form: str, learned_of: Callable[[str], Learned], tmp_path: Path
) -> None:
    learned = learned_of(name)
    models = tmp_path / "models.py"
    command = [
        find("datamodel-codegen"), "--input", str(learned.document(version, form)), "--input-file-type", "openapi",
        "--output", str(models), "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin",
        *(["--strict-nullable"] if version == "3.0" else []),
    ]  # fmt: skip
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr

    recorded = list(samples(learned, version))
    python = Path(find("datamodel-codegen")).with_name("python")
    run = subprocess.run(
        [python, str(HERE / "openapi_models.py"), str(models)],
        input=json.dumps(recorded), cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    number, wrong = json.loads(run.stdout)
    assert number == len(recorded) > 20
    assert not wrong


def samples(learned: Learned, version: str) -> Iterator[tuple[str, bool, Any]]:
    """The JSON bodies of responses and of accepted requests that are a component, or a list of one."""
    document = learned.content(version)
    for exchange in read(learned.capture):
        if exchange.route is None:
            continue
        item = document["paths"].get(template_of(exchange.route.template).path, {})
        operation = item.get(exchange.request.method.lower())
        if operation is None:
            continue
        sides = [(operation["responses"].get(str(exchange.response.status)), exchange.response)]
        if exchange.response.status < 400:
            sides.append((operation.get("requestBody"), exchange.request))  # type: ignore[arg-type]
        for said, message in sides:
            media = (message.headers.get("content-type") or "").partition(";")[0]
            schema = ((said or {}).get("content", {}).get(media) or {}).get("schema", {})
            is_list = schema.get("type") == "array"
            reference = (schema["items"] if is_list else schema).get("$ref")
            if media.endswith("json") and reference is not None and message.body:
                yield reference.rpartition("/")[2], is_list, json.loads(message.body)
