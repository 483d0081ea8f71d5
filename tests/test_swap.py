"""A client swapped in a conftest, and ``with Mirror()``: mirrored without ``--mirror``, and without pytest."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from textwrap import dedent

import pytest
from runs import FLASK_SUITE, dead_port, free_ports_in_a_row, refused, run, taken_port, told

from mirror import Mirror, MirrorError, Settings

APPLICATION = FLASK_SUITE.partition("    def test_hello")[0]
TESTS = """
    def test_hello(client):
        assert client.get("/hello").text == "hello"

    def test_redirect(client):
        assert client.get("/old", follow_redirects=True).text == "hello"
"""
STARLETTE_APPLICATION = """
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse, RedirectResponse
    from starlette.routing import Route

    app = Starlette(routes=[
        Route("/hello", lambda request: PlainTextResponse("hello")),
        Route("/old", lambda request: RedirectResponse("/hello")),
    ])
"""

# Each is a conftest with a fixture ``client`` for TESTS, which are three exchanges.
SWAPS = {
    "MirrorClient in a fixture": """
        import pytest
        from application import app
        from mirror.adapters.flask import MirrorClient

        @pytest.fixture
        def client():
            return MirrorClient(app)
    """,
    "app.test_client_class": """
        import pytest
        from application import app
        from mirror.adapters.flask import MirrorClient

        app.test_client_class = MirrorClient

        @pytest.fixture
        def client():
            with app.test_client() as client:
                yield client
    """,
    "beside a subclass of one's own": """
        import pytest
        from application import app
        from flask.testing import FlaskClient
        from mirror.adapters.flask import MirrorClient

        class MyClient(FlaskClient):
            def open(self, *args, **kwargs):
                kwargs.setdefault("headers", {"X-Mine": "1"})
                return super().open(*args, **kwargs)

        class Client(MirrorClient, MyClient):
            pass

        @pytest.fixture
        def client():
            return Client(app)
    """,
    "MirrorTestClient": """
        import pytest
        from starlette_application import app
        from mirror.adapters.starlette import MirrorTestClient

        @pytest.fixture
        def client():
            with MirrorTestClient(app) as client:
                assert client.app is app
                yield client
    """,
    "imported where it is used": """
        import pytest
        from application import app

        @pytest.fixture
        def client(mirror):
            from mirror.adapters.flask import MirrorClient
            return MirrorClient(app, mirror=mirror)
    """,
}


@pytest.fixture(params=SWAPS)
def swapped(request: pytest.FixtureRequest, pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite whose conftest hands out one of mirror's clients."""
    pytester.makepyfile(application=APPLICATION, starlette_application=STARLETTE_APPLICATION, test_app=TESTS)
    pytester.makeconftest(SWAPS[request.param])
    return pytester


def test_the_swap_alone_mirrors_and_gives_the_summary(swapped: pytest.Pytester) -> None:
    result = run(swapped)
    result.assert_outcomes(passed=2)
    assert told(result).published == 3


def test_the_swap_and_the_option_make_one_record_of_each_exchange(swapped: pytest.Pytester) -> None:
    result = run(swapped, "--mirror")
    result.assert_outcomes(passed=2)
    assert told(result).published == 3


@pytest.fixture
def flask_swap(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(application=APPLICATION, test_app=TESTS)
    pytester.makeconftest(SWAPS["MirrorClient in a fixture"])
    return pytester


def test_the_swap_under_xdist_adds_up(flask_swap: pytest.Pytester) -> None:
    result = run(flask_swap, "-n", "2")
    result.assert_outcomes(passed=2)
    assert told(result).published == 3


def test_the_swap_under_xdist_with_a_fixed_port_takes_a_row(flask_swap: pytest.Pytester) -> None:
    first = free_ports_in_a_row(2)
    flask_swap.makepyfile(f"def test_port(mirror, worker_id): assert mirror.port == {first} + int(worker_id[2:])")
    result = run(flask_swap, "-n", "2", f"--mirror-port={first}")
    result.assert_outcomes(passed=3)
    assert told(result).published == 3


def test_the_swap_under_xdist_with_a_reverse_proxy_is_refused_by_each_test(flask_swap: pytest.Pytester) -> None:
    with taken_port() as port:
        result = run(flask_swap, "-n", "2", f"--mirror-proxy=127.0.0.1:{port}")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["mirror: --mirror-proxy (reverse) with several workers: *"])
    assert "INTERNALERROR" not in result.stdout.str()


def test_the_swap_takes_the_options(flask_swap: pytest.Pytester) -> None:
    result = run(flask_swap, "--mirror-exclude=/old")
    assert (told(result).published, told(result).ignored) == (2, 1)
    assert "had no effect" not in result.stdout.str()


def test_the_swap_with_a_port_in_use_is_refused(flask_swap: pytest.Pytester) -> None:
    with taken_port() as port:
        assert f"the echo port 127.0.0.1:{port} is in use" in refused(run(flask_swap, f"--mirror-port={port}"))


def test_the_swap_mirrors_no_other_client(flask_swap: pytest.Pytester) -> None:
    flask_swap.makepyfile("""
        from application import app

        def test_plain():
            assert app.test_client().get("/hello").text == "hello"
    """)
    result = run(flask_swap)
    result.assert_outcomes(passed=3)
    assert told(result).made == 3


# Without pytest ------------------------------------------------------------------------------------------------------


def script(text: str) -> subprocess.CompletedProcess[str]:
    """A Python program of its own, in which every warning is an error."""
    command = [sys.executable, "-W", "error", "-c", dedent(text)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def printed(text: str) -> str:
    done = script(text)
    assert not done.returncode, done.stderr
    assert not done.stderr
    return done.stdout.strip()


def test_a_program_of_ones_own() -> None:
    output = printed("""
        from flask import Flask
        from mirror import Mirror

        app = Flask(__name__)
        app.add_url_rule("/hello", view_func=lambda: "hello", endpoint="hello")

        with Mirror() as mirror:
            app.test_client().get("/hello")
            (exchange,) = mirror.exchanges
            print(mirror.url.startswith("http://127.0.0.1:"), exchange.request.target, exchange.response.status)
        app.test_client().get("/hello")
        print(mirror.counts.made, len(mirror.pending))
    """)
    assert output == "True /hello 200\n1 0"


def test_a_client_alone_starts_its_own_mirror_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRROR_CORRELATION_HEADER", "X-Trace")
    output = printed("""
        from flask import Flask
        from mirror.adapters.flask import MirrorClient
        from mirror.session import RUNNING, current

        app = Flask(__name__)
        MirrorClient(app).get("/nothing")
        print(len(RUNNING), current().counts.published, current().settings.correlation_header)
    """)
    assert output == "1 1 X-Trace"


def test_a_loss_is_told_once_on_standard_error() -> None:
    done = script("""
        from flask import Flask
        from mirror import Mirror

        class Full:
            def write(self, exchange):
                raise OSError("the disk is full")

        app = Flask(__name__)
        with Mirror(sinks=[Full()]) as mirror:
            app.test_client().get("/a")
            app.test_client().get("/b")
        print(mirror.counts.failures)
    """)
    assert done.stdout == "{'OSError: the disk is full': 2}\n"
    assert done.stderr == (
        "mirror: an exchange was lost: OSError: the disk is full (said once; the counts tell the rest)\n"
    )


def test_a_loss_that_cannot_be_told_breaks_nothing() -> None:
    assert (
        printed("""
        import sys
        from mirror import Mirror

        sys.__stderr__.close()
        with Mirror() as mirror:
            mirror.recorder.lose("nobody hears")
        print(mirror.counts.failed)
    """)
        == "1"
    )


def test_a_client_records_to_the_mirror_it_was_handed() -> None:
    from flask import Flask

    from mirror.adapters.flask import MirrorClient

    app = Flask(__name__)
    with Mirror(attach=False) as mine, Mirror(attach=False) as other:
        MirrorClient(app, mirror=mine).get("/mine")
        MirrorClient(app).get("/the-latest")
        assert [exchange.request.target for exchange in mine.exchanges] == ["/mine"]
        assert [exchange.request.target for exchange in other.exchanges] == ["/the-latest"]


def methods() -> list[Callable[..., object]]:
    """What mirror replaces in the classes of the frameworks."""
    import httpx
    import httpx2
    import starlette.testclient
    import werkzeug.test

    return [
        werkzeug.test.Client.run_wsgi_app,
        starlette.testclient._TestClientTransport.handle_request,
        httpx.ASGITransport.handle_async_request,
        httpx.WSGITransport.handle_request,
        httpx2.ASGITransport.handle_async_request,
        httpx2.WSGITransport.handle_request,
    ]


def test_methods_are_replaced_while_it_is_open_and_no_longer() -> None:
    before, finders = methods(), list(sys.meta_path)
    with Mirror():
        assert all(during is not original for during, original in zip(methods(), before, strict=True))
    assert methods() == before
    assert sys.meta_path == finders


def test_methods_are_put_back_when_the_block_raises() -> None:
    before = methods()
    with pytest.raises(ZeroDivisionError), Mirror():
        raise ZeroDivisionError
    assert methods() == before


@pytest.mark.parametrize("first_to_close", [0, 1])
def test_two_mirrors_may_close_in_any_order(first_to_close: int) -> None:
    before = methods()
    mirrors = [Mirror().start(), Mirror().start()]
    mirrors[first_to_close].close()
    assert all(during is not original for during, original in zip(methods(), before, strict=True))
    mirrors[1 - first_to_close].close()
    assert methods() == before


def test_without_attach_no_method_is_replaced() -> None:
    before = methods()
    with Mirror(attach=False):
        assert methods() == before


def test_closing_twice_is_closing_once() -> None:
    mirror = Mirror().start()
    mirror.close()
    mirror.close()
    assert mirror.counts.made == 0


def test_closing_what_was_never_started_is_nothing() -> None:
    Mirror().close()


def test_starting_twice_is_refused() -> None:
    with Mirror() as mirror, pytest.raises(MirrorError, match="this mirror was started before: make a new one"):
        mirror.start()


def test_what_is_made_after_the_end_is_ignored_and_counted() -> None:
    from flask import Flask

    from mirror.adapters.flask import MirrorClient

    with Mirror(attach=False) as mirror:
        client = MirrorClient(Flask(__name__), mirror=mirror)
    client.get("/late")
    assert mirror.counts.ignores == {"made after the mirror was closed": 1}


def test_before_the_start_there_is_nothing_to_look_at() -> None:
    mirror = Mirror()
    assert (mirror.url, mirror.port) == ("", 0)
    with pytest.raises(RuntimeError, match="this mirror has not been started"):
        mirror.counts  # noqa: B018


def test_an_unknown_keyword_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"argument 'prot'.*; its keywords are the fields of mirror"):
        Mirror(prot=80)


def test_settings_and_keywords_are_one_or_the_other() -> None:
    with pytest.raises(TypeError, match="either settings or its fields as keywords"):
        Mirror(Settings(), port=0)


def test_a_mirror_that_could_not_start_leaves_nothing() -> None:
    from mirror.errors import PortError, ProxyError

    before = methods()
    with taken_port() as port, pytest.raises(PortError), Mirror(port=port):
        pass
    with dead_port() as port, pytest.raises(ProxyError), Mirror(proxy=f"http://127.0.0.1:{port}"):
        pass
    assert methods() == before


# Frameworks: missing, late, thrown out and imported anew ----------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "missing", "extra"),
    [
        ("mirror.adapters.flask", "flask", "mirror-http[flask]"),
        ("mirror.adapters.starlette", "starlette", "mirror-http[starlette]"),
    ],
)
def test_a_framework_that_is_not_installed(module: str, missing: str, extra: str) -> None:
    output = printed(f"""
        import sys

        class NotInstalled:
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] == {missing!r}:
                    raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

        sys.meta_path.insert(0, NotInstalled())
        from mirror.errors import FrameworkMissing, MirrorError
        try:
            import {module}
        except FrameworkMissing as error:
            assert isinstance(error, ImportError) and isinstance(error, MirrorError)
            print(error)
    """)
    assert f"pip install '{extra}'" in output
    assert "\n" not in output


LATE = """
    from mirror import Mirror

    with Mirror() as mirror:
        import asyncio, sys
        assert not {"flask", "starlette", "httpx", "httpx2"} & set(sys.modules)
        import flask, httpx, httpx2
        from starlette.applications import Starlette
        from starlette.testclient import TestClient

        wsgi, asgi = flask.Flask(__name__), Starlette()
        wsgi.test_client().get("/flask")
        TestClient(asgi).get("/starlette")
        for module in (httpx, httpx2):
            with module.Client(transport=module.WSGITransport(wsgi), base_url="http://app") as client:
                client.get(f"/wsgi/{module.__name__}")

            async def call():
                async with module.AsyncClient(transport=module.ASGITransport(asgi), base_url="http://app") as client:
                    await client.get(f"/asgi/{module.__name__}")

            asyncio.run(call())
        print(*[exchange.request.target for exchange in mirror.exchanges])
"""


def test_frameworks_imported_later_are_mirrored() -> None:
    assert printed(LATE) == "/flask /starlette /wsgi/httpx /asgi/httpx /wsgi/httpx2 /asgi/httpx2"


def test_a_framework_thrown_out_and_imported_anew_is_mirrored_anew() -> None:
    output = printed("""
        import sys
        from mirror import Mirror

        def throw_out():
            for name in [name for name in sys.modules if name.partition(".")[0] in ("flask", "werkzeug")]:
                if name != "werkzeug.serving":
                    del sys.modules[name]

        def call():
            import flask
            flask.Flask("app").test_client().get("/hello")
            return flask

        with Mirror() as mirror:
            first = call()
            throw_out()
            second = call()
            assert first is not second
            print(mirror.counts.published)
            first.Flask("app").test_client().get("/hello")
            print(mirror.counts.published)
    """)
    assert output == "2\n3"


@pytest.mark.parametrize("watched", ["werkzeug.test", "starlette.testclient", "httpx._transports.asgi"])
def test_a_watched_module_is_imported_as_without_mirror(watched: str) -> None:
    look = f"""
        import importlib, importlib.util, inspect
        from importlib.resources import files
        module = importlib.import_module({watched!r})
        spec = module.__spec__
        print(type(module.__loader__), type(spec.loader), module.__loader__ is spec.loader)
        print(spec.origin, module.__file__, module.__cached__, spec.submodule_search_locations)
        print(len(inspect.getsource(module)))
        print(sorted(path.name for path in files(module.__package__).iterdir() if path.name != "__pycache__"))
        again = importlib.reload(module)
        print(again is module, type(again.__loader__), type(again.__spec__.loader))
    """
    without = printed(look)
    assert (
        printed("from mirror import Mirror\nmirror = Mirror().start()\n" + dedent(look) + "\nmirror.close()") == without
    )


def test_a_framework_that_fails_to_import_fails_as_without_mirror() -> None:
    output = printed("""
        import sys
        from mirror import Mirror

        sys.modules["httpx2"] = sys.modules["httpx"] = None  # as if it was not installed
        with Mirror():
            try:
                import starlette.testclient
            except RuntimeError as error:
                print("RuntimeError", "starlette.testclient" in sys.modules)
    """)
    assert output == "RuntimeError False"


def test_a_client_of_another_shape_is_told_and_not_mirrored() -> None:
    output = printed("""
        import sys, types
        from mirror import Mirror

        sys.modules["starlette.testclient"] = types.ModuleType("starlette.testclient")
        with Mirror() as mirror:
            print(*mirror.counts.remarks)
    """)
    assert output == (
        "starlette.testclient._TestClientTransport.handle_request is not there: "
        "clients of this version are not mirrored"
    )
