"""Optic, live: it learns a document from a mirrored run, agrees with the next run, and does not where the document lies.

It sees every exchange once. What it makes of an exchange before it keeps it is listed in ``archive``.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from agents.expected import Fields, proxied_fields, response_body, stripped
from agents.har import Entry
from agents.optic import Captured, Optic
from agents.suite import FLASK_APP

from mirror import Exchange

pytestmark = pytest.mark.xdist_group("agents")

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
    assert f"({verified.run.counts.published} total requests)" in verified.output or verified.run.counts.failed == 0
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
    """As often as it was published, whatever the order: Optic keeps a file for each operation."""
    run = captured.run
    assert run.counts.published == len(run.exchanges) == len(captured.seen)
    assert not run.counts.remarks
    for one, expected in zip(sorted(captured.seen, key=repr), sorted(map(archive, run.exchanges), key=repr)):
        assert one == expected
    assert Counter(captured.seen) == Counter(map(archive, run.exchanges))


def archive(exchange: Exchange) -> Entry:
    raise NotImplementedError
