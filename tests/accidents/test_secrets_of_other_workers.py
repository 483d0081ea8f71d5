"""What a worker of xdist prints of a failed test held secrets that another worker had sent."""

from __future__ import annotations

import pytest
from runs import run

SUITE = """
import pathlib, time
import flask, pytest

app = flask.Flask("login")
done = pathlib.Path(__file__).with_name("done")

@app.post("/login")
def login():
    return {"ok": 1}

def test_one():
    app.test_client().post("/login", json={"password": "Tr0ub4dor3xkcd"})
    done.touch()

def test_two():
    app.test_client().post("/login", json={})
    while not done.exists():
        time.sleep(0.01)
    time.sleep(3)  # what another worker hands over is with the controller soon after, not at once
    raise RuntimeError("cannot log in with Tr0ub4dor3xkcd")
"""


@pytest.mark.parametrize("options", [[], ["--mirror-capture=a.jsonl"]])
def test_they_are_known_to_the_controller(options: list[str], pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    result = run(pytester, "-n2", "--mirror", "--junitxml=o.xml", *options)
    result.assert_outcomes(passed=1, failed=1)
    assert "cannot log in with redacted-" in result.stdout.str()
    for text in (result.stdout.str(), (pytester.path / "o.xml").read_text()):
        assert "Tr0ub4dor3xkcd" not in text
