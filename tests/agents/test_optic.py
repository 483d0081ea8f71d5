"""Optic, live: it learns a document from a mirrored run, agrees with the next run, and objects where it lies.

It sees every exchange once. What it makes of an exchange before it keeps it is listed in ``archive``.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from agents.expected import proxied_fields, response_body, stripped
from agents.har import Entry
from agents.optic import Captured, Optic
from agents.suite import FLASK_APP

from mirror import Exchange

pytestmark = pytest.mark.xdist_group("agents")
AGENTS = ("optic",)

# What Optic never writes down by itself: HEAD.
HEAD = """\
    head:
      responses:
        "200":
          description: The headers alone
          content:
            application/json: {}
"""


def test_optic_learns_the_shop_and_verifies_it(tmp_path: Path) -> None:
    optic = Optic(tmp_path, FLASK_APP)

    learned = optic.capture("--update", "automatic")
    assert learned.status == 0, learned.output
    assert_seen_as_published(learned)
    document = optic.document.read_text()
    assert "  /products/{product}:\n" in document
    assert "head:" not in document

    optic.document.write_text(with_head(document, "  /products/{product}:\n"))
    updated = optic.capture("--update", "documented")
    assert updated.status == 0, updated.output
    right = optic.document.read_text()

    verified = optic.capture()
    assert verified.status == 0, verified.output
    assert "All requests matched a documented path" in verified.output
    assert optic.document.read_text() == right
    assert_seen_as_published(verified)

    optic.document.write_text(right.replace("type: number", "type: boolean"))
    wrong = optic.capture(tests="tests/test_products.py")
    assert wrong.status == 1, wrong.output
    assert "does not match type boolean" in wrong.output
    assert_seen_as_published(wrong)


def with_head(document: str, path: str) -> str:
    """The document with a HEAD among the operations of a path."""
    before, after = document.split(path)
    parameters, get, rest = after.partition("    get:\n")
    return before + path + parameters + HEAD + get + rest


def assert_seen_as_published(captured: Captured) -> None:
    """As often as it was published. (In what order cannot be told: Optic keeps a file for each operation.)"""
    run = captured.run
    assert run.counts.published == len(run.exchanges) == len(captured.seen)
    assert not run.counts.remarks
    published = Counter(archive(exchange, captured.echo) for exchange in run.exchanges)
    assert Counter(captured.seen) - published == Counter()
    assert published - Counter(captured.seen) == Counter()


def archive(exchange: Exchange, echo: int) -> Entry:
    """What Optic has to say of an exchange: all of it, with two liberties.

    * the authority, in the URL and in Host, is the echo's, not the application's;
    * it writes down the request's header fields for those of the response. (The learner reads the right ones.)
    """
    request, response = exchange.request, exchange.response
    authority = f"127.0.0.1:{echo}"
    fields = tuple(
        (name, authority.encode() if name.lower() == b"host" else value)
        for name, value in stripped(proxied_fields(exchange))
    )
    body = response_body(exchange)
    return Entry(
        request.method,
        f"http://{authority}{request.target}",
        fields,
        request.body or None,
        len(request.body),
        response.status,
        response.reason,
        fields,
        body,
        len(body),
    )
