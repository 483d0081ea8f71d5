"""``pytest --mirror -n K``: one echo port for all workers, and numbers that add up whatever becomes of a worker."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from runs import ALONE, FLASK_SUITE, dead_port, free_ports_in_a_row, is_silent, refused, run, taken_port, told

from mirror.wire.hub_counter import SharedCounter

HEADER = re.compile(r"^mirror: echo (http://127\.0\.0\.1:\d+) \(for (\d+) workers?\)$", re.MULTILINE)

RAISING_HOOK = """
    def pytest_mirror_exchange(exchange):
        raise RuntimeError("the disk is full")
"""

# Twenty tests in four groups, of every kind of outcome, with sixty exchanges and more.
LARGE_SUITE = """
    import pytest
    from flask import Flask, redirect, request
    from starlette.applications import Starlette
    from starlette.responses import StreamingResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient

    app = Flask(__name__)
    app.testing = True

    @app.route("/items/<int:number>", methods=["GET", "POST"])
    def item(number):
        return {"number": number, "sent": request.get_data(as_text=True)}, 201 if request.data else 200

    @app.get("/old/<int:number>")
    def old(number):
        return redirect(f"/items/{number}")

    @app.get("/fail")
    def fail():
        1 / 0

    async def stream(request):
        return StreamingResponse(iter(["one ", "two ", "three"]))

    library = Starlette(routes=[Route("/stream", stream)])

    @pytest.mark.parametrize("number", range(20))
    @pytest.mark.xdist_group("some")
    def test_items(number):
        client = app.test_client()
        assert client.get(f"/items/{number}?q=%2F").json["number"] == number
        assert client.post(f"/items/{number}", data="x" * number * 5000 + "y").status_code == 201
        assert client.get(f"/old/{number}", follow_redirects=True).json["number"] == number
        assert TestClient(library).get("/stream").text == "one two three"

    def test_error():
        with pytest.raises(ZeroDivisionError):
            app.test_client().get("/fail")

    def test_that_fails():
        assert app.test_client().get("/missing").status_code == 200

    @pytest.mark.skip
    def test_that_is_skipped():
        app.test_client().get("/items/1")
"""

# The controller writes down what comes by.
WRITES_DOWN = """
    import pytest

    class Written:
        def write(self, exchange):
            with open("seen.txt", "a") as file:
                request, response = exchange.request, exchange.response
                print(request.method, request.target, hash_of(request.body), request.headers.raw, response.status,
                      response.chunks if len(response.body) < 99 else hash_of(response.body), exchange.test,
                      exchange.route, exchange.error, exchange.gateway, sep="|", file=file)
            return ()

    def hash_of(data):
        import hashlib
        return hashlib.sha256(data).hexdigest()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(session):
        from mirror.session import RUNNING
        if not hasattr(session.config, "workerinput"):
            for mirror in RUNNING:
                mirror.recorder.sinks.append(Written())
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A Flask application with its ordinary tests."""
    pytester.makepyfile(test_app=FLASK_SUITE)
    return pytester


@pytest.fixture
def large_suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(test_large=LARGE_SUITE)
    pytester.makeconftest(WRITES_DOWN)
    return pytester


def seen(pytester: pytest.Pytester) -> Counter[str]:
    """What the run that wrote it down has recorded, in no order."""
    path = pytester.path / "seen.txt"
    lines = Counter(path.read_text().splitlines())
    path.unlink()
    return lines


@pytest.fixture(autouse=True)
def left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files; of mirror's none is left there."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield tmp_path
    assert not list(tmp_path.glob("mirror-*"))


# One port for all ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_the_header_names_the_one_echo_and_the_summary_adds_up(suite: pytest.Pytester, workers: int) -> None:
    result = run(suite, "--mirror", "-n", workers)
    result.assert_outcomes(passed=2)
    ((url, number),) = HEADER.findall(result.stdout.str())
    assert int(number) == workers
    result.stdout.fnmatch_lines([f"mirror: made 3 = published 3 + failed 0 + ignored 0 to {url}"])


def test_a_fixed_port_is_the_port_of_all(suite: pytest.Pytester) -> None:
    port = free_ports_in_a_row(1)
    suite.makepyfile(f"def test_port(mirror, mirror_url): assert (mirror.port, mirror_url[-6:]) == ({port}, ':{port}')")
    result = run(suite, "--mirror", "-n", "2", f"--mirror-port={port}")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines([f"mirror: echo http://127.0.0.1:{port} (for 2 workers)", "mirror: made 3 *"])


def test_a_port_in_use_is_refused(suite: pytest.Pytester) -> None:
    with taken_port() as port:
        assert "is in use" in refused(run(suite, "--mirror", "-n", "2", f"--mirror-port={port}"))


def test_no_such_proxy_is_refused_before_any_worker_starts(suite: pytest.Pytester) -> None:
    with dead_port() as port:
        for mode in ("forward", "reverse"):
            arguments = ["-n", "2", f"--mirror-proxy=127.0.0.1:{port}", f"--mirror-proxy-mode={mode}"]
            assert "no proxy answers" in refused(run(suite, "--mirror", *arguments))


@pytest.mark.parametrize(
    "arguments",
    [("-n2",), ("-n4",), ("-n2", "--dist=loadgroup"), ("-n2", "--dist=worksteal"), ("-n2", "--dist=loadfile")],
    ids=" ".join,
)
def test_the_same_exchanges_as_in_a_serial_run(large_suite: pytest.Pytester, arguments: tuple[str, ...]) -> None:
    serial = run(large_suite, "--mirror")
    expected = seen(large_suite)
    assert told(serial).made == expected.total() == 20 * 5 + 2
    parallel = run(large_suite, "--mirror", *arguments)
    assert parallel.parseoutcomes() == serial.parseoutcomes()
    assert told(parallel) == told(serial)
    got = seen(large_suite)
    if "--dist=loadgroup" in arguments:  # xdist's own: it writes the group into the name of the test
        got = Counter({line.replace("@some", ""): number for line, number in got.items()})
    assert got == expected


def test_each_to_all_workers(suite: pytest.Pytester) -> None:
    assert told(run(suite, "--mirror", "--dist=each", "--tx=2*popen")).published == 6


def test_without_workers_it_is_an_ordinary_run(suite: pytest.Pytester) -> None:
    result = run(suite, "--mirror", "-n", "0")
    assert not HEADER.findall(result.stdout.str())
    assert told(result).published == 3


def test_off_means_off(suite: pytest.Pytester) -> None:
    suite.makeconftest("""
        import sys, threading

        def pytest_unconfigure():
            print("MODULES", sorted(name for name in sys.modules if name.partition(".")[0] == "mirror"))
            print("THREADS", [thread.name for thread in threading.enumerate() if "mirror" in thread.name])
    """)
    result = run(suite, "-n", "2")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["MODULES ['mirror', 'mirror.hookspecs', 'mirror.pytest_plugin']", "THREADS []"])
    assert not HEADER.findall(result.stdout.str())


def test_filters_hooks_and_fixtures_work_in_the_workers(suite: pytest.Pytester) -> None:
    suite.makeconftest("""
        def pytest_mirror_exchange(exchange):
            with open("seen.txt", "a") as file:
                print(exchange.request.target, file=file)

        def pytest_mirror_summary(counts):
            print("COUNTS", counts.made, counts.published, counts.ignored)
    """)
    suite.makepyfile("""
        from test_app import app

        def test_fixtures(mirror, mirror_exchanges):
            app.test_client().get("/hello")
            assert [exchange.request.target for exchange in mirror_exchanges] == ["/hello"]
            assert mirror.counts.made == mirror.counts.published + mirror.counts.ignored >= 1
    """)
    result = run(suite, "--mirror", "-n2", "--mirror-exclude=/old", "-s")
    assert result.ret == 0
    assert (told(result).published, told(result).ignored) == (3, 1)
    result.stdout.fnmatch_lines(["*COUNTS 4 3 1", "  ignored 1: excluded"])
    assert sorted(seen(suite).elements()) == ["/hello"] * 3


def test_what_a_worker_and_the_wire_both_lose_is_one_loss(suite: pytest.Pytester) -> None:
    suite.makeconftest("""
        import pytest

        def pytest_mirror_exchange(exchange):
            raise RuntimeError("the disk is full")

        @pytest.hookimpl(trylast=True)
        def pytest_sessionstart(session):
            from mirror.session import RUNNING
            if not hasattr(session.config, "workerinput"):
                RUNNING[-1]._server.stop()
    """)
    result = run(suite, "--mirror", "-n", "2", "-q")
    result.assert_outcomes(passed=2)
    assert (told(result).made, told(result).failed) == (3, 3)
    result.stdout.fnmatch_lines(["  failed 3: the hook pytest_mirror_exchange raised RuntimeError: the disk is full"])


@pytest.mark.parametrize("strict", [False, True])
def test_the_echo_of_the_controller_dies(suite: pytest.Pytester, strict: bool) -> None:
    suite.makeconftest("""
        import pytest

        @pytest.hookimpl(trylast=True)
        def pytest_sessionstart(session):
            from mirror.session import RUNNING
            if not hasattr(session.config, "workerinput"):
                RUNNING[-1]._server.stop()
    """)
    result = run(suite, "--mirror", "-n", "2", *["--mirror-strict"] * strict)
    result.assert_outcomes(passed=2)
    assert result.ret == strict
    assert (told(result).made, told(result).failed) == (3, 3)
    assert result.stdout.str().count("said once") == 1


@pytest.mark.parametrize(("when", "published"), [("pytest_testnodeready(node)", 0), ("pytest_runtest_logfinish()", 2)])
def test_the_hub_of_the_controller_dies(pytester: pytest.Pytester, when: str, published: int) -> None:
    pytester.makeconftest(f"""
        from pathlib import Path

        def {when}:
            from mirror.session import RUNNING
            if RUNNING[-1]._hub is not None and (not {published} or Path("taken").exists()):  # this is the controller
                RUNNING[-1]._hub.close()
                Path("closed").touch()
    """)
    pytester.makepyfile(test_app=FLASK_SUITE)
    pytester.makepyfile("""
        import time
        from pathlib import Path
        import pytest
        from test_app import app

        @pytest.mark.parametrize("number", range(10))
        def test_many(number):
            while number == 5 and not Path("closed").exists():
                time.sleep(0.01)
            assert app.test_client().get("/hello").text == "hello"
            if number == 1:
                from mirror.session import RUNNING
                RUNNING[-1].recorder.settle()  # the hub has taken what there was
                Path("taken").touch()
    """)
    result = run(pytester, "--mirror", "-n", "1")
    result.assert_outcomes(passed=12)
    counts = told(result)
    assert (counts.made, counts.ignored) == (13, 0)
    assert counts.failed >= 5
    assert counts.published >= published
    result.stdout.re_match_lines([r"  failed \d+: .*(the hub at \S+ is gone|no hub answers at)"])


def test_losses_of_workers_are_told_and_strict_about(suite: pytest.Pytester) -> None:
    suite.makeconftest(RAISING_HOOK)
    result = run(suite, "--mirror", "-n", "2", "--mirror-strict", "-q")
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["  failed 3: the hook pytest_mirror_exchange raised RuntimeError: the disk is full"])
    assert result.stdout.str().count("said once") == 1


def test_pytest_socket_does_not_keep_it_from_the_hub(suite: pytest.Pytester) -> None:
    pytest.importorskip("pytest_socket", reason="needs pytest-socket")
    without_it = [argument for argument in ALONE if argument != "-pno:socket"]
    result = suite.runpytest_subprocess(*without_it, "--mirror", "-n2", "--disable-socket", "--allow-unix-socket")
    result.assert_outcomes(passed=2)
    assert told(result).published == 3


# Workers that do not come back ---------------------------------------------------------------------------------------

# Killed in the middle of the third of its exchanges. Two have been made; the second was not handed over, and the first
# only where the last batch had left a quarter of a second before.
KILLED = """
    import os
    import signal
    from test_app import app

    app.add_url_rule("/kill", "kill", lambda: os.kill(os.getpid(), signal.SIGKILL))

    def test_killed():
        client = app.test_client()
        client.get("/hello")
        client.get("/hello")
        client.get("/kill")
"""


def loss_of(result: pytest.RunResult, made: int) -> int:
    """What the one killed worker has lost: at least the second of its exchanges, at most the first as well."""
    counts = told(result)
    assert (counts.made, counts.ignored) == (made, 0)
    assert 1 <= counts.failed <= 2
    return counts.failed


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_worker_loses_what_it_had_not_handed_over(suite: pytest.Pytester, strict: bool, workers: int) -> None:
    suite.makepyfile(test_b_killed=KILLED)
    result = run(suite, "--mirror", "-n", workers, *["--mirror-strict"] * strict)
    result.assert_outcomes(passed=2, failed=1)
    lost = loss_of(result, made=5)
    result.stdout.re_match_lines(
        [
            rf"  failed {lost}: worker gw\d died before handing it over",
            rf"  worker gw\d died: {lost} of the exchanges that it had made had not been handed over",
        ]
    )


def test_what_a_killed_worker_had_handed_over_is_published(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=FLASK_SUITE, test_b_killed=KILLED.replace('client.get("/kill")', "os._exit(7)"))
    result = run(pytester, "--mirror", "-n", "1")
    assert loss_of(result, made=5)


def test_a_large_batch_is_handed_over_before_the_end_of_its_test(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_b_killed=KILLED.replace('client.get("/hello")', 'client.get("/hello", data=b"x" * 100_000)'))
    counts = told(run(suite, "--mirror", "-n", "1"))
    assert (counts.made, counts.published, counts.failed) == (5, 5, 0)


def test_a_worker_that_replaces_a_dead_one_goes_on(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_a_killed=KILLED, test_c="from test_app import test_hello as test_again")
    result = run(suite, "--mirror", "-n", "1")
    result.assert_outcomes(passed=3, failed=1)
    assert loss_of(result, made=6)


def test_a_dead_worker_of_which_nothing_is_missing(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_b_crash="def test_crash(): __import__('os')._exit(7)")
    result = run(suite, "--mirror", "-n", "1", "--mirror-strict")
    result.assert_outcomes(passed=2, failed=1)
    assert (told(result).published, told(result).failed) == (3, 0)
    result.stdout.fnmatch_lines(["  worker gw0 died: of what it had made nothing is missing"])
    assert "--mirror-strict: the run fails" not in result.stdout.str()


def test_every_worker_dies(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_b_killed=KILLED)
    result = run(suite, "--mirror", "-n", "2", "--max-worker-restart=0")
    assert loss_of(result, made=told(result).made)


def test_a_worker_that_is_killed_in_a_fork(suite: pytest.Pytester) -> None:
    # The child holds the connection open, had mirror not closed it there: the controller would wait for its end.
    suite.makepyfile(test_b_killed=KILLED.replace('client.get("/kill")', "os.fork() and os.kill(os.getpid(), 9)"))
    suite.makeconftest("""
        import os
        import time

        def live_on():
            time.sleep(2)
            os._exit(0)

        os.register_at_fork(after_in_child=live_on)
    """)
    assert loss_of(run(suite, "--mirror", "-n", "1", "-p", "no:faulthandler"), made=5)


# Ends before the end -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [("-x",), ("--maxfail=1",), ("--maxfail=2",), ("-x", "--dist=loadscope")], ids=" ".join
)
def test_stopped_at_a_failure_it_still_adds_up(suite: pytest.Pytester, arguments: tuple[str, ...]) -> None:
    suite.makepyfile(test_a_failure="def test_failure(): assert False\ndef test_another(): assert False")
    result = run(suite, "--mirror", "-n", "2", *arguments)
    assert result.ret != pytest.ExitCode.OK
    assert told(result).failed == 0
    assert "died" not in result.stdout.str()


SLOW = """
    import os
    import signal
    import time
    from pathlib import Path

    import pytest
    from test_app import app

    @pytest.mark.parametrize("number", range(4))
    def test_slow(number):
        app.test_client().get("/hello")
        Path(f"pid-{os.getpid()}").touch()
        time.sleep(60)
"""


@pytest.mark.parametrize("group", [True, False], ids=["the terminal's", "the controller's"])
def test_ctrl_c_leaves_nothing(suite: pytest.Pytester, group: bool) -> None:
    suite.makepyfile(test_slow=SLOW)
    port = free_ports_in_a_row(1)
    command = [sys.executable, "-m", "pytest", *ALONE, "--mirror", f"--mirror-port={port}", "-n2", "test_slow.py"]
    # Whoever runs the tests in the background may have it ignored, which children inherit.
    with subprocess.Popen(
        command,
        cwd=suite.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        while len(pids := list(suite.path.glob("pid-*"))) < 2:
            assert process.poll() is None
            threading.Event().wait(0.05)
        (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, output
    numbers = re.findall(r"made (\d+) = published (\d+) \+ failed (\d+) \+ ignored (\d+)", output)
    made, published, failed, ignored = map(int, numbers[0])
    assert (made, ignored) == (2, 0), output
    assert published + failed == 2
    for path in pids:
        assert not alive(int(path.name.removeprefix("pid-")))
    with socket.socket() as sock:
        assert sock.connect_ex(("127.0.0.1", port)) != 0


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# The counter ---------------------------------------------------------------------------------------------------------


def test_a_counter_is_seen_by_both_and_leaves_no_file() -> None:
    ours = SharedCounter.make()
    theirs = SharedCounter.join(ours.path)
    assert not Path(ours.path).exists()
    theirs.value = 2**40 + 7
    assert ours.value == 2**40 + 7
    theirs.close()
    assert ours.value == 2**40 + 7
    ours.close()


def test_a_counter_that_nobody_joined_leaves_no_file() -> None:
    counter = SharedCounter.make()
    counter.close()
    assert not Path(counter.path).exists()
    with pytest.raises(OSError, match="No such file"):
        SharedCounter.join(counter.path)


def test_a_counter_of_the_wrong_size_is_no_counter(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(ValueError, match=r"mmap length is greater than file size|cannot mmap an empty file"):
        SharedCounter.join(str(tmp_path / "empty"))


def test_quiet_is_silent_when_nothing_is_wrong(suite: pytest.Pytester) -> None:
    result = run(suite, "--mirror", "-n", "2", "-q")
    result.assert_outcomes(passed=2)
    assert is_silent(result)


# Proxies -------------------------------------------------------------------------------------------------------------


@contextmanager
def reverse_proxy(to: int) -> Iterator[tuple[int, list[bytes]]]:
    """Passes every connection on to that port as it is; yields its own port, and what it was asked first in each."""
    asked: list[bytes] = []

    def pass_on(source: socket.socket, target: socket.socket, note: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if note:
                    asked.append(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve_one(near: socket.socket) -> None:
        with near, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", to)) as far:
            back = threading.Thread(target=pass_on, args=(far, near, False))
            back.start()
            pass_on(near, far, True)
            back.join()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threads.append(threading.Thread(target=serve_one, args=(server.accept()[0],)))
                threads[-1].start()

    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepting = threading.Thread(target=serve)
        accepting.start()
        yield server.getsockname()[1], asked
        server.shutdown(socket.SHUT_RDWR)
        accepting.join()
    for thread in threads:
        thread.join()


def test_a_reverse_proxy_sees_what_all_workers_make(suite: pytest.Pytester) -> None:
    echo = free_ports_in_a_row(1)
    with reverse_proxy(echo) as (port, asked):
        result = run(suite, "--mirror", "-n", "2", f"--mirror-port={echo}", f"--mirror-proxy=http://127.0.0.1:{port}")
    result.assert_outcomes(passed=2)
    assert told(result).published == 3
    assert sorted(request.split()[1] for request in asked) == [b"/hello", b"/hello", b"/old"]
