"""Threads, event loops and processes beside each other; a pool that does not grow."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from flask import Flask, request
from forks import PATIENCE, in_a_child, needs_fork
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from mirror import Mirror
from mirror.adapters.flask import MirrorClient

THREADS = 8
CALLS = 25


@pytest.fixture
def shop() -> Flask:
    """Answers with what it was sent."""
    app = Flask(__name__)
    app.testing = True
    app.add_url_rule("/echo/<word>", view_func=lambda word: word + request.get_data(as_text=True), methods=["POST"])
    return app


def in_threads(work: Callable[[int], Any]) -> list[Any]:
    """``work`` in eight threads that begin at once."""
    together = threading.Barrier(THREADS)

    def begin(number: int) -> Any:
        together.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


# Threads -------------------------------------------------------------------------------------------------------------


def test_one_flask_client_in_eight_threads(shop: Flask, mirrored: Mirror) -> None:
    client = shop.test_client()

    def work(thread: int) -> None:
        for call in range(CALLS):
            body = f"-{thread}-{call}" * (1 if call % 5 else 20_000)
            assert client.post(f"/echo/{thread}", data=body).text == f"{thread}{body}"

    in_threads(work)
    assert mirrored.counts.published == THREADS * CALLS
    for exchange in mirrored.exchanges:
        answer = exchange.request.target.removeprefix("/echo/").encode() + exchange.request.body
        assert exchange.response.body == answer
    assert len({exchange.id for exchange in mirrored.exchanges}) == THREADS * CALLS


def test_a_test_client_in_each_of_eight_threads(mirrored: Mirror, backend: str) -> None:
    app = FastAPI()
    app.get("/{word}")(lambda word: word)

    def work(thread: int) -> None:
        with TestClient(app, backend=backend) as client:
            for call in range(3):
                assert client.get(f"/{thread}-{call}").json() == f"{thread}-{call}"

    in_threads(work)
    answers = {(exchange.request.target[1:], exchange.response.body.decode()) for exchange in mirrored.exchanges}
    assert answers == {(f"{thread}-{call}", f'"{thread}-{call}"') for thread in range(THREADS) for call in range(3)}


def test_mirrors_that_start_and_end_while_others_publish(shop: Flask) -> None:
    def work(_: int) -> None:
        with Mirror(attach=False) as mirror:
            client = MirrorClient(shop, mirror=mirror)
            assert client.post("/echo/a", data="b").text == "ab"
            assert mirror.counts.published == 1

    in_threads(work)


# Event loops ---------------------------------------------------------------------------------------------------------


def test_test_clients_in_executor_threads_beside_a_running_loop(mirrored: Mirror) -> None:
    async def call() -> list[str]:
        loop = asyncio.get_running_loop()
        calls = [loop.run_in_executor(None, get, number) for number in range(10)]
        return await asyncio.gather(*calls)

    def get(number: int) -> str:
        return TestClient(PlainTextResponse(str(number))).get("/").text

    assert asyncio.run(call()) == [str(number) for number in range(10)]
    assert mirrored.counts.published == 10


def test_async_to_sync(mirrored: Mirror) -> None:
    asgiref = pytest.importorskip("asgiref.sync", reason="needs asgiref")

    async def call() -> str:
        transport = httpx2.ASGITransport(PlainTextResponse("from a loop"))
        async with httpx2.AsyncClient(transport=transport, base_url="http://app") as client:
            return (await client.get("/inner")).text

    app = Flask(__name__)
    app.add_url_rule("/async", view_func=call)  # Flask itself runs it with async_to_sync
    app.add_url_rule("/sync", view_func=lambda: asgiref.async_to_sync(call)())
    for path in ("/async", "/sync"):
        assert app.test_client().get(path).text == "from a loop"
    assert [exchange.request.target for exchange in mirrored.exchanges] == ["/inner", "/async", "/inner", "/sync"]


# Calls within calls ---------------------------------------------------------------------------------------------------


def test_a_handler_that_calls_another_application(shop: Flask, mirrored: Mirror) -> None:
    front = FastAPI()

    @front.get("/front")
    def ask() -> str:
        return shop.test_client().post("/echo/inner", data="!").text

    assert TestClient(front).get("/front").json() == "inner!"
    inner, outer = mirrored.exchanges
    assert (inner.request.target, inner.response.body, inner.gateway) == ("/echo/inner", b"inner!", "wsgi")
    assert (outer.request.target, outer.response.body, outer.gateway) == ("/front", b'"inner!"', "asgi")


def test_a_handler_that_calls_its_own_application(mirrored: Mirror) -> None:
    app = Flask(__name__)

    @app.get("/<int:number>")
    def count_down(number: int) -> str:
        return f"{number} " + (app.test_client().get(f"/{number - 1}").text if number else "")

    assert app.test_client().get("/3").text == "3 2 1 0 "
    assert [exchange.request.target for exchange in mirrored.exchanges] == ["/0", "/1", "/2", "/3"]


def test_a_handler_that_calls_within_its_own_loop(mirrored: Mirror, backend: str) -> None:
    front = FastAPI()
    transport = httpx2.ASGITransport(PlainTextResponse("inner"))

    @front.get("/front")
    async def ask() -> str:
        async with httpx2.AsyncClient(transport=transport, base_url="http://inner") as client:
            return (await client.get("/back")).text

    assert TestClient(front, backend=backend).get("/front").json() == "inner"
    assert [exchange.request.authority for exchange in mirrored.exchanges] == ["inner", "testserver"]


# Forks ---------------------------------------------------------------------------------------------------------------


@needs_fork
def test_a_forked_child_is_harmless(shop: Flask, mirrored: Mirror) -> None:
    client = shop.test_client()
    assert client.post("/echo/before").text == "before"

    def work() -> None:
        assert client.post("/echo/child").text == "child"
        assert TestClient(PlainTextResponse("text")).get("/").text == "text"
        assert mirrored.counts.ignores == {"made in a forked child": 2}
        mirrored.close()

    in_a_child(work)
    assert client.post("/echo/after").text == "after"
    assert [exchange.request.target for exchange in mirrored.exchanges] == ["/echo/before", "/echo/after"]
    assert mirrored.counts.made == 2


@needs_fork
def test_a_forked_child_may_have_a_mirror_of_its_own(shop: Flask, mirrored: Mirror) -> None:
    def work() -> None:
        with Mirror() as own:
            assert shop.test_client().post("/echo/child").text == "child"
        assert own.counts.published == 1
        assert own.port != mirrored.port

    in_a_child(work)
    shop.test_client().post("/echo/parent")
    assert mirrored.counts.published == 1


@needs_fork
def test_a_child_of_a_child_is_harmless_too(shop: Flask, mirrored: Mirror) -> None:
    def work() -> None:
        in_a_child(lambda: shop.test_client().post("/echo/grandchild"))
        assert shop.test_client().post("/echo/child").text == "child"
        assert mirrored.counts.published == 0

    in_a_child(work)
    shop.test_client().post("/echo/parent")
    assert mirrored.counts.published == mirrored.counts.made == 1


@needs_fork
def test_processes_of_multiprocessing(shop: Flask, mirrored: Mirror) -> None:
    # No Pool: its threads and locks are known to hang beside the threads of a test run.
    context = multiprocessing.get_context("fork")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        processes = [context.Process(target=post, args=(number,)) for number in range(2)]
        for process in processes:
            process.start()
    for process in processes:
        process.join(PATIENCE)
        process.kill()
        process.join()
        assert process.exitcode == 0
    shop.test_client().post("/echo/parent")
    assert mirrored.counts.made == 1


def post(number: int) -> None:
    app = Flask(__name__)
    app.add_url_rule("/<word>", view_func=lambda word: word)
    for _ in range(2):
        assert app.test_client().get(f"/{number}").text == str(number)


@needs_fork
def test_a_fork_after_the_echo_has_died(shop: Flask) -> None:
    with Mirror(on_loss=lambda _: None) as mirror:
        assert mirror._server is not None
        mirror._server.stop()
        in_a_child(lambda: shop.test_client().post("/echo/child"))
        assert shop.test_client().post("/echo/parent").text == "parent"
    assert mirror.counts.failed == mirror.counts.made == 1


@needs_fork
def test_a_fork_in_the_middle_of_exchanges(mirrored: Mirror) -> None:
    # The child begins inside an exchange, while other threads of the parent publish theirs.
    app = Flask(__name__)

    @app.get("/fork")
    def fork() -> str:
        in_a_child(lambda: app.test_client().get("/plain"))
        return "forked"

    app.add_url_rule("/plain", view_func=lambda: "plain")

    def work(thread: int) -> None:
        for _ in range(CALLS):
            app.test_client().get("/plain")
        if thread == 0:
            assert app.test_client().get("/fork").text == "forked"

    in_threads(work)
    assert mirrored.counts.published == THREADS * CALLS + 1


# A steady pool --------------------------------------------------------------------------------------------------------


def open_files() -> int:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("needs /proc")
    return len(list(folder.iterdir()))


def test_threads_and_files_are_steady_over_two_hundred_exchanges(shop: Flask, mirrored: Mirror) -> None:
    asgi = TestClient(PlainTextResponse("text"))
    asgi.get("/")
    client = shop.test_client()
    threads, files = threading.active_count(), open_files()
    for _ in range(100):
        client.post("/echo/a")
        asgi.get("/")
        assert threading.active_count() == threads
    assert open_files() == files
    assert mirrored.counts.published == 201


def test_files_are_bounded_by_the_publishers_at_once(shop: Flask, mirrored: Mirror) -> None:
    files = open_files()
    threads = threading.active_count()
    for _ in range(3):
        in_threads(lambda _: [shop.test_client().post("/echo/a") for _ in range(CALLS)])
    assert open_files() <= files + 2 * THREADS
    assert threading.active_count() == threads
    assert mirrored.counts.published == 3 * THREADS * CALLS


def test_nothing_is_left_of_a_mirror_that_was_closed() -> None:
    with Mirror():
        pass
    threads, files = threading.active_count(), open_files()
    for _ in range(10):
        with Mirror():
            assert TestClient(PlainTextResponse("text")).get("/").text == "text"
    assert (threading.active_count(), open_files()) == (threads, files)
