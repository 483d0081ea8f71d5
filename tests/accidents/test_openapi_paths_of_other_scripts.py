"""Accident: ``/cafés/{n}`` was written ``/caf%C3%A9s/{n}``, was another path than the one that a person had written,
and was not found by its name; without its route it was ``/{id}/{id_2}``."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from learning import called, model
from msgspec.structs import replace

from mirror.openapi.document import openapi
from mirror.openapi.explain import explain
from mirror.openapi.marks import marked
from mirror.openapi.model import Service
from mirror.openapi.output import below
from mirror.openapi.spelling import encoded, spelled
from mirror.openapi.templates import Templates, base_of
from mirror.openapi.update import update
from mirror.openapi.writing import write
from mirror.report.places import Places

CALLS = [
    ("/cafés/1", "/cafés/{n:int}"),
    ("/cafés/2", "/cafés/{n:int}"),
    ("/über-uns", "/über-uns"),
    ("/заказы/7", "/заказы/{n:int}"),
    ("/कॉफ़ी", "/कॉफ़ी"),
]


def service(routes: bool = True) -> Service:
    seen = [called("GET", quote(path), route, body=b'{"id": 1, "name": "Mokka"}') for path, route in CALLS]
    if not routes:
        seen = [replace(each, route=None, gateway="har") for each in seen]
    return model(*seen).settled()[""]


def test_their_words_are_no_values() -> None:
    assert list(openapi(service(routes=False))["paths"]) == [
        "/cafés/{cafe_id}", "/über-uns", "/заказы/{id}", "/कॉफ़ी"
    ]  # fmt: skip


def test_they_are_written_as_the_framework_writes_them() -> None:
    made = openapi(service())
    assert list(made["paths"]) == ["/cafés/{n}", "/über-uns", "/заказы/{n}", "/कॉफ़ी"]
    (parameter,) = made["paths"]["/cafés/{n}"]["get"]["parameters"]
    assert parameter["schema"] == {"type": "integer"}
    assert parameter["x-mirror"] == {"samples": 2}


@pytest.mark.parametrize("spelling", ["/caf%C3%A9s/{number}", "/caf%c3%a9s/{n}", "/cafés/{number}"])
def test_what_a_person_wrote_is_the_same_path(spelling: str) -> None:
    there: dict[str, Any] = openapi(service())
    item = there["paths"].pop("/cafés/{n}")
    item["get"]["parameters"][0]["name"] = spelling[:-1].partition("{")[2]
    there["paths"] = {spelling: item, **there["paths"]}
    text = write(marked(there), "yaml")
    updated = update(text, openapi(service()))
    assert updated.text == text
    assert not updated.conflicts


def test_what_is_below_a_server_is_known_in_both_spellings() -> None:
    base = base_of({"servers": [{"url": "https://example.org/caf%C3%A9s"}]})
    assert base == "/cafés"
    assert below(base, {"/cafés/{n}": 1}) == {"/{n}": 1}
    assert Templates(["/%C3%BCber"], ["/cafés/über"], base).of("/cafés/über") == "/%C3%BCber"


@pytest.mark.parametrize("path", ["/cafés/1", "/caf%C3%A9s/1", "/cafés/{n}", "/caf%c3%a9s/{n}"])
def test_both_spellings_are_questions(path: str) -> None:
    assert explain(service(), f"GET {path}")[0] == "GET /cafés/{n}: 2 samples"


def test_a_report_finds_them() -> None:
    places = Places(["GET /cafés/{n}"])
    assert places.of("GET", "/caf%C3%A9s/1", routed=False) == "GET /cafés/{n}"
    assert places.of("GET", "/caf%C3%A9s/{id}", routed=True) == "GET /cafés/{n}"


def test_what_would_mean_something_else_stays_encoded() -> None:
    assert encoded("é{}?#%\u00a0\u200b\ufffd /") == "é%7B%7D%3F%23%25%C2%A0%E2%80%8B%EF%BF%BD%20%2F"
    assert spelled("/a%2fb/%7bx%7D/{é}/%C3%A9%ff") == "/a%2Fb/%7Bx%7D/{é}/é%EF%BF%BD"
