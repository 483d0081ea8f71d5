"""A password in a test's name stayed in captures where an exchange before the one that sent it had none, or where the
controller of xdist heard of the test's end before it had the exchanges."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_exchange, make_request
from runs import run

from mirror.errors import CaptureError
from mirror.redact.redactor import Redactor
from mirror.store.capture import open_store, read
from mirror.store.captures import Captures
from mirror.store.naming import MOST, redacted

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


def sent(test: str, body: bytes) -> object:
    return make_exchange(
        make_request("POST", "/login", body, headers=[("Content-Type", "application/json")]), test=test
    )


def test_it_is_in_no_file_that_is_made_of_a_capture() -> None:
    name = "t.py::test_later[Later-Use-22-zZ]"
    exchanges = [sent(name, b'{"a": 1}'), sent(name, b'{"password": "Later-Use-22-zZ"}'), sent("t.py::test", b"{}")]
    names = [each.test for each in redacted(exchanges, Redactor())]  # type: ignore[arg-type]
    assert names[0] == names[1]
    assert "Later-Use" not in str(names)
    assert names[2] == "t.py::test"


def test_of_a_test_with_many_exchanges_no_parameter_is_told(tmp_path: Path) -> None:
    captures = Captures([str(tmp_path / "a.jsonl")], Redactor())
    for number in range(MOST + 5):
        captures.write(sent("t.py::test[a-plain-case]", b"%d" % number))  # type: ignore[arg-type]
    written = [each.test or "" for each in read(tmp_path / "a.jsonl")]
    assert len(written) == MOST + 5
    assert len(set(written)) == 1
    assert written[0].startswith("t.py::test[redacted-")
    captures.close()


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
    captures.write(sent("t.py::test[a-plain-case]", b"1"))  # type: ignore[arg-type]
    assert not lost
    captures.tell("t.py::test[a-plain-case]", "passed")
    assert [each.endswith("cannot be written: No space left on device") for each in lost] == [True]
    with pytest.raises(CaptureError, match="No space"):
        captures.write(sent("t.py::test", b"1"))  # type: ignore[arg-type]
    captures.close()
