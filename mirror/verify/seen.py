"""What an agent has written of what it saw, whichever format that is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mirror.errors import CaptureError
from mirror.exchange import Exchange
from mirror.store.capture import read
from mirror.store.reading import Reading, opened
from mirror.verify.flows import read_flows
from mirror.verify.packets import is_packets, read_packets


def tells_trailers(path: Path) -> bool:
    """Whether a file of this format holds trailers where there were any. Raises CaptureError."""
    with opened(path) as file:
        begin = file.read(16)
    return is_packets(begin) or re.match(rb"[0-9]+:", begin) is not None


def read_seen(path: Path, reading: Reading, port: int | None = None) -> Iterator[Exchange]:
    """The exchanges of an agent's file: HAR, mitmproxy flows, pcap or pcapng, or a capture of mirror's.

    ``port`` chooses among the connections of a packet capture. Raises CaptureError.
    """
    with opened(path) as file:
        begin = file.read(16)
    if not begin:
        raise CaptureError(f"{path} is empty: the agent has seen nothing, or has not written it yet")
    if is_packets(begin):
        return read_packets(path, reading, port)
    if re.match(rb"[0-9]+:", begin):
        return read_flows(path, reading)
    return read(path, reading)
