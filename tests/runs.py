"""Runs of pytest in a process of its own, with the plugin found by its entry point, and what such a run told."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import entry_points

import pytest

from mirror import Counts

# A suite that knows nothing of mirror: two tests, three exchanges.
FLASK_SUITE = """
    from flask import Flask, redirect

    app = Flask(__name__)

    @app.get("/hello")
    def hello():
        return "hello"

    @app.get("/old")
    def old():
        return redirect("/hello")

    def test_hello():
        assert app.test_client().get("/hello").text == "hello"

    def test_redirect():
        assert app.test_client().get("/old", follow_redirects=True).text == "hello"
"""

ADDS_UP = re.compile(r"mirror: made (\d+) = published (\d+) \+ failed (\d+) \+ ignored (\d+)")
# Other plugins only take time (their imports, two seconds of each run): what is tested is ours, alone and with xdist.
OTHERS = {entry.name for entry in entry_points(group="pytest11")} - {"mirror", "xdist", "xdist.looponfail"}
ALONE = [f"-pno:{name}" for name in sorted({*OTHERS, "cacheprovider"})]


def run(pytester: pytest.Pytester, *arguments: object) -> pytest.RunResult:
    """pytest in a subprocess."""
    return pytester.runpytest_subprocess(*ALONE, *map(str, arguments))


def told(result: pytest.RunResult) -> Counts:
    """The numbers of the summary line, of which there is exactly one, and which add up."""
    (numbers,) = ADDS_UP.findall(result.stdout.str())
    made, published, failed, ignored = map(int, numbers)
    assert made == published + failed + ignored
    return Counts(made, published, failed, ignored)


def is_silent(result: pytest.RunResult) -> bool:
    """Whether nothing was said of mirror (the name of the distribution in pytest's own header aside)."""
    return not re.search(r"mirror(?!-http)", result.stdout.str() + result.stderr.str())


def refused(result: pytest.RunResult) -> str:
    """The one line with which a run was refused, before any test: pytest's usage error, no traceback."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    output = "\n".join([*result.outlines, *result.errlines])
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output
    (line,) = [line for line in output.splitlines() if line.startswith("ERROR: ")]
    return line


@contextmanager
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@contextmanager
def dead_port() -> Iterator[int]:
    """A port that nobody answers on, and that nobody else can open meanwhile."""
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@contextmanager
def hanging_up() -> Iterator[int]:
    """A port where somebody answers every connection by closing it."""
    server = socket.create_server(("127.0.0.1", 0))

    def close_each() -> None:
        while True:
            try:
                server.accept()[0].close()
            except OSError:
                return

    thread = threading.Thread(target=close_each)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        server.close()


def free_ports_in_a_row(number: int) -> int:
    """The first of so many free ports, below the range from which the system gives out free ones."""
    for first in range(20000 + os.getpid() % 1000 * 10, 32000, number):
        try:
            for port in range(first, first + number):
                with closing(socket.socket()) as sock:
                    sock.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no ports are free")
