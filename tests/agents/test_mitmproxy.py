"""mitmproxy, reverse and forward, sees every exchange once: in its flow file byte for byte, and in its HAR export."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from agents.expected import proxied_fields, response_body, response_fields, stripped
from agents.har import Entry, entries
from agents.mitm import Flow, flows, mitmdump
from agents.suite import FASTAPI_APP, FLASK_APP, Run, mirrored, shapes_suite
from runs import free_ports_in_a_row
from shapes import CASES, Answer, Shape

from mirror import Exchange

pytestmark = pytest.mark.xdist_group("agents")
AGENTS = ("mitmdump",)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("suite", [FLASK_APP, FASTAPI_APP], ids=lambda suite: suite.name)
def test_an_example_is_seen_as_it_was_published(suite: Path, mode: str, tmp_path: Path) -> None:
    run = proxied(suite, mode, tmp_path)
    assert run.counts.failed == run.counts.ignored == 0
    assert not run.counts.remarks
    assert_seen_as_published(run.exchanges, tmp_path)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_every_shape_is_seen_as_it_was_published(mode: str, tmp_path: Path) -> None:
    names = [
        f"{shape.name}-{adapter.name}"
        for shape, adapter in CASES
        if adapter.name in ("werkzeug", "starlette") and not shape.mends and passes_mitmproxy(shape)
    ]
    run = proxied(shapes_suite(tmp_path, names), mode, tmp_path)
    published = [exchange for exchange in run.exchanges if not refused(exchange)]
    # What no proxy can carry is not sent, and the summary says why.
    assert run.counts.failed == sum(map(refused, run.exchanges)) > 0
    assert all("through a proxy" in reason for reason in run.counts.failures), run.counts.failures
    assert run.counts.published == len(published)
    assert not [remark for remark in run.counts.remarks if remark.startswith("proxy:")]
    assert_seen_as_published(published, tmp_path)


def passes_mitmproxy(shape: Shape) -> bool:
    """It waits for ever for the end of a response that has trailers."""
    return not (isinstance(shape.answer, Answer) and shape.answer.trailers)


def refused(exchange: Exchange) -> bool:
    return exchange.request.method == "CONNECT" or exchange.response.status < 200


def proxied(suite: Path, mode: str, folder: Path) -> Run:
    echo = free_ports_in_a_row(2)
    proxy = echo + 1
    options = ["--mirror-port", echo, "--mirror-proxy", f"http://127.0.0.1:{proxy}", "--mirror-proxy-mode", mode]
    with mitmdump(mode, proxy, echo, folder):
        return mirrored(suite, folder / "published.jsonl", *options)


def assert_seen_as_published(published: list[Exchange], folder: Path) -> None:
    """One after the other, in their order."""
    seen, archived = flows(folder), entries(folder / "flows.har")
    assert len(seen) == len(archived) == len(published)
    for exchange, one, entry in zip(published, seen, archived, strict=True):
        assert one == flow(exchange)
        assert entry == archive(exchange)


def flow(exchange: Exchange) -> Flow:
    """What the flow file has to say: everything as it was sent, but an Expect that mitmproxy has fulfilled itself."""
    request, response = exchange.request, exchange.response
    return Flow(
        request.method.encode(),
        request.target.encode(),
        stripped(tuple(field for field in proxied_fields(exchange) if field[0].lower() != b"expect")),
        request.body,
        response.status,
        response.reason.encode("latin-1"),
        stripped(response_fields(exchange)),
        response_body(exchange),
    )


def archive(exchange: Exchange) -> Entry:
    """What the archive has to say: the flow, with mitmproxy's liberties.

    * bodies are without their content coding; a request's size is the size of that (a response's is not);
    * the body of a request is left out for all methods but three;
    * methods are written large;
    * an IPv6 address in a URL has lost its brackets.
    """
    request, response = exchange.request, exchange.response
    seen = flow(exchange)
    body = decoded(request.body, request.headers.get("content-encoding"))
    return Entry(
        request.method.upper(),
        f"http://{request.authority.replace('[', '').replace(']', '')}{request.target}",
        seen.headers,
        body if request.method in ("POST", "PUT", "PATCH") else None,
        len(body),
        response.status,
        response.reason,
        seen.response_headers,
        decoded(seen.response_body, response.headers.get("content-encoding")),
        len(seen.response_body),
    )


def decoded(body: bytes, coding: str | None) -> bytes:
    return zlib.decompress(body, 31) if coding == "gzip" and body else body
