"""``mirror learn --engine dask``: captures learned from by the workers of a Dask cluster.

Each capture is a task that gives a partial model; the parts are joined as a tree, and the last of them comes here. A
task whose worker is gone runs again elsewhere. Models can be joined in any order (law 8), so that the document has the
same bytes whoever learned what.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

from mirror.cli.learning import Learned, Plan, joined, learned_alone
from mirror.errors import LearnError, MirrorError
from mirror.store.remote import EXTRA, Source

BRANCHES = 8
"""Parts that are joined at a time."""
PATIENCE = 20
"""Seconds that a scheduler has to answer."""


def learned_by_dask(
    captures: Sequence[Source], plan: Plan, scheduler: str | None, tell: Callable[[int], None]
) -> Learned:
    """What the captures have shown; ``tell`` is called with the number of those that are done.

    Raises CaptureError for what cannot be read, LearnError for a cluster that cannot be used.
    """
    try:
        from distributed import as_completed
    except ImportError:
        raise LearnError(f"--engine dask needs Dask: {EXTRA}") from None
    if scheduler is not None:  # its workers are in a folder of their own
        captures = [each.absolute() if isinstance(each, Path) else each for each in captures]
    with connected(scheduler, len(captures)) as client:
        futures = [client.submit(learned_alone, each, plan, pure=False) for each in captures]
        last = tree(client, futures)
        for done, future in enumerate(as_completed(futures), start=1):
            if future.status == "error":
                break  # the last one fails with it
            tell(done)
        return Learned.from_bytes(last.result())


def tree(client: Any, futures: Sequence[Any]) -> Any:
    """The future of all parts joined."""
    while len(futures) > 1:
        futures = [
            client.submit(joined, *futures[begin : begin + BRANCHES], pure=False)
            for begin in range(0, len(futures), BRANCHES)
        ]
    return futures[0]


@contextmanager
def connected(scheduler: str | None, tasks: int) -> Iterator[Any]:
    """A client of the scheduler, or of a cluster of processes that is gone at the end. Raises LearnError for what goes
    wrong with either."""
    quieten()
    with ExitStack() as stack:
        try:
            with undisturbed():
                client = client_of(scheduler) if scheduler is not None else client_here(tasks, stack)
        except (OSError, ValueError, RuntimeError) as error:
            if scheduler is None:
                raise LearnError(f"no cluster can be started: {said(error)}; use --engine serial") from None
            remedy = "start one ('dask scheduler'), or leave --scheduler out"
            raise LearnError(f"no scheduler answers at {scheduler}: {said(error)}; {remedy}") from None
        stack.callback(calmly, client.close)
        try:
            yield client
        except MirrorError:
            raise
        except Exception as error:  # whatever a cluster dies of is not to be a traceback
            remedy = "see that its workers have this mirror and enough memory, or use --engine serial"
            raise LearnError(f"the cluster has failed: {said(error)}; {remedy}") from None


def client_of(scheduler: str) -> Any:
    from distributed import Client
    from distributed.comm.addressing import parse_address
    from distributed.comm.registry import get_backend

    get_backend(parse_address(scheduler)[0])  # a client of an unknown one would be told too late
    return Client(scheduler, timeout=PATIENCE)


def client_here(tasks: int, stack: ExitStack) -> Any:
    """A client of a cluster that is closed with ``stack``."""
    from distributed import Client, LocalCluster

    # A worker that is gone is no news: its tasks run again.
    cluster = LocalCluster(
        n_workers=max(1, min(os.cpu_count() or 1, tasks)), threads_per_worker=1, processes=True,
        dashboard_address=":0", memory_limit=0, silence_logs=logging.CRITICAL,
    )  # fmt: skip
    stack.callback(calmly, cluster.close)
    return Client(cluster)


def calmly(close: Callable[[], object]) -> None:
    """Close what is in the middle of something."""
    with undisturbed(), suppress(OSError):
        close()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until the block has ended: a half started cluster cannot be closed.

    Processes that are started in it never see Ctrl-C, which a terminal sends to all: they are told to stop.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told: list[int] = []
    resource_tracker.ensure_running()  # its start would let Ctrl-C in
    before = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        for number in told:
            signal.raise_signal(number)


def quieten() -> None:
    """What the cluster says to itself, of workers that come and go, is nothing for a person."""
    import distributed  # noqa: F401 - it makes the handlers

    for name in ("distributed", "distributed.client", "tornado", "tornado.application"):
        for handler in logging.getLogger(name).handlers:
            handler.setLevel(logging.CRITICAL)


def said(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]:.200}"
