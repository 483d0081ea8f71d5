"""``pytest --mirror`` as a user types it: options, where else they may stand, what is printed, exit status."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from runs import FLASK_SUITE, dead_port, free_ports_in_a_row, hanging_up, is_silent, refused, run, taken_port, told

HEADER = re.compile(r"^mirror: echo (http://127\.0\.0\.1:\d+)$", re.MULTILINE)

# Loses every exchange: what a hook raises is a loss.
RAISING_HOOK = """
    def pytest_mirror_exchange(exchange):
        raise RuntimeError("the disk is full")
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A Flask application with its ordinary tests."""
    pytester.makepyfile(test_app=FLASK_SUITE)
    return pytester


@pytest.fixture
def curious_suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """One test that prints the settings it runs under."""
    pytester.makepyfile(test_settings="def test(mirror): print('SETTINGS', mirror.settings)")
    return pytester


# What is printed -----------------------------------------------------------------------------------------------------


def test_header_and_summary_name_the_echo_and_the_numbers(suite: pytest.Pytester) -> None:
    result = run(suite, "--mirror")
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.OK
    (url,) = HEADER.findall(result.stdout.str())
    result.stdout.fnmatch_lines([f"mirror: made 3 = published 3 + failed 0 + ignored 0 to {url}"])


def test_quiet_is_silent_when_nothing_is_wrong(suite: pytest.Pytester) -> None:
    result = run(suite, "--mirror", "-q")
    result.assert_outcomes(passed=2)
    assert is_silent(result)


def test_quiet_is_not_silent_when_something_failed(suite: pytest.Pytester) -> None:
    suite.makeconftest(RAISING_HOOK)
    result = run(suite, "--mirror", "-q")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "mirror: an exchange was lost: the hook * raised RuntimeError: the disk is full (said once; *)",
            "mirror: made 3 = published 0 + failed 3 + ignored 0 to http://*",
            "  failed 3: the hook pytest_mirror_exchange raised RuntimeError: the disk is full",
        ]
    )
    assert result.stdout.str().count("said once") == 1


def test_a_failing_test_is_still_a_failing_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=FLASK_SUITE.replace("follow_redirects=True", "follow_redirects=False"))
    result = run(pytester, "--mirror")
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert told(result).published == 2


# Off means off -------------------------------------------------------------------------------------------------------

LOOK_AROUND = """
    import glob, os, sys, threading

    def sockets():
        return [link for fd in glob.glob("/proc/self/fd/*") if os.path.islink(fd)
                for link in [os.readlink(fd)] if link.startswith("socket:")]

    FINDERS = [*sys.meta_path]
    SOCKETS = sockets()

    def pytest_unconfigure():
        from werkzeug.test import Client
        print()
        print("MODULES", sorted(name for name in sys.modules if name.partition(".")[0] == "mirror"))
        print("THREADS", [thread.name for thread in threading.enumerate() if "mirror" in thread.name])
        print("SOCKETS", [link for link in sockets() if link not in SOCKETS])
        print("FINDERS", [finder for finder in sys.meta_path if type(finder).__module__.startswith("mirror")])
        print("PATCHED", hasattr(Client.run_wsgi_app, "__wrapped__"))
"""

OFF = [
    "MODULES ['mirror', 'mirror.hookspecs', 'mirror.pytest_plugin']",
    "THREADS []",
    "SOCKETS []",
    "FINDERS []",
    "PATCHED False",
]


def test_off_means_off(suite: pytest.Pytester) -> None:
    suite.makeconftest(LOOK_AROUND)
    result = run(suite)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(OFF)
    assert is_silent_but_for_what_it_looked_at(result)


def test_off_imports_neither_werkzeug_nor_msgspec(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_bare():
            assert not {"werkzeug", "flask", "starlette", "httpx", "msgspec"} & set(sys.modules)
    """)
    run(pytester).assert_outcomes(passed=1)


def test_on_leaves_nothing_behind(suite: pytest.Pytester) -> None:
    suite.makeconftest(LOOK_AROUND.replace("def pytest_unconfigure", AT_EXIT + "def left"))
    result = run(suite, "--mirror")
    assert told(result).published == 3
    result.stdout.fnmatch_lines(OFF[1:])


AT_EXIT = """import atexit

    @atexit.register
    """


def is_silent_but_for_what_it_looked_at(result: pytest.RunResult) -> bool:
    return "mirror: " not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["--fixtures"], ["--collect-only"], ["--markers"]])
def test_runs_without_tests(suite: pytest.Pytester, arguments: list[str]) -> None:
    result = run(suite, "--mirror", *arguments)
    assert result.ret == pytest.ExitCode.OK
    assert "Traceback" not in result.stderr.str()


# Options, used rightly -----------------------------------------------------------------------------------------------


def test_every_option_is_explained(pytester: pytest.Pytester) -> None:
    text = run(pytester, "--help").stdout.str()
    for option in ("port", "host", "proxy", "proxy-mode", "include", "exclude", "correlation-header", "strict"):
        assert f"--mirror-{option}" in text
        assert f"mirror_{option.replace('-', '_')}" in text


def test_port(suite: pytest.Pytester) -> None:
    port = free_ports_in_a_row(1)
    result = run(suite, "--mirror", f"--mirror-port={port}")
    assert HEADER.findall(result.stdout.str()) == [f"http://127.0.0.1:{port}"]
    assert told(result).published == 3


def test_host(suite: pytest.Pytester) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    result = run(suite, "--mirror", "--mirror-host=::1")
    result.stdout.re_match_lines([r"mirror: echo http://\[::1\]:\d+$", r"mirror: made 3 .* to http://\[::1\]:\d+$"])


def test_include_and_exclude(suite: pytest.Pytester) -> None:
    result = run(suite, "--mirror", "--mirror-include=/hello", "--mirror-include=/n*", "--mirror-exclude=/new")
    result.assert_outcomes(passed=2)
    counts = told(result)
    assert (counts.published, counts.ignored) == (2, 1)
    result.stdout.fnmatch_lines(["  ignored 1: not included"])


def test_exclude_alone(suite: pytest.Pytester) -> None:
    result = run(suite, "--mirror", "--mirror-exclude=*")
    assert told(result).ignored == 3
    result.stdout.fnmatch_lines(["  ignored 3: excluded"])


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ([], None),
        (["--mirror-correlation-header"], "Mirror-Correlation-Id"),
        (["--mirror-correlation-header=X-Trace"], "X-Trace"),
        (["--mirror-correlation-header", "X-Trace"], "X-Trace"),
    ],
)
def test_correlation_header(curious_suite: pytest.Pytester, arguments: list[str], name: str | None) -> None:
    result = run(curious_suite, "-s", "--mirror", *arguments)
    result.stdout.fnmatch_lines([f"*correlation_header={name!r}*"])


def test_strict_does_nothing_to_a_run_without_losses(suite: pytest.Pytester) -> None:
    result = run(suite, "--mirror", "--mirror-strict")
    assert result.ret == pytest.ExitCode.OK


def test_strict_makes_losses_fail_the_run_but_no_test(suite: pytest.Pytester) -> None:
    suite.makeconftest(RAISING_HOOK)
    result = run(suite, "--mirror", "--mirror-strict")
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["  --mirror-strict: the run fails because exchanges were lost"])


def test_without_strict_losses_fail_nothing(suite: pytest.Pytester) -> None:
    suite.makeconftest(RAISING_HOOK)
    result = run(suite, "--mirror")
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_a_proxy_that_hangs_up_costs_exchanges_and_no_test(suite: pytest.Pytester, mode: str) -> None:
    with hanging_up() as port:
        result = run(suite, "--mirror", "--mirror-proxy", f"http://127.0.0.1:{port}", "--mirror-proxy-mode", mode)
    result.assert_outcomes(passed=2)
    counts = told(result)
    assert (counts.made, counts.failed) == (3, 3)
    result.stdout.fnmatch_lines(
        [
            f"mirror: echo http://*:* (published through the {mode} proxy http://127.0.0.1:{port})",
            "  failed *: the proxy *",
        ]
    )


# Options, used wrongly -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--mirror-port=eighty", "--mirror-port 'eighty': a port is a number from 0 (a free one) to 65535"),
        ("--mirror-port=65536", "--mirror-port '65536': a port is a number"),
        ("--mirror-port=-1", "--mirror-port '-1': a port is a number"),
        ("--mirror-host=no/address", "--mirror-host 'no/address': an address to listen on"),
        ("--mirror-host=203.0.113.1", "the echo cannot listen on 203.0.113.1:0"),
        ("--mirror-proxy=https://localhost:1", "--mirror-proxy 'https://localhost:1': the proxy"),
        ("--mirror-proxy=http://localhost", "lacks a host or a port: write http://HOST:PORT"),
        ("--mirror-proxy=http://localhost:99999", "is no URL"),
        ("--mirror-proxy=http://me@localhost:1/path", "holds more than an address"),
        ("--mirror-proxy-mode=sideways", "--mirror-proxy-mode 'sideways': write reverse or forward"),
        ("--mirror-proxy-mode=forward", "without a proxy: name it with --mirror-proxy http://HOST:PORT"),
        ("--mirror-include=orders", "--mirror-include 'orders': a glob matches a whole path"),
        ("--mirror-exclude=/[ab", "--mirror-exclude '/[ab': the bracket is not closed"),
        ("--mirror-correlation-header=a:b", "--mirror-correlation-header 'a:b': the name of a header field"),
        ("--mirror-correlation-header=Host", "--mirror-correlation-header 'Host': that field has a meaning of its own"),
        ("--mirror-correlation-header test_app.py", "'test_app.py' is a path here, not a name"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(suite: pytest.Pytester, arguments: str, words: str) -> None:
    line = refused(run(suite, "--mirror", *arguments.split()))
    assert line.startswith("ERROR: mirror: ")
    assert words in line


def test_a_port_in_use_is_refused(suite: pytest.Pytester) -> None:
    with taken_port() as port:
        line = refused(run(suite, "--mirror", f"--mirror-port={port}"))
    assert line == (
        f"ERROR: mirror: the echo port 127.0.0.1:{port} is in use: stop the program that listens there, "
        "choose another --mirror-port, or leave it out for a free one"
    )


def test_a_proxy_that_is_not_there_is_refused(suite: pytest.Pytester) -> None:
    with dead_port() as port:
        line = refused(run(suite, "--mirror", f"--mirror-proxy=127.0.0.1:{port}"))
    assert line.startswith(f"ERROR: mirror: no proxy answers at 127.0.0.1:{port}")
    assert line.endswith("start it before the tests, or correct --mirror-proxy")


def test_a_proxy_on_the_echo_port_is_refused(suite: pytest.Pytester) -> None:
    port = free_ports_in_a_row(1)
    line = refused(run(suite, "--mirror", f"--mirror-port={port}", f"--mirror-proxy=127.0.0.1:{port}"))
    assert "is the echo port itself: the proxy needs a port of its own" in line


def test_options_without_mirror_are_told(suite: pytest.Pytester) -> None:
    result = run(suite, "--mirror-port=8900", "--mirror-strict", "--mirror-include=/a")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        ["mirror: --mirror-port, --mirror-include, --mirror-strict had no effect: nothing was mirrored (add --mirror)"]
    )


# Where else they may stand -------------------------------------------------------------------------------------------


def test_option_before_environment_before_ini_before_pyproject_before_default(
    curious_suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def included(*arguments: str) -> str:
        output = run(curious_suite, "-s", "--mirror", *arguments).stdout.str()
        return re.findall(r"include=\('(.*?)',\)|include=(\(\))", output)[0][0]

    assert included() == ""
    Path("pyproject.toml").write_text('[tool.mirror]\ninclude = "/pyproject"\n')
    Path("pytest.ini").write_text("[pytest]\n")
    assert included() == "/pyproject"
    Path("pytest.ini").write_text("[pytest]\nmirror_include = /ini\n")
    assert included() == "/ini"
    monkeypatch.setenv("MIRROR_INCLUDE", "/environment")
    assert included() == "/environment"
    assert included("--mirror-include=/option") == "/option"


EVERYTHING = {
    "port": "{port}",
    "host": "127.0.0.1",
    "include": "/a /b*",
    "exclude": "/c",
    "correlation_header": "X-Trace",
    "strict": "true",
}
EVERY_SETTING = (
    "*port={port}, host='127.0.0.1', proxy=None, proxy_mode='reverse', include=('/a', '/b*'), exclude=('/c',), "
    "correlation_header='X-Trace', strict=True*"
)


def test_every_setting_from_the_environment(curious_suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_ports_in_a_row(1)
    monkeypatch.setenv("MIRROR", "1")
    for name, value in EVERYTHING.items():
        monkeypatch.setenv(f"MIRROR_{name.upper()}", value.format(port=port))
    result = run(curious_suite, "-s")
    result.stdout.fnmatch_lines([EVERY_SETTING.format(port=port), "mirror: made 0 *"])


def test_every_setting_from_the_ini_file(curious_suite: pytest.Pytester) -> None:
    port = free_ports_in_a_row(1)
    lines = [f"mirror_{name} = {value.format(port=port)}" for name, value in EVERYTHING.items()]
    curious_suite.makeini("\n".join(["[pytest]", "mirror = true", *lines]))
    result = run(curious_suite, "-s")
    result.stdout.fnmatch_lines([EVERY_SETTING.format(port=port), "mirror: made 0 *"])


def test_every_setting_from_pytest_in_pyproject(curious_suite: pytest.Pytester) -> None:
    curious_suite.makepyprojecttoml("""
        [tool.pytest.ini_options]
        mirror = true
        mirror_host = "127.0.0.1"
        mirror_include = ["/a", "/b*"]
        mirror_exclude = ["/c"]
        mirror_correlation_header = "X-Trace"
        mirror_strict = true
    """)
    result = run(curious_suite, "-s", "-W", "error")
    result.stdout.fnmatch_lines([EVERY_SETTING.format(port=0), "mirror: made 0 *"])


def test_every_setting_from_tool_mirror_in_pyproject(curious_suite: pytest.Pytester) -> None:
    curious_suite.makepyprojecttoml("""
        [tool.mirror]
        mirror = true
        port = 0
        host = "127.0.0.1"
        include = ["/a", "/b*"]
        exclude = "/c"
        correlation-header = "X-Trace"
        strict = true
    """)
    result = run(curious_suite, "-s")
    result.stdout.fnmatch_lines([EVERY_SETTING.format(port=0), "mirror: made 0 *"])


@pytest.mark.parametrize(
    ("environment", "ini", "table", "on"),
    [
        (None, None, None, False),
        ("1", None, None, True),
        ("yes", "false", None, True),
        ("0", "true", "true", False),
        ("", "true", None, True),
        (None, "true", "false", True),
        (None, "false", "true", False),
        (None, None, "true", True),
        (None, None, "'on'", True),
        (None, None, "false", False),
    ],
)
def test_who_decides_whether_a_run_is_mirrored(
    suite: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    environment: str | None,
    ini: str | None,
    table: str | None,
    on: bool,
) -> None:
    if environment is not None:
        monkeypatch.setenv("MIRROR", environment)
    suite.makeini("[pytest]" if ini is None else f"[pytest]\nmirror = {ini}")
    if table is not None:
        suite.makepyprojecttoml(f"[tool.mirror]\nmirror = {table}")
    assert ("mirror: made 3" in run(suite, "-k", "hello or redirect").stdout.str()) == on


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MIRROR_PORT", "eighty", "MIRROR_PORT 'eighty': a port is a number"),
        ("MIRROR_PROXY_MODE", "up", "MIRROR_PROXY_MODE 'up': write reverse or forward"),
        ("MIRROR_STRICT", "perhaps", "MIRROR_STRICT 'perhaps': write true or false"),
    ],
)
def test_an_unreadable_environment_is_refused(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv("MIRROR", "1")
    monkeypatch.setenv(name, value)
    assert words in refused(run(suite))


def test_a_variable_mirror_that_means_another_mirror_is_left_alone(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIRROR", "https://packages.example/simple")
    result = run(suite, "-k", "hello")
    assert result.parseoutcomes()["passed"] == 1
    assert "mirror: " not in result.stdout.str()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("mirror = perhaps", "perhaps"),
        ("mirror_strict = perhaps", "perhaps"),
        ("mirror_port = eighty", "mirror: ini mirror_port = 'eighty': a port is a number"),
        ("mirror_include = /a orders", "mirror: ini mirror_include = 'orders': a glob matches a whole path"),
    ],
)
def test_an_unreadable_ini_value_is_refused(suite: pytest.Pytester, setting: str, words: str) -> None:
    # pytest reads an ini value when it is asked for: a run that is not mirrored does not look at the others.
    suite.makeini(f"[pytest]\n{setting}")
    assert words in refused(run(suite, *([] if setting.startswith("mirror =") else ["--mirror"])))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[tool.mirror]\nport = 'eighty'", "mirror: pyproject.toml [tool.mirror] port 'eighty': a port is a number"),
        ("[tool.mirror]\nstrict = 3", "pyproject.toml [tool.mirror] strict 3: write true or false"),
        ("[tool.mirror]\nmirror = 'perhaps'", "pyproject.toml [tool.mirror] mirror 'perhaps': write true or false"),
        ("[tool.mirror]\npotr = 3", "[tool.mirror] potr: no such setting; there are mirror, port, host"),
        ("[[tool.mirror]]\nport = 3", "[tool.mirror] is not a table"),
    ],
)
def test_an_unreadable_pyproject_is_refused(suite: pytest.Pytester, table: str, words: str) -> None:
    suite.makepyprojecttoml(table)
    arguments = [] if "mirror =" in table else ["--mirror"]
    assert words in refused(run(suite, *arguments))


# Fixtures ------------------------------------------------------------------------------------------------------------

FIXTURES = """
    import urllib.error, urllib.request

    import pytest
    from test_app import app

    client = app.test_client()

    def test_mirror_and_its_url(mirror, mirror_url):
        assert mirror_url == mirror.url == f"http://127.0.0.1:{mirror.port}"
        with pytest.raises(urllib.error.HTTPError) as info:
            urllib.request.urlopen(mirror_url)
        assert info.value.code == 404
        assert "no exchange is waiting for this request" in info.value.read().decode()
        info.value.close()

    def test_the_exchanges_of_this_test_alone(mirror_exchanges):
        assert len(mirror_exchanges) == 0
        client.get("/old", follow_redirects=True)
        assert [exchange.request.target for exchange in mirror_exchanges] == ["/old", "/hello"]
        assert mirror_exchanges[0].response.status == 302
        assert mirror_exchanges[-1].response.body == b"hello"
        assert mirror_exchanges[0].route.template == "/old"
        assert "'/old'" in repr(mirror_exchanges)

    def test_the_exchanges_of_another_test(mirror_exchanges, request):
        client.get("/hello")
        assert [exchange.test for exchange in mirror_exchanges] == [request.node.nodeid]

    @pytest.fixture
    def token():
        return client.get("/hello").text

    def test_what_its_fixtures_did_belongs_to_the_test(token, mirror_exchanges):
        assert len(mirror_exchanges) == 1
"""


def test_fixtures(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_fixtures=FIXTURES)
    result = run(suite, "--mirror", "test_fixtures.py")
    result.assert_outcomes(passed=4)
    assert told(result).made == 4


def test_the_fixture_starts_a_mirror_where_the_option_did_not(suite: pytest.Pytester) -> None:
    suite.makepyfile("""
        from mirror.adapters.flask import MirrorClient
        from test_app import app

        def test_first(mirror_exchanges, request):
            MirrorClient(app).get("/hello")
            app.test_client().get("/hello")
            assert [exchange.test for exchange in mirror_exchanges] == [request.node.nodeid]
    """)
    result = run(suite, "-k", "first")
    assert result.parseoutcomes()["passed"] == 1
    assert told(result).made == 1


def test_a_fixture_that_cannot_start_its_mirror_is_an_error_of_its_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_first(mirror): pass\ndef test_second(mirror): pass")
    with taken_port() as port:
        result = run(pytester, f"--mirror-port={port}")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([f"*mirror: the echo port 127.0.0.1:{port} is in use*"])


# Hooks ---------------------------------------------------------------------------------------------------------------


def test_hooks_get_each_exchange_and_the_numbers(suite: pytest.Pytester) -> None:
    suite.makeconftest("""
        def pytest_mirror_exchange(exchange):
            print("SEEN", exchange.test, exchange.request.method, exchange.request.target, exchange.response.status)

        def pytest_mirror_summary(config, counts):
            print("TOTAL", counts.made, counts.published, config.option.mirror)
    """)
    result = run(suite, "--mirror", "-s")
    result.stdout.fnmatch_lines(
        [
            "*SEEN test_app.py::test_hello GET /hello 200",
            "*SEEN test_app.py::test_redirect GET /old 302",
            "*SEEN test_app.py::test_redirect GET /hello 200",
            "*TOTAL 3 3 True",
        ]
    )


def test_a_hook_further_down_the_tree_is_heard(pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("deep")
    (folder / "conftest.py").write_text(
        "def pytest_mirror_exchange(exchange): print('SEEN', exchange.request.target)\n"
    )
    pytester.makepyfile(**{"deep/test_app": FLASK_SUITE})
    run(pytester, "--mirror", "-s").stdout.fnmatch_lines(["*SEEN /old"])


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("1 / 0", "the hook pytest_mirror_exchange raised ZeroDivisionError: division by zero"),
        ("__import__('pytest').fail('no')", "the hook pytest_mirror_exchange raised Failed: no"),
        ("__import__('pytest').skip('no')", "the hook pytest_mirror_exchange raised Skipped: no"),
    ],
)
def test_a_hook_that_raises_is_a_loss_and_no_test_fails(suite: pytest.Pytester, statement: str, words: str) -> None:
    suite.makeconftest(f"def pytest_mirror_exchange(exchange): {statement}")
    result = run(suite, "--mirror")
    result.assert_outcomes(passed=2)
    assert told(result).failed == 3
    result.stdout.fnmatch_lines([f"  failed 3: {words}"])


def test_a_summary_hook_that_raises_is_told(suite: pytest.Pytester) -> None:
    suite.makeconftest("def pytest_mirror_summary(counts): raise ValueError('no paper')")
    result = run(suite, "--mirror")
    result.assert_outcomes(passed=2)
    assert told(result).published == 3
    result.stdout.fnmatch_lines(["mirror: the hook pytest_mirror_summary raised ValueError: no paper"])
