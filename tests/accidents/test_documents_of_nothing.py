"""Accident: a run whose tests called nothing left a document without a path."""

from __future__ import annotations

import pytest
from runs import run


def test_none_is_written_and_that_is_said(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test():\n    pass\n")
    result = run(pytester, "--mirror", "--mirror-openapi", "api.yaml")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["  not written: api.yaml: no test has called an operation: *"])
    assert not (pytester.path / "api.yaml").exists()
