"""The values that everything else is about."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, strategies as st

from mirror import Exchange, Headers, Request, Response, Route
from mirror.exchange import carries_no_body

REQUEST = Request("POST", "/a//b%2Fc?x=1?y", Headers(((b"host", b"shop.example:81"),)), (b"one", b"", b"two"), "https")
RESPONSE = Response(201, "Created", Headers(), (b"a", b"b"), Headers(((b"x-sum", b"2"),)))
EXCHANGE = Exchange(
    "id-1",
    REQUEST,
    RESPONSE,
    "wsgi",
    1e9,
    0.25,
    Route("/a/<b>", "a.b", "Does a."),
    "ValueError: boom",
    "test_a.py::test",
)


def test_a_request_target_is_path_and_query_still_encoded() -> None:
    assert REQUEST.path == "/a//b%2Fc"
    assert REQUEST.query == "x=1?y"
    assert REQUEST.authority == "shop.example:81"
    assert REQUEST.url == "https://shop.example:81/a//b%2Fc?x=1?y"


def test_a_request_without_a_host_has_an_empty_authority() -> None:
    assert Request("GET", "*", Headers()).authority == ""


@given(st.lists(st.binary()).map(tuple))
def test_a_body_is_its_chunks_joined(chunks: tuple[bytes, ...]) -> None:
    assert Request("PUT", "/", Headers(), chunks).body == b"".join(chunks)
    assert Response(200, "OK", Headers(), chunks).body == b"".join(chunks)


@pytest.mark.parametrize("value", [REQUEST, RESPONSE, EXCHANGE, Route("/")])
def test_values_are_frozen_equal_and_hashable(value: msgspec.Struct) -> None:
    field = value.__struct_fields__[0]
    with pytest.raises(AttributeError):
        setattr(value, field, None)
    twin = msgspec.structs.replace(value)
    assert twin is not value
    assert twin == value
    assert hash(twin) == hash(value)


def test_an_exchange_survives_a_record() -> None:
    for encode, decode in (
        (msgspec.json.encode, msgspec.json.decode),
        (msgspec.msgpack.encode, msgspec.msgpack.decode),
    ):
        assert decode(encode(EXCHANGE), type=Exchange) == EXCHANGE


@pytest.mark.parametrize(
    ("method", "status", "nothing"),
    [
        ("GET", 200, False),
        ("HEAD", 200, True),
        ("HEAD", 404, True),
        ("GET", 103, True),
        ("GET", 199, True),
        ("GET", 204, True),
        ("GET", 205, False),
        ("GET", 304, True),
        ("CONNECT", 200, False),
        ("POST", 599, False),
    ],
)
def test_which_responses_end_with_their_header_section(method: str, status: int, nothing: bool) -> None:
    assert carries_no_body(method, status) == nothing
