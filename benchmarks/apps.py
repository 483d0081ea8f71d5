"""The applications that are called: as little as possible, so that what mirroring adds is seen at its largest.

Started as a script, it serves the Flask one with stock Werkzeug in a process of its own, as pytest-flask's
``live_server`` does, and prints the port.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Flask, request

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response


def flask_app() -> Flask:
    app = Flask(__name__)

    @app.get("/ping")
    def ping() -> str:
        return "pong"

    @app.get("/items/<int:number>")
    def item(number: int) -> dict[str, int]:
        return {"id": number}

    @app.post("/echo")
    def echo() -> bytes:
        return request.get_data()

    return app


def starlette_app() -> Starlette:
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    async def ping(_: Request) -> Response:
        return PlainTextResponse("pong")

    async def echo(request: Request) -> Response:
        return Response(await request.body())

    return Starlette(routes=[Route("/ping", ping), Route("/echo", echo, methods=["POST"])])


@contextlib.contextmanager
def live_server() -> Iterator[str]:
    """The URL of the Flask application, served by a process of its own for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, __file__], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def serve() -> None:
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, flask_app(), threaded=True)
    print(server.port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve()
