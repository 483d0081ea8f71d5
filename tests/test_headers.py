"""Laws of header fields: bytes are kept as they came, text is a view of them, names have no case."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, strategies as st

from mirror import Headers
from mirror.headers import encode

names = st.binary(min_size=1, max_size=12)
raw = st.lists(st.tuples(names, st.binary(max_size=30)), max_size=8).map(tuple)
latin = st.text(st.characters(max_codepoint=255))


@given(raw)
def test_fields_are_kept_in_order_with_repeats_and_case(fields: tuple[tuple[bytes, bytes], ...]) -> None:
    headers = Headers(fields)
    assert headers.raw == fields
    assert len(headers) == len(fields)


@given(raw)
def test_text_is_a_view_that_loses_nothing(fields: tuple[tuple[bytes, bytes], ...]) -> None:
    headers = Headers(fields)
    assert Headers.from_text(headers) == headers
    assert [(encode(name), encode(value)) for name, value in headers] == list(fields)


@given(raw)
def test_they_survive_a_record(fields: tuple[tuple[bytes, bytes], ...]) -> None:
    headers = Headers(fields)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(headers), type=Headers) == headers


@given(st.lists(st.tuples(st.sampled_from(["A", "a", "B", "Set-Cookie", "set-cookie"]), latin)))
def test_a_name_is_looked_up_without_regard_to_case(fields: list[tuple[str, str]]) -> None:
    headers = Headers.from_text(fields)
    for name, _ in fields:
        values = [value for other, value in fields if other.lower() == name.lower()]
        for written in (name, name.lower(), name.upper()):
            assert headers.get_all(written) == values
            assert headers.get(written) == headers[written] == values[0]
            assert written in headers


def test_a_name_that_is_not_there() -> None:
    headers = Headers(((b"A", b"1"),))
    assert headers.get("b") is None
    assert headers.get("b", "else") == "else"
    assert headers.get_all("b") == []
    assert "b" not in headers
    assert b"A" not in headers
    with pytest.raises(KeyError, match="b"):
        headers["b"]


def test_an_empty_value_is_a_value() -> None:
    headers = Headers(((b"X-Empty", b""),))
    assert headers.get("x-empty") == ""
    assert "x-empty" in headers


@given(raw, raw)
def test_equal_are_those_with_the_same_bytes(
    fields: tuple[tuple[bytes, bytes], ...], others: tuple[tuple[bytes, bytes], ...]
) -> None:
    assert (Headers(fields) == Headers(others)) == (fields == others)
    assert hash(Headers(fields)) == hash(Headers(tuple(fields)))


def test_they_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Headers().raw = ()  # type: ignore[misc]


def test_they_show_their_text() -> None:
    assert repr(Headers(((b"A", b"caf\xe9"),))) == "Headers([('A', 'caf\xe9')])"


@given(latin)
def test_latin_text_is_one_byte_for_each_character(text: str) -> None:
    assert encode(text).decode("latin-1") == text


@given(st.text(st.characters(min_codepoint=256, exclude_categories=["Cs"]), min_size=1))
def test_other_text_is_utf_8(text: str) -> None:
    assert encode(text).decode() == text
