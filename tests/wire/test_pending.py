"""Responses that wait for their requests."""

from __future__ import annotations

import pytest
from factories import make_response

from mirror.wire.message import Message, write_response
from mirror.wire.pending import Expected, Pending


def answer(text: bytes = b"ok") -> Message:
    return write_response(make_response(200, text), "GET")


def test_a_response_is_given_out_once() -> None:
    pending, response = Pending(), answer()
    pending.put("a", Expected("GET", "/", response))
    assert "a" in pending
    assert pending.take("a") is response
    assert pending.take("a") is None
    assert len(pending) == 0


def test_what_is_discarded_is_gone() -> None:
    pending = Pending()
    pending.put("a", Expected("GET", "/", answer()))
    pending.discard("a")
    pending.discard("never there")
    assert pending.take("a") is None
    assert len(pending) == 0


def test_it_is_asked_for_by_id() -> None:
    pending, one, two = Pending(), answer(b"1"), answer(b"2")
    pending.put("1", Expected("GET", "/", one))
    pending.put("2", Expected("GET", "/", two))
    assert pending.take_known([]) is None
    assert pending.take_known(["unknown"]) is None
    assert pending.take_known(["unknown", "2"]) is two
    assert "1" in pending


@pytest.mark.parametrize(
    ("sent", "arrived"),
    [
        ("/a", "/a"),
        ("/a?x=1&y=2", "/a?y=2&x=1"),
        ("/a%2Fb", "/a/b"),
        ("/%7Ea", "/~a"),
        ("//a//b", "/a/b"),
        ("/a/", "/a"),
        ("/", ""),
        ("/caf%C3%A9", "/caf%c3%a9"),
        ("/a/./b", "/a/b"),
    ],
)
def test_without_an_id_it_is_asked_for_by_what_the_path_means(sent: str, arrived: str) -> None:
    pending, response = Pending(), answer()
    pending.put("a", Expected("GET", sent, response))
    assert pending.take_alike("GET", arrived) is response


@pytest.mark.parametrize(
    ("method", "target"), [("POST", "/a"), ("GET", "/b"), ("GET", "/a/b"), ("GET", "/favicon.ico")]
)
def test_a_stranger_takes_nothing(method: str, target: str) -> None:
    pending = Pending()
    pending.put("a", Expected("GET", "/a", answer()))
    assert pending.take_alike(method, target) is None
    assert "a" in pending
