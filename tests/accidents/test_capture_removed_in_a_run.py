"""A capture that was removed or replaced in the middle of a run was lost without a word, under --mirror-strict too."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange
from runs import run

from mirror.store.captures import Captures


@pytest.mark.parametrize("name", ["kept.jsonl", "kept.har"])
@pytest.mark.parametrize("what", ["removed", "replaced"])
def test_it_is_told(name: str, what: str, tmp_path: Path) -> None:
    captures = Captures([str(tmp_path / name)], None)
    captures.write(make_exchange())
    (written,) = tmp_path.iterdir()
    written.unlink()
    if what == "replaced":
        written.write_text("something else")
    (problem,) = captures.close()
    assert f"somebody has {what} {written.name} during the run" in problem
    assert captures.close() == []
    if what == "replaced":
        assert written.read_text() == "something else"


def test_it_fails_a_strict_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from pathlib import Path

        from flask import Flask

        def test_it():
            Flask(__name__).test_client().get("/")
            Path("kept.jsonl").unlink()
        """
    )
    result = run(pytester, "--mirror", "--mirror-capture=kept.jsonl", "--mirror-strict")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["  a capture was lost: *somebody has removed kept.jsonl during the run"])
