"""``mirror serve`` as a user runs it: a process of its own, and suites that publish to it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from runs import ADDS_UP, ALONE, FLASK_SUITE, dead_port, free_ports_in_a_row, refused, run, taken_port, told

from mirror import Mirror
from mirror.store.capture import read

TOKEN = "a-token-of-tests"


class Served(NamedTuple):
    process: subprocess.Popen[str]
    url: str
    hub: str

    def end(self, by: int = signal.SIGINT) -> str:
        """Interrupt it; returns what it then printed."""
        self.process.send_signal(by)
        output, errors = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, errors
        assert errors == ""
        return output


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-W", "error", "-m", "mirror", "serve", *map(str, arguments)]


@contextmanager
def serving(*arguments: object) -> Iterator[Served]:
    with subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            first, second = process.stdout.readline(), process.stdout.readline()
            assert re.fullmatch(r"echo http://\S+:\d+\n", first)
            assert re.fullmatch(r"MIRROR_HUB=http://\S+@\S+:\d+\n", second)
            yield Served(process, first.split()[1], second.strip().removeprefix("MIRROR_HUB="))
        finally:
            process.kill()


def numbers(output: str) -> tuple[int, ...]:
    ((made, published, failed, ignored),) = ADDS_UP.findall(output)
    return int(made), int(published), int(failed), int(ignored)


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(test_app=FLASK_SUITE)
    return pytester


@pytest.mark.parametrize("workers", [0, 2])
def test_a_suite_publishes_to_it(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    with serving() as served:
        monkeypatch.setenv("MIRROR_HUB", served.hub)
        suite.makepyfile(f"def test_url(mirror_url): assert mirror_url == {served.url!r}")
        result = run(suite, "--mirror", "-n", workers)
        result.assert_outcomes(passed=3)
        assert told(result).published == 3
        what = "of the hub" if workers == 0 else f"for {workers} workers"
        result.stdout.fnmatch_lines([f"mirror: echo {served.url} ({what})", f"mirror: made 3 * to {served.url}"])
        assert served.hub not in result.stdout.str()
        output = served.end()
    assert numbers(output) == (3, 3, 0, 0)


def test_suites_of_several_terminals_at_once(suite: pytest.Pytester) -> None:
    with serving("--token", TOKEN) as served:
        assert f"//{TOKEN}@" in served.hub
        environment = {**os.environ, "MIRROR_HUB": served.hub, "MIRROR": "1"}
        runs = [
            subprocess.Popen(
                [sys.executable, "-m", "pytest", *ALONE, "-q", "--mirror-strict"],
                cwd=suite.path,
                env=environment,
                stdout=subprocess.DEVNULL,
            )
            for _ in range(3)
        ]
        assert [process.wait(60) for process in runs] == [0, 0, 0]
        assert numbers(served.end(signal.SIGTERM)) == (9, 9, 0, 0)


def test_programs_publish_to_it() -> None:
    from flask import Flask

    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "hello")
    with serving() as served:
        with Mirror(hub=served.hub) as mirror:
            assert app.test_client().get("/").text == "hello"
            assert mirror.url == served.url
        assert mirror.counts.published == 1
        assert numbers(served.end()) == (1, 1, 0, 0)


def test_a_process_that_is_killed_is_told_of() -> None:
    with serving() as served:
        code = (
            "import os, signal; from flask import Flask; from mirror import Mirror\n"
            "app = Flask('app'); app.add_url_rule('/', view_func=lambda: 'hello')\n"
            f"mirror = Mirror(hub={served.hub!r}).start()\n"
            "[app.test_client().get('/') for _ in range(3)]; mirror.recorder.settle()\n"
            "print(os.getpid(), flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        output = served.end()
    assert numbers(output) == (3, 3, 0, 0)
    assert f"  pid-{killed.stdout.strip()} vanished: 3 exchanges handed over" in output


def test_whoever_ends_it_twice_has_the_summary_all_the_same() -> None:
    with serving() as served:
        served.process.send_signal(signal.SIGINT)
        assert numbers(served.end(signal.SIGTERM)) == (0, 0, 0, 0)


def test_the_conftest_swap_publishes_to_it(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makeconftest("from mirror.adapters.flask import MirrorClient")
    pytester.makepyfile(FLASK_SUITE.replace("app.test_client()", "MirrorClient(app)").replace(
        "from flask", "from mirror.adapters.flask import MirrorClient\n    from flask"
    ))  # fmt: skip
    with serving() as served:
        monkeypatch.setenv("MIRROR_HUB", served.hub)
        for arguments in ((), ("-n2",)):
            result = run(pytester, *arguments)
            result.assert_outcomes(passed=2)
            assert told(result).published == 3
        assert numbers(served.end()) == (6, 6, 0, 0)


def test_a_wrong_token_is_refused(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as served:
        wrong = f"http://wrong-token@{served.hub.rpartition('@')[2]}"
        monkeypatch.setenv("MIRROR_HUB", wrong)
        for arguments in ((), ("-n2",)):
            line = refused(run(suite, "--mirror", *arguments))
            assert "refuses this process: wrong token" in line
            assert "wrong-token" not in line
        output = served.end()
    assert "  refused 2: wrong token" in output
    assert numbers(output) == (0, 0, 0, 0)


def test_a_hub_that_is_not_there_is_refused(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    with dead_port() as port:
        monkeypatch.setenv("MIRROR_HUB", f"http://{TOKEN}@127.0.0.1:{port}")
        line = refused(run(suite, "--mirror"))
    assert f"no hub answers at 127.0.0.1:{port}" in line
    assert "is 'mirror serve' running?" in line


@pytest.mark.parametrize("option", ["--mirror-port=1234", "--mirror-proxy=http://127.0.0.1:1"])
def test_options_that_are_the_hubs_are_refused(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setenv("MIRROR_HUB", f"http://{TOKEN}@127.0.0.1:1")
    assert "together with a hub (MIRROR_HUB)" in refused(run(suite, "--mirror", option))


def test_a_hub_that_is_killed_changes_no_test(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as served:
        monkeypatch.setenv("MIRROR_HUB", served.hub)
        suite.makepyfile(
            test_b=f"""
            import os
            from test_app import app, test_hello, test_redirect

            def test_kill():
                os.kill({served.process.pid}, 9)
                assert app.test_client().get("/hello").text == "hello"

            def test_then():
                assert app.test_client().get("/hello").text == "hello"
        """
        )
        result = run(suite, "--mirror", "-p", "no:randomly", "test_app.py", "test_b.py")
    result.assert_outcomes(passed=6)
    counts = told(result)
    assert counts.made == 8
    # What was handed over in the last tests before may not have been acknowledged yet.
    assert counts.failed >= 2
    result.stdout.re_match_lines([rf"  failed {counts.failed}: the hub at \S+ is gone: .*"])
    assert result.stdout.str().count("said once") == 1


def test_ports_are_as_told() -> None:
    first = free_ports_in_a_row(2)
    with serving("--port", first, "--hub-port", first + 1) as served:
        assert served.url.endswith(f":{first}")
        assert served.hub.endswith(f":{first + 1}")
        served.end(signal.SIGTERM)
    for port in (first, first + 1):
        with socket.socket() as sock:
            assert sock.connect_ex(("127.0.0.1", port)) != 0


def test_the_end_of_its_terminal_ends_it_unless_it_was_told_not_to() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # children inherit it, and these tests may run under nohup
    try:
        with serving() as served:
            assert numbers(served.end(signal.SIGHUP)) == (0, 0, 0, 0)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
        with serving() as served:
            served.process.send_signal(signal.SIGHUP)
            with Mirror(hub=served.hub, attach=False) as mirror:
                mirror.recorder.pass_over("excluded")
            assert numbers(served.end(signal.SIGTERM)) == (1, 0, 0, 1)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_interfaces_are_warned_of() -> None:
    process = subprocess.Popen(command("--host", "0.0.0.0"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("echo http://0.0.0.0:")
    assert "@127.0.0.1:" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    warning, elsewhere = errors.splitlines()
    assert warning.startswith("mirror: warning: 0.0.0.0 can be reached from other machines")
    assert re.search(r"the echo is http://HOST:\d+, .* MIRROR_HUB=http://\S+@HOST:\d+, with the name", elsewhere)


def fails(*arguments: object) -> str:
    """The one line with which it ended, exit status 2."""
    done = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_cannot_work_is_said() -> None:
    with taken_port() as port:
        assert f"the echo port 127.0.0.1:{port} is in use" in fails("--port", port)
        assert f"the hub port 127.0.0.1:{port} is in use" in fails("--hub-port", port)
    assert "a port is a number" in fails("--port", "many")
    assert "--hub-port" in fails("--hub-port", 70000)
    assert "token" in fails("--token", "short")
    assert "is no address of this machine" in fails("--host", "192.0.2.1.invalid")
    with dead_port() as port:
        assert "no proxy answers" in fails("--proxy", f"http://127.0.0.1:{port}")
    assert "reverse or forward" in fails("--proxy-mode", "sideways")


def test_help_explains() -> None:
    done = subprocess.run(command("--help"), capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    for word in ("MIRROR_HUB=", "--port", "--hub-port", "--token", "MIRROR_HUB_TOKEN", "Exit status"):
        assert word in done.stdout


@pytest.mark.parametrize("workers", [0, 2])
def test_it_captures_what_several_suites_made(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    kept = suite.path / "kept.jsonl"
    suite.makepyfile(test_more=FLASK_SUITE.replace('get("/hello").text == "hello"', 'get("/hello").text == "bye"'))
    with serving("--capture", kept, "--capture", suite.path / "kept.har") as served:
        monkeypatch.setenv("MIRROR_HUB", served.hub)
        run(suite, "--mirror", "-n", workers).assert_outcomes(passed=3, failed=1)
        served.end()
    for path in (kept, suite.path / "kept.har"):
        exchanges = list(read(path))
        assert len(exchanges) == 6
        assert {(each.test, each.outcome) for each in exchanges} == {
            ("test_app.py::test_hello", "passed"),
            ("test_app.py::test_redirect", "passed"),
            ("test_more.py::test_hello", "failed"),
            ("test_more.py::test_redirect", "passed"),
        }


def test_a_capture_that_cannot_be_had_is_said_at_the_start(tmp_path: Path) -> None:
    run = subprocess.run(command("--capture", "/dev/null/kept.jsonl"), capture_output=True, text=True)
    assert run.returncode == 2
    assert re.fullmatch(r"mirror: \S+kept\.jsonl cannot be written: (Not a directory|File exists); .*\n", run.stderr)
