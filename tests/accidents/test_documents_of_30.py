"""A document in OpenAPI 3.0 could not be brought up to date by a run: the remedy was an option that pytest has not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import make_exchange, make_request
from ruamel.yaml import YAML

from mirror.openapi.sink import DocumentStore

HEAD = {"info": {"title": "API", "version": "1"}, "paths": {}}


def learned_into(path: Path) -> dict[str, object]:
    store = DocumentStore(path)
    store.write(make_exchange(make_request("GET", "/orders"), gateway="http"))
    store.close()
    document: dict[str, object] = YAML(typ="safe").load(path.read_text())
    return document


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("api.yaml", "openapi: 3.0.3  # ours\ninfo: {title: API, version: '1'}\npaths: {}\n"),
        ("api.yaml", "# ours\n'openapi': '3.0.0'\ninfo: {title: API, version: '1'}\npaths: {}\n"),
        ("api.json", json.dumps({"openapi": "3.0.1", **HEAD})),
        ("api.json", json.dumps({**HEAD, "openapi": "3.0.1"}, indent=2)),
    ],
)
def test_they_stay_what_they_are(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    document = learned_into(tmp_path / name)
    assert str(document["openapi"]).startswith("3.0")
    assert document["paths"].keys() == {"/orders"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["", json.dumps({"openapi": "3.1.0", **HEAD})])
def test_others_are_31(tmp_path: Path, text: str) -> None:
    (tmp_path / "api.json").write_text(text)
    assert learned_into(tmp_path / "api.json")["openapi"] == "3.1.0"
