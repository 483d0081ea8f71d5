"""``mirror scan`` took seconds for a line of a setting and a thousand blanks: its cost was their cube."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror.redact.scan import find


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text", ["password:" + " " * 3000 + "-----BEGIN\nz\n", "a: " + '" ' * 2000 + "\n", "a" * 4000 + " " * 90 + "\n"]
)
def test_a_setting_of_blanks(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    assert not list(find(tmp_path))


def test_settings_are_read_as_before(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "- password:   'Hunter 2x9'  # old\n  secret: |\nexport token: Zk9-hunter # new\npwd: >\n"
    )
    assert [(one.line, one.kind, one.hint) for one in find(tmp_path)] == [(1, "password", "Hu"), (3, "token", "Zk")]
