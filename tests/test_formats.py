"""What a string is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from mirror.formats import FORMATS, SCHEMA_FORMATS, format_of


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "empty"),
        ("550e8400-e29b-41d4-a716-446655440000", "uuid"),
        ("550E8400-E29B-41D4-A716-446655440000", "uuid"),
        ("550e8400-e29b-41d4-a716-44665544000", "slug"),
        ("2026-02-28", "date"),
        ("2026-02-30", "text"),
        ("2026-02-28T23:59:60Z", "date-time"),
        ("2026-02-28 10:00:00.123456+02:00", "date-time"),
        ("2026-02-28T25:00:00Z", "text"),
        ("10:11:12", "time"),
        ("10:11:12.5+01:00", "time"),
        ("P3D", "duration"),
        ("PT1H30M", "duration"),
        ("P1Y2M3DT4H5M6.789S", "duration"),
        ("-P1W", "duration"),
        ("P", "text"),
        ("PT", "text"),
        ("P3DT", "text"),
        ("PARIS", "text"),
        ("a@b.org", "email"),
        ("a.b+c@sub.shop.example", "email"),
        ("müller@bücher.example", "email"),
        ("a@b", "text"),
        ("@scope/package", "text"),
        ("https://shop.example/a?b=c#d", "uri"),
        ("urn:isbn:0451450523", "uri"),
        ("mailto:a@b.org", "uri"),
        ("note: this", "text"),
        ("192.168.0.1", "ipv4"),
        ("192.168.0.256", "text"),
        ("fe80::1", "ipv6"),
        ("::", "ipv6"),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "jwt"),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln", "jwt"),
        ("www.shop.example", "text"),
        ("12345", "integer"),
        ("٣", "text"),
        ("-1.5e3", "number"),
        ("deadbeef", "hex"),
        ("DEADBEEF01", "hex"),
        ("2aae6c35c94fcfb415dbe95f408b9ce91ee846ed", "hex"),
        ("c2VjcmV0IHNlY3JldCBzZWNyZXQ=", "base64"),
        ("red-shoes-42", "slug"),
        ("hello", "slug"),
        ("x9K2mQ7vL4pR8sT1w", "token"),
        ("Two words", "text"),
        ("TOKEN_EXPIRED", "text"),
        ("a" * 5000, "text"),
    ],
)
def test_the_format(text: str, form: str) -> None:
    assert format_of(text) == form


@given(st.text() | st.text("0123456789abcdefABCDEF-:.+TZ@/=_eyJ", max_size=60))
def test_every_string_has_one(text: str) -> None:
    assert format_of(text) in FORMATS
    json.dumps(format_of(text))


def test_schema_formats_are_formats() -> None:
    assert set(FORMATS) >= SCHEMA_FORMATS
