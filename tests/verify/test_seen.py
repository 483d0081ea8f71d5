"""What agents write: packets, flows; and what is broken in them."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest
from factories import make_exchange, make_request, make_response
from wsproto.connection import CLIENT, SERVER, Connection
from wsproto.events import BytesMessage, CloseConnection, TextMessage

from mirror import Exchange
from mirror.errors import CaptureError
from mirror.store.reading import Reading
from mirror.verify.http1 import Conversation
from mirror.verify.http1_messages import Unreadable
from mirror.verify.seen import read_seen
from mirror.wire.message import write_request, write_response

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")

SYN, ACK, PUSH, FIN = 0x02, 0x10, 0x08, 0x01


class Wire:
    """A pcap of one connection, segment by segment (LINKTYPE_RAW, IPv4)."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.next = {40000: 4_294_967_000, 8900: 77}  # close to where sequence numbers begin anew

    def segment(self, source: int, data: bytes = b"", flags: int = ACK, again: int = 0) -> bytes:
        """The frame of a segment; ``again`` many bytes before it are sent once more."""
        sequence = (self.next[source] - again) % 2**32
        self.next[source] = (self.next[source] + len(data) - again + bool(flags & (SYN | FIN))) % 2**32
        target = 8900 if source == 40000 else 40000
        tcp = struct.pack(">HHLLBBHHH", source, target, sequence, 0, 0x50, flags, 65535, 0, 0)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(data), 0, 0, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
        return ip + tcp + data

    def write(self, path: Path) -> Path:
        records = b"".join(
            struct.pack("<LLLL", at, 0, len(frame), len(frame)) + frame for at, frame in enumerate(self.frames)
        )
        path.write_bytes(struct.pack("<LHHlLLL", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101) + records)
        return path


EXCHANGE = make_exchange(
    make_request("POST", "/a%2Fb?x", b"in" * 50), make_response(201, b"first", b"second", reason="Fine")
)
ASKED = bytes(write_request(EXCHANGE.request))
ANSWERED = bytes(write_response(EXCHANGE.response, "POST"))


def assert_is(seen: Exchange) -> None:
    assert (seen.request.method, seen.request.target, seen.request.body) == ("POST", "/a%2Fb?x", b"in" * 50)
    assert (seen.response.status, seen.response.reason) == (201, "Fine")
    assert seen.response.chunks == (b"first", b"second")


@needs_tshark
def test_packets_in_any_order_and_twice(tmp_path: Path) -> None:
    wire = Wire()
    wire.frames += [wire.segment(40000, flags=SYN), wire.segment(8900, flags=SYN | ACK), wire.segment(40000)]
    parts = [wire.segment(40000, ASKED[begin : begin + 40]) for begin in range(0, len(ASKED), 40)]
    wire.frames += [parts[0], parts[2], parts[1], parts[1], *parts[3:]]
    wire.frames += [wire.segment(8900, ANSWERED[:30]), wire.segment(8900, ANSWERED[20:60], again=10)]
    wire.frames += [wire.segment(8900, ANSWERED[60:])]
    (seen,) = read_seen(wire.write(tmp_path / "agent.pcap"), Reading())
    assert_is(seen)


@needs_tshark
def test_a_connection_that_was_open_before_the_capture_began(tmp_path: Path) -> None:
    wire = Wire()
    wire.frames += [wire.segment(40000, ASKED), wire.segment(8900, ANSWERED)] * 1
    path = wire.write(tmp_path / "agent.pcap")
    assert_is(next(iter(read_seen(path, Reading()))))
    with pytest.raises(CaptureError, match="no connection in it has the port 9999"):
        list(read_seen(path, Reading(), port=9999))


@needs_tshark
def test_a_capture_that_begins_with_the_answer_to_a_syn(tmp_path: Path) -> None:
    wire = Wire()
    wire.segment(40000, flags=SYN)  # not captured
    wire.frames += [wire.segment(8900, flags=SYN | ACK), wire.segment(40000, ASKED), wire.segment(8900, ANSWERED)]
    (seen,) = read_seen(wire.write(tmp_path / "agent.pcap"), Reading())
    assert_is(seen)


@needs_tshark
def test_a_connection_that_is_no_http(tmp_path: Path) -> None:
    wire = Wire()
    wire.frames += [wire.segment(40000, b"\x16\x03\x01\r\n\r\n"), wire.segment(8900, b"\x16\x03")]
    path = wire.write(tmp_path / "agent.pcap")
    with pytest.raises(CaptureError, match="connection 0: a request that is no HTTP"):
        list(read_seen(path, Reading()))
    reading = Reading(keep_going=True)
    assert not list(read_seen(path, reading))
    assert reading.skipped == 1


@needs_tshark
def test_a_packet_capture_that_is_cut_off(tmp_path: Path) -> None:
    wire = Wire()
    wire.frames += [wire.segment(40000, ASKED), wire.segment(8900, ANSWERED)]
    path = wire.write(tmp_path / "agent.pcap")
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(CaptureError, match=r"agent\.pcap: tshark cannot read it to its end: .*cut short"):
        list(read_seen(path, Reading()))
    wire.frames.append(wire.segment(40000, ASKED))
    wire.write(path)
    path.write_bytes(path.read_bytes()[:-10])
    reading = Reading(keep_going=True)
    (seen,) = read_seen(path, reading)
    assert_is(seen)
    assert reading.skipped == 1


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_messages_piece_by_piece(size: int) -> None:
    conversation = Conversation("c")
    found = []
    asked = ASKED + bytes(write_request(make_request("HEAD", "/x"))) + bytes(write_request(make_request("GET", "/y")))
    answered = (
        b"HTTP/1.1 100 Continue\r\n\r\n" + ANSWERED
        + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + b"HTTP/1.0 404 Not Found\r\n\r\nuntil the end"
    )  # fmt: skip
    for data, from_client in ((asked, True), (answered, False)):
        for begin in range(0, len(data), size):
            found += list(conversation.feed(from_client, data[begin : begin + size], 1.0))
    found += list(conversation.end())
    assert [(each.request.method, each.response.status) for each in found] == [
        ("POST", 201),
        ("HEAD", 200),
        ("GET", 404),
    ]
    assert_is(found[0])
    assert found[2].response.body == b"until the end"


def test_an_interim_response_is_told_only_where_no_final_one_came() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    for answered, statuses in (
        (early, [103]),
        (early + final, [200]),
        (early + final + early, [200, 103]),
        (early + final + final, [200, 200]),
        (final + b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", [200]),
        (early + final + b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", [200]),
    ):
        conversation = Conversation("c")
        asked = bytes(write_request(make_request("GET", "/"))) * 2
        found = [*conversation.feed(True, asked, 1.0), *conversation.feed(False, answered, 2.0), *conversation.end()]
        assert [each.response.status for each in found] == statuses


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (b"nonsense\r\n\r\n", b""),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b""),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b""),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b""),
        (b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-OpenSSH\r\n\r\n"),
        (b"x" * 2_000_000, b""),
    ],
)
def test_what_is_no_http_is_unreadable(asked: bytes, answered: bytes) -> None:
    conversation = Conversation("c")
    with pytest.raises(Unreadable):  # noqa: PT012 - either of them may be the one
        list(conversation.feed(True, asked, 0.0))
        list(conversation.feed(False, answered, 0.0))


def string(data: bytes, kind: bytes = b",") -> bytes:
    return b"%d:%b%b" % (len(data), data, kind)


def table(**members: bytes) -> bytes:
    return string(b"".join(string(name.encode(), b";") + value for name, value in members.items()), b"}")


def fields(*pairs: tuple[bytes, bytes]) -> bytes:
    return string(b"".join(string(string(name) + string(value), b"]") for name, value in pairs), b"]")


FLOW = table(
    type=string(b"http", b";"),
    id=string(b"f-1", b";"),
    request=table(
        method=string(b"GET"), path=string(b"/a"), scheme=string(b"http"),
        host=string(b"h", b";"), port=string(b"80", b"#"),
        headers=fields((b"Host", b"shop.test")), content=string(b""), timestamp_start=string(b"5.5", b"^"),
    ),
    response=table(
        status_code=string(b"200", b"#"), reason=string(b"OK"), headers=fields((b"A", b"\xff")), content=string(b"yes"),
        trailers=string(b"", b"~"), timestamp_end=string(b"6", b"^"),
    ),
)  # fmt: skip
UNANSWERED = table(type=string(b"http", b";"), response=string(b"", b"~"))


def test_flows(tmp_path: Path) -> None:
    path = tmp_path / "agent.flows"
    path.write_bytes(FLOW + UNANSWERED + FLOW)
    seen, _ = read_seen(path, Reading())
    assert (seen.id, seen.request.target, seen.request.authority) == ("f-1", "/a", "shop.test")
    assert (seen.response.body, seen.response.headers.raw, seen.elapsed) == (b"yes", ((b"A", b"\xff"),), 0.5)


@pytest.mark.parametrize(
    "broken",
    [FLOW[:-1], FLOW[:20], b"5:hello?", b"99999999999:x,", b"12x:", b"3:abc}", string(b"5:a,", b"]"),
     string(b"1:x,", b"#"), b"".join(b"%d:" % (100 - n) for n in range(50))],
)  # fmt: skip
def test_flows_that_break_off(broken: bytes, tmp_path: Path) -> None:
    path = tmp_path / "agent.flows"
    path.write_bytes(FLOW + broken)
    with pytest.raises(CaptureError, match=r"agent\.flows flow 2: "):
        list(read_seen(path, Reading()))
    reading = Reading(keep_going=True)
    assert len(list(read_seen(path, reading))) == 1
    assert reading.skipped == 1


def test_deeply_nested_flows(tmp_path: Path) -> None:
    data = b""
    for _ in range(2000):
        data = string(data, b"]")
    (tmp_path / "agent.flows").write_bytes(data)
    with pytest.raises(CaptureError, match="nested too deeply"):
        list(read_seen(tmp_path / "agent.flows", Reading()))


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "agent.har").touch()
    with pytest.raises(CaptureError, match="is empty: the agent has seen nothing"):
        read_seen(tmp_path / "agent.har", Reading())


@needs_tshark
def test_a_websocket_session_in_packets(tmp_path: Path) -> None:
    """Handshake, fragments, both directions, a close; and a second session that is cut off in the middle."""
    ours, theirs = Connection(CLIENT), Connection(SERVER)
    upgrade = [("Upgrade", "websocket"), ("Connection", "Upgrade")]
    wire = Wire()
    wire.frames += [wire.segment(40000, flags=SYN), wire.segment(8900, flags=SYN | ACK)]
    wire.frames.append(wire.segment(40000, bytes(write_request(make_request("GET", "/chat", headers=upgrade)))))
    answered = bytes(write_response(make_response(101, headers=upgrade, reason="Switching Protocols"), "GET"))
    wire.frames.append(wire.segment(8900, answered + theirs.send(TextMessage(data="caf\u00e9"))))
    part = ours.send(BytesMessage(data=b"\x00" * 50, message_finished=False))
    wire.frames += [wire.segment(40000, part[:20]), wire.segment(40000, part[20:])]
    wire.frames.append(wire.segment(40000, ours.send(BytesMessage(data=b"\x01"))))
    wire.frames.append(wire.segment(40000, ours.send(CloseConnection(code=4001, reason="bye"))))
    (seen,) = read_seen(wire.write(tmp_path / "agent.pcap"), Reading())
    assert (seen.request.target, seen.response.status) == ("/chat", 101)
    assert [(each.sender, each.kind, each.data, each.code) for each in seen.messages] == [
        ("server", "text", "caf\u00e9".encode(), 0),
        ("client", "binary", b"\x00" * 50 + b"\x01", 0),
        ("client", "close", b"bye", 4001),
    ]
