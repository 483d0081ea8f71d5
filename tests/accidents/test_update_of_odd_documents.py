"""A document that could be read, but was no right OpenAPI at some place, ended an update with a traceback, or lost what
a person had written there."""

from __future__ import annotations

from pathlib import Path

import pytest
from learning import called, model

from mirror.cli.main import main
from mirror.errors import DocumentError
from mirror.openapi.document import openapi
from mirror.openapi.reading import read
from mirror.openapi.update import update
from mirror.store.capture import save

SEEN = called("GET", "/orders?page=2", "/orders")
LEARNED = openapi(model(SEEN).settled()[""])
HEAD = 'openapi: 3.1.0\ninfo: {title: Shop, version: "1"}\n'
GET = "paths: {/orders: {get: {%s}}}\n"
NONE = GET % 'responses: {"200": {description: OK}}'
SERVERS = "'http://[::1'", "'https://[{host}]/v1'"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (GET % "parameters: page", "#/paths/~1orders/get/parameters is no list"),
        (GET % "responses: todo", "#/paths/~1orders/get/responses is no mapping"),
        (GET % "responses: {200: {content: todo}}", "#/paths/~1orders/get/responses/200/content is no mapping"),
        (NONE + "components: {schemas: todo}\n", "'components.schemas' is no mapping"),
        (NONE + "components: {securitySchemes: [bearer]}\n", "'components.securitySchemes' is no mapping"),
        *((NONE + f"servers: [{{url: {url}}}]\n", "'servers.0.url' is no URL") for url in SERVERS),
    ],
)
def test_what_is_in_the_way_is_named(text: str, place: str) -> None:
    with pytest.raises(DocumentError) as told:
        update(HEAD + text, LEARNED, name="shop.yaml")
    assert str(told.value).startswith(f"shop.yaml: {place}")


@pytest.mark.parametrize("empty", ["{}", "[]", "null"])
def test_parameters_that_are_nothing(empty: str) -> None:
    text = update(HEAD + GET % f"parameters: {empty}", LEARNED).text
    [parameter] = read(text, "it")["paths"]["/orders"]["get"]["parameters"]
    assert parameter["name"] == "page"
    assert update(text, LEARNED).text == text


@pytest.mark.parametrize("tag", ["{a: 1}", "[a]", "7", "null"])
def test_tags_that_are_no_names(tag: str) -> None:
    text = HEAD + f"tags: [{{name: {tag}}}, orders]\npaths: {{/a: {{get: {{tags: [{tag}], responses: {{}}}}}}}}\n"
    made = update(text, LEARNED).text
    assert f"{{name: {tag}}}, orders" in made
    assert f"tags: [{tag}]" in made


def test_server_that_is_no_url(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "run.jsonl", [SEEN])
    with pytest.raises(SystemExit) as ended:
        main(["learn", str(tmp_path / "run.jsonl"), "-o", str(tmp_path / "api.yaml"), "--server", "http://[::1"])
    assert ended.value.code == 2
    assert "'http://[::1' is no URL" in capsys.readouterr().err


def test_answers_that_say_nothing() -> None:
    text = update(HEAD + GET % 'responses: {"200": {}}', LEARNED).text
    assert read(text, "it")["paths"]["/orders"]["get"]["responses"]["200"]["content"]
    assert update(text, LEARNED).text == text
