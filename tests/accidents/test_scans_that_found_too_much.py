"""``mirror scan`` took the placeholder of a cookie for a cookie, and ended with a traceback, which held the line, where
a detector of the user's raised."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror.redact.rules import Rules
from mirror.redact.scan import find


@pytest.mark.parametrize(
    "text",
    [
        "Set-Cookie: session=redacted-123456789abc; HttpOnly; Path=/",
        "Cookie: session=redacted-123456789abc",
        "Cookie: a=redacted-123456789abc; session=redacted-123456789abd",
    ],
)
def test_placeholders_of_cookies_are_none(tmp_path: Path, text: str) -> None:
    log = tmp_path / "a.log"
    log.write_text(f"{text}\n")
    assert list(find(log)) == []
    log.write_text(text.replace("redacted-123456789ab", "Zq8xYt7Kp2Lm9Nv4Rw") + "\n")
    assert list(find(log)) != []


def test_a_detector_that_raises_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raising.py").write_text(
        "def find(text):\n    if 'x' in text: raise RuntimeError(text)\n    return []\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    log = tmp_path / "a.log"
    log.write_text("innocent\nbox of everything\n")
    (found,) = find(log, Rules(detectors=("raising:find",)))
    assert (found.line, found.kind) == (2, "unread")
