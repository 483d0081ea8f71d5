"""What the document of a run may be without: evidence and examples, by each source of settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import run

SUITE = """
    import flask, pytest
    site = flask.Flask("site")
    site.add_url_rule("/a", "a", lambda: {"id": 1})

    @pytest.mark.parametrize("n", range(3))
    def test_it(n):
        assert site.test_client().get("/a").json == {"id": 1}
"""
SHOWN = {"x-mirror": "evidence", "examples:": "examples"}


@pytest.mark.parametrize("kind", SHOWN.values())
@pytest.mark.parametrize("source", ["option", "environment", "ini", "pyproject", "xdist"])
def test_a_run_can_leave_out(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, kind: str, source: str
) -> None:
    pytester.makepyfile(SUITE)
    asked = ["--mirror", "--mirror-openapi=a.yaml"]
    if source == "environment":
        monkeypatch.setenv(f"MIRROR_OPENAPI_{kind.upper()}", "false")
    elif source == "ini":
        pytester.makeini(f"[pytest]\nmirror_openapi_{kind} = no")
    elif source == "pyproject":
        pytester.makepyprojecttoml(f"[tool.mirror]\nopenapi_{kind} = false")
    else:
        asked.append(f"--mirror-openapi-{kind}=false")
    if source == "xdist":
        asked += ["-n", "2"]
    run(pytester, *asked).assert_outcomes(passed=3)
    text = (pytester.path / "a.yaml").read_text()
    assert [SHOWN[each] for each in SHOWN if each in text] == [each for each in SHOWN.values() if each != kind]


def test_both_are_there_unless_they_are_left_out(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    run(pytester, "--mirror", "--mirror-openapi=a.yaml").assert_outcomes(passed=3)
    text = Path(pytester.path / "a.yaml").read_text()
    assert all(each in text for each in SHOWN)


def test_what_is_neither_yes_nor_no_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    done = run(pytester, "--mirror", "--mirror-openapi=a.yaml", "--mirror-openapi-evidence=some")
    assert "--mirror-openapi-evidence" in done.stderr.str()
    assert done.ret == pytest.ExitCode.USAGE_ERROR
