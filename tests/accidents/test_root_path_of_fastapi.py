"""Accident: below ``FastAPI(root_path=...)`` the values in paths were never seen, since tests leave the prefix out."""

from __future__ import annotations

import pytest
import yaml
from fastapi import FastAPI
from learning import called, learned_from, model

from mirror.openapi.document import Style, openapi
from mirror.openapi.output import brought_into, text_of


@pytest.mark.parametrize(
    ("prefix", "paths"), [("", ["/n"]), ("/shop/v9", ["/n", "/sub/m"])]
)  # (Starlette does not find what is mounted without the prefix)
def test_path_values_are_seen_with_and_without_the_prefix(prefix: str, paths: list[str]) -> None:
    app, inner = FastAPI(), FastAPI()
    app.root_path = "/shop/v9"  # as its argument does, which newer ones warn of

    @app.get("/n/{k}")
    @inner.get("/m/{k}")
    def n(k: int) -> int:
        return k

    app.mount("/sub", inner)
    service = learned_from(
        app, lambda client: [client.get(f"{prefix}{path}/{number}") for path in paths for number in range(3)]
    )
    operations = service.operations()
    assert {*operations} == {f"GET {prefix}{path}/{{k}}" for path in paths}
    assert all(each.requests["accepted"].parameters.path["k"].values == {"0", "1", "2"} for each in operations.values())
    tags = {tag["name"] for tag in openapi(service, Style()).get("tags", ())}
    assert tags == ({"shop"} if prefix else {"n"})


def test_a_server_of_a_new_document_is_above_its_paths() -> None:
    service = model(*(called("GET", path, path) for path in ("/api/v9/n", "/api/v9/m", "/m", "/api/v90"))).settled()[""]
    style = Style(servers=("https://x.example/api/v9",), evidence=False, examples=False)
    text = text_of(service, style, None, "yaml")
    assert [*yaml.safe_load(text)["paths"]] == ["/api/v9/m", "/api/v90", "/m", "/n"]
    assert brought_into(text, service, style, None).text == text
