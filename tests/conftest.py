"""What every test gets: ``pytester``, an environment that says nothing to mirror, and a look at what is left behind."""

from __future__ import annotations

import functools
import gc
import os
import re
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import settings

# Tests assert no times. (Where CI is set, Hypothesis loads a profile of its own, which has no deadline either.)
if "CI" not in os.environ:
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")

# A forked child is not measured: another thread may have had coverage's lock at the fork, and the child's first line
# would wait for it for ever. Before mirror's own hooks for forks, which are such lines; a C function is none itself.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=functools.partial(sys.settrace, None))

# Who is begun in the background, or by nohup, ignores Ctrl-C, and so does all that it begins: tests of it would wait.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

from mirror.config import OPTIONS

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def no_mirror_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own MIRROR_PORT must not reach the tests."""
    monkeypatch.delenv("MIRROR", raising=False)
    for option in OPTIONS:
        monkeypatch.delenv(f"MIRROR_{option.name.upper()}", raising=False)


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No thread of a mirror outlives the tests, and no socket or file of anybody.

    (An unclosed socket of Python's own is a ResourceWarning, and so an error; mirror's are of the C class, which warns
    of nothing.)
    """
    threads, descriptors = mirror_threads(), open_descriptors()
    yield
    gc.collect()
    assert mirror_threads() <= threads
    assert open_descriptors() <= descriptors


def open_descriptors() -> Counter[str]:
    """What sockets and files this process has open, where the system tells: sockets counted, files by their names.

    Not those that other tools keep for the whole run: what pytest captures into (files without a name), coverage's and
    Hypothesis's stores, the device files and pipes of everybody.
    """
    found: Counter[str] = Counter()
    with suppress(OSError):
        for each in os.listdir("/proc/self/fd"):
            with suppress(OSError):
                name = os.readlink(f"/proc/self/fd/{each}")
                if name.startswith("socket:"):
                    found["sockets"] += 1
                elif name.startswith("/") and not name.startswith(("/dev/", "/proc/")) and not KEPT.search(name):
                    found[name] += 1
    return found


KEPT = re.compile(r" \(deleted\)$|\.coverage|\.hypothesis")


def mirror_threads() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("mirror-")}
