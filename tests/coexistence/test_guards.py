"""Tools that forbid, freeze or shuffle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PLAIN = """
    import pytest
    from library import library
    from shop import shop
    from starlette.testclient import TestClient

    def test_hello():
        assert shop.test_client().get("/hello").text == "hello"

    def test_redirect():
        assert shop.test_client().get("/old", follow_redirects=True).text == "hello"

    def test_stream():
        assert shop.test_client().get("/stream").text == "onetwo"

    def test_stream_left_unread():
        shop.test_client().get("/stream")

    def test_error():
        with pytest.raises(ZeroDivisionError):
            shop.test_client().get("/fail")

    @pytest.mark.parametrize("times", [1, 2])
    def test_asgi(times):
        client = TestClient(library)
        assert [client.get("/hello").text for _ in range(times)] == ["hello"] * times

    def test_fails():
        assert shop.test_client().get("/missing").status_code == 200

    @pytest.mark.xfail(strict=True)
    def test_is_expected_to_fail():
        shop.test_client().get("/fail")

    @pytest.mark.skip
    def test_is_skipped():
        shop.test_client().get("/hello")
"""
PLAIN_MADE = 1 + 2 + 1 + 1 + 1 + 3 + 1 + 1


@pytest.fixture
def plain(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_plain=PLAIN)


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("-W", "error"),
        ("-W", "error", "-W", "error::pytest.PytestUnraisableExceptionWarning", "-o", "xfail_strict=true"),
        ("-o", "faulthandler_timeout=60", "-s"),
        ("-p", "no:faulthandler", "-p", "no:threadexception", "-p", "no:unraisableexception"),
        ("--capture=sys",),
    ],
    ids=" ".join,
)
def test_pytests_own_switches(arguments: tuple[str, ...], alike: Callable[..., Any]) -> None:
    run = alike(*arguments)
    assert run.published == PLAIN_MADE
    assert sorted(run.outcomes.values()) == ["failure"] + ["passed"] * 7 + ["skipped"] * 2


def test_a_faulthandler_time_out_that_is_reached(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import select
        from shop import shop

        def test_hangs_for_a_while():
            client = shop.test_client()
            assert client.get("/hello").text == "hello"
            select.select([], [], [], 1.3)
            assert client.get("/hello").text == "hello"
    """)
    run = alike("-o", "faulthandler_timeout=1")
    assert (run.published, run.status) == (2, 0)
    assert "Timeout (0:00:01)!" in run.output


@pytest.mark.usefixtures("plain")
def test_pytest_randomly(alike: Callable[..., Any]) -> None:
    pytest.importorskip("pytest_randomly", reason="needs pytest-randomly")
    assert alike("--randomly-seed=1", using=["randomly"]).published == PLAIN_MADE


def test_random_numbers_are_the_same_ones(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    # pytest-randomly seeds random before each test: mirror must not use up any of it.
    pytest.importorskip("pytest_randomly", reason="needs pytest-randomly")
    pytester.makepyfile("""
        import random
        from shop import shop

        def test_numbers(record_property):
            shop.test_client().get("/hello")
            with open("numbers.txt", "a") as file:
                print(random.random(), file=file)
    """)
    alike("--randomly-seed=7", using=["randomly"])
    bare, mirrored = (pytester.path / "numbers.txt").read_text().splitlines()
    assert bare == mirrored


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("method", ["signal", "thread"])
def test_pytest_timeout(method: str, alike: Callable[..., Any]) -> None:
    pytest.importorskip("pytest_timeout", reason="needs pytest-timeout")
    assert alike("--timeout=60", f"--timeout-method={method}", using=["timeout"]).published == PLAIN_MADE


# pytest-socket -------------------------------------------------------------------------------------------------------

SOCKETS = """
    import socket

    import pytest
    from library import library
    from shop import shop
    from starlette.testclient import TestClient

    def test_flask():
        assert shop.test_client().get("/old", follow_redirects=True).text == "hello"

    def test_starlette():
        with TestClient(library) as client:
            assert client.get("/hello").text == "hello"

    def test_the_network():
        with socket.socket() as sock:
            sock.settimeout(0.2)
            sock.connect(("192.0.2.1", 9))  # TEST-NET-1: nobody is there
"""


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        (("--disable-socket",), 2),  # not even an event loop of its own can be had
        (("--disable-socket", "--allow-unix-socket"), 3),
        (("--allow-hosts=192.0.2.7",), 3),
        (("--allow-hosts=127.0.0.1",), 3),
        (("--allow-hosts=", "--allow-unix-socket"), 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_pytest_socket(
    arguments: tuple[str, ...], made: int, alike: Callable[..., Any], pytester: pytest.Pytester
) -> None:
    pytest.importorskip("pytest_socket", reason="needs pytest-socket")
    pytester.makepyfile(SOCKETS)
    run = alike(*arguments, using=["socket"])
    assert run.published == made
    assert run.outcomes["test_pytest_socket.test_flask"] == "passed"
    assert run.outcomes["test_pytest_socket.test_the_network"] == "failure"


# Clocks --------------------------------------------------------------------------------------------------------------


def test_freezegun(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("freezegun", reason="needs freezegun")
    pytester.makepyfile("""
        import time
        import pytest
        from library import library
        from shop import shop
        from freezegun import freeze_time
        from starlette.testclient import TestClient

        @pytest.fixture(autouse=True, scope="session")
        def frozen():
            with freeze_time("1990-01-01"):
                yield

        def test_frozen():
            before = time.time()
            assert shop.test_client().get("/now").text == "1990"
            assert time.time() == before

        @freeze_time("2012-01-14", tick=True)
        def test_ticking():
            assert shop.test_client().get("/now").text == "2012"

        @freeze_time("2012-01-14", auto_tick_seconds=60)
        def test_each_look_at_the_clock_counts():
            before = time.time()
            shop.test_client().get("/hello")
            assert time.time() == before + 60
    """)
    run = alike()
    assert run.published == 3
    assert run.status == 0


def test_time_machine(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("time_machine", reason="needs time-machine")
    pytester.makepyfile("""
        import time
        import time_machine
        from library import library
        from shop import shop
        from starlette.testclient import TestClient

        @time_machine.travel("1990-01-01", tick=False)
        def test_frozen():
            before = time.time()
            assert shop.test_client().get("/now").text == "1990"
            assert TestClient(library).get("/now").text == "1990"
            assert time.time() == before

        def test_shifted(time_machine):
            time_machine.move_to("2012-01-14")
            assert shop.test_client().get("/now").text == "2012"
            time_machine.shift(366 * 24 * 3600)
            assert shop.test_client().get("/now").text == "2013"
    """)
    run = alike(using=["time_machine"])
    assert run.published == 2 + 2
    assert run.status == 0
