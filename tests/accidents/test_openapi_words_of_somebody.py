"""Two values against forgery that a suite used again and again became an enumeration: the ``state`` of a callback."""

from __future__ import annotations

from typing import Any

import pytest
from learning import called

from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Service


def learned(*targets: str) -> list[dict[str, Any]]:
    service = Service()
    for target in targets:
        service.add(called("GET", target, target.partition("?")[0]))
    (item,) = openapi(service, Style(evidence=False))["paths"].values()
    found: list[dict[str, Any]] = item["get"]["parameters"]
    return found


def test_what_is_handed_back_is_no_choice() -> None:
    code, state = learned(*[f"/callback?code=c{n}&state={word}" for n in range(9) for word in ("ready", "steady")])
    assert (code["name"], state["schema"]) == ("code", {"type": "string"})


def test_it_is_one_beside_no_code() -> None:
    (state,) = learned(*["/orders?state=new", "/orders?state=paid"] * 3)
    assert state["schema"] == {"type": "string", "enum": ["new", "paid"]}


@pytest.mark.parametrize(
    "words", [("xyz123", "abc987"), ("a1b2c3", "d4e5f6"), ("my.own.words", "b"), ("a-b-c-d-e", "b")]
)
def test_what_looks_made_has_to_come_more_often(words: tuple[str, str]) -> None:
    targets = [f"/orders?kind={word}" for word in words]
    (few,), (many,) = learned(*targets * 4), learned(*targets * 6)
    assert "enum" not in few["schema"]
    assert many["schema"]["enum"] == sorted(words)


@pytest.mark.parametrize(
    "words", [("P1", "P2"), ("order.created", "order.paid"), ("in_progress", "done"), ("mp3", "v2")]
)
def test_others_do_not(words: tuple[str, str]) -> None:
    (found,) = learned(*[f"/orders?kind={word}" for word in words] * 3)
    assert found["schema"]["enum"] == sorted(words)
