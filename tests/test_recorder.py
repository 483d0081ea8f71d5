"""made = published + failed + ignored: whatever sinks do, from however many threads."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import msgspec
import pytest
from hypothesis import given, strategies as st

from mirror import Counts, Exchange, Headers, Request, Response
from mirror.counts import describe
from mirror.errors import WireError
from mirror.recorder import Recorder


def exchange(number: int = 0) -> Exchange:
    return Exchange(
        str(number), Request("GET", f"/{number}", Headers()), Response(200, "OK", Headers()), "wsgi", 0.0, 0.0
    )


class Keeping:
    """A sink that keeps what it gets."""

    def __init__(self, *remarks: str) -> None:
        self.kept: list[str] = []
        self.remarks = remarks

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        self.kept.append(exchange.id)
        return self.remarks


class Raising:
    """A sink that raises what ``error`` says for an exchange, where it says something."""

    def __init__(self, error: Callable[[Exchange], BaseException | None]) -> None:
        self.error = error

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        error = self.error(exchange)
        if error is not None:
            raise error
        return ()


def assert_adds_up(counts: Counts) -> None:
    assert counts.made == counts.published + counts.failed + counts.ignored
    assert counts.failed == sum(counts.failures.values())
    assert counts.ignored == sum(counts.ignores.values())


def test_an_exchange_reaches_every_sink_in_order() -> None:
    order: list[str] = []
    recorder = Recorder([Raising(lambda _: order.append("first")), Raising(lambda _: order.append("second"))])
    recorder.record(exchange())
    assert order == ["first", "second"]
    assert recorder.counts == Counts(1, 1)


def test_without_sinks_an_exchange_is_published_to_all_of_them() -> None:
    recorder = Recorder([])
    recorder.record(exchange())
    assert recorder.counts == Counts(1, 1)


# Losses -------------------------------------------------------------------------------------------------------------


def test_a_sink_that_raises_costs_its_exchange_and_nothing_else() -> None:
    sink, told = Keeping(), []
    recorder = Recorder([Raising(lambda _: OSError("the disk is full")), sink], on_loss=told.append)
    for number in range(3):
        recorder.record(exchange(number))
    assert sink.kept == ["0", "1", "2"]
    assert recorder.counts == Counts(3, 0, 3, 0, {"OSError: the disk is full": 3})
    assert told == ["OSError: the disk is full"]


def test_two_sinks_that_raise_are_one_loss_by_the_first_reason() -> None:
    recorder = Recorder([Raising(lambda _: OSError("first")), Raising(lambda _: OSError("second"))])
    recorder.record(exchange())
    assert recorder.counts == Counts(1, 0, 1, 0, {"OSError: first": 1})


def test_reasons_are_counted_apart() -> None:
    recorder = Recorder([Raising(lambda one: ValueError("odd") if int(one.id) % 2 else KeyError("even"))])
    for number in range(5):
        recorder.record(exchange(number))
    assert recorder.counts.failures == {"ValueError: odd": 2, "KeyError: 'even'": 3}
    assert_adds_up(recorder.counts)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit, BaseException])
def test_what_interrupts_the_program_goes_on_as_the_same_object_and_is_counted(kind: type[BaseException]) -> None:
    interrupt = kind("stop")
    recorder = Recorder([Raising(lambda _: interrupt)])
    with pytest.raises(kind) as info:
        recorder.record(exchange())
    assert info.value is interrupt
    assert recorder.counts == Counts(1, 0, 1, 0, {f"{kind.__name__}: stop": 1})


def test_what_never_became_an_exchange_is_a_loss() -> None:
    told: list[str] = []
    recorder = Recorder([], on_loss=told.append)
    recorder.lose("the request could not be read")
    recorder.lose("the request could not be read")
    assert recorder.counts == Counts(2, 0, 2, 0, {"the request could not be read": 2})
    assert told == ["the request could not be read"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("boom"), "ValueError: boom"),
        (ValueError("boom\nand more"), "ValueError: boom"),
        (ValueError(), "ValueError"),
        (WireError("the echo is gone"), "the echo is gone"),
        (KeyError("a"), "KeyError: 'a'"),
    ],
)
def test_a_reason_is_one_line(error: BaseException, words: str) -> None:
    assert describe(error) == words


# What is not kept ---------------------------------------------------------------------------------------------------


def test_what_is_ignored_reaches_no_sink() -> None:
    sink = Keeping()
    recorder = Recorder([sink], lambda one: "odd" if int(one.id) % 2 else None)
    for number in range(5):
        recorder.record(exchange(number))
    recorder.pass_over("of another kind")
    assert sink.kept == ["0", "2", "4"]
    assert recorder.counts == Counts(6, 3, 0, 3, {}, {"odd": 2, "of another kind": 1})


def test_after_the_end_nothing_is_recorded() -> None:
    sink = Keeping()
    recorder = Recorder([sink])
    recorder.close("made too late")
    recorder.record(exchange())
    assert not sink.kept
    assert recorder.counts.ignores == {"made too late": 1}


def test_abandoned_it_drops_what_waits() -> None:
    recorder = Recorder([Keeping()])
    recorder.defer(exchange(1))
    recorder.abandon("in a child")
    recorder.record(exchange(2))
    assert recorder.counts == Counts(1, 0, 0, 1, {}, {"in a child": 1})


# What is mended, deferred, unfinished -------------------------------------------------------------------------------


def test_remarks_are_counted_and_cost_nothing() -> None:
    recorder = Recorder([Keeping("a length was wrong"), Keeping()])
    recorder.record(exchange())
    recorder.remark("a length was wrong")
    assert recorder.counts == Counts(1, 1, remarks={"a length was wrong": 2})


def test_what_a_finaliser_defers_is_recorded_with_the_next_one() -> None:
    sink = Keeping()
    recorder = Recorder([sink])
    recorder.defer(exchange(1))
    assert recorder.counts.made == 0
    recorder.record(exchange(2))
    assert sink.kept == ["1", "2"]


def test_what_is_deferred_is_recorded_at_the_latest_in_the_end() -> None:
    recorder = Recorder([Keeping()])
    recorder.defer(exchange(1))
    recorder.defer(exchange(2))
    recorder.close("late")
    assert recorder.counts == Counts(2, 2)


def test_what_is_unfinished_is_recorded_in_the_end_if_it_still_lives() -> None:
    recorder = Recorder([Keeping()])

    class Call:
        def finish(self, *, complete: bool) -> None:
            assert not complete
            recorder.record(exchange())

    alive, dead = Call(), Call()
    recorder.unfinished.add(alive)
    recorder.unfinished.add(dead)
    del dead
    gc.collect()
    recorder.close("late")
    assert recorder.counts == Counts(1, 1)


# Threads and reentrancy ---------------------------------------------------------------------------------------------


@contextmanager
def hasty_threads() -> Iterator[None]:
    """The interpreter changes threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def test_numbers_add_up_under_threads() -> None:
    threads, each, told = 8, 300, []
    sink = Keeping("mended")
    recorder = Recorder(
        [sink, Raising(lambda one: OSError("seven") if int(one.id) % 7 == 0 else None)],
        lambda one: "five" if int(one.id) % 5 == 0 else None,
        told.append,
    )
    start = threading.Barrier(threads)

    def work() -> None:
        start.wait()
        for number in range(each):
            recorder.record(exchange(number))
            recorder.remark("noted")
            recorder.defer(exchange(1))

    with hasty_threads(), ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(work) for _ in range(threads)]:
            future.result()
    recorder.drain()
    ignored = sum(number % 5 == 0 for number in range(each)) * threads
    failed = sum(number % 7 == 0 and number % 5 != 0 for number in range(each)) * threads
    made = 2 * each * threads
    assert recorder.counts == Counts(
        made,
        made - failed - ignored,
        failed,
        ignored,
        {"OSError: seven": failed},
        {"five": ignored},
        {"mended": made - ignored, "noted": each * threads},
    )
    assert len(sink.kept) == made - ignored
    assert told == ["OSError: seven"]


def test_a_sink_that_makes_an_exchange_itself_is_counted_once_for_each() -> None:
    outer_and_inner: list[str] = []

    class Reentrant:
        def write(self, one: Exchange) -> tuple[str, ...]:
            if one.id == "1":
                recorder.record(exchange(2))
            outer_and_inner.append(one.id)
            return ()

    recorder = Recorder([Reentrant()])
    recorder.record(exchange(1))
    assert outer_and_inner == ["2", "1"]
    assert recorder.counts == Counts(2, 2)


def test_on_loss_may_look_at_the_counts_and_record() -> None:
    seen: list[Counts] = []

    def look(loss: str) -> None:
        seen.append(recorder.counts)
        recorder.record(exchange(2))

    recorder = Recorder([Raising(lambda _: OSError("no"))], on_loss=look)
    recorder.record(exchange(1))
    assert seen == [Counts(1, 0, 1, 0, {"OSError: no": 1})]
    assert recorder.counts.made == 2


def test_no_two_exchanges_have_one_id() -> None:
    recorders = [Recorder([]), Recorder([])]
    with hasty_threads(), ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: recorders[number % 2].new_id(), range(2000)))
    assert len(set(ids)) == len(ids)


# Numbers ------------------------------------------------------------------------------------------------------------

reasons = st.dictionaries(st.sampled_from("abc"), st.integers(1, 9), max_size=3)
numbers = st.builds(
    lambda published, failures, ignores, remarks: Counts(
        published + sum(failures.values()) + sum(ignores.values()),
        published,
        sum(failures.values()),
        sum(ignores.values()),
        failures,
        ignores,
        remarks,
    ),
    st.integers(0, 9),
    reasons,
    reasons,
    reasons,
)


@given(numbers, numbers, numbers)
def test_the_numbers_of_many_workers_add_up_in_any_order(one: Counts, two: Counts, three: Counts) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + Counts() == one
    assert_adds_up(one + two + three)


@given(numbers)
def test_numbers_travel_as_plain_data(counts: Counts) -> None:
    assert Counts(**msgspec.to_builtins(counts)) == counts
