"""``mirror scan``: finds what redaction would replace, says where, and never what."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from redact.carriers import everything, in_json, in_log
from redact.planted import secrets

from mirror.cli.scan import command
from mirror.redact.redactor import Redactor
from mirror.redact.scan import ScanError, find

HAR = {
    "log": {
        "entries": [
            {
                "request": {
                    "headers": [
                        {"name": "Authorization", "value": "Bearer qwertyuiop"},
                        {"name": "Accept", "value": "*/*"},
                    ],
                    "postData": {"text": json.dumps({"user": "u", "password": "p0o9i8u7"})},
                }
            }
        ]
    }
}


def kinds(path: Path) -> list[tuple[int, str, str]]:
    return [(finding.line, finding.place, finding.kind) for finding in find(path)]


def test_a_har(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text(json.dumps(HAR, indent=1))
    assert kinds(tmp_path / "a.har") == [
        (9, "log.entries.request.headers.value", "token"),
        (17, "log.entries.request.postData.text.password", "password"),
    ]


def test_lines_of_json(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"mirror": 1}\n{"headers": [["Cookie", "sid=q1w2e3r4; a=b"], ["X", "1"]]}\n{broken "a@b.org"\n'
    )
    assert kinds(tmp_path) == [(2, "headers", "session"), (3, "", "email")]


def test_settings_and_programs(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "db:\n  password: hunter22  # the old one\n  token: ${TOKEN}\n  user: bob\n  secret:\n"
        "  api_key: redacted-0123456789ab\n"
    )
    (tmp_path / "b.env").write_text("export API_KEY='abc123def'\nTOKEN=$OTHER\nDEBUG=1\n")
    (tmp_path / "c.py").write_text(
        "password = getpass.getpass()\ntoken = request.args['token']\nx = login(password=password)\n"
    )
    found = [(Path(finding.path).name, finding.line, finding.kind) for finding in find(tmp_path)]
    assert found == [("a.yml", 2, "password"), ("b.env", 1, "api-key")]


def test_a_key_on_several_lines(tmp_path: Path) -> None:
    (tmp_path / "id.txt").write_text("a\n-----BEGIN EC PRIVATE KEY-----\nAAAA\nBBBB\n-----END EC PRIVATE KEY-----\nz\n")
    assert kinds(tmp_path / "id.txt") == [(2, "", "private-key")]


def test_what_is_redacted_is_clean_and_what_is_not_is_found(tmp_path: Path) -> None:
    rng = random.Random(3)
    redactor = Redactor()
    for number, secret in enumerate(secrets(rng, 92)):
        for carrier in (in_json, in_log):
            exchange = carrier(secret)
            if exchange is None:
                continue
            before, after = (
                tmp_path / f"{number}-{carrier.__name__}.txt",
                tmp_path / f"{number}-{carrier.__name__}-after.txt",
            )
            before.write_bytes(everything(exchange))
            after.write_bytes(everything(redactor.redact(exchange)))
            assert kinds(before), secret
            assert not kinds(after), (secret, after.read_text())
            assert not any(secret.value[:6] in f"{finding.place} {finding.hint}" for finding in find(before))


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("clean.txt").write_text("nothing here\n")
    Path("a.har").write_text(json.dumps(HAR))
    run = CliRunner().invoke(command, ["clean.txt"], standalone_mode=False)
    assert (run.return_value, run.output) == (0, "")
    run = CliRunner().invoke(command, ["a.har", "clean.txt"], standalone_mode=False)
    assert run.return_value == 1
    assert run.stdout.splitlines()[0] == "a.har:1: log.entries.request.headers.value token (qw...)"
    run = CliRunner().invoke(command, ["--json", "."], standalone_mode=False)
    assert [json.loads(line)["kind"] for line in run.stdout.splitlines()] == ["token", "password"]
    run = CliRunner().invoke(command, ["nothing.txt", "a.har"], standalone_mode=False)
    assert run.return_value == 2
    assert "mirror: nothing.txt: No such file or directory" in run.stderr
    Path("pyproject.toml").write_text('[tool.mirror.redact]\nallow.keys = ["password", "authorization"]\n')
    assert CliRunner().invoke(command, ["a.har"], standalone_mode=False).return_value == 0
    assert CliRunner().invoke(command, ["--no-rules", "a.har"], standalone_mode=False).return_value == 1


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"{" * 10_000, b"\0" * 100_000, b"-----BEGIN RSA PRIVATE KEY-----\n", b"\r\r\r"]
)
@pytest.mark.parametrize("suffix", [".json", ".har", ".jsonl", ".xml", ".csv", ".txt", ""])
def test_a_file_that_is_anything(tmp_path: Path, data: bytes, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(data)
    assert len(kinds(tmp_path)) == (b"BEGIN" in data)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScanError, match="No such file"):
        list(find(tmp_path / "nothing"))
    with pytest.raises(ScanError, match="null character"):
        list(find("a\0b"))


def test_redaction_loads_no_client_and_no_scanner() -> None:
    program = "import sys; from mirror.redact.redactor import Redactor; Redactor(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"requests", "urllib3", "detect_secrets", "click", "rich"} & set(loaded)
