"""Exchanges written down: RFC 9112 by example. (That an independent parser agrees is law 3, in tests/laws.)"""

from __future__ import annotations

import pytest
from factories import make_request, make_response

from mirror import Headers, Request
from mirror.errors import WireError
from mirror.wire.message import ONE_WRITE, write_request, write_response

Fields = list[tuple[str, str]]


def request(*chunks: bytes, fields: Fields = []) -> tuple[bytes, list[str]]:  # noqa: B006
    message = write_request(make_request("POST", "/x", *chunks, headers=fields))
    return bytes(message).removeprefix(b"POST /x HTTP/1.1\r\nHost: testserver\r\n"), list(message.mends)


def response(*chunks: bytes, status: int = 200, fields: Fields = [], method: str = "GET") -> tuple[bytes, list[str]]:  # noqa: B006
    message = write_response(make_response(status, *chunks, headers=fields), method)
    return bytes(message).removeprefix(b"HTTP/1.1 %d OK\r\n" % status), list(message.mends)


LENGTH_5 = ("Content-Length", "5")
CHUNKED = ("Transfer-Encoding", "chunked")


def test_a_message_is_what_was_exchanged() -> None:
    message = write_request(make_request("QUERY", "//a%2Fb?", b"hello", headers=[("x-a", "1"), LENGTH_5, ("x-a", "")]))
    assert bytes(message) == (
        b"QUERY //a%2Fb? HTTP/1.1\r\nHost: testserver\r\nx-a: 1\r\nContent-Length: 5\r\nx-a: \r\n\r\nhello"
    )
    answer = write_response(make_response(299, b"hi", headers=[("Content-Length", "2")], reason=""), "GET")
    assert bytes(answer) == b"HTTP/1.1 299 \r\nContent-Length: 2\r\n\r\nhi"
    assert not message.mends
    assert not answer.mends


@pytest.mark.parametrize(
    ("chunks", "fields", "expected"),
    [
        ([], [], b"\r\n"),
        ([b""], [], b"\r\n"),
        ([b"he", b"llo"], [], b"Content-Length: 5\r\n\r\nhello"),
        ([b"he", b"llo"], [LENGTH_5], b"Content-Length: 5\r\n\r\nhello"),
        ([b"he", b"llo"], [CHUNKED], b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
        ([b"he", b"", b"llo"], [CHUNKED], b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
        ([], [CHUNKED], b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ([], [("Content-Length", "0")], b"Content-Length: 0\r\n\r\n"),
        ([b"hello"], [("Content-Length", " 05 ")], b"Content-Length:  05 \r\n\r\nhello"),
    ],
)
def test_true_framing_of_a_request_stands(chunks: list[bytes], fields: Fields, expected: bytes) -> None:
    assert request(*chunks, fields=fields) == (expected, [])


@pytest.mark.parametrize(
    "fields",
    [
        [("Content-Length", "0")],
        [("content-length", "99")],
        [("Content-Length", "five")],
        [("Content-Length", "")],
        [("Content-Length", "+5")],
        [("Content-Length", "5, 5")],
        [LENGTH_5, LENGTH_5],
        [LENGTH_5, ("Content-Length", "6")],
        [LENGTH_5, CHUNKED],
        [CHUNKED, LENGTH_5],
        [CHUNKED, CHUNKED],
        [("Transfer-Encoding", "gzip")],
        [("Transfer-Encoding", "gzip, chunked")],
    ],
)
def test_untrue_framing_of_a_request_is_mended_in_its_place(fields: Fields) -> None:
    written, mends = request(b"hello", fields=[("A", "1"), *fields, ("B", "2")])
    assert written.lower() == b"a: 1\r\ncontent-length: 5\r\nb: 2\r\n\r\nhello"
    assert len(mends) == 1
    assert all(f"{name}: {value}" in mends[0] for name, value in fields)
    assert mends[0].endswith("before a body of 5 bytes")


@pytest.mark.parametrize(
    ("chunks", "fields", "expected"),
    [
        ([], [], b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ([b"a", b"b"], [], b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"),
        ([b"a", b"b"], [CHUNKED], b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"),
        ([b"he", b"llo"], [LENGTH_5], b"Content-Length: 5\r\n\r\nhello"),
        ([b"hello"], [LENGTH_5], b"Content-Length: 5\r\n\r\nhello"),
        ([], [("Content-Length", "0")], b"Content-Length: 0\r\n\r\n"),
    ],
)
def test_true_framing_of_a_response_stands(chunks: list[bytes], fields: Fields, expected: bytes) -> None:
    assert response(*chunks, fields=fields) == (expected, [])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([("Content-Length", "2")], b"Content-Length: 5\r\n\r\nhello"),
        ([("Content-Length", "-1")], b"Content-Length: 5\r\n\r\nhello"),
        ([LENGTH_5, LENGTH_5], b"Content-Length: 5\r\n\r\nhello"),
        ([LENGTH_5, CHUNKED], b"Content-Length: 5\r\n\r\nhello"),
        ([CHUNKED, LENGTH_5], b"Content-Length: 5\r\n\r\nhello"),
        ([("Transfer-Encoding", "gzip")], b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        ([CHUNKED, CHUNKED], b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    ],
)
def test_untrue_framing_of_a_response_is_mended(fields: Fields, expected: bytes) -> None:
    written, mends = response(b"hello", fields=fields)
    assert written == expected
    assert len(mends) == 1


def test_trailers_follow_a_chunked_body() -> None:
    message = write_response(make_response(200, b"a", trailers=[("x-sum", "1"), ("x-sum", "2")]), "GET")
    assert bytes(message).endswith(b"1\r\na\r\n0\r\nx-sum: 1\r\nx-sum: 2\r\n\r\n")
    assert not message.mends


@pytest.mark.parametrize("trailer", [("a b", "1"), ("a", "1\r\nInjected: 1")])
def test_a_mend_of_a_trailer_is_reported(trailer: tuple[str, str]) -> None:
    assert len(write_response(make_response(200, b"a", trailers=[trailer]), "GET").mends) == 1


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304), ("GET", 103), ("GET", 199)])
def test_a_response_without_a_body_is_its_head(method: str, status: int) -> None:
    written, mends = response(status=status, method=method, fields=[("Content-Length", "1234")])
    assert (written, mends) == (b"Content-Length: 1234\r\n\r\n", [])
    written, mends = response(b"oops", status=status, method=method)
    assert written == b"\r\n"
    assert mends == [f"a body left out: {status} to {method} has none"]


@pytest.mark.parametrize("status", [101, 204])
def test_no_coding_stands_where_no_body_can(status: int) -> None:
    written, mends = response(status=status, fields=[CHUNKED])
    assert written == b"\r\n"
    assert mends == [f"response framing: Transfer-Encoding left out of a {status}"]


@pytest.mark.parametrize("value", ["a\r\nInjected: 1", "a\nb", "a\rb", "a\0b", "a\r\n\r\nb"])
def test_a_field_stays_one_field(value: str) -> None:
    written, mends = request(fields=[("X", value)])
    assert written.count(b"\n") == 2
    assert written.startswith(b"X: a ")
    assert mends == ["a line break in the value of X"]


@pytest.mark.parametrize("name", ["", " ", "a b", "a:b", "a\r\nb", "caf\xe9", ":authority", "Content-Length "])
def test_a_field_whose_name_is_no_token_is_left_out(name: str) -> None:
    written, mends = response(b"ok", fields=[(name, "x"), ("Content-Length", "2")])
    assert written == b"Content-Length: 2\r\n\r\nok"
    assert mends == [f"a header field left out: its name {name!r} is not a token"]


@pytest.mark.parametrize("value", [b"caf\xe9", b"\xff\x80", b"\x01\x7f", b" padded\t", b"v" * 100_000])
def test_all_other_bytes_of_a_value_travel(value: bytes) -> None:
    message = write_request(Request("GET", "/", Headers(((b"Host", b"h"), (b"X", value)))))
    assert b"\r\nX: " + value + b"\r\n\r\n" in bytes(message)
    assert not message.mends


@pytest.mark.parametrize("reason", ["", " ", "Fine ", "sch\xf6n", "a\tb"])
def test_a_reason_stands(reason: str) -> None:
    message = write_response(make_response(200, b"", headers=[("Content-Length", "0")], reason=reason), "GET")
    assert bytes(message).startswith(f"HTTP/1.1 200 {reason}\r\nContent".encode("latin-1"))
    assert not message.mends


@pytest.mark.parametrize("reason", ["OK\r\nInjected: 1", "\r\n", "\0"])
def test_a_reason_does_not_break_its_line(reason: str) -> None:
    message = write_response(make_response(200, reason=reason), "HEAD")
    assert bytes(message).count(b"\n") == 2
    assert message.mends == ("a line break in the reason phrase",)


@pytest.mark.parametrize("method", ["", "GE T", "GET\r\n", "caf\xe9", "a/b"])
def test_a_method_that_is_no_token_cannot_be_written(method: str) -> None:
    with pytest.raises(WireError, match="is not a token"):
        write_request(make_request(method))


@pytest.mark.parametrize("target", ["", "/a b", "/\r\nX: 1", "/\x7f", "/caf\xe9"])
def test_a_target_that_no_request_line_can_carry(target: str) -> None:
    with pytest.raises(WireError, match="request target"):
        write_request(make_request("GET", target))


@pytest.mark.parametrize("status", [0, 99, 1000, -1])
def test_a_status_has_three_digits(status: int) -> None:
    with pytest.raises(WireError, match="three digits"):
        write_response(make_response(status), "GET")


@pytest.mark.parametrize(("size", "blocks"), [(0, 1), (ONE_WRITE // 2, 1), (ONE_WRITE * 10, 2)])
def test_a_message_leaves_in_one_write_where_it_can(size: int, blocks: int) -> None:
    message = write_response(make_response(200, b"x" * size, headers=[("Content-Length", str(size))]), "GET")
    assert len(message.blocks) == blocks
    assert message.size == len(bytes(message)) == sum(map(len, message.blocks))


def test_many_small_chunks_are_gathered() -> None:
    message = write_response(make_response(200, *[b"x" * 100] * 1000), "GET")
    assert all(len(block) <= ONE_WRITE for block in message.blocks)
    assert len(message.blocks) <= 1 + message.size // (ONE_WRITE // 2)


@pytest.mark.parametrize(("method", "status"), [("CONNECT", 200), ("GET", 103), ("GET", 101)])
def test_nothing_follows_what_an_observer_cannot_tell_the_end_of(method: str, status: int) -> None:
    assert write_response(make_response(status), method).last
    assert not write_response(make_response(200), "GET").last


def test_what_is_added_comes_last() -> None:
    message = write_request(make_request("GET", "/", headers=[("A", "1")]), None, [(b"Connection", b"close")])
    assert bytes(message).endswith(b"A: 1\r\nConnection: close\r\n\r\n")
    message = write_request(make_request("GET", "/x"), "http://127.0.0.1:1/x")
    assert bytes(message).startswith(b"GET http://127.0.0.1:1/x HTTP/1.1\r\n")
