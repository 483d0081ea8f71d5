"""``mirror show``: a path without its slash had no answer, JSON in binary messages was hexadecimal, a long body filled
the terminal, there was "1 exchanges", and a status of digits that are not ASCII's was taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import make_exchange, make_request, make_response

from mirror import WebSocketMessage
from mirror.cli.show import command, in_full
from mirror.store.capture import save


def test_a_path_without_its_slash(tmp_path: Path) -> None:
    path = str(tmp_path / "kept.jsonl")
    save(path, [make_exchange(make_request("GET", "/users"))])
    done = CliRunner().invoke(command, [path, "--path", "users"])
    assert done.exit_code == 0
    assert "0 exchanges" in done.stderr
    assert "a path begins with /: --path '/users'" in done.stderr
    done = CliRunner().invoke(command, [path, "--path", "/users"])
    assert done.stderr == "1 exchange\n"


def test_binary_messages_that_hold_text() -> None:
    messages = tuple(
        WebSocketMessage("client", "binary", data, 1.0) for data in (b'{"a": "\xc3\xa4"}', b"\0\1", b"\xff\xfe", b"")
    )
    lines = list(in_full(make_exchange(messages=messages, started=1.0)))[-4:]
    assert [line.partition("binary ")[2] for line in lines] == ['{"a": "\u00e4"}', "0001", "fffe", ""]


def test_a_long_body_on_a_terminal() -> None:
    messages = (WebSocketMessage("client", "text", b"m" * 500, 1.0),)
    exchange = make_exchange(response=make_response(200, b"x" * 500), messages=messages, started=1.0)
    whole, short = "\n".join(in_full(exchange)), "\n".join(in_full(exchange, 100))
    assert "x" * 500 in whole
    assert "m" * 500 in whole
    assert "x" * 101 not in short
    assert "m" * 101 not in short
    assert short.count("\n... and 400 more characters: '| less' or") == 2


@pytest.mark.parametrize(("code", "number_of"), [("9xx", 1), ("2xX", 1), ("950", 1), ("3xx", 0)])
def test_every_status_that_a_capture_can_hold(code: str, number_of: int, tmp_path: Path) -> None:
    path = str(tmp_path / "kept.jsonl")
    save(path, [make_exchange(response=make_response(950)), make_exchange()])
    done = CliRunner().invoke(command, [path, "--status", code])
    assert (done.exit_code, done.stderr.split()[0]) == (0, str(number_of))


@pytest.mark.parametrize("code", ["2x", "0xx", "099", "1000", "4\u0664\u0664", "4\u0660\uff11", "x", "", "4xx "])
def test_a_status_that_nothing_has(code: str, tmp_path: Path) -> None:
    path = str(tmp_path / "kept.jsonl")
    save(path, [make_exchange()])
    done = CliRunner().invoke(command, [path, "--status", code])
    assert done.exit_code == 2
    assert "write a status such as 404, or a class such as 4xx" in done.stderr
