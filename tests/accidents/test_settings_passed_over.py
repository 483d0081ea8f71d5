"""Accidents: a way to write [tool.mirror] that was not read, and a word for "off" that became the name of a field."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import FLASK_SUITE, run, told

from mirror import Settings
from mirror.config import environment, pyproject, resolve


@pytest.mark.parametrize(
    "text",
    [
        "[tool]\nmirror.port = 1",
        "[tool]\nmirror = {port = 1}",
        '[tool . "mirror"]\nport = 1',
        "tool.'mirror'.port = 1",
        "[ tool.mirror ]\nport = 1",
    ],
)
def test_tool_mirror_in_all_its_spellings(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert pyproject(tmp_path).values == {"port": 1}


@pytest.mark.parametrize(
    "text", ["[tool]\nuv = 'a mirror of ours' \\", "tool = 1\nmirror = 2", "[tool.mirror-http]\nport = 1"]
)
def test_what_is_not_ours_is_left_alone(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert pyproject(tmp_path).values == {}


def test_the_plugin_reads_them_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FLASK_SUITE)
    pytester.makepyprojecttoml("[tool]\nmirror.mirror = true")
    assert told(run(pytester)).made == 3


@pytest.mark.parametrize("word", ["false", "0", "no", "off", "False", " OFF "])
def test_a_correlation_header_that_is_off(word: str) -> None:
    assert resolve([environment({"MIRROR_CORRELATION_HEADER": word})]).correlation_header is None
    assert Settings(correlation_header=word).correlation_header is None
