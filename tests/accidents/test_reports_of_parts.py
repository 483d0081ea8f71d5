"""Accidents: what a failed subtest had printed, and what a passed test had printed where a plugin writes it down, was
told with its secrets; so was the error of a hook."""

from __future__ import annotations

import pytest
from runs import run

SUITE = """
    import unittest
    from flask import Flask

    app = Flask(__name__)

    @app.post("/login")
    def login():
        return {"access_token": "tokLk39fjS02kdMx81"}

    def token():
        return app.test_client().post("/login", json={}).json["access_token"]
"""


@pytest.mark.parametrize("options", [["--junitxml=junit.xml"], ["-n1"], ["-x"]])
def test_what_a_subtest_printed(pytester: pytest.Pytester, options: list[str]) -> None:
    pytest.importorskip("_pytest.subtests", reason="subtests are pytest 9's")
    pytester.makepyfile(
        SUITE
        + """
    def test_one(subtests):
        with subtests.test(f"with {token()}", key=token()):
            print("printed", token())
            assert token() == 1

    class Test(unittest.TestCase):
        def test_two(self):
            with self.subTest(token()):
                print("printed", token())
                self.assertEqual(token(), 1)
    """
    )
    result = run(pytester, "--mirror", *options)
    texts = [result.stdout.str(), *(path.read_text("utf-8") for path in pytester.path.glob("junit.xml"))]
    assert all("tokLk39" not in text and "redacted-" in text for text in texts)
    assert "printed redacted-" in texts[0]


@pytest.mark.parametrize("workers", [[], ["-n1"]])
def test_a_plugin_that_writes_what_passed_tests_print(pytester: pytest.Pytester, workers: list[str]) -> None:
    pytester.makeconftest(
        """
        class Log:
            def pytest_runtest_logreport(self, report):
                with open("log.txt", "a") as file:
                    file.write(report.capstdout)

        def pytest_configure(config):
            if not hasattr(config, "workerinput"):
                config.pluginmanager.register(Log())

        def pytest_mirror_summary(config, counts):
            raise ValueError("of tokLk39fjS02kdMx81 and ada@lovelace.example.net")
        """
    )
    pytester.makepyfile(SUITE + "\n    def test_one(): print('printed', token())\n")
    result = run(pytester, "--mirror", *workers)
    result.assert_outcomes(passed=1)
    assert "tokLk39" not in (pytester.path / "log.txt").read_text()
    assert "printed redacted-" in (pytester.path / "log.txt").read_text()
    assert "the hook pytest_mirror_summary raised ValueError: of " in result.stdout.str()
    assert "ada@lovelace" not in result.stdout.str()
