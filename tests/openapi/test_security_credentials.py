"""Which credentials requests carry."""

from __future__ import annotations

import base64

import pytest
from factories import make_request
from hypothesis import given, strategies as st

from mirror.openapi.credentials import credentials_of, is_session, scheme_name

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"

CARRIED = [
    ([], "/", ()),
    ([("Authorization", "Bearer abc")], "/", ("bearer",)),
    ([("authorization", "bearer abc")], "/", ("bearer",)),
    ([("Authorization", f"Bearer {JWT}")], "/", ("bearer jwt",)),
    ([("Authorization", "Basic " + base64.b64encode(b"a:b").decode())], "/", ("basic",)),
    ([("Authorization", 'Digest username="a", realm="b"')], "/", ("digest",)),
    ([("Authorization", "Token abc")], "/", ("header authorization",)),
    ([("Authorization", "abc")], "/", ("header authorization",)),
    ([("Authorization", "Bearer")], "/", ("header authorization",)),
    ([("Authorization", "")], "/", ()),
    ([("X-API-Key", "abc")], "/", ("header x-api-key",)),
    ([("X-Api-Key", " ")], "/", ()),
    ([("X-Auth-Token", "abc"), ("X-Acme-Api-Key", "abc")], "/", ("header x-acme-api-key", "header x-auth-token")),
    ([("Idempotency-Key", "abc"), ("X-Request-Id", "1"), ("If-Match", "x"), ("X-CSRF-Token", "1")], "/", ()),
    ([], "/a?api_key=1&page=2", ("query api_key",)),
    ([], "/a?api_key=&apikeys=1&key", ()),
    ([], "/a?access_token=1", ("query access_token",)),
    ([("Cookie", "theme=dark; session=abc")], "/", ("cookie session",)),
    ([("Cookie", "sessionid=abc; csrftoken=1")], "/", ("cookie sessionid",)),
    ([("Cookie", "connect.sid=s%3Aabc; _ga=1")], "/", ("cookie connect.sid",)),
    ([("Cookie", "PHPSESSID=1"), ("Cookie", "my_app_session=1")], "/", ("cookie PHPSESSID", "cookie my_app_session")),
    ([("Cookie", "session=; token")], "/", ()),
    ([("Cookie", "access_token_cookie=1; author=1; sidebar=1; sessions_seen=1")], "/", ("cookie access_token_cookie",)),
    (
        [("Cookie", "session=1"), ("Authorization", "Bearer abc")],
        "/?api_key=1",
        ("bearer", "cookie session", "query api_key"),
    ),
]


@pytest.mark.parametrize(("headers", "target", "expected"), CARRIED)
def test_credentials_of(headers: list[tuple[str, str]], target: str, expected: tuple[str, ...]) -> None:
    assert credentials_of(make_request("GET", target, headers=headers)) == expected


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_a_request_carries_is_sorted_and_once(value: str, query: str) -> None:
    request = make_request(
        "GET", f"/?{query}", headers=[("Cookie", value), ("Authorization", value), ("X-Api-Key", value)]
    )
    found = credentials_of(request)
    assert list(found) == sorted(set(found))


def test_a_name_among_the_components_is_one_that_openapi_allows() -> None:
    assert scheme_name("bearer") == "bearer"
    assert scheme_name("cookie connect.sid") == "cookie.connect.sid"
    assert scheme_name("query x[key]") == "query.x_key_"


def test_a_long_name_is_no_session() -> None:
    assert not is_session("_" * 100_000)
