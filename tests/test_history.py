"""The newest exchanges, and a bound to them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from mirror import Exchange, Headers, Request, Response
from mirror.history import History


def exchange(number: int, size: int = 0) -> Exchange:
    """An exchange with ``size`` bytes of bodies, half in the request and half in the response."""
    request = Request("GET", f"/{number}", Headers(), (b"q" * (size // 2),))
    return Exchange(
        str(number), request, Response(200, "OK", Headers(), (b"r" * (size - size // 2),)), "wsgi", 0.0, 0.0
    )


def kept(history: History) -> list[int]:
    return [int(exchange.id) for exchange in history()]


@pytest.mark.parametrize(
    ("limit", "expected"), [(None, [0, 1, 2, 3]), (4, [0, 1, 2, 3]), (2, [2, 3]), (1, [3]), (0, [])]
)
def test_as_many_as_the_limit_says_oldest_first(limit: int | None, expected: list[int]) -> None:
    history = History(limit)
    for number in range(4):
        assert not history.write(exchange(number))
    assert kept(history) == expected


def test_as_many_bytes_as_the_size_says() -> None:
    history = History(1000, size=10)
    for number, size in enumerate([4, 4, 2, 5]):
        history.write(exchange(number, size))
    assert kept(history) == [2, 3]


def test_the_newest_is_kept_even_where_it_alone_is_too_large() -> None:
    history = History(1000, size=10)
    for number, size in enumerate([4, 11]):
        history.write(exchange(number, size))
    assert kept(history) == [1]
    history.write(exchange(2, 4))
    assert kept(history) == [2]


def test_without_a_limit_there_is_no_size_either() -> None:
    history = History(None, size=10)
    for number in range(3):
        history.write(exchange(number, 8))
    assert kept(history) == [0, 1, 2]


def test_what_it_hands_out_is_a_copy() -> None:
    history = History(10)
    history.write(exchange(0))
    handed_out = history()
    history.write(exchange(1))
    assert len(handed_out) == 1


def test_since_the_mark() -> None:
    history = History(3)
    history.write(exchange(0))
    history.mark()
    assert kept(history) == []
    for number in range(1, 6):
        history.write(exchange(number))
        assert kept(history) == list(range(max(1, number - 2), number + 1))
    history.mark()
    assert kept(history) == []
    assert [int(each.id) for each in history.all] == [3, 4, 5]


def test_many_threads_at_once() -> None:
    history = History(50, size=400)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(history.write, [exchange(number, 8) for number in range(2000)]))
    assert len(set(kept(history))) == len(kept(history)) <= 50
