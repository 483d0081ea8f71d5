"""The echo dies, or the run is interrupted: no outcome changes, and the summary tells what is lost."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

# Ways in which the echo of a running mirror goes away.
STOPPED = "mirror._server.stop()"
LISTENER_SHUT_DOWN = "mirror._server.socket.shutdown(2); mirror._server.connections.close()"
CONNECTION_CUT = """
for loop in list(mirror._server.connections._idle):
    loop.echo.shutdown(2)
"""
DESCRIPTOR_CLOSED = """
for loop in list(mirror._server.connections._idle):
    loop.echo.close()
"""

CONFTEST = """
    import pytest

    @pytest.fixture
    def kill():
        def kill():
            from mirror.session import RUNNING

            for mirror in RUNNING:  # none where the run is not mirrored
                exec({way!r}, {{"mirror": mirror}})
        return kill
"""

SUITE = """
    from library import library
    from shop import shop
    from starlette.testclient import TestClient

    def test_before():
        assert shop.test_client().get("/hello").text == "hello"

    def test_killed(kill):
        client = shop.test_client()
        assert client.get("/hello").text == "hello"
        kill()
        assert client.get("/old", follow_redirects=True).text == "hello"

    def test_after():
        assert shop.test_client().get("/stream").text == "onetwo"
        assert TestClient(library).get("/hello").text == "hello"

    def test_fails():
        assert shop.test_client().get("/missing").status_code == 200
"""


@pytest.mark.parametrize(
    ("way", "failed"),
    [(STOPPED, 5), (LISTENER_SHUT_DOWN, 5), (CONNECTION_CUT, 1), (DESCRIPTOR_CLOSED, 1)],
    ids=["stopped", "listener-shut-down", "connection-cut", "descriptor-closed"],
)
def test_the_echo_dies(way: str, failed: int, run: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST.format(way=way))
    pytester.makepyfile(SUITE)
    bare, mirrored = run(), run("--mirror", "-W", "error")
    assert mirrored.outcomes == bare.outcomes
    assert sorted(bare.outcomes.values()) == ["failure", "passed", "passed", "passed"]
    assert (mirrored.made, mirrored.published, mirrored.failed) == (7, 7 - failed, failed), mirrored.output
    assert mirrored.output.count("(said once; the summary counts them)") == 1


@pytest.mark.parametrize(
    ("arguments", "status"), [((), 0), (("-q",), 0), (("--mirror-strict",), 1), (("-q", "--mirror-strict"), 1)]
)
def test_losses_fail_a_strict_run_only(
    arguments: tuple[str, ...], status: int, run: Callable[..., Any], pytester: pytest.Pytester
) -> None:
    pytester.makeconftest(CONFTEST.format(way=STOPPED))
    pytester.makepyfile(SUITE)
    mirrored = run("--mirror", "--deselect=test_losses_fail_a_strict_run_only.py::test_fails", *arguments)
    assert set(mirrored.outcomes.values()) == {"passed"}
    assert (mirrored.published, mirrored.failed) == (2, 4)
    assert mirrored.status == status
    assert ("the run fails because exchanges were lost" in mirrored.output) == (status == 1)


def test_a_strict_run_without_losses(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        from shop import shop

        def test_hello():
            assert shop.test_client().get("/hello").text == "hello"
    """)
    assert alike("--mirror-strict").status == 0


# Interruptions -------------------------------------------------------------------------------------------------------

LEFT = """
    import os
    import signal
    import threading

    import pytest

    # Whoever runs the tests in the background may have it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(config):
        print("threads left:", sorted(thread.name for thread in threading.enumerate()))
"""

IN_A_TEST = """
    import os
    import signal

    from shop import shop

    def test_one():
        assert shop.test_client().get("/hello").text == "hello"

    def test_two():
        shop.test_client().get("/hello")
        os.kill(os.getpid(), signal.SIGINT)
        shop.test_client().get("/hello")

    def test_three():
        shop.test_client().get("/hello")
"""

IN_A_VIEW = """
    import os
    import signal

    from shop import shop

    shop.add_url_rule("/interrupt", "interrupt", lambda: os.kill(os.getpid(), signal.SIGINT))

    def test_one():
        shop.test_client().get("/hello")
        shop.test_client().get("/interrupt")
"""

IN_A_STREAM = """
    import os
    import signal

    from shop import shop

    def words():
        yield "one"
        os.kill(os.getpid(), signal.SIGINT)
        yield "two"

    shop.add_url_rule("/interrupt", "interrupt", words)

    def test_one():
        shop.test_client().get("/hello")
        shop.test_client().get("/interrupt")
        response = shop.test_client().get("/interrupt")
        response.get_data()
"""


@pytest.mark.parametrize(
    ("suite", "made"), [(IN_A_TEST, 2), (IN_A_VIEW, 2), (IN_A_STREAM, 3)], ids=["in-a-test", "in-a-view", "in-a-stream"]
)
def test_ctrl_c(suite: str, made: int, run: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytester.makeconftest(LEFT)
    pytester.makepyfile(suite)
    mirrored = run("--mirror")
    assert mirrored.status == pytest.ExitCode.INTERRUPTED
    assert (mirrored.made, mirrored.published) == (made, made), mirrored.output
    assert "threads left: ['MainThread']" in mirrored.output
    with socket.socket() as sock:
        assert sock.connect_ex(("127.0.0.1", urlsplit(mirrored.url).port)) != 0


def test_ctrl_c_while_an_exchange_is_published(run: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytester.makeconftest("""
        import os
        import signal

        signal.signal(signal.SIGINT, signal.default_int_handler)

        def pytest_mirror_exchange(exchange):
            os.kill(os.getpid(), signal.SIGINT)
    """)
    pytester.makepyfile(IN_A_TEST)
    mirrored = run("--mirror")
    assert mirrored.status == pytest.ExitCode.INTERRUPTED
    assert (mirrored.made, mirrored.failed) == (1, 1)
    assert "failed 1: KeyboardInterrupt" in mirrored.output


def test_the_first_failure_ends_the_run(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        from shop import shop

        def test_one():
            assert shop.test_client().get("/hello").text == "hello"

        def test_two():
            assert shop.test_client().get("/hello").text == "bye"

        def test_three():
            shop.test_client().get("/hello")
    """)
    run = alike("-x")
    assert run.published == 2
    assert list(run.outcomes.values()) == ["passed", "failure"]


def test_an_exit_in_a_test(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest
        from shop import shop

        def test_one():
            shop.test_client().get("/hello")

        def test_two():
            shop.test_client().get("/hello")
            pytest.exit("enough")
    """)
    run = alike()
    assert (run.published, run.status) == (2, pytest.ExitCode.INTERRUPTED)
