"""Accident: two routes that differ in nothing but their parameters (``/products/<any(new, sale):collection>`` and
``/products/<int:product_id>``) were two paths, which OpenAPI forbids and linters refuse; and a second run brought one
into the other."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from learning import learned_from
from openapi_spec_validator import validate

from mirror.exchange import KnownRoute
from mirror.openapi.document import openapi
from mirror.openapi.marks import marked
from mirror.openapi.reading import read
from mirror.openapi.update import update
from mirror.openapi.writing import write


def facts(*targets: str, base: str = "") -> dict[str, Any]:
    app = Flask(__name__)

    @app.get(f"{base}/products/<any(new, sale):collection>")
    def collection(collection: str) -> list[str]:
        return [collection]

    @app.get(f"{base}/products/<int:product_id>")
    def product(product_id: int) -> dict[str, int]:
        return {"id": product_id}

    @app.delete(f"{base}/products/<int:number>")
    def remove(number: int) -> dict[str, int]:
        return {"id": number}

    def calls(client: Any) -> None:
        for target in targets:
            method, _, path = target.rpartition(" ")
            client.open(base + path, method=method or "GET")

    service = learned_from(app, calls)
    service.known = {
        KnownRoute(rule.rule, "DELETE" if "DELETE" in rule.methods else "GET", rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.methods and rule.endpoint != "static"
    }
    made = openapi(service)
    validate(made)
    return made


WHOLE = ("/products/new", "/products/1", "/products/2", "DELETE /products/2")


def test_they_are_one() -> None:
    made = facts(*WHOLE)
    (path,) = made["paths"]
    item = made["paths"][path]
    assert path == "/products/{product_id}"
    assert [each["name"] for method in ("get", "delete") for each in item[method]["parameters"]] == ["product_id"] * 2
    assert [each["schema"] for each in item["delete"]["parameters"]] == [{"type": "string"}]
    answers = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"]
    assert {each.get("type", "object") for each in answers} == {"array", "object"}
    assert item["get"]["x-mirror"]["samples"] == 3


def test_a_second_run_changes_nothing() -> None:
    text = update("", facts(*WHOLE)).text + "# ours\n"
    found = update(text, facts(*WHOLE))
    assert (found.text, found.conflicts) == (text, [])


@pytest.mark.parametrize("called", WHOLE)
def test_a_part_of_the_run_changes_nothing(called: str) -> None:
    text = update("", facts(*WHOLE)).text
    assert update(text, facts(called)).text == text


def test_a_name_of_somebodys_own_is_kept() -> None:
    text = update("", facts(*WHOLE)).text.replace("product_id", "id")
    found = update(text, facts(*WHOLE))
    assert read(found.text, "it")["paths"].keys() == {"/products/{id}"}
    assert found.text == text


def test_below_the_path_of_a_server() -> None:
    learned = facts(*WHOLE, base="/v1")
    ours = marked(learned)
    ours["servers"] = [{"url": "/v1"}]
    ours["paths"] = {path.removeprefix("/v1"): item for path, item in ours["paths"].items()}
    text = write(ours, "yaml")
    assert update(text, learned).text == text
