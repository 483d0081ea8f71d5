"""Secrets that reports of tests still held: from fixtures of other tests, in skips, xfails and failed collections; and
file names that were no secrets. A session that was open at the end was in no file."""

from __future__ import annotations

import pytest
from runs import run, told

from mirror.pytest_reports import Parts
from mirror.store.capture import read

LOGIN = """
    import pytest
    from flask import Flask, request

    app = Flask(__name__)

    @app.post("/login")
    def login():
        return {"access_token": request.json["password"][::-1]}

    @pytest.fixture(scope="session")
    def token():
        answer = app.test_client().post("/login", json={"password": "zq9-orders-K7"})
        return answer.json["access_token"]
"""


@pytest.mark.parametrize("workers", [[], ["-n1"]])
def test_what_a_fixture_of_an_earlier_test_learnt(pytester: pytest.Pytester, workers: list[str]) -> None:
    pytester.makepyfile(
        test_a=LOGIN
        + """
    def test_first(token): pass
    def test_second(token): assert token == 0
    def test_skip(token): pytest.skip("no " + token)
    def test_warn(token): import warnings; warnings.warn("no " + token)
    def test_xfail(token): pytest.xfail("no " + token)
    def test_property(token, record_property): record_property("token", token); print(token)
    """
    )
    run(pytester, "--mirror", "-rA", "--junitxml=junit.xml", "-p", "no:randomly", *workers)
    result = run(pytester, "--mirror", "-rA", "--junitxml=junit.xml", "-p", "no:randomly", *workers)
    result.assert_outcomes(passed=3, failed=1, skipped=1, xfailed=1)
    for text in (result.stdout.str(), (pytester.path / "junit.xml").read_text("utf-8")):
        assert "K7-sredro-9qz" not in text
        assert "redacted-" in text


def test_a_module_that_fails_while_it_is_imported(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_a=LOGIN
        + """
    answer = app.test_client().post("/login", json={"password": "zq9-orders-K7"}).json
    assert answer["access_token"] == 0
    """
    )
    result = run(pytester, "--mirror")
    assert result.ret != 0
    assert "K7-sredro-9qz" not in result.stdout.str()


def test_where_a_failure_is_can_still_be_read(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_orders=LOGIN.replace("zq9-orders-K7", "orders") + "\n    def test_total(token): assert 3 == 4\n"
    )
    assert "test_orders.py:" in run(pytester, "--mirror").stdout.str()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{'a': 'hunt...ter2-x'}", "{'a': '*********ter2-x'}"),
        ("ends in hunter2...", "ends in *******..."),
        ("...ter2-hunter2 is the end", "...************ is the end"),
        ("...done ... the end", "...done ... the end"),
    ],
)
def test_parts_of_a_secret(text: str, left: str) -> None:
    found = Parts(["hunter2-hunter2"]).without(text)
    assert found == left or (text.startswith("{") and "ter2" not in found.replace("ter2-x", ""))


def test_parts_take_no_time() -> None:
    parts = Parts([f"{number:04d}" + "secret" * 50 for number in range(4096)])
    assert parts.without("x... " * 500) == "x... " * 500


def test_a_session_that_is_open_at_the_end_is_in_the_file(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from starlette.applications import Starlette
        from starlette.routing import WebSocketRoute
        from starlette.testclient import TestClient

        async def chat(websocket):
            await websocket.accept()
            await websocket.send_text(await websocket.receive_text())
            await websocket.receive_text()

        KEPT = []

        def test_open():
            client = TestClient(Starlette(routes=[WebSocketRoute("/chat", chat)]))
            session = client.websocket_connect("/chat")
            session.__enter__()
            KEPT.append(session)
            session.send_text("hello")
            assert session.receive_text() == "hello"
        """
    )
    result = run(pytester, "--mirror", "--mirror-capture=kept.jsonl")
    assert told(result).made == 1
    (exchange,) = read(pytester.path / "kept.jsonl")
    assert not exchange.response.complete
    assert [message.data for message in exchange.messages][:2] == [b"hello", b"hello"]
