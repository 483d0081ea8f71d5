"""Accident: an object that is no element of a list was called as if it was one: ``limits`` were a ``Limit``."""

from __future__ import annotations

import json
from typing import Any

from learning import called, model

from mirror.openapi.document import openapi


def schemas(body: Any) -> set[str]:
    made = openapi(model(called("GET", "/shops", "/shops", json.dumps(body).encode())).settled()[""])
    return set(made["components"]["schemas"])


def test_have_the_name_of_their_member() -> None:
    assert schemas({"id": 1, "limits": {"max": 3, "text": "few"}}) == {"Shop", "Limits"}


def test_elements_are_one_of_several() -> None:
    assert schemas({"id": 1, "limits": [{"max": 3, "text": "few"}]}) == {"Shop", "Limit"}


def test_values_of_maps_are_one_of_several() -> None:
    assert schemas({"id": 1, "limits": {"2026-01-02": {"max": 3}, "2026-01-03": {"max": 3}}}) == {"Shop", "Limit"}


def test_what_an_envelope_holds_is_called_after_what_it_is_about() -> None:
    assert schemas({"id": 1, "limits": {"items": [{"max": 3, "text": "few"}], "total": 1}}) == {
        "Shop",
        "Limits",
        "Limit",
    }
