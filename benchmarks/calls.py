"""What a call costs the test that makes it: mirrored against bare, through the clients that tests use.

One Mirror stays open throughout; its observers are attached before a mirrored block and detached after it, untimed. So
the bare blocks run what a user without mirror runs, in the same process and between the same neighbours.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from itertools import count

import requests
from apps import flask_app, live_server, starlette_app
from blocks import BLOCK, Timings, Variant, measure
from flask.testing import FlaskClient
from naive import NaiveFlaskClient, NaiveTestClient, naive_echo
from report import Options, Row
from starlette.testclient import TestClient

from mirror import Mirror
from mirror.adapters.flask import MirrorClient
from mirror.adapters.seams import attach
from mirror.adapters.starlette import MirrorTestClient

Around = Callable[[], AbstractContextManager[object]]

THREADS = 8


def attached(mirror: Mirror, module: str) -> Around:
    """What mirrors the clients of a module for the length of a block."""

    @contextmanager
    def around() -> Iterator[None]:
        detach = attach(sys.modules[module], mirror.recorder)
        try:
            yield
        finally:
            detach()

    return around


def lossless(mirror: Mirror) -> None:
    """Raises RuntimeError where an exchange was lost: then what was measured is not mirroring."""
    counts = mirror.counts
    if counts.failed or counts.ignored or counts.remarks or counts.published != counts.made:
        raise RuntimeError(f"not every exchange was published: {counts}")


def row(what: str, timings: Timings, target: float | None, name: str = "mirrored", beside: str = "") -> Row:
    ratio = timings.ratio(name, "bare")
    return Row(what, ratio.value, target, spread=ratio.spread, beside=beside, median=str(timings))


def flask_call(_: Options) -> Iterator[Row]:
    """A mirrored Flask call / a bare one, trivial endpoint; beside it the naive way and a live server.

    The live server is stock Werkzeug in a process of its own, called with ``requests``: what pytest-flask's live_server
    fixture is. It stands for the other way to make tests visible on a network, that of rewriting them.
    """
    app = flask_app()
    client = app.test_client()
    naive_client = NaiveFlaskClient(app, app.response_class)
    with ExitStack() as stack:
        url = stack.enter_context(live_server()) + "/ping"
        naive_client.echo = stack.enter_context(naive_echo())
        mirror = stack.enter_context(Mirror(attach=False))
        swapped = MirrorClient(app, app.response_class, mirror=mirror)
        timings = measure(
            [
                Variant("bare", lambda: client.get("/ping")),
                Variant("mirrored", lambda: client.get("/ping"), attached(mirror, "werkzeug.test")),
                Variant("MirrorClient", lambda: swapped.get("/ping"), every=4),
                Variant("naive", lambda: naive_client.get("/ping"), every=20, uncounted=2),
                Variant("live server", lambda: requests.get(url, timeout=10), every=20, uncounted=2),
            ],
            seconds=10,
            rounds=60,
        )
        lossless(mirror)
    naive, live = timings.ratio("naive", "bare").value, timings.ratio("live server", "bare").value
    yield row("mirrored Flask call / bare", timings, 1.25, beside=f"naive {naive:.1f}, live server {live:.1f}")
    yield row("the same by MirrorClient", timings, None, "MirrorClient")


def flask_kinds(_: Options) -> Iterator[Row]:
    """The same for calls that mirror cannot know from the call before: another path each time; a POST with a body."""
    client = flask_app().test_client()
    number = count()
    kinds: dict[str, Callable[[], object]] = {
        "Flask GET, another path each time: mirrored / bare": lambda: client.get(f"/items/{next(number)}"),
        "Flask POST of JSON: mirrored / bare": lambda: client.post("/echo", json={"number": 1}),
    }
    with Mirror(attach=False) as mirror:
        for what, call in kinds.items():
            variants = [Variant("bare", call), Variant("mirrored", call, attached(mirror, "werkzeug.test"))]
            yield row(what, measure(variants, seconds=3, rounds=40), None)
        lossless(mirror)


def starlette_call(_: Options) -> Iterator[Row]:
    """A mirrored call of Starlette's TestClient / a bare one, trivial endpoint, in and outside ``with client``.

    Outside, the client starts a thread with an event loop for every call; inside, one loop serves them all.
    """
    app = starlette_app()
    for where in ("outside", "inside"):
        with ExitStack() as stack:
            echo = stack.enter_context(naive_echo())
            mirror = stack.enter_context(Mirror(attach=False))
            client, naive_client = TestClient(app), NaiveTestClient(app)
            swapped = MirrorTestClient(app, mirror=mirror)
            naive_client.echo = echo
            if where == "inside":
                for each in (client, naive_client, swapped):
                    stack.enter_context(each)
            timings = measure(
                starlette_variants(client, swapped, naive_client, mirror),
                seconds=7,
                rounds=24,
            )
            lossless(mirror)
        naive = timings.ratio("naive", "bare").value
        yield row(f"mirrored TestClient call / bare, {where} with", timings, 1.10, beside=f"naive {naive:.1f}")
        yield row("the same by MirrorTestClient", timings, None, "MirrorTestClient")


def starlette_variants(
    client: TestClient, swapped: MirrorTestClient, naive_client: NaiveTestClient, mirror: Mirror
) -> list[Variant]:
    return [
        Variant("bare", lambda: client.get("/ping")),
        Variant("mirrored", lambda: client.get("/ping"), attached(mirror, "starlette.testclient")),
        Variant("MirrorTestClient", lambda: swapped.get("/ping"), every=4),
        Variant("naive", lambda: naive_client.get("/ping"), every=8, uncounted=2),
    ]


def threads(_: Options) -> Iterator[Row]:
    """Eight client threads on one Flask application: mirrored / bare, wall time of 8 x 50 calls.

    All threads of a process share one interpreter, and the naive way adds a second thread for each of them.
    """
    app = flask_app()
    clients = [app.test_client() for _ in range(THREADS)]
    naive_clients = [NaiveFlaskClient(app, app.response_class) for _ in range(THREADS)]
    with ExitStack() as stack:
        echo = stack.enter_context(naive_echo())
        for naive_client in naive_clients:
            naive_client.echo = echo
        mirror = stack.enter_context(Mirror(attach=False))
        pool = stack.enter_context(ThreadPoolExecutor(THREADS))

        def together(clients: Sequence[FlaskClient]) -> None:
            for done in [pool.submit(some_calls, client) for client in clients]:
                done.result()

        def variant(name: str, clients: Sequence[FlaskClient], around: Around = nullcontext, every: int = 1) -> Variant:
            # One call is a block in itself: all threads, 50 calls each.
            return Variant(name, lambda: together(clients), around, calls=1, uncounted=0, every=every)

        timings = measure(
            [
                variant("bare", clients),
                variant("mirrored", clients, attached(mirror, "werkzeug.test")),
                variant("naive", naive_clients, every=20),
            ],
            seconds=7,
            rounds=20,
        )
        lossless(mirror)
    naive = timings.ratio("naive", "bare").value
    yield row("eight client threads: mirrored / bare", timings, 1.6, beside=f"naive {naive:.1f}")


def some_calls(client: FlaskClient) -> None:
    get = client.get
    for _ in range(BLOCK):
        get("/ping")
