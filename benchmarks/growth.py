"""What is left behind by many exchanges: memory, entries, descriptors, connections.

Runs in a process of its own, because memory that another case has used would be used again here unseen. As a script,
it does the work and prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from flask.testing import FlaskClient
from kernel import descriptors, require_linux, resident, time_wait
from report import Options, Row
from werkzeug.test import EnvironBuilder

EXCHANGES = 100_000
NAIVE = 1_000
# By then the caches are full, the history too, and the allocator has its arenas.
WARM = 20_000


class Figures(NamedTuple):
    """``memory`` is in bytes."""

    memory: int
    pending: int
    descriptors: int
    time_wait: int

    def since(self, before: Figures) -> Figures:
        return Figures(*(now - then for now, then in zip(self, before, strict=True)))


def growth(options: Options) -> Iterator[Row]:
    """Growth over 100,000 exchanges (a million with --million): memory, pending entries, descriptors, TIME_WAIT.

    Flask calls with a path of their own each, after a warm-up of 20,000. The naive way is measured over 1,000.
    """
    require_linux()
    exchanges = 1_000_000 if options.million else EXCHANGES
    ours, naive = run(exchanges), run(NAIVE, "--naive")
    over = f"over {exchanges:,} exchanges"
    yield Row(
        f"memory, {over}", ours.memory / 1e6, 1.0, " MB", beside=f"naive {naive.memory / NAIVE / 1e3:.1f} KB each"
    )
    yield Row(f"pending entries, {over}", ours.pending, 0, digits=0, beside=f"naive {naive.pending:,} of {NAIVE:,}")
    yield Row(f"open descriptors, {over}", ours.descriptors, 0, digits=0, beside=f"naive {naive.descriptors}")
    yield Row(f"TIME_WAIT, {over}", ours.time_wait, 0, digits=0, beside=f"naive {naive.time_wait:,} of {NAIVE:,}")


def run(exchanges: int, *arguments: str) -> Figures:
    command = [sys.executable, str(Path(__file__)), str(exchanges), *arguments]
    return Figures(*json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))


def call(client: FlaskClient, exchanges: int) -> None:
    """Calls with a path of their own each.

    The environ is copied, because making one anew takes longer than the rest and is nothing of mirror's.
    """
    environ = EnvironBuilder(path="/items/0").get_environ()
    run = client.run_wsgi_app
    for number in range(exchanges):
        path = f"/items/{number}"
        mine = {**environ, "PATH_INFO": path, "REQUEST_URI": path, "RAW_URI": path, "wsgi.input": BytesIO()}
        body, _, _ = run(mine, buffered=True)
        b"".join(body)


def call_open(client: FlaskClient, exchanges: int) -> None:
    for number in range(exchanges):
        client.get(f"/items/{number}")


def soak(exchanges: int) -> Figures:
    """What so many mirrored calls leave behind."""
    from apps import flask_app

    from mirror import Mirror

    client = flask_app().test_client()
    with Mirror() as mirror:

        def look() -> Figures:
            gc.collect()
            return Figures(resident(), len(mirror.pending), descriptors(), time_wait(mirror.port))

        call(client, WARM)
        look()  # looking takes memory too
        before = look()
        call(client, exchanges)
        after = look()
        counts = mirror.counts
    if counts.published != counts.made or counts.made != WARM + exchanges:
        raise RuntimeError(f"not every exchange was published: {counts}")
    return after.since(before)


def soak_naively(exchanges: int) -> Figures:
    from apps import flask_app
    from naive import NaiveFlaskClient, naive_echo

    app = flask_app()
    with ExitStack() as stack:
        client = NaiveFlaskClient(app, app.response_class)
        client.echo = echo = stack.enter_context(naive_echo())

        def look() -> Figures:
            gc.collect()
            return Figures(resident(), len(echo.responses), descriptors(), time_wait(echo.port))

        call_open(client, exchanges // 2)
        look()
        before = look()
        call_open(client, exchanges)
        return look().since(before)


def main() -> None:
    parser = argparse.ArgumentParser(description="Print what so many exchanges leave behind, as JSON.")
    parser.add_argument("exchanges", type=int)
    parser.add_argument("--naive", action="store_true")
    options = parser.parse_args()
    print(json.dumps(soak_naively(options.exchanges) if options.naive else soak(options.exchanges)))


if __name__ == "__main__":
    main()
