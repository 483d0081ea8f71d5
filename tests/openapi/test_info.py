"""What an application says of itself and of its tags, in the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fastapi
import yaml
from fastapi.testclient import TestClient
from openapi_spec_validator import validate

from mirror import Mirror
from mirror.exchange import KnownRoute
from mirror.openapi.info import info_of
from mirror.openapi.update import update
from mirror.openapi.version30 import downgrade

Json = dict[str, Any]
TAGS = [{"name": "orders", "description": "What is bought"}, {"name": "items"}, {"name": "unused", "description": "-"}]


def site(**said: Any) -> fastapi.FastAPI:
    app = fastapi.FastAPI(title="Shop", version="2", **said)
    for tag in ("items", "orders", "about"):
        app.get(f"/{tag}", tags=[tag])(view)
    return app


def view() -> Json:
    return {}


def learned(app: Any, folder: Path) -> Json:
    with Mirror(openapi=[folder / "a.yaml"], capture=[folder / "a.jsonl"]):
        TestClient(app).get("/items")
    made: Json = yaml.safe_load((folder / "a.yaml").read_text())
    validate(made)
    validate(downgrade(made))
    return made


SAID: Json = {
    "description": "# Shop\n\nSells things.",
    "summary": "All of it",
    "terms_of_service": "https://example.org/terms",
    "contact": {"name": "Us", "url": "https://example.org/"},
    "license_info": {"name": "MIT", "identifier": "MIT"},
    "openapi_tags": TAGS,
}


def test_it_is_in_the_document(tmp_path: Path) -> None:
    app = site(**SAID)
    made = learned(app, tmp_path)
    assert made["info"] == app.openapi()["info"]
    assert made["tags"] == [*TAGS[:2], {"name": "about"}]


def test_who_says_nothing_has_the_words_of_before(tmp_path: Path) -> None:
    made = learned(site(), tmp_path)
    assert made["info"] == {"title": "Shop", "description": "What tests have shown of this service.", "version": "2"}
    assert made["tags"] == [{"name": "about"}, {"name": "items"}, {"name": "orders"}]


def test_secrets_are_not(tmp_path: Path) -> None:
    secret = "password=Tr0ub4dor&3-Horse"
    made = learned(site(description=f"Use {secret}.", contact={"name": "a", "password": "Tr0ub4dor&3"}), tmp_path)
    assert "Tr0ub4dor" not in str(made) + (tmp_path / "a.jsonl").read_text()
    assert made["info"]["contact"] == {"name": "a"}


def test_of_several_applications_none_is_meant() -> None:
    routes = [KnownRoute(f"/{each}", "GET", info=(("description", f'"{each}"'),)) for each in "ab"]
    assert info_of(routes).info == {}
    assert info_of(routes[:1]).info == {"description": "a"}


def test_the_users_word_goes_first_and_a_person_keeps_theirs(tmp_path: Path) -> None:
    made = learned(site(**SAID), tmp_path)
    mine = update("", made).text.replace("Sells things.", "Mine.")
    assert "Mine." in update(mine, made).text
    assert info_of([]).described("", "Said", "")["description"] == "Said"
