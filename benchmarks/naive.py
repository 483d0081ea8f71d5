"""The naive way to the same end, measured beside mirror's: what anybody would write first.

The client class is subclassed, and its one public method (``FlaskClient.open``, ``TestClient.request``) publishes the
response that it got: with one ``requests`` call per exchange, to a stock Werkzeug server in a thread, which finds the
response by a correlation header. Nothing takes a response out again that was not asked for, nor does anything when it
was. It is wrong in many ways (a followed redirect is seen as one call, fields are joined, the authority is the echo's)
and slow in several; mirror's design says in which.
"""

from __future__ import annotations

import io
import logging
import os
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests
from flask.testing import FlaskClient
from starlette.testclient import TestClient
from werkzeug.serving import make_server

from mirror import Exchange

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CORRELATION = "X-Correlation-Id"

Fields = Iterable[tuple[str, str]]


class NaiveEcho:
    """A stock server on a free port, and how to publish to it."""

    def __init__(self) -> None:
        self.responses: dict[str, tuple[str, list[tuple[str, str]], bytes]] = {}
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.port: int = self._server.port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        key = environ["HTTP_" + CORRELATION.upper().replace("-", "_")]
        status, fields, body = self.responses[key]
        start_response(status, fields)
        return [body]

    def publish(
        self, method: str, target: str, fields: Fields, body: bytes, status: str, answered: Fields, answer: bytes
    ) -> None:
        key = uuid.uuid4().hex
        self.responses[key] = (status, list(answered), answer)
        headers = {**dict(fields), CORRELATION: key}
        requests.request(method, f"http://127.0.0.1:{self.port}{target}", headers=headers, data=body, timeout=10)

    def publish_exchange(self, exchange: Exchange) -> None:
        """Publish what is an Exchange already."""
        request, response = exchange.request, exchange.response
        status = f"{response.status} {response.reason}"
        self.publish(
            request.method, request.target, request.headers, request.body, status, response.headers, response.body
        )

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class NaiveFlaskClient(FlaskClient):
    """A FlaskClient that publishes each response of ``open``."""

    echo: NaiveEcho

    def open(self, *args: Any, **kwargs: Any) -> Any:
        response = super().open(*args, **kwargs)
        request = response.request
        self.echo.publish(
            request.method,
            request.full_path if request.query_string else request.path,
            request.headers.items(),
            request.get_data(),
            response.status,
            response.headers.items(),
            response.get_data(),
        )
        return response


class NaiveTestClient(TestClient):
    """A TestClient that publishes each response of ``request``."""

    __test__ = False
    echo: NaiveEcho

    def request(self, *args: Any, **kwargs: Any) -> Any:
        response = super().request(*args, **kwargs)
        request = response.request
        self.echo.publish(
            request.method,
            request.url.raw_path.decode("ascii"),
            request.headers.items(),
            request.content,
            f"{response.status_code} {response.reason_phrase}",
            response.headers.items(),
            response.content,
        )
        return response


@contextmanager
def naive_echo() -> Iterator[NaiveEcho]:
    """A naive echo. Its server's log is written as it always is, but to nowhere: a terminal would be yet slower."""
    logger = logging.getLogger("werkzeug")
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        handler = logging.StreamHandler[io.TextIOWrapper](nowhere)
        level, propagate = logger.level, logger.propagate
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        echo = NaiveEcho()
        try:
            yield echo
        finally:
            echo.close()
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = propagate
