"""Accidents: a capture that an xdist worker lost was not told, and a file of an older run was told to be this one's."""

from __future__ import annotations

import pytest
from runs import FLASK_SUITE, run

REMOVED = """
    from pathlib import Path

    def pytest_sessionfinish(session):
        for path in Path().glob(f"kept{'.gw?' * hasattr(session.config, 'workerinput')}.har.partial.jsonl"):
            path.unlink()
"""


def test_in_a_worker_with_an_echo_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        REMOVED
        + """
    import pytest
    from flask import Flask
    from mirror.adapters.flask import MirrorClient

    @pytest.fixture
    def client():
        return MirrorClient(Flask(__name__))
    """
    )
    pytester.makepyfile("def test_one(client): assert client.get('/').status_code == 404")
    result = run(pytester, "-n1", "--mirror-capture=kept.har", "--mirror-capture=kept.jsonl", "--mirror-strict")
    result.stdout.fnmatch_lines(["*a capture was lost: *kept.gw0.har cannot be written: somebody has removed*"])
    result.stdout.fnmatch_lines(["*captured to kept.gw0.jsonl"])
    assert "captured to kept.gw0.har" not in result.stdout.str()
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_file_of_an_older_run(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(REMOVED)
    pytester.makepyfile(FLASK_SUITE)
    (pytester.path / "kept.har").write_text("{}")
    result = run(pytester, "--mirror", "--mirror-capture=kept.har", "--mirror-capture=other.har")
    result.stdout.fnmatch_lines(["*a capture was lost: *kept.har cannot be written: somebody has removed*"])
    assert "captured to kept.har" not in result.stdout.str()
    assert "captured to other.har" in result.stdout.str()
