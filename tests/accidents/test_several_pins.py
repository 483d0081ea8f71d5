"""A list of passwords in digits stayed, because a number under ``passwords`` is a count, and under names in the plural
that nobody had thought of: ``pins``, ``otps``, ``phones``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from factories import make_exchange, make_response

from mirror.redact.redactor import Redactor


def redacted(value: Any) -> Any:
    body = json.dumps(value).encode()
    exchange = make_exchange(None, make_response(200, body, headers=[("Content-Type", "application/json")]))
    return json.loads(Redactor().redact(exchange).response.body)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("passwords", "12345678"),
        ("pins", "4711"),
        ("otps", "123456"),
        ("cvvs", "123"),
        ("ssns", "123-45-6789"),
        ("phones", "0170 1234567"),
        ("phone_numbers", "0170 1234567"),
        ("api_keys", "1234567890"),
        ("secrets", "1234567"),
        ("recovery_codes", "1234-5678"),
    ],
)
def test_are_replaced(name: str, value: str) -> None:
    new = redacted({name: [value]})[name][0]
    assert new != value
    assert [each.isdigit() for each in new] == [each.isdigit() for each in value]


def test_below_a_name_as_well() -> None:
    assert redacted({"passwords": {"zoe": "12345678"}})["passwords"]["zoe"] != "12345678"


@pytest.mark.parametrize("value", [{"pins": 120}, {"passwords": "3"}, {"phones": 3}, {"codes": ["a1"]}, {"codes": 4}])
def test_counts_stay(value: Any) -> None:
    assert redacted(value) == value
