"""What a capture, a path or a full disk may hold: one line and a status, never a traceback."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from factories import make_exchange, make_request, make_response
from verbs import environment, mirror

from mirror import WebSocketMessage
from mirror.store.capture import save


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    save(tmp_path / "kept.jsonl", [make_exchange(make_request("GET", f"/{number}")) for number in range(3)])
    return tmp_path


def test_a_text_message_that_is_no_utf_8(tmp_path: Path) -> None:
    message = WebSocketMessage("client", "text", b"caf\xe9", 1.0)
    save(tmp_path / "a.jsonl", [make_exchange(response=make_response(101), messages=(message,))])
    shown = mirror("show", "a.jsonl", 1, cwd=tmp_path)
    assert (shown.returncode, "-> text caf\\xe9\n" in shown.stdout) == (0, True)


@pytest.mark.parametrize("started", ["1e300", "-1e18", "1e999"])
def test_a_time_that_no_calendar_has(started: str, kept: Path) -> None:
    path = kept / "kept.jsonl"
    line = re.sub(rb'"started":[^,}]+', b'"started":' + started.encode(), path.read_bytes())
    assert line != path.read_bytes()
    path.write_bytes(line)
    shown = mirror("show", "kept.jsonl", 1, cwd=kept)
    assert (shown.returncode, "(no date)" in shown.stdout) in ((0, True), (2, False))


def test_what_is_shown_cannot_take_over_the_terminal(tmp_path: Path) -> None:
    exchange = make_exchange(make_request("GET", "/\x1b[2J"), id="\x1b[31m", test="t\x07\x1b[5m", outcome="passed")
    save(tmp_path / "a.jsonl", [exchange])
    save(tmp_path / "b.jsonl", [make_exchange(id="other")])
    for arguments in (["show", "a.jsonl"], ["show", "a.jsonl", "1"], ["verify", "a.jsonl", "--against", "b.jsonl"]):
        done = mirror(*arguments, cwd=tmp_path)
        assert done.stdout
        assert not {"\x1b", "\x07"} & set(done.stdout)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["show", "kept.jsonl"], ["show", "kept.jsonl", "1"], ["scan", "secret.txt"]])
def test_standard_output_that_is_full(arguments: list[str], kept: Path) -> None:
    (kept / "secret.txt").write_text("password = 'hunter2-hunter2'\n")
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "mirror", *arguments]
        done = subprocess.run(command, cwd=kept, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "mirror: standard output cannot be written: No space left on device"
    assert "Traceback" not in done.stderr


def test_standard_output_that_is_closed(kept: Path) -> None:
    shell = f"{sys.executable} -m mirror show kept.jsonl >&-"
    done = subprocess.run(["bash", "-c", shell], cwd=kept, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "3 exchanges\n")


def test_names_and_texts_that_the_output_cannot_hold(kept: Path) -> None:
    folder = kept / "names"
    folder.mkdir()
    with open(os.fsencode(folder) + b"/\xff.txt", "w") as file:
        file.write("password = 'hunter2-hunter2'\n")
    found = mirror("scan", "names", cwd=kept)
    assert (found.returncode, found.stdout.count("\n"), "\\udcff.txt:1:" in found.stdout) == (1, 1, True)
    save(kept / "e.jsonl", [make_exchange(response=make_response(200, "caf\u00e9 \u2603".encode()))])
    command = [sys.executable, "-m", "mirror", "show", "e.jsonl", "1"]
    altered = {**environment(), "PYTHONIOENCODING": "iso-8859-1", "PYTHONUTF8": "0"}
    shown = subprocess.run(command, cwd=kept, env=altered, capture_output=True)
    assert (shown.returncode, shown.stdout.endswith(b"caf\xe9 \\u2603\n"), shown.stderr) == (0, True, b"")


@pytest.mark.parametrize("path", ["/dev/null", "pipe"])
def test_scan_of_what_is_no_file(path: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = mirror("scan", path, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, f"mirror: {path} is no ordinary file: copy what it gives into one\n")
    assert mirror("scan", ".", cwd=tmp_path).returncode == 0


def test_show_of_one_takes_no_filters(kept: Path) -> None:
    done = mirror("show", "kept.jsonl", 3, "--status", "5xx", cwd=kept)
    assert (done.returncode, done.stdout) == (2, "")
    assert "3 names one exchange: leave the filters out" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "70000"], "--port '70000': a port is a number"),
        (["--port", "TAKEN"], "choose another --port, or leave it out"),
        (["--host", "nosuch.invalid"], "--host 'nosuch.invalid' is no address"),
        (["--proxy", "http://127.0.0.1:1"], "or correct --proxy"),
        (["--correlation-header", "a:b"], "--correlation-header 'a:b': the name of a header field"),
        (["--proxy-mode", "forward"], "name it with --proxy http"),
    ],
)
def test_serve_names_its_own_options(arguments: list[str], said: str, tmp_path: Path) -> None:
    from socket import create_server

    with create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = mirror("serve", *[port if each == "TAKEN" else each for each in arguments], cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "--mirror-" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["verify", "kept.jsonl", "--against", "kept.jsonl"], "kept.jsonl against kept.jsonl"),
        (["scan", "many"], "scan"),
    ],
)
def test_a_terminal_is_told_how_far_it_has_come(arguments: list[str], shown: str, kept: Path) -> None:
    (kept / "many").mkdir()
    for number in range(300):
        (kept / "many" / f"{number}.txt").write_text("password = 'hunter2-hunter2'\n" if number == 7 else "x\n" * 300)
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", 0) as terminal:
        command = [sys.executable, "-m", "mirror", *arguments]
        altered = {**environment(), "TERM": "xterm"}
        done = subprocess.run(command, cwd=kept, env=altered, stdout=subprocess.PIPE, stderr=theirs, text=True)
        os.close(theirs)
        told = b""
        try:
            while piece := terminal.read(65536):
                told += piece
        except OSError:  # the other end is closed
            pass
    assert shown in told.decode()
    assert done.stdout.count("\n") == (2 if "verify" in arguments else 1)
    assert "\x1b" not in done.stdout
