"""The command line: what a verb prints, where it prints it, and the status it ends with."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from factories import make_exchange, make_request, make_response
from verbs import mirror

from mirror import Exchange, Route, WebSocketMessage
from mirror.store.capture import read, save


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Four exchanges, one of them with a secret."""
    save(tmp_path / "kept.jsonl", exchanges())
    return tmp_path / "kept.jsonl"


def exchanges() -> list[Exchange]:
    json_type = [("Content-Type", "application/json")]
    return [
        make_exchange(
            make_request("POST", "/orders?a=1", b'{"password":"hunter2-hunter2","n":[1]}', headers=json_type),
            make_response(201, b'{"id":1}', headers=json_type),
            id="a-1", test="tests/test_orders.py::test_place", outcome="passed", started=1.0, elapsed=0.25,
            route=Route("/orders", "place", "Place an order.\n\nAnd more."),
        ),
        make_exchange(make_request("GET", "/orders/1"), make_response(404), id="a-2", test="t.py::test_get", started=2),
        make_exchange(make_request("GET", "/a\x1b[31m"), make_response(500, b"\xff\0" * 80), id="a-3", started=3.0),
        make_exchange(
            response=make_response(101), id="a-4", started=4.0,
            messages=(
                WebSocketMessage("client", "text", b"hi\x07", 4.5), WebSocketMessage("server", "close", b"", 5, 1000),
            ),
        ),
    ]  # fmt: skip


def test_every_verb_explains_itself(tmp_path: Path) -> None:
    listed = mirror("--help", cwd=tmp_path).stdout
    verbs = re.findall(r"^  ([a-z]+)  ", listed.partition("Commands:")[2], re.MULTILINE)
    assert {"convert", "merge", "scan", "serve", "show", "verify"} <= set(verbs)
    for verb in verbs:
        shown = mirror(verb, "-h", cwd=tmp_path)
        assert shown.returncode == 0
        assert shown.stdout.startswith(f"Usage: mirror {verb}")


def test_show_lists(capture: Path) -> None:
    shown = mirror("show", capture, cwd=capture.parent)
    assert shown.returncode == 0
    head, *lines = shown.stdout.splitlines()
    assert head.split() == ["#", "status", "ms", "method", "target", "(test)"]
    assert lines[0].split() == [
        "1",
        "201",
        "250.0",
        "POST",
        "/orders?a=1",
        "(tests/test_orders.py::test_place,",
        "passed)",
    ]
    assert "\x1b" not in shown.stdout
    assert shown.stderr == "4 exchanges\n"


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--path", "/orders*"], [1, 2]),
        (["--path", "/orders/*"], [2]),
        (["--method", "get"], [2, 3, 4]),
        (["--status", "404"], [2]),
        (["--status", "4xx", "--status", "5XX"], [2, 3]),
        (["--test", "test_orders"], [1]),
        (["--method", "GET", "--status", "5xx"], [3]),
        (["--path", "/nothing"], []),
    ],
)
def test_show_filters(capture: Path, options: list[str], numbers: list[int]) -> None:
    shown = mirror("show", capture, *options, cwd=capture.parent)
    assert [int(line.split()[0]) for line in shown.stdout.splitlines()[1:]] == numbers


def test_show_one_in_full(capture: Path) -> None:
    by_number, by_id = (mirror("show", capture, which, cwd=capture.parent).stdout for which in ("1", "a-1"))
    assert by_number == by_id
    assert "route     /orders  place\n          Place an order.\n" in by_number
    assert "test      tests/test_orders.py::test_place  passed\n" in by_number
    assert 'POST /orders?a=1 HTTP/1.1\nHost: testserver\nContent-Type: application/json\n\n{\n  "password"' in by_number
    assert "(160 bytes of unknown type)\nff00ff00" in mirror("show", capture, 3, cwd=capture.parent).stdout
    socket = mirror("show", capture, 4, cwd=capture.parent).stdout
    assert "500.0 ms -> text hi\\x07\n" in socket
    assert "1000.0 ms <- close 1000" in socket
    missing = mirror("show", capture, "99", cwd=capture.parent)
    assert (missing.returncode, "has no exchange 99" in missing.stderr) == (2, True)


def test_convert_there_and_back(capture: Path) -> None:
    folder = capture.parent
    for source, target in (("kept.jsonl", "a.har"), ("a.har", "b.jsonl"), ("b.jsonl", "c.har")):
        done = mirror("convert", source, target, cwd=folder)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", f"mirror: 4 exchanges written to {target}\n")
    assert b"hunter2" not in (folder / "a.har").read_bytes()
    assert list(read(folder / "a.har")) == list(read(folder / "c.har"))
    mirror("convert", "kept.jsonl", "exact.har", "--redact", "none", cwd=folder)
    assert list(read(folder / "exact.har")) == exchanges()


def test_merge(capture: Path) -> None:
    folder = capture.parent
    save(folder / "other.har", [make_exchange(id="b-1", started=2.5), *exchanges()[2:]])
    done = mirror("merge", "other.har", "kept.jsonl", "-o", "all.jsonl", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "mirror: 5 exchanges written to all.jsonl\n")
    assert [each.id for each in read(folder / "all.jsonl")] == ["a-1", "a-2", "b-1", "a-3", "a-4"]


def test_verify(capture: Path) -> None:
    folder = capture.parent
    assert mirror("verify", capture, "--against", capture, cwd=folder).returncode == 0
    first, second, third, fourth = exchanges()
    save(folder / "agent.har", [first, third, third, fourth])
    found = mirror("verify", capture, "--against", "agent.har", cwd=folder)
    assert found.returncode == 1
    twice, missed, summary = found.stdout.splitlines()
    assert twice.startswith("twice    GET /a")
    assert missed == f"missed   GET /orders/1 404  {second.id}  (t.py::test_get)"
    assert summary == "published 4, seen 4: missed 1, twice 1, altered 0"
    as_json = json.loads(mirror("verify", capture, "--against", "agent.har", "--json", cwd=folder).stdout)
    assert [each["kind"] for each in as_json["findings"]] == ["twice", "missed"]


def test_verify_against_an_agent_that_saw_what_redaction_hid(capture: Path) -> None:
    folder = capture.parent
    mirror("convert", capture, "redacted.jsonl", cwd=folder)
    assert mirror("verify", "redacted.jsonl", "--against", capture, cwd=folder).returncode == 0


def test_verify_with_nothing_to_compare(capture: Path) -> None:
    save(capture.parent / "empty.jsonl", [])
    assert mirror("verify", "empty.jsonl", "--against", capture, cwd=capture.parent).returncode == 3


BROKEN = '{"type":"capture","version":1}\nbroken\n'


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "broken.jsonl"], ["convert", "broken.jsonl", "out.har"], ["merge", "broken.jsonl", "-o", "out.har"],
        ["verify", "broken.jsonl", "--against", "broken.jsonl"], ["show", "missing.jsonl"], ["show", "."],
        ["show", "empty.jsonl"],
    ],
)  # fmt: skip
def test_unreadable_input_is_status_2_and_one_line(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "broken.jsonl").write_text(BROKEN)
    (tmp_path / "empty.jsonl").touch()
    done = mirror(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert re.fullmatch(r"mirror: \S+( line 2)?:? .*\n", done.stderr)
    assert not (tmp_path / "out.har").exists()
    if "broken.jsonl" in arguments:
        kept = mirror(*arguments, "--keep-going", cwd=tmp_path)
        assert kept.returncode in (0, 3)
        assert "1 skipped" in kept.stderr or "2 skipped" in kept.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["convert", "kept.jsonl", "out.txt"], "a capture is called .jsonl"),
        (["convert", "kept.jsonl", "kept.jsonl/out.har"], "cannot be written"),
        (["convert", "kept.jsonl", "."], "is a directory"),
        (["show", "kept.jsonl", "--status", "abc"], "write a status such as 404"),
        (["merge", "kept.jsonl"], "Missing option '-o'"),
        (["verify", "kept.jsonl"], "Missing option '--against'"),
    ],
)
def test_usage(capture: Path, arguments: list[str], why: str) -> None:
    done = mirror(*arguments, cwd=capture.parent)
    assert done.returncode == 2
    assert why in done.stderr


def test_a_pipe_that_closes_early(capture: Path) -> None:
    save(capture, [make_exchange() for _ in range(20_000)])
    shell = f"{sys.executable} -m mirror show {capture} | head -n 1"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(["bash", "-c", shell], env=environment, capture_output=True, text=True)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
