"""``mirror scan`` called the names of tests, schemes, paths and examples in mirror's own pages and documents secrets,
or took what stands below them for some; and the signature that every cache has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from factories import make_exchange, make_request, make_response

from mirror import Exchange, Route
from mirror.openapi.document import Style
from mirror.openapi.model import Model
from mirror.openapi.output import save as save_document
from mirror.redact.described import names_of_values
from mirror.redact.scan import find
from mirror.report.collection import Collection
from mirror.report.page import save as save_page

JSON = [("Content-Type", "application/json")]
SECRET = "zX81kkkdjshf7HGdjs9"


def login(place: str, password: str, answer: str, **fields: Any) -> Exchange:
    return make_exchange(
        make_request(
            "POST",
            place,
            f'{{"password": "{password}", "security": {{"password": "{password}"}}}}'.encode(),
            headers=[*JSON, ("Authorization", f"Bearer {password}")],
        ),
        make_response(200, f'{{"detail": "as it is said", "access_token": "{answer}"}}'.encode(), headers=JSON),
        route=Route(place, "auth.token"),
        **fields,
    )


def written(folder: Path, secret: str) -> dict[str, list[tuple[str, str]]]:
    model, collection = Model(), Collection()
    for test in ("test_a_password", "test_bad_token", "test_session"):
        exchange = login("/auth/token", secret, secret, test=f"t.py::{test}", outcome="passed")
        model.add(exchange)
        collection.add(exchange)
    page, document = folder / "report.html", folder / "openapi.json"
    save_page(page, collection)
    save_document(document, model.settled()[""].judged(), Style())
    return {path.name: [(each.kind, each.place) for each in find(path)] for path in (page, document)}


def test_what_mirror_wrote_has_no_secrets_of_its_own(tmp_path: Path) -> None:
    assert written(tmp_path, "redacted-0123456789ab") == {"report.html": [], "openapi.json": []}


def test_what_stands_there_as_a_value_is_found(tmp_path: Path) -> None:
    found = written(tmp_path, SECRET)
    places = {place.removeprefix("html.body.script.") for _, place in found["report.html"]}
    body = "operations.doc.requestBody.content.application/json.examples.text"
    assert {"fields", "bodies.password", "bodies.security.password", "bodies.access_token"} <= places
    assert {f"{body}.password", f"{body}.security.password"} <= places
    assert {place.partition("examples.")[2] for _, place in found["openapi.json"]} == {
        "a_password.value.password",
        "a_password.value.security.password",
        "a_password.value.access_token",
    }


def test_the_same_in_what_others_have_written(tmp_path: Path) -> None:
    """What is called a security there may be settings."""
    path = tmp_path / "settings.json"
    path.write_text(f'{{"security": {{"password": "{SECRET}"}}, "examples": {{"token": {{"value": "{SECRET}"}}}}}}')
    assert [each.place for each in find(path)] == ["security.password", "examples.token.value"]


def test_names_of_values_are_those_that_bodies_have() -> None:
    assert names_of_values("paths./auth/token.post.security.bearer") == []
    assert names_of_values("html.body.script.security.bearer") == []
    assert names_of_values("html.body.script.bodies.security.bearer") is None
    assert names_of_values("components.schemas.A.properties.security.properties.password.default") is None
    assert names_of_values("paths./token.put.requestBody.content.a.examples.token.value.user") == ["user"]


def test_the_signature_of_caches_is_public(tmp_path: Path) -> None:
    (tmp_path / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n")
    assert list(find(tmp_path)) == []


def test_extensions_of_documents_are_looked_at(tmp_path: Path) -> None:
    """Everything below the schemes and below x-mirror was taken for structure."""
    scheme = {"type": "oauth2", "x-client-secret": SECRET, "client_secret": SECRET[::-1], "flows": {"password": {}}}
    document = {
        "openapi": "3.1.0",
        "components": {"securitySchemes": {"token": scheme}},
        "x-mirror": {"password": SECRET, "tests": ["t.py::password"]},
        "security": [{"password": ["read"]}],
    }
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document))
    names = {each.place.rpartition(".")[2] for each in find(path)}
    assert names == {"x-client-secret", "client_secret", "password"}
