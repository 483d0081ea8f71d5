"""What somebody had changed in an archive of mirror's own was read as mirror had written it, in its own fields."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factories import make_exchange, make_request, make_response

from mirror import Exchange
from mirror.store.capture import read, save

WRITTEN = make_exchange(
    make_request("GET", "//a?b=%2f"),
    make_response(
        200, gzip.compress(b"plain"), headers=[("Content-Encoding", "gzip"), ("Content-Type", "text/plain")]
    ),
    started=1_700_000_000.123456789,
    elapsed=0.1234567,
)  # fmt: skip


def altered(tmp_path: Path, change: Callable[[dict[str, Any]], Any]) -> Exchange:
    path = tmp_path / "kept.har"
    save(path, [WRITTEN])
    archive = json.loads(path.read_text("utf-8"))
    change(archive["log"]["entries"][0])
    path.write_text(json.dumps(archive), "utf-8")
    (exchange,) = read(path)
    return exchange


def test_what_nobody_has_changed(tmp_path: Path) -> None:
    assert altered(tmp_path, lambda entry: None) == WRITTEN


def test_the_url(tmp_path: Path) -> None:
    exchange = altered(tmp_path, lambda entry: entry["request"].update(url="https://testserver/other?b=1"))
    assert (exchange.request.target, exchange.request.scheme) == ("/other?b=1", "https")


def test_the_scheme_of_a_denied_session(tmp_path: Path) -> None:
    exchange = altered(
        tmp_path,
        lambda entry: (entry["_mirror"].update(scheme="ws"), entry["request"].update(url="http://testserver//a")),
    )
    assert exchange.request.scheme == "http"


def test_the_text_of_a_coded_body(tmp_path: Path) -> None:
    exchange = altered(tmp_path, lambda entry: entry["response"]["content"].update(text="other"))
    assert exchange.response.body == b"other"
    assert exchange.response.headers.get("content-encoding") is None


def test_the_coding_of_a_coded_body(tmp_path: Path) -> None:
    exchange = altered(tmp_path, lambda entry: entry["response"].update(headers=[]))
    assert exchange.response.body == b"plain"


@pytest.mark.parametrize(
    ("began", "took", "started", "elapsed"),
    [
        ("2026-01-01T00:00:00Z", 7000, 1767225600.0, 7.0),
        ("2023-11-14T22:13:20.123Z", 123, WRITTEN.started, WRITTEN.elapsed),  # rounded by another tool
        (None, None, WRITTEN.started, WRITTEN.elapsed),
    ],
)
def test_the_times(began: str | None, took: float | None, started: float, elapsed: float, tmp_path: Path) -> None:
    exchange = altered(tmp_path, lambda entry: entry.update(startedDateTime=began, time=took))
    assert (exchange.started, exchange.elapsed) == (started, elapsed)
