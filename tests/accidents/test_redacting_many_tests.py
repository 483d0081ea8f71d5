"""Redacting a capture kept the name of every test that it had come across, though it was to take constant memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

from factories import make_exchange

from mirror import Exchange
from mirror.store.naming import AWAY, redacted

LONG = "_that_is_rather_long" * 500


class Open:
    """A cleaner that keeps nothing, and to which every test with a parameter is open."""

    def unnamed(self, exchange: Exchange) -> Exchange:
        return exchange

    named = unnamed

    def is_open(self, text: str) -> bool:
        return "[" in text

    def hide(self, text: str) -> None:
        raise AssertionError(text)


def of_many_tests(number_of: int, parameter: str) -> Iterator[Exchange]:
    for number in range(number_of):
        yield make_exchange(test=f"t.py::test_{number}{LONG}{parameter}")


def test_the_names_of_tests_that_are_over_are_let_go() -> None:
    for parameter in ("", "[1]"):
        sizes = []
        tracemalloc.start()
        try:
            for number, _ in enumerate(redacted(of_many_tests(60 * AWAY, parameter), Open())):
                if number in (10 * AWAY, 58 * AWAY):
                    sizes.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
        assert sizes[1] - sizes[0] < AWAY * len(LONG)


def test_a_test_that_goes_on_is_waited_for() -> None:
    """Also while others are over, and come again."""
    made = [make_exchange(test=f"t.py::test_{'' if number % 40 == 0 else number % 70}[1]") for number in range(150)]
    taken = []

    def take() -> Iterator[Exchange]:
        for exchange in made:
            taken.append(exchange)
            yield exchange

    found = redacted(take(), Open())
    first = next(found)
    assert len(taken) == 150
    assert [first, *found] == made
    taken.clear()
    made[40] = make_exchange(test="t.py::test_40[1]")
    next(redacted(take(), Open()))
    assert len(taken) == AWAY + 1
