"""Packet captures (pcap, pcapng), taken apart by tshark: TCP payloads in, exchanges out.

tshark knows every link layer and both formats, and says of each segment to which connection it belongs. The bytes are
put in order here by their sequence numbers; what came twice is taken once. Packets that the capture lacks are a gap:
it is told, and costs the exchanges around it only.
"""

from __future__ import annotations

import heapq
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mirror.errors import CaptureError
from mirror.exchange import Exchange
from mirror.store.reading import Reading, opened
from mirror.verify.http1 import Conversation
from mirror.verify.http1_messages import Unreadable

MAGIC = (b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")
FIELDS = ("tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "frame.time_epoch", "tcp.flags", "tcp.payload")
FIN = 0x01
SYN = 0x02
MODULUS = 1 << 32
PATIENCE = 4 << 20  # bytes behind a hole after which nothing will fill it any more


class Segment(NamedTuple):
    stream: int
    source: int
    target: int
    sequence: int
    time: float
    flags: int
    payload: bytes


def is_packets(begin: bytes) -> bool:
    """Whether a file that begins like this holds packets."""
    return begin[:4] in MAGIC


def read_packets(path: Path, reading: Reading, port: int | None = None) -> Iterator[Exchange]:
    """The exchanges of all connections, or of those with one port. Raises CaptureError, also where none has it."""
    connections: dict[int, Connection] = {}
    for segment in segments(path, port, reading):
        connection = connections.get(segment.stream)
        if connection is None:
            note = partial(reading.note, f"{path} connection {segment.stream}")
            connection = connections[segment.stream] = Connection(f"tcp{segment.stream}", segment, note)
        yield from connection.take(segment)
    if port is not None and not connections:
        raise CaptureError(f"{path}: no connection in it has the port {port}: look at --port")
    for stream, connection in connections.items():
        yield from connection.end()
        if connection.unreadable:
            tell = reading.note if connection.gaps else reading.skip  # packets that are missing are no reason to stop
            tell(f"{path} connection {stream}", f"{connection.unreadable}; the rest of it cannot be read")


class Side:
    """What one end of a connection sends: ``due`` is the next byte's number (None: not known yet), ``early`` a heap of
    segments behind a hole with ``waiting`` bytes, ``end`` the number of the byte that a FIN stands for."""

    def __init__(self) -> None:
        self.due: int | None = None
        self.early: list[tuple[int, int, bool, Segment]] = []
        self.waiting = 0
        self.end: int | None = None


class Connection:
    """One TCP connection: its bytes in order, whoever sent first being the client.

    A hole that nothing fills is a gap: it is noted and counted, and what stands behind it is read on. ``unreadable``
    says why nothing more is read (empty: it is).
    """

    def __init__(self, name: str, first: Segment, note: Callable[[str], None]) -> None:
        answers = first.flags & SYN and first.flags & 0x10  # a SYN with an ACK is the server's
        self._client = first.target if answers else first.source
        self._sides = {True: Side(), False: Side()}  # by whether it is the client's
        self._conversation = Conversation(name)
        self._note = note
        self._order = 0
        self._last = -1
        self.gaps = 0
        self.unreadable = ""

    def take(self, segment: Segment) -> Iterator[Exchange]:
        """The exchanges that are whole with this segment."""
        self._order += 1
        from_client = segment.source == self._client
        side = self._sides[from_client]
        if side.due is None and (segment.payload or segment.flags & SYN):
            side.due = segment.sequence + bool(segment.flags & SYN)
        if side.due is None:
            return
        # Sequence numbers are modulo 2**32, places are not.
        place = side.due + (segment.sequence - side.due + MODULUS // 2) % MODULUS - MODULUS // 2
        if segment.flags & FIN:
            side.end = place + len(segment.payload)
        if segment.payload:
            turn, self._last = self._last != segment.source, segment.source
            heapq.heappush(side.early, (place, self._order, turn, segment))
            side.waiting += len(segment.payload)
            yield from self._in_order(from_client)
            if side.waiting > PATIENCE:
                yield from self._gap(from_client)

    def end(self) -> Iterator[Exchange]:
        """The rest."""
        while held := [(side.early[0][1], from_client) for from_client, side in self._sides.items() if side.early]:
            yield from self._gap(min(held)[1])  # the holes in the order in which they came to be
        for from_client, side in self._sides.items():
            if side.due is not None and side.end is not None and side.end > side.due:
                self._lose(from_client, side.end - side.due)
        yield from self._read(self._conversation.end())
        if self._conversation.unpaired:
            self._note(f"{self._conversation.unpaired} requests or responses next to a gap have lost their counterpart")

    def _in_order(self, from_client: bool) -> Iterator[Exchange]:
        """Pass on what is due."""
        side = self._sides[from_client]
        assert side.due is not None
        while side.early and side.early[0][0] <= side.due:
            place, order, turn, segment = heapq.heappop(side.early)
            side.waiting -= len(segment.payload)
            fresh = segment.payload[side.due - place :]
            self._conversation.more_requests = bool(self._sides[True].early)
            if fresh:
                side.due += len(fresh)
                yield from self._read(self._conversation.feed(from_client, fresh, segment.time, order, turn))

    def _read(self, part: Iterator[Exchange]) -> Iterator[Exchange]:
        if not self.unreadable:
            try:
                yield from part
            except Unreadable as error:
                self.unreadable = str(error)

    def _gap(self, from_client: bool) -> Iterator[Exchange]:
        """Nothing fills the hole: go on behind it."""
        side = self._sides[from_client]
        assert side.due is not None
        self._lose(from_client, side.early[0][0] - side.due)
        side.due = side.early[0][0]
        yield from self._in_order(from_client)

    def _lose(self, from_client: bool, size: int) -> None:
        self.gaps += 1
        sender = "client" if from_client else "server"
        self._note(f"a gap of {size} bytes in what the {sender} sent: packets are missing in the capture")
        self._conversation.gap(from_client)


def segments(path: Path, port: int | None, reading: Reading) -> Iterator[Segment]:
    """The TCP segments that say something, as tshark tells them. Raises CaptureError."""
    program = shutil.which("tshark")
    if program is None:
        raise CaptureError(
            f"{path}: reading packets needs tshark: install Wireshark's (Debian: apt-get install tshark)"
        )
    wanted = "tcp.len > 0 || tcp.flags.syn == 1 || tcp.flags.fin == 1"
    if port is not None:
        wanted = f"tcp.port == {port} && ({wanted})"
    command = [program, "-n", "-r", str(path), "-Y", wanted, "-T", "fields", "-E", "separator=,"]
    for field in FIELDS:
        command += ["-e", field]
    with opened(path), tempfile.TemporaryFile() as said:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, stdin=subprocess.DEVNULL) as tshark:  # noqa: S603
            assert tshark.stdout is not None
            try:
                for line in tshark.stdout:
                    segment = segment_of(line)
                    if segment is not None:
                        yield segment
            except BaseException:
                tshark.kill()
                raise
        if tshark.returncode:
            said.seek(0)
            why = said.read().decode("utf-8", "replace").strip().splitlines()
            reading.skip(str(path), f"tshark cannot read it to its end: {why[-1] if why else tshark.returncode}")


def segment_of(line: bytes) -> Segment | None:
    parts = line.decode("ascii", "replace").rstrip("\n").split(",")
    if len(parts) != len(FIELDS):
        return None
    stream, source, target, sequence, time, flags, payload = parts
    return Segment(
        int(stream), int(source), int(target), int(sequence), float(time), int(flags, 16), bytes.fromhex(payload)
    )
