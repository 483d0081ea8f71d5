"""Packets that a capture lacks cost the exchanges around them, and are told; nothing is put together wrongly."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest
from factories import make_exchange, make_request, make_response
from hypothesis import given, settings, strategies as st
from wsproto.connection import CLIENT, Connection as Frames
from wsproto.events import TextMessage

from mirror import Exchange
from mirror.store.reading import Reading
from mirror.verify.packets import PATIENCE, Connection, Segment
from mirror.verify.seen import read_seen
from mirror.wire.message import write_request, write_response

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")

CLIENT_PORT, SERVER_PORT, ACK, FIN = 40000, 8900, 0x10, 0x01


class Talk:
    """A keep-alive connection, packet by packet."""

    def __init__(self) -> None:
        self.packets: list[Segment] = []
        self.next = {CLIENT_PORT: 2**32 - 3000, SERVER_PORT: 77}

    def say(self, source: int, data: bytes, flags: int = ACK, size: int = 100_000) -> None:
        for begin in range(0, max(len(data), 1), size):
            part = data[begin : begin + size]
            target = SERVER_PORT if source == CLIENT_PORT else CLIENT_PORT
            time = float(len(self.packets))
            self.packets.append(Segment(0, source, target, self.next[source], time, flags, part))
            self.next[source] = (self.next[source] + len(part) + bool(flags & 3)) % 2**32

    def open(self) -> Talk:
        self.say(CLIENT_PORT, b"", flags=2)
        self.say(SERVER_PORT, b"", flags=2 | ACK)
        return self

    def exchange(self, exchange: Exchange, size: int = 100_000) -> None:
        self.say(CLIENT_PORT, bytes(write_request(exchange.request)), size=size)
        self.say(SERVER_PORT, bytes(write_response(exchange.response, exchange.request.method)), size=size)

    def write(self, path: Path) -> Path:
        records = []
        for packet in self.packets:
            tcp = struct.pack(
                ">HHLLBBHHH", packet.source, packet.target, packet.sequence, 0, 0x50, packet.flags, 65535, 0, 0
            )
            ip = struct.pack(
                ">BBHHHBBH4s4s", 0x45, 0, 40 + len(packet.payload), 0, 0, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\1"
            )
            frame = ip + tcp + packet.payload
            records.append(struct.pack("<LLLL", int(packet.time), 0, len(frame), len(frame)) + frame)
        path.write_bytes(struct.pack("<LHHlLLL", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101) + b"".join(records))
        return path


def numbered(number: int) -> Exchange:
    """One of several kinds; the number stands in request and response."""
    body = b"number %d" % number
    misleading = b"z" * 600 + b"HTTP/1.1 200 OK\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
    match number % 5:
        case 0:
            return make_exchange(make_request("HEAD", f"/{number}"), make_response(200, headers=[("N", str(number))]))
        case 1:
            return make_exchange(make_request("GET", f"/{number}"), make_response(204, headers=[("N", str(number))]))
        case 2:
            sent = make_request("POST", f"/{number}", b"abc" * 50)
            return make_exchange(sent, make_response(200, body, b" in chunks" * 9, headers=[("N", str(number))]))
        case _:
            sent = make_request("PUT", f"/{number}", misleading)
            return make_exchange(sent, make_response(200, body, misleading, headers=[("N", str(number))]))


def overheard(packets: list[Segment]) -> tuple[list[tuple[str, str]], list[str]]:
    """The targets beside the numbers of their responses; and what was noted."""
    notes: list[str] = []
    connection = Connection("c", packets[0], notes.append)
    found = [each for packet in packets for each in connection.take(packet)]
    found += connection.end()
    return [(each.request.target, each.response.headers.get("n") or "") for each in found], notes


def hundred(size: int = 100_000) -> Talk:
    talk = Talk().open()
    for number in range(100):
        talk.exchange(numbered(number), size)
    return talk


@needs_tshark
@pytest.mark.parametrize("lost", [2, 3, 40, 101, 102, 200, 201])
def test_one_lost_packet_of_a_hundred_exchanges(lost: int, tmp_path: Path) -> None:
    talk = hundred()
    talk.say(SERVER_PORT, b"", FIN | ACK)
    talk.say(CLIENT_PORT, b"", FIN | ACK)
    gone = talk.packets.pop(lost)
    reading = Reading()
    seen = [each.request.target for each in read_seen(talk.write(tmp_path / "agent.pcap"), reading)]
    number = (lost - 2) // 2
    assert seen == [f"/{each}" for each in range(100) if each != number]
    sender = "client" if gone.source == CLIENT_PORT else "server"
    assert reading.problems[0].endswith(
        f"connection 0: a gap of {len(gone.payload)} bytes in what the {sender} sent: "
        "packets are missing in the capture"
    )


@settings(deadline=None, database=None, max_examples=200)
@given(st.sets(st.integers(2, 800), min_size=1, max_size=8), st.integers(50, 400))
def test_whatever_is_lost_nothing_is_put_together_wrongly(lost: set[int], size: int) -> None:
    packets = hundred(size).packets
    kept = [packet for place, packet in enumerate(packets) if place not in lost]
    pairs, notes = overheard(kept)
    assert all(target == f"/{number}" for target, number in pairs)
    assert len(pairs) == len(set(pairs)) >= 100 - 3 * len(lost)
    if len(pairs) < 99:
        assert any("a gap of" in note for note in notes)


def test_a_gap_is_not_waited_for_for_ever() -> None:
    talk = Talk().open()
    for number in range(3):
        talk.exchange(numbered(number))
    before = len(talk.packets)
    talk.say(CLIENT_PORT, b"PUT /big HTTP/1.1\r\nContent-Length: 9000000\r\n\r\n" + b"\r\nx" * 3_000_000, size=50_000)
    del talk.packets[before + 10]
    talk.say(SERVER_PORT, b"HTTP/1.1 200 OK\r\nN: big\r\nContent-Length: 0\r\n\r\n")
    for number in range(3, 6):
        talk.exchange(numbered(number))
    notes: list[str] = []
    connection = Connection("c", talk.packets[0], notes.append)
    found = []
    for packet in talk.packets:
        found += connection.take(packet)
        assert connection._sides[True].waiting <= PATIENCE
    assert [each.request.target for each in found] == ["/0", "/1", "/2", "/3", "/4", "/5"]
    assert notes == ["a gap of 50000 bytes in what the client sent: packets are missing in the capture"]


def test_the_end_of_a_body_may_look_like_a_method() -> None:
    talk = Talk().open()
    talk.say(CLIENT_PORT, b"PUT /0 HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
    talk.say(CLIENT_PORT, b"lostlost")
    talk.say(CLIENT_PORT, b"x")
    talk.say(SERVER_PORT, bytes(write_response(make_response(200, b""), "PUT")))
    talk.exchange(numbered(1))
    del talk.packets[3]
    pairs, notes = overheard(talk.packets)
    assert pairs == [("/1", "1")]
    assert notes[1:] == ["1 requests or responses next to a gap have lost their counterpart"]


def test_a_gap_in_a_websocket_session_ends_what_that_side_said() -> None:
    talk = Talk().open()
    upgrade = [("Upgrade", "websocket"), ("Connection", "Upgrade")]
    talk.exchange(make_exchange(make_request("GET", "/chat", headers=upgrade), make_response(101, headers=upgrade)))
    frames = Frames(CLIENT)
    for text in ("one", "two", "three"):
        talk.say(CLIENT_PORT, frames.send(TextMessage(data=text)))
        talk.say(SERVER_PORT, b"\x81\x03" + text[:3].encode())
    del talk.packets[6]  # "two"
    notes: list[str] = []
    connection = Connection("c", talk.packets[0], notes.append)
    found = [each for packet in talk.packets for each in connection.take(packet)] + list(connection.end())
    assert [(each.sender, each.data) for each in found[0].messages] == [
        ("client", b"one"), ("server", b"one"), ("server", b"two"), ("server", b"thr"),
    ]  # fmt: skip
    assert len(notes) == 1


@needs_tshark
def test_a_handshake_whose_answer_is_lost(tmp_path: Path) -> None:
    """Then nobody can know that frames follow: told, and no reason to stop."""
    talk = Talk().open()
    talk.exchange(numbered(1))
    talk.exchange(make_exchange(make_request("GET", "/chat"), make_response(101)))
    talk.say(CLIENT_PORT, b"\x81\x04\r\n\r\n" * 10)
    talk.say(SERVER_PORT, b"\x81\x02hi")
    del talk.packets[5]
    reading = Reading()
    assert [each.request.target for each in read_seen(talk.write(tmp_path / "agent.pcap"), reading)] == ["/1"]
    assert [problem.partition("connection 0: ")[2].split(":")[0] for problem in reading.problems] == [
        "a gap of 19 bytes in what the server sent",
        "a request that is no HTTP/1.1; the rest of it cannot be read",
    ]
