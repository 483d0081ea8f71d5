"""A password in a test's name stayed in captures where an exchange before the one that sent it had none, or where the
controller of xdist heard of the test's end before it had the exchanges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from factories import make_exchange, make_request
from runs import run

from mirror.errors import CaptureError
from mirror.exchange import WebSocketMessage
from mirror.redact.redactor import Redactor
from mirror.store.capture import open_store, read
from mirror.store.captures import Captures
from mirror.store.naming import AWAY, MOST, Naming, redacted

SUITE = """
import pytest
from flask import Flask

app = Flask("login")

@app.post("/login")
def login():
    return {"a": 1}

@pytest.mark.parametrize("word", [f"Later-Use-{n}-zZ" for n in range(12)])
def test_later(word):
    client = app.test_client()
    client.post("/login", json={"a": 1})
    client.post("/login", json={"password": word})

@pytest.mark.parametrize("case", ["a-plain-case", "another"])
def test_plain(case):
    app.test_client().post("/login", json={"a": case})
"""


@pytest.mark.parametrize("arguments", [[], ["-n2"]])
def test_it_is_in_no_file(arguments: list[str], pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    files = ["a.jsonl", "a.har", "a.yaml"]
    options = [f"--mirror-capture={name}" for name in files[:2]]
    run(pytester, *arguments, "--mirror", *options, "--mirror-openapi=a.yaml").assert_outcomes(passed=14)
    for name in files:
        assert "Later-Use" not in (pytester.path / name).read_text()
    names = [exchange.test or "" for exchange in read(pytester.path / "a.jsonl")]
    assert len(names) == 26
    assert sum("test_plain[a-plain-case]" in name for name in names) == 1
    assert len({name for name in names if "test_later[redacted-" in name}) == 12
    assert {exchange.outcome for exchange in read(pytester.path / "a.jsonl")} == {"passed"}


def sent(test: str, body: bytes) -> Any:
    return make_exchange(
        make_request("POST", "/login", body, headers=[("Content-Type", "application/json")]), test=test
    )


def secret(number: int, name: str = "test_later") -> Any:
    return sent(f"t.py::{name}[Later-Use-22-zZ]", b'{"password": "Later-Use-22-zZ"}' if number else b'{"a": 1}')


@pytest.mark.parametrize("between", [0, 1, AWAY - 2])
def test_it_is_in_no_file_that_is_made_of_a_capture(between: int) -> None:
    """Also where exchanges of other tests stand between its own; all come out, in their order."""
    others = [sent(f"t.py::test[a-plain-case-{number}]", b"{}") for number in range(between)]
    exchanges = [secret(0), *others, secret(1), sent("t.py::test", b"{}"), secret(0, "test_last")]
    names = [each.test or "" for each in redacted(exchanges, Redactor())]
    assert names[0] == names[between + 1]
    assert "Later-Use" not in str(names)
    assert names[1 : between + 1] == [each.test for each in others]
    assert names[between + 2] == "t.py::test"
    assert len(names) == between + 4


def test_a_capture_is_not_held_as_a_whole() -> None:
    taken = []

    def exchanges() -> Iterator[Any]:
        for number in range(5 * MOST):
            taken.append(number)
            yield sent(f"t.py::test[a-plain-case-{number % 3}]", b"{}")

    first = next(redacted(exchanges(), Redactor()))
    assert len(taken) == MOST
    assert (first.test or "").startswith("t.py::test[redacted-")


def test_of_a_test_with_many_exchanges_no_parameter_is_told(tmp_path: Path) -> None:
    captures = Captures([str(tmp_path / "a.jsonl")], Redactor())
    for number in range(MOST + 5):
        captures.write(sent("t.py::test[a-plain-case]", b"%d" % number))
    written = [each.test or "" for each in read(tmp_path / "a.jsonl")]
    assert len(written) == MOST + 5
    assert len(set(written)) == 1
    assert written[0].startswith("t.py::test[redacted-")
    captures.close()


def test_large_messages_are_not_held() -> None:
    naming = Naming(Redactor())
    message = WebSocketMessage("client", "binary", b"x" * (3 << 20), 0.0)
    session = msgspec.structs.replace(secret(0), messages=(message,))
    assert naming.take(session) == []
    assert len(naming.take(session)) == 2
    assert naming.rest() == []


def test_what_cannot_be_written_when_the_test_is_over_is_counted(tmp_path: Path) -> None:
    class Full:
        path = tmp_path / "a.jsonl"

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def write(self, exchange: object) -> None:
            raise OSError(28, "No space left on device")

    store = open_store(tmp_path / "a.jsonl")
    captures = Captures([str(tmp_path / "a.jsonl")], Redactor(), lambda _: Full())  # type: ignore[arg-type,return-value]
    lost: list[str] = []
    captures.lost = lost.append
    captures.write(sent("t.py::test[a-plain-case]", b"1"))
    assert not lost
    captures.tell("t.py::test[a-plain-case]", "passed")
    assert [each.endswith("cannot be written: No space left on device") for each in lost] == [True]
    with pytest.raises(CaptureError, match="No space"):
        captures.write(sent("t.py::test", b"1"))
    captures.close()
