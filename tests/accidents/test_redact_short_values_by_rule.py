"""The user's patterns and detectors were not asked for strings of fewer than six characters, nor for numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import make_exchange, make_response

from mirror.redact.redactor import Redactor
from mirror.redact.rules import Rules
from mirror.redact.scan import find

BODY = {"a": "V-12", "b": 40001234, "c": [40009999.5, -40001234], "d": 4711, "e": "blue", "f": ""}


@pytest.fixture(params=["patterns", "detectors"])
def rules(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rules:
    pattern = r"V-[0-9]{2}|4000[0-9]{4}"
    if request.param == "patterns":
        return Rules(patterns=(pattern,))
    (tmp_path / "short_values.py").write_text(
        f"import re\ndef find(text):\n    return [one.span() for one in re.finditer(r'{pattern}', text)]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return Rules(detectors=("short_values:find",))


def test_the_users_rules_see_every_value(rules: Rules, tmp_path: Path) -> None:
    headers = [("Content-Type", "application/json")]
    redactor = Redactor(rules)
    exchange = make_exchange(None, make_response(200, json.dumps(BODY).encode(), headers=headers))
    once = redactor.redact(exchange)
    new = json.loads(once.response.body)
    assert new["a"].startswith("redacted-")
    assert new["b"] == 99999999
    assert [type(one) for one in new["c"]] == [float, int]
    assert "4000" not in json.dumps(new)
    assert {name: new[name] for name in "def"} == {name: BODY[name] for name in "def"}
    assert redactor.redact(once) is once
    assert redactor.blank(once) == redactor.blank(exchange)
    (tmp_path / "before.json").write_text(json.dumps(BODY))
    (tmp_path / "after.json").write_text(json.dumps(new))
    assert len(list(find(tmp_path / "before.json", rules))) == 4
    assert not list(find(tmp_path / "after.json", rules))


def test_a_match_within_a_number_leaves_a_number() -> None:
    body = b'{"a": 1e5, "b": 123e4567}'
    exchange = make_exchange(None, make_response(200, body, headers=[("Content-Type", "application/json")]))
    new = Redactor(Rules(patterns=("e[0-9]+",))).redact(exchange).response.body
    assert b"1e5" not in new
    json.loads(new)
