"""Accident: the code of a short link was a literal path, another one in each run: what ``GET /zG8LHLA`` answers repeats
nothing, and the answer to the POST that made it was not asked."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange
from mirror.openapi.document import openapi
from mirror.openapi.model import Model

JSON = [("Content-Type", "application/json")]


def called(method: str, path: str, answer: Any = None, status: int = 200) -> Exchange:
    body = b"" if answer is None else json.dumps(answer).encode()
    return make_exchange(make_request(method, path), make_response(status, body, headers=JSON if body else []))


def links(first: str, second: str) -> list[Exchange]:
    return [
        called("POST", "/api/links", {"url": "https://example.com", "code": first}, 201),
        called("POST", "/api/links", {"data": [{"url": "https://example.com", "code": second}]}, 201),
        called("GET", f"/api/links/{first}/qr.txt"),
        called("GET", f"/{first}", status=307),
        called("GET", f"/{second}", status=307),
        called("GET", "/unknown", status=404),
    ]


def learned(*exchanges: Exchange) -> Model:
    model = Model()
    for each in exchanges:
        model.add(each)
    return model


def paths(model: Model) -> dict[str, Any]:
    found: dict[str, Any] = openapi(model.settled()[""])["paths"]
    return found


@pytest.mark.parametrize("first", ["zG8LHLA", "xZgeDIq", "WK7_vWc", "aBcDefGh"])
def test_what_was_made_is_a_value(first: str) -> None:
    model = learned(*links(first, "q7-x_2K"))
    assert list(paths(model)) == ["/api/links", "/api/links/{code}/qr.txt", "/{code}"]
    assert set(paths(model)["/{code}"]["get"]["responses"]) == {"307", "404"}


def test_any_order_and_any_division_says_the_same() -> None:
    whole = paths(learned(*links("zG8LHLA", "xZgeDIq")))
    for order in permutations(links("zG8LHLA", "xZgeDIq")):
        one, other = learned(*order[:3]), learned(*order[3:])
        one.merge(Model.from_bytes(other.to_bytes()))
        assert paths(one) == whole


def test_short_words_are_values_where_they_were_made() -> None:
    model = learned(
        called("POST", "/links", {"code": "q"}, 201), called("GET", "/links/q/qr.txt"), called("GET", "/q", status=307)
    )
    assert list(paths(model)) == ["/links", "/links/{code}/qr.txt", "/q"]


def test_words_are_values_of_members_whose_other_values_are_tokens() -> None:
    said = [called("POST", "/links", {"code": each}, 201) for each in ("zG8LHLA", "gxckjd", "links")]
    model = learned(*said, called("GET", "/gxckjd", status=307), called("GET", "/links", []))
    assert list(paths(model)) == ["/links", "/{code}"]


def test_tokens_of_32_bytes_are_values() -> None:
    token = "yqXYqbrVIykGSUvguzMupeIIlMK_LScEvjRsoEIDtdc"
    model = learned(called("POST", "/invites", {"key": token}, 201), called("GET", f"/join/{token}"))
    assert list(paths(model)) == ["/invites", "/join/{key}"]


@pytest.mark.parametrize(
    ("answer", "path"),
    [({"id": "zG8LHLAq", "role": {"id": "staff"}}, "/staff/rota"), ({"key": "s3"}, "/s3/buckets")],
)
def test_words_that_a_post_has_named_stay_words(answer: Any, path: str) -> None:
    """``id`` is a member of everything, and ``s3`` is short for something."""
    assert path in paths(learned(called("POST", "/users", answer), called("GET", path, [])))
