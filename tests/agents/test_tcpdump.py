"""tcpdump and tshark on the loopback interface see every exchange once, byte for byte."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from agents.expected import exchange_bytes, request_fields, response_body, response_fields, stripped
from agents.packets import Dissected, capture, conversations, dissect
from agents.suite import FASTAPI_APP, FLASK_APP, Run, mirrored, shapes_suite
from runs import free_ports_in_a_row
from shapes import CASES

from mirror import Exchange

pytestmark = pytest.mark.xdist_group("agents")
AGENTS = ("tcpdump", "tshark")

# Wireshark knows methods by name: what it has never heard of is not HTTP to it.
KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


@pytest.mark.parametrize("suite", [FLASK_APP, FASTAPI_APP], ids=lambda suite: suite.name)
def test_an_example_is_seen_byte_for_byte(suite: Path, tmp_path: Path) -> None:
    port = free_ports_in_a_row(1)
    run = watched(suite, port, tmp_path)
    assert run.counts.failed == run.counts.ignored == 0
    assert not run.counts.remarks
    assert_seen_byte_for_byte(run, tmp_path)
    # And Wireshark understands every message as it was meant.
    assert {exchange.request.method for exchange in run.exchanges} <= KNOWN_METHODS
    assert Counter(dissect(tmp_path / "lo.pcap", port)) == Counter(map(dissected, run.exchanges))


def test_every_shape_is_seen_byte_for_byte(tmp_path: Path) -> None:
    names = [
        f"{shape.name}-{adapter.name}" for shape, adapter in CASES if not shape.mends and "raises" not in shape.name
    ]
    run = watched(shapes_suite(tmp_path, names), free_ports_in_a_row(1), tmp_path)
    assert run.counts.failed == run.counts.ignored == 0
    assert run.counts.published >= len(names)
    assert_seen_byte_for_byte(run, tmp_path)


def watched(suite: Path, port: int, folder: Path) -> Run:
    with capture(port, folder / "lo.pcap"):
        return mirrored(suite, folder / "published.jsonl", "--mirror-port", port)


def assert_seen_byte_for_byte(run: Run, folder: Path) -> None:
    seen = conversations(folder / "lo.pcap")
    assert len(seen) == run.counts.published == len(run.exchanges)
    published = Counter(map(exchange_bytes, run.exchanges))
    assert Counter(seen) - published == Counter()
    assert published - Counter(seen) == Counter()


def dissected(exchange: Exchange) -> tuple[Dissected, Dissected]:
    """What Wireshark has to say of an exchange."""
    request, response = exchange.request, exchange.response
    return (
        Dissected((request.method.encode(), request.target.encode()), stripped(request_fields(exchange)), request.body),
        Dissected(
            (b"%d" % response.status, response.reason.encode("latin-1")),
            stripped(response_fields(exchange)),
            response_body(exchange),
        ),
    )
