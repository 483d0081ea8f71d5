"""A component that a run brings into a document was taken for the one that had its name there, whatever that was: the
schema that came of it held for neither, and the next update of the same facts wrote another one."""

from __future__ import annotations

from typing import Any

from flask import Flask, jsonify
from jsonschema import Draft202012Validator
from learning import learned_from
from ruamel.yaml import YAML

from mirror.openapi.document import openapi
from mirror.openapi.update import update
from mirror.openapi.writing import write

app = Flask(__name__)
SAID = {
    "/orders": {"total": 1, "meta": {"page": 1, "pages": 2}},
    "/carts": {"user": 1, "meta": {"currency": "EUR", "vat": 0.2, "country": "DE"}},
    "/adverts": {"z": 1, "meta": {"a": 1, "b": 0.2, "c": "DE"}},
}
for path, said in SAID.items():
    app.add_url_rule(path, path.strip("/"), lambda said=said: jsonify(said))


def seen(*paths: str) -> dict[str, Any]:
    return openapi(learned_from(app, lambda client: [client.get(path) for path in paths]))


def held(text: str) -> None:
    document = YAML(typ="safe", pure=True).load(text)
    for path, said in SAID.items():
        if path in document["paths"]:
            reference = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            Draft202012Validator({**document, **reference}).validate(said)


def test_an_update_holds_for_what_was_there_and_what_is_new() -> None:
    text = write(seen("/orders"), "yaml")
    everything = seen(*SAID)
    once = update(text, everything)
    held(once.text)
    assert not once.conflicts
    assert update(once.text, everything).text == once.text


def test_a_run_of_the_new_call_alone() -> None:
    text = write(seen("/orders"), "yaml")
    once = update(text, seen("/adverts"))
    held(once.text)
    assert update(once.text, seen("/adverts")).text == once.text
    held(update(once.text, seen(*SAID)).text)


def test_runs_of_some_calls_and_of_all() -> None:
    """Whatever a first going through has left to do is done before the document is written."""
    text = write(seen("/carts"), "yaml")
    for paths in (("/adverts",), ("/orders", "/adverts"), tuple(SAID)):
        document = seen(*paths)
        text = update(text, document).text
        assert update(text, document).text == text
        held(text)
