"""Accident: a finaliser that ran while its thread held the recorder's lock waited for that lock for ever."""

from __future__ import annotations

from mirror.recorder import Recorder


def test_a_thread_that_holds_the_lock_may_count_again() -> None:
    recorder = Recorder([])
    with recorder._lock:
        recorder.lose("from a finaliser")
        recorder.pass_over("from a signal handler")
    assert (recorder.counts.failed, recorder.counts.ignored) == (1, 1)
