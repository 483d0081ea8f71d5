"""Parts of UUIDs were taken for accounts of Belgium (``be36-de7b...``) and of Bosnia (``ba59 7b58...``)."""

from __future__ import annotations

import json

import pytest
from factories import make_exchange, make_response

from mirror.redact.redactor import Redactor


@pytest.mark.parametrize(
    "value",
    [
        "4dbdef85-9005-41e0-be36-de7bb5545fd5",
        "ba597b58-da94-40c0-9885-9ba785d93bd6",
        "00-4a0280c6e32d7b5ea90a7ea163c580fa-be15585dcd89a70b-01",
        "01J2DA3T9RRNMBYPA6JTRCJESF",
    ],
)
def test_it_stays(value: str) -> None:
    headers = [("Content-Type", "application/json")]
    exchange = make_exchange(None, make_response(200, json.dumps({"id": value}).encode(), headers=headers))
    assert Redactor().redact(exchange) is exchange
