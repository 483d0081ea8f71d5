"""Accident: a run whose tests called nothing left a document without a path."""

from __future__ import annotations

import pytest


def test_none_is_written_and_that_is_said(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test():\n    pass\n")
    result = pytester.runpytest_subprocess("--mirror", "--mirror-openapi", "api.yaml", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["  not written: api.yaml: no test has called an operation: *"])
    assert not (pytester.path / "api.yaml").exists()
