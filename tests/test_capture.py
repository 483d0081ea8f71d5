"""``pytest --mirror --mirror-capture``: every exchange is in the file, with what is known of it, and no secret."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from runs import FLASK_SUITE, run, told

from mirror import Exchange
from mirror.store.capture import open_store, read

OUTCOMES = """
    import pytest
    from flask import Flask, request

    app = Flask(__name__)

    @app.post("/orders/<int:number>")
    def order(number):
        "Place an order."
        return {"number": number, "password": request.json["password"]}

    def call(number):
        return app.test_client().post(f"/orders/{number}", json={"password": "hunter2-hunter2"})

    @pytest.fixture
    def broken():
        yield
        call(5)
        raise LookupError

    def test_passed(): call(1)
    def test_failed(): assert call(2).json == {"number": 3, "password": "x"}
    def test_skipped(): call(3); pytest.skip("today")
    @pytest.mark.xfail
    def test_xfailed(): call(4); assert 0
    @pytest.mark.xfail
    def test_xpassed(): call(4)
    def test_error(broken): pass
"""


def alike(exchanges: list[Exchange]) -> Counter[tuple[object, ...]]:
    """What two runs of the same suite have in common."""
    return Counter(
        (each.request.method, each.request.target, each.response.status, each.route, each.test, each.outcome)
        for each in exchanges
    )


@pytest.mark.parametrize("workers", [0, 2, 4])
def test_each_exchange_carries_what_is_known_of_it(pytester: pytest.Pytester, workers: int) -> None:
    pytester.makepyfile(test_app=OUTCOMES)
    result = run(
        pytester,
        "--mirror",
        "--mirror-capture=kept.jsonl",
        "--mirror-capture",
        "kept.har",
        *["-n", workers] * (workers > 0),
    )
    assert told(result).published == 6
    result.stdout.fnmatch_lines(["  captured to kept.jsonl", "  captured to kept.har"])
    for name in ("kept.jsonl", "kept.har"):
        exchanges = list(read(pytester.path / name))
        assert {each.test: each.outcome for each in exchanges} == {
            f"test_app.py::test_{outcome}": outcome
            for outcome in ("passed", "failed", "skipped", "xfailed", "xpassed", "error")
        }
        for exchange in exchanges:
            assert exchange.route is not None
            assert exchange.route.template == "/orders/<int:number>"
            assert (exchange.route.endpoint, exchange.route.doc) == ("order", "Place an order.")
            assert exchange.started > 1_700_000_000
            assert 0 < exchange.elapsed < 60
            assert json.loads(exchange.request.body)["password"] == json.loads(exchange.response.body)["password"]
        assert len({each.request.body for each in exchanges}) == 1
        assert b"hunter2" not in (pytester.path / name).read_bytes()
    assert sorted(path.name for path in pytester.path.glob("kept*")) == ["kept.har", "kept.jsonl"]


def test_workers_capture_what_one_process_does(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=FLASK_SUITE, test_more=OUTCOMES)
    for workers in (0, 2):
        run(pytester, "--mirror", f"--mirror-capture=kept{workers}.jsonl", *["-n", workers] * (workers > 0))
    serial, parallel = (list(read(pytester.path / f"kept{workers}.jsonl")) for workers in (0, 2))
    assert alike(serial) == alike(parallel)
    assert len(serial) == 9


def test_a_report_of_a_failure_holds_no_secret_and_the_difference_still(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=OUTCOMES.replace('"password": "x"}', '"password": "x"}, print("hunter2-hunter2")'))
    for arguments in (["--mirror"], ["--mirror", "-n2"], ["--mirror", "--junitxml=junit.xml", "-l", "--tb=long"]):
        result = run(pytester, *arguments)
        said = result.stdout.str() + result.stderr.str()
        assert "hunter2" not in said
        assert "ter2-" not in said
        assert "'number': 2" in said
    shown = run(pytester, "--mirror", "--mirror-redact=none").stdout.str()
    assert "'hunter2-hunter2'" in shown


def test_the_exact_exchange_where_the_user_wants_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=OUTCOMES)
    run(pytester, "--mirror", "--mirror-redact=none", "--mirror-capture=kept.jsonl")
    assert json.loads(next(iter(read(pytester.path / "kept.jsonl"))).request.body) == {"password": "hunter2-hunter2"}


def test_the_wire_is_redacted_where_the_user_wants_that(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=OUTCOMES)
    pytester.makeconftest(
        """
        import pytest, mirror.wire.sink as sink
        real = sink.write_request
        def seen(request, *rest):
            message = real(request, *rest)
            open("wire.bin", "ab").write(bytes(message))
            return message
        sink.write_request = seen
        """
    )
    assert told(run(pytester, "--mirror", "--mirror-redact=all")).failed == 0
    wire = (pytester.path / "wire.bin").read_bytes()
    assert b"POST /orders/1 " in wire
    assert b"hunter2" not in wire


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("busy.jsonl", "another run is writing it"),
        ("test_app.py/k.har", "cannot be written"),
    ],
)
def test_a_file_that_cannot_be_had_changes_no_outcome_and_is_told(
    pytester: pytest.Pytester, path: str, why: str
) -> None:
    pytester.makepyfile(test_app=FLASK_SUITE)
    busy = open_store(pytester.path / "busy.jsonl")
    result = run(pytester, "--mirror", f"--mirror-capture={path}")
    result.assert_outcomes(passed=2)
    assert result.ret == 0
    assert why in result.stdout.str()
    result = run(pytester, "--mirror", f"--mirror-capture={path}", "--mirror-strict")
    result.assert_outcomes(passed=2)
    assert result.ret == 1
    busy.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_full_disk_changes_no_outcome_and_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=FLASK_SUITE)
    pytester.makeconftest(
        """
        import os, pytest
        @pytest.fixture(autouse=True, scope="session")
        def full(mirror):
            store, = mirror._captures._stores
            full = os.open("/dev/full", os.O_WRONLY)
            os.dup2(full, store._fd)
        """
    )
    result = run(pytester, "--mirror", "--mirror-capture=kept.jsonl")
    result.assert_outcomes(passed=2)
    assert told(result).failed == 3
    result.stdout.fnmatch_lines(["*failed 3: *kept.jsonl cannot be written: No space left on device"])


def test_a_name_that_is_no_captures_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=FLASK_SUITE)
    result = run(pytester, "--mirror", "--mirror-capture=kept.json")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*--mirror-capture 'kept.json': a capture is called .jsonl (mirror's own) or .har"])


def test_a_killed_run_leaves_what_it_had(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_app=FLASK_SUITE
        + "\n    def test_end():\n        import os, signal\n        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    run(pytester, "--mirror", "--mirror-capture=kept.jsonl", "--mirror-capture=kept.har", "-p", "no:randomly")
    assert len(list(read(pytester.path / "kept.jsonl"))) == 3
    assert len(list(read(pytester.path / "kept.har.partial.jsonl"))) == 3
    assert not (pytester.path / "kept.har").exists()


def test_the_conftest_swap_captures_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_app="""
        from flask import Flask
        from mirror.adapters.flask import MirrorClient
        app = Flask(__name__)
        def test_one(): MirrorClient(app).get("/")
        def test_two(): MirrorClient(app).get("/")
        """
    )
    run(pytester, "--mirror-capture=kept.jsonl")
    assert [each.outcome for each in read(pytester.path / "kept.jsonl")] == ["passed", "passed"]
    run(pytester, "--mirror-capture=kept.jsonl", "-n2", "--dist=each")
    parts = sorted(path.name for path in Path(pytester.path).glob("kept.gw*.jsonl"))
    assert parts == ["kept.gw0.jsonl", "kept.gw1.jsonl"]


def test_what_mirror_says_of_a_loss_holds_no_secret(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=FLASK_SUITE)
    pytester.makeconftest(
        """
        def pytest_mirror_exchange(exchange):
            raise RuntimeError("cannot log in with password=hunter2-hunter2 as bob.jones@corp.example.net")
        """
    )
    result = run(pytester, "--mirror")
    assert told(result).failed == 3
    said = result.stdout.str() + result.stderr.str()
    assert "cannot log in with password=" in said
    assert "hunter2" not in said
    assert "bob.jones" not in said
    assert "hunter2" in run(pytester, "--mirror", "--mirror-redact=none").stdout.str()


@pytest.mark.parametrize("workers", [0, 2])
def test_names_of_tests_and_docstrings_hold_no_secret(pytester: pytest.Pytester, workers: int) -> None:
    pytester.makepyfile(
        test_app="""
        import pytest
        from flask import Flask
        app = Flask(__name__)

        @app.get("/")
        def index():
            "Ask jane.doe@bigcorp.com."
            return "hello"

        @pytest.mark.parametrize("mail", ["john.roe@bigcorp.com"])
        def test_mail(mail): app.test_client().get("/")
        """
    )
    run(
        pytester,
        "--mirror",
        "--mirror-capture=kept.jsonl",
        "--mirror-capture=kept.har",
        *["-n", workers] * (workers > 0),
    )
    for name in ("kept.jsonl", "kept.har"):
        assert b"bigcorp" not in (pytester.path / name).read_bytes()
        (exchange,) = read(pytester.path / name)
        assert exchange.outcome == "passed"
        assert (exchange.test or "").startswith("test_app.py::test_mail[")


def test_a_detector_that_raises_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=FLASK_SUITE, broken="def find(text): raise ValueError(text)")
    pytester.makepyprojecttoml(
        "[tool.mirror.redact]\ndetectors = ['broken:find']\n[tool.pytest.ini_options]\npythonpath = '.'"
    )
    result = run(pytester, "--mirror", "--mirror-capture=kept.jsonl")
    result.stdout.re_match_lines(
        [r"  mended 1: redaction: \d+ values replaced whole, because a detector raised on them"]
    )
    result.assert_outcomes(passed=2)
