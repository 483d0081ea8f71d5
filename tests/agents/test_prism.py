"""Prism as a validating proxy: it sees every exchange once, and complains where the document is broken, only there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from agents.prism import Seen, prism, read
from agents.suite import FASTAPI_APP, Run, environment, mirrored
from runs import free_ports_in_a_row

from mirror import Exchange

pytestmark = pytest.mark.xdist_group("agents")
AGENTS = ("prism",)

PRINT_DOCUMENT = "import json; from library import create_app; print(json.dumps(create_app().openapi()))"
# Prism follows a redirect itself, to whatever host it names. What redirects must not get to it.
REDIRECTS = ["/language/*", "/isbn/*", "/books"]
WITHOUT_REDIRECTS = [word for glob in REDIRECTS for word in ("--mirror-exclude", glob)]


def test_a_run_that_keeps_to_the_document_is_clean(tmp_path: Path) -> None:
    """What the library's own tests do when nothing goes wrong, against the document that the application generates."""
    run, seen = validated(document(), tmp_path, "-k", "loan_lasts or returned_book or loans_are_private or identifies")
    assert run.counts.published == run.counts.made == len(seen) > 20
    assert [one for one in seen if one.violations] == []


def test_prism_complains_of_what_the_application_refused(tmp_path: Path) -> None:
    """The whole suite, with all that its tests get wrong on purpose."""
    paths = document()
    run, seen = validated(paths, tmp_path, *WITHOUT_REDIRECTS)
    published = [exchange for exchange in run.exchanges if not unreadable(exchange)]
    assert run.counts.published == len(published) == len(seen)
    assert list(run.counts.failures.values()) == [len(run.exchanges) - len(published)]
    assert run.counts.ignored > 0
    # A HEAD of JSON comes back as an error: Prism wants to read the body that is not there.
    heads = [exchange for exchange in published if exchange.request.method == "HEAD"]
    assert run.counts.remarks["proxy: status 200 came back as 500"] == len(heads) == 1
    for exchange, one in zip(published, seen, strict=True):
        request, response = exchange.request, exchange.response
        assert (one.method, one.target) == (request.method, request.target)
        assert one.status == response.status
        assert "response" not in one.breaks
        if one.breaks:
            assert 400 <= response.status < 500 or not documented(request.path, paths), one
    # And the other way round: of what was refused, only that went unnoticed which a document cannot say.
    refused = [pair for pair in zip(published, seen, strict=True) if pair[0].response.status in (405, 422)]
    unnoticed = [problem(exchange) for exchange, one in refused if one.breaks != {"request"}]
    assert len(refused) > 10
    # A wrong check digit; a title of blanks, which are stripped before they are counted.
    assert sorted(unnoticed) == ["string_too_short", "value_error"]


def test_a_wrong_document_is_found_out(tmp_path: Path) -> None:
    wrong = document()
    wrong["components"]["schemas"]["BookOut"]["properties"]["title"]["type"] = "integer"
    run, seen = validated(wrong, tmp_path, "-k", "book and not redirect and not slash and not isbn and not cover")
    broken = [one for one in seen if "response" in one.breaks]
    assert len(broken) == sum(map(tells_of_a_book, run.exchanges)) > 5
    assert all(re.search(r"title must be integer", text) for one in broken for _, text in one.violations)


def document() -> dict[str, Any]:
    """FastAPI's document of the application, which knows of no errors but 422; so any other answer is allowed."""
    command = [sys.executable, "-c", PRINT_DOCUMENT]
    printed = subprocess.run(command, cwd=FASTAPI_APP, env=environment(), capture_output=True, check=True).stdout
    paths: dict[str, Any] = json.loads(printed)
    for path in paths["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {"description": "An error"}
    return paths


def validated(paths: dict[str, Any], folder: Path, *arguments: str) -> tuple[Run, list[Seen]]:
    """The library's suite through Prism: what was published, and what Prism saw."""
    (folder / "openapi.json").write_text(json.dumps(paths))
    echo = free_ports_in_a_row(2)
    proxy = echo + 1
    options = ["--mirror-port", echo, "--mirror-proxy", f"http://127.0.0.1:{proxy}", *arguments]
    with prism(folder / "openapi.json", proxy, echo, folder / "prism.log"):
        run = mirrored(FASTAPI_APP, folder / "published.jsonl", *options)
    return run, read(folder / "prism.log")


def unreadable(exchange: Exchange) -> bool:
    """A body that is not the JSON that it says it is: Prism answers that itself, with a 400."""
    request = exchange.request
    if request.headers.get("content-type") != "application/json":
        return False
    try:
        json.loads(request.body)
    except ValueError:
        return True
    return False


def problem(exchange: Exchange) -> str:
    """What pydantic calls the first thing that is wrong with a request."""
    return str(json.loads(exchange.response.body)["detail"][0]["type"])


def documented(path: str, paths: dict[str, Any]) -> bool:
    templates = (re.sub(r"\\\{[^/]*\\\}", "[^/]+", re.escape(template)) for template in paths["paths"])
    return any(re.fullmatch(template, path) for template in templates)


def tells_of_a_book(exchange: Exchange) -> bool:
    """Whether a response has a book in it, alone or in a list."""
    response = exchange.response
    if response.status >= 300 or not response.body or response.headers.get("content-type") != "application/json":
        return False
    said = json.loads(response.body)
    books = said.get("items", [said]) if isinstance(said, dict) else []
    return any("title" in book and "isbn" in book for book in books)
