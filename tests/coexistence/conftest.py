"""The same suite with and without ``--mirror``: a real run each, in a process of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

SUMMARY = re.compile(r"mirror: made (\d+) = published (\d+) \+ failed (\d+) \+ ignored (\d+) to (http://\S+)")

# Plugins that would be loaded because they are installed. A run has those that it names: loading all takes a second.
INSTALLED = {
    "anyio", "asyncio", "flask", "hypothesispytest", "pytest_cov", "randomly", "requests_mock", "respx", "socket",
    "time_machine", "timeout", "xdist", "xdist.looponfail",
}  # fmt: skip

# What the suites test: an application for WSGI and one for ASGI. ``/upstream`` calls another service over the network.
SHOP = """
    import time
    import urllib.request

    from flask import Flask, redirect

    UPSTREAM = "http://upstream.test/price"

    def ask_by_requests():
        import requests

        return requests.get(UPSTREAM, timeout=5).text

    shop = Flask("shop")
    shop.testing = True
    shop.add_url_rule("/hello", "hello", lambda: "hello")
    shop.add_url_rule("/old", "old", lambda: redirect("/hello"))
    shop.add_url_rule("/now", "now", lambda: time.strftime("%Y"))
    shop.add_url_rule("/stream", "stream", lambda: (word for word in ("one", "two")))
    shop.add_url_rule("/fail", "fail", lambda: 1 / 0)
    shop.add_url_rule("/upstream", "upstream", ask_by_requests)
    shop.add_url_rule("/upstream-urllib", "urllib", lambda: urllib.request.urlopen(UPSTREAM, timeout=5).read())
"""
LIBRARY = """
    import time

    import httpx
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    UPSTREAM = "http://upstream.test/price"

    async def hello(request):
        return PlainTextResponse("hello")

    async def now(request):
        return PlainTextResponse(time.strftime("%Y"))

    def upstream(request):
        return PlainTextResponse(httpx.get(UPSTREAM, timeout=5).text)

    async def upstream_async(request):
        async with httpx.AsyncClient(timeout=5) as client:
            return PlainTextResponse((await client.get(UPSTREAM)).text)

    views = {"/hello": hello, "/now": now, "/upstream": upstream, "/upstream-async": upstream_async}
    library = Starlette(routes=[Route(path, view) for path, view in views.items()])
"""


def without(*plugins: str) -> list[str]:
    """The options that block plugins."""
    return [f"-pno:{name}" for name in sorted({"cacheprovider", *plugins})]


class Run(NamedTuple):
    """One run of pytest: what became of each test, the exit status, what was printed, and mirror's numbers."""

    outcomes: dict[str, str]
    status: int
    output: str
    made: int = 0
    published: int = 0
    failed: int = 0
    ignored: int = 0
    url: str = ""


@pytest.fixture
def bare_options() -> list[str]:
    """What keeps installed plugins out of a run."""
    return without(*INSTALLED)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Callable[..., Run]:
    """Runs the suite in pytester's folder, with the given arguments; ``using`` names installed plugins."""
    pytester.makepyfile(shop=SHOP, library=LIBRARY)

    def run(*arguments: str, using: Sequence[str] = ()) -> Run:
        report = pytester.path / "report.xml"
        report.unlink(missing_ok=True)
        blocked = without(*INSTALLED.difference(using))
        # The folders of earlier runs, which may hold suites of their own, are no part of this one.
        others = f"--ignore-glob={pytester.path}/runpytest-*"
        result = pytester.runpytest_subprocess(f"--junitxml={report}", others, *blocked, *arguments, timeout=120)
        output = result.stdout.str() + result.stderr.str()
        outcomes = {}
        if report.exists():
            for case in ElementTree.parse(report).iter("testcase"):
                outcomes[f"{case.get('classname')}.{case.get('name')}"] = case[0].tag if len(case) else "passed"
        numbers = SUMMARY.findall(output)
        assert len(numbers) <= 1
        told: Any = [*map(int, numbers[0][:4]), numbers[0][4]] if numbers else []
        return Run(outcomes, int(result.ret), output, *told)

    return run


@pytest.fixture
def alike(run: Callable[..., Run]) -> Callable[..., Run]:
    """Runs the suite without and with ``--mirror``; returns the mirrored run, of which nothing is lost."""

    def alike(*arguments: str, using: Sequence[str] = ()) -> Run:
        bare = run(*arguments, using=using)
        mirrored = run("--mirror", *arguments, using=using)
        assert bare.outcomes, bare.output
        assert mirrored.outcomes == bare.outcomes, mirrored.output
        assert mirrored.status == bare.status
        assert "mirror: made" not in bare.output
        assert mirrored.made == mirrored.published + mirrored.failed + mirrored.ignored
        assert (mirrored.failed, mirrored.ignored) == (0, 0), mirrored.output
        return mirrored

    return alike
