"""``[tool.mirror.redact]``: what a project adds, and what it allows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror.config import Settings, pyproject, resolve
from mirror.errors import ConfigError
from mirror.redact.redactor import Redactor
from mirror.redact.rules import Rules

TABLE = """
[tool.mirror.redact]
where = "all"
keys = ["voucher", "x-internal-*"]
patterns = ["ACME-[0-9]{4}"]
allow.keys = ["token_bucket"]
allow.values = ["support@shop.example"]
allow.paths = ["shop.*.email"]
"""


def redacted(rules: Rules, value: Any) -> Any:
    headers = [("Content-Type", "application/json")]
    exchange = make_exchange(None, make_response(200, json.dumps(value).encode(), headers=headers))
    return json.loads(Redactor(rules).redact(exchange).response.body)


def test_the_table_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TABLE)
    settings = resolve([pyproject(tmp_path)])
    assert settings.redact == "all"
    assert settings.rules == Rules(
        keys=("voucher", "x-internal-*"),
        patterns=("ACME-[0-9]{4}",),
        allow_keys=("token_bucket",),
        allow_values=("support@shop.example",),
        allow_paths=("shop.*.email",),
    )


def test_the_option_is_a_string_as_before(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.mirror]\nredact = "none"\n')
    assert resolve([pyproject(tmp_path)]) == Settings(redact="none")


def test_the_table_does_not_need_to_say_where(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.mirror.redact]\nkeys = "a"\n')
    assert resolve([pyproject(tmp_path)]) == Settings(rules=Rules(keys=("a",)))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("keyz = []", r"\[tool.mirror.redact\] keyz: no such rule; there are keys, patterns, detectors, allow, where"),
        ("keys = [1]", r"keys \[1\]: write a list of strings"),
        ("patterns = ['(']", r"patterns '\(': not a regular expression"),
        ("patterns = ['a*']", "it matches the empty string"),
        ("detectors = ['shop.redaction']", "write package.module:function"),
        ("allow = ['a']", "write a table with lists called keys, values, paths"),
        ("allow.names = ['a']", "write a table with lists called keys, values, paths"),
        ("where = 'nowhere'", r"\[tool\.mirror\.redact\] where 'nowhere': write store"),
    ],
)
def test_a_rule_that_cannot_be_used(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.mirror.redact]\n{line}\n")
    with pytest.raises(ConfigError, match=words):
        resolve([pyproject(tmp_path)])


def test_rules_are_rules() -> None:
    with pytest.raises(ConfigError, match="Rules"):
        Settings(rules={"keys": ["a"]})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["no_such_module_at_all:find", "json:nothing", "json:__name__"])
def test_a_detector_that_is_not_there(name: str) -> None:
    with pytest.raises(ConfigError, match="detectors"):
        Redactor(Rules(detectors=(name,)))


def test_keys_and_patterns() -> None:
    rules = Rules(keys=("voucher", "x-internal-*"), patterns=("ACME-[0-9]{4}",))
    new = redacted(
        rules, {"voucher": "abc", "Voucher": "abc", "xInternalNote": "abc", "note": "see ACME-1234!", "vouchers": "abc"}
    )
    assert new["voucher"] == new["Voucher"] == new["xInternalNote"] != "abc"
    assert "ACME-1234" not in new["note"]
    assert new["note"].startswith("see redacted-")
    assert new["vouchers"] == "abc"


def test_what_is_allowed_stays() -> None:
    rules = Rules(
        allow_keys=("token",),
        allow_values=("support@*",),
        allow_paths=("shop.*.email", "query.token", "headers.x-api-key"),
    )
    value = {
        "token": "q1w2e3",
        "contact": "support@shop.example",
        "text": "write to support@shop.example",
        "shop": [{"owner": {"email": "a@b.org"}}],
        "email": "a@b.org",
    }
    new = redacted(rules, value)
    assert {name for name in value if new[name] != value[name]} == {"email"}
    request = make_request(
        "GET", "/?token=q1w2e3&secret=q1w2e3", headers=[("X-Api-Key", "abc123"), ("X-Auth-Token", "abc123")]
    )
    changed = Redactor(rules).redact(make_exchange(request)).request
    assert changed.target.startswith("/?token=q1w2e3&secret=redacted-")
    assert changed.headers["x-api-key"] == "abc123"
    assert changed.headers["x-auth-token"] != "abc123"


def test_a_detector_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_detector.py").write_text(
        "import re\ndef find(text):\n    return [m.span() for m in re.finditer('Zed', text)]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    new = redacted(Rules(detectors=("own_detector:find",)), {"a": "Zed and Zed", "b": "Ned"})
    assert "Zed" not in new["a"]
    assert len(set(new["a"].split(" and "))) == 1
    assert new["b"] == "Ned"
