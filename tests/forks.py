"""Work in a forked child, which is waited for with patience and no longer: beside threads a fork may find a lock taken
for ever."""

from __future__ import annotations

import os
import signal
import time
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import pytest

PATIENCE = 60  # seconds

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")


def in_a_child(work: Callable[[], Any]) -> None:
    """``work`` in a forked child. Fails where it raises, or does not end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks in a process with threads, since Python 3.12
        child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert status_of(child) == 0, "the child failed"


def status_of(child: int) -> int:
    """The exit status of a child, when it has ended. Fails, and ends it, where it does not."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    pytest.fail(f"the child did not end within {PATIENCE} seconds")
