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


def test_what_ends_with_a_variable_is_one_of_several_however_it_ends() -> None:
    """``/orders/{n}/`` was taken for a single object, and so was ``/reports/{name}.json``."""
    order, report = b'{"number": 1, "text": "few"}', b'{"title": "a", "pages": 3}'
    seen = [
        called("GET", "/orders/", "/orders/", b"[%s]" % order),
        called("GET", "/orders/1/", "/orders/<int:number>/", order),
        called("GET", "/reports", "/reports", b"[%s]" % report),
        called("GET", "/reports/a.json", "/reports/<name>.json", report),
    ]
    assert set(openapi(model(*seen).settled()[""])["components"]["schemas"]) == {"Order", "Report"}
