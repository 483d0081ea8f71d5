"""An echo or a hub that other machines can reach was warned of by ``mirror serve`` only."""

from __future__ import annotations

import pytest
from runs import FLASK_SUITE, run

from mirror import Mirror
from mirror.address import exposed, is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"])
def test_what_is_this_machines_alone(host: str) -> None:
    assert is_loopback(host)
    assert exposed(host) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "128.0.0.1"])
def test_what_is_not(host: str) -> None:
    assert not is_loopback(host)
    assert f"{host} can be reached from other machines" in (exposed(host) or "")


def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr("mirror.session.tell", said.append)
    return said


def test_a_hub_of_a_program_is_warned_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = told(monkeypatch)
    with Mirror(attach=False) as mirror:
        assert said == []
        mirror.open_hub("0.0.0.0")
        mirror.open_hub("0.0.0.0")
    assert [each.startswith("warning: 0.0.0.0 can be reached") for each in said] == [True]


def test_an_echo_and_a_hub_of_a_program_are_warned_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = told(monkeypatch)
    with Mirror(attach=False, host="0.0.0.0") as mirror:
        mirror.open_hub("0.0.0.0")
    assert len(said) == 1


def test_the_header_of_a_run_warns(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_app=FLASK_SUITE)
    result = run(pytester, "--mirror", "--mirror-host", "0.0.0.0")
    result.stdout.fnmatch_lines(["mirror: echo http://0.0.0.0:*", "mirror: warning: 0.0.0.0 can be reached from*"])
    assert "can be reached" not in run(pytester, "--mirror").stdout.str()
