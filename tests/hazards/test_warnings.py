"""In a suite where warnings are errors: no warning of mirror's own, and the user's own warnings as they were."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import flask
import pytest
from flask import Flask, Response, stream_with_context
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from werkzeug.test import Client

from mirror import Mirror


def python(code: str, folder: Path, *options: str) -> str:
    """What a Python program says, both streams; every warning is an error that would be said."""
    folder.joinpath("program.py").write_text(code)
    command = [sys.executable, "-W", "error", "-X", "dev", *options, "program.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


WORK = """
import gc, sys
from flask import Flask
from mirror import Mirror
app = Flask("app")
app.add_url_rule("/", view_func=lambda: "text")
"""


def test_nothing_is_left_open_at_close(tmp_path: Path) -> None:
    code = "with Mirror() as mirror:\n    app.test_client().get('/')\ndel mirror\ngc.collect()\nprint('done')"
    assert python(WORK + code, tmp_path) == "done\n"


def test_nothing_is_left_open_where_a_start_failed(tmp_path: Path) -> None:
    code = """
from mirror.errors import PortError
with Mirror() as mirror:
    try:
        Mirror(port=mirror.port).start()
    except PortError:
        pass
    gc.collect()
print('done')
"""
    assert python(WORK + code, tmp_path) == "done\n"


def test_the_mirror_of_a_client_class_is_closed_at_exit(tmp_path: Path) -> None:
    code = "from mirror.adapters.flask import MirrorClient\nMirrorClient(app).get('/')\nprint('done')"
    assert python(WORK + code, tmp_path) == "done\n"


def test_streams_that_were_dropped_leave_no_warning(mirrored: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    unraisable: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)

    def stream(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        yield b"one"
        yield b"two"

    for _ in range(3):
        Client(stream).get("/")
    gc.collect()
    assert unraisable == []
    assert len(mirrored.exchanges) == 3


def test_a_framework_is_not_imported_for_the_user(tmp_path: Path) -> None:
    code = """
import sys
from mirror import Mirror
with Mirror():
    pass
print([name for name in ('flask', 'starlette', 'httpx', 'httpx2', 'anyio', 'trio', 'requests') if name in sys.modules])
"""
    assert python(code, tmp_path) == "[]\n"


IMPORTS = """
import sys
from contextlib import nullcontext
from flask import Flask, Response, redirect
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from mirror import Mirror
app = Flask("app")
app.testing = True
app.add_url_rule("/", view_func=lambda: "text")
app.add_url_rule("/old", "old", lambda: redirect("/"))
app.add_url_rule("/stream", "stream", lambda: Response(iter([b"one", b"two"])))
app.add_url_rule("/large", "large", lambda: b"x" * 1_000_000)
app.add_url_rule("/fail", "fail", lambda: 1 / 0)
with {context} as mirror:
    before = set(sys.modules)
    client = app.test_client()
    for _ in range(2):
        client.get("/old", follow_redirects=True)
        client.get("/stream").data
        client.get("/large")
        client.get("/missing", data={{"file": (__import__("io").BytesIO(b"content"), "name")}}, method="POST")
        TestClient(PlainTextResponse("text")).get("/")
        try:
            client.get("/fail")
        except ZeroDivisionError:
            pass
        for name in set(sys.modules) - before:
            added = name
            print(name)
            del sys.modules[name]  # as Flask's own suite does
if mirror:
    print(mirror.counts.made, mirror.counts.published, file=sys.stderr)
"""


def test_nothing_is_imported_during_an_exchange(tmp_path: Path) -> None:
    bare = python(IMPORTS.format(context="nullcontext()"), tmp_path)
    *imported, numbers = python(IMPORTS.format(context="Mirror()"), tmp_path).splitlines()
    assert set(imported) <= set(bare.splitlines())
    assert numbers == "14 14"


def test_a_framework_imported_anew_is_mirrored_anew(tmp_path: Path) -> None:
    code = """
import sys
from mirror import Mirror
def application(environ, start_response):
    start_response("200 OK", [])
    return [b"text"]
with Mirror() as mirror:
    for _ in range(3):
        from werkzeug.test import Client
        Client(application).get("/").close()
        del sys.modules["werkzeug.test"]
print(mirror.counts.published)
"""
    assert python(code, tmp_path) == "3\n"


def test_no_request_context_is_left(mirrored: Mirror) -> None:
    app = Flask(__name__)
    app.testing = True

    @app.get("/fail")
    def fail() -> str:
        raise LookupError("boom")

    @app.get("/stream")
    def stream() -> Response:
        return Response(stream_with_context(iter(["one", flask.request.path])))

    client = app.test_client()
    with pytest.raises(LookupError):
        client.get("/fail")
    assert client.get("/stream").text == "one/stream"
    client.get("/stream").close()
    client.get("/missing")
    with client:
        client.get("/missing")
        assert flask.request.path == "/missing"
    assert not flask.has_request_context()
    assert not flask.has_app_context()
    assert mirrored.counts.published == 5


@pytest.mark.filterwarnings("error")
def test_starting_and_ending_again_and_again_warns_of_nothing() -> None:
    for _ in range(20):
        with Mirror():
            assert TestClient(PlainTextResponse("text")).get("/").text == "text"
    gc.collect()
