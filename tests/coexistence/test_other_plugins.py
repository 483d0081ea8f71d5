"""Plugins that run tests in another way: in event loops, in processes, in runs of pytest within runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def test_pytest_asyncio(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("pytest_asyncio", reason="needs pytest-asyncio")
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = session\n")
    pytester.makepyfile("""
        import asyncio
        import httpx
        import pytest
        from library import library

        @pytest.fixture
        async def client():
            async with httpx.AsyncClient(transport=httpx.ASGITransport(library), base_url="http://library") as client:
                yield client

        async def test_one(client):
            assert (await client.get("/hello")).text == "hello"

        async def test_many_at_once(client):
            answers = await asyncio.gather(*[client.get("/hello") for _ in range(10)])
            assert {answer.text for answer in answers} == {"hello"}

        async def test_fails(client):
            assert (await client.get("/missing")).status_code == 200
    """)
    run = alike(using=["asyncio"])
    assert run.published == 1 + 10 + 1
    assert sorted(run.outcomes.values()) == ["failure", "passed", "passed"]


def test_anyio(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("trio", reason="needs trio")
    pytester.makepyfile("""
        import anyio
        import httpx
        import pytest
        from library import library
        from starlette.testclient import TestClient

        pytestmark = pytest.mark.anyio

        @pytest.fixture(params=["asyncio", "trio"])
        def anyio_backend(request):
            return request.param

        @pytest.fixture
        async def client():
            async with httpx.AsyncClient(transport=httpx.ASGITransport(library), base_url="http://library") as client:
                yield client

        async def test_one(client):
            assert (await client.get("/hello")).text == "hello"

        async def test_many_at_once(client):
            async with anyio.create_task_group() as group:
                for _ in range(10):
                    group.start_soon(client.get, "/hello")

        async def test_a_test_client_in_a_thread():
            response = await anyio.to_thread.run_sync(TestClient(library).get, "/hello")
            assert response.text == "hello"
    """)
    run = alike(using=["anyio"])
    assert run.published == 2 * (1 + 10 + 1)
    assert run.status == 0


def test_pytest_flask(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("pytest_flask", reason="needs pytest-flask")
    pytester.makeconftest("""
        import pytest
        from shop import shop

        @pytest.fixture
        def app():
            return shop
    """)
    pytester.makepyfile("""
        import flask

        def test_client(client):
            assert client.get("/hello").text == "hello"
            assert flask.request.path == "/hello"  # the fixture is a client in a with block

        def test_redirect(client):
            assert client.get("/old", follow_redirects=True).text == "hello"
    """)
    run = alike(using=["flask"])
    assert run.published == 1 + 2
    assert run.status == 0


def test_pytest_cov(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("pytest_cov", reason="needs pytest-cov")
    pytester.makepyfile("""
        from shop import shop

        def test_hello():
            assert shop.test_client().get("/hello").text == "hello"
    """)
    run = alike("--cov=shop", "--cov-branch", using=["pytest_cov"])
    assert run.published == 1
    assert "shop.py" in run.output


INNER = """
    import pytest

    pytest_plugins = ["pytester"]

    SUITE = '''
        from shop import shop

        def test_one():
            assert shop.test_client().get("/hello").text == "hello"

        def test_two():
            assert shop.test_client().get("/old", follow_redirects=True).text == "hello"
    '''

    @pytest.fixture
    def inner(pytester):
        pytester.syspathinsert({folder!r})
        pytester.makepyfile(SUITE)

        def inner(how, *arguments):
            result = getattr(pytester, how)(*{options}, *arguments)
            result.assert_outcomes(passed=2)
            return result

        return inner
"""


def test_pytester(alike: Callable[..., Any], pytester: pytest.Pytester, bare_options: list[str]) -> None:
    pytester.makeconftest(INNER.format(folder=str(pytester.path), options=bare_options))
    pytester.makepyfile("""
        from shop import shop

        def test_an_inner_run(inner):
            inner("runpytest_inprocess")
            assert shop.test_client().get("/hello").text == "hello"

        def test_an_inner_run_that_is_mirrored(inner):
            result = inner("runpytest_inprocess", "--mirror")
            result.stdout.fnmatch_lines("mirror: made 3 = published 3 + failed 0 + ignored 0 to http://*")
            assert shop.test_client().get("/hello").text == "hello"

        def test_an_inner_run_in_a_process_of_its_own(inner):
            inner("runpytest_subprocess", "--mirror")
    """)
    run = alike()
    # What an inner run without --mirror does is done in the outer one's process; a mirrored one keeps its own.
    assert run.published == 3 + 1 + 1
    assert run.status == 0


@pytest.mark.parametrize("workers", ["2", "0"])
def test_pytest_xdist(workers: str, run: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist", reason="needs pytest-xdist")
    pytester.makepyfile("""
        import pytest
        from shop import shop

        @pytest.mark.parametrize("number", range(6))
        def test_hello(number):
            follow = number % 2 == 0
            assert shop.test_client().get("/old", follow_redirects=follow).status_code == (200 if follow else 302)
    """)
    bare = run(f"-n{workers}", using=["xdist"])
    mirrored = run(f"-n{workers}", "--mirror", using=["xdist"])
    assert mirrored.outcomes == bare.outcomes
    assert set(bare.outcomes.values()) == {"passed"}
    assert "mirror: made 9 = published 9 + failed 0 + ignored 0" in mirrored.output
