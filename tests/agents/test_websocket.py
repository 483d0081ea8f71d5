"""tshark on the loopback interface decodes every frame of a WebSocket session, and mitmproxy shows its messages."""

from __future__ import annotations

from pathlib import Path

import pytest
from agents.mitm import Flow, flows, mitmdump
from agents.packets import SeenFrame, capture, dissect_frames, who_closed
from agents.suite import Run, mirrored, sessions_suite
from runs import free_ports_in_a_row

from mirror import Exchange, Headers, Mirror, Request, Response
from mirror.exchange import WebSocketMessage

pytestmark = pytest.mark.xdist_group("agents")
AGENTS = ("tcpdump", "tshark", "mitmdump")

OPCODES = {"text": 1, "binary": 2, "close": 8, "ping": 9, "pong": 10}
SESSIONS, OTHERS = 25, 5


def test_wireshark_decodes_every_frame(tmp_path: Path) -> None:
    port = free_ports_in_a_row(1)
    with capture(port, tmp_path / "lo.pcap"):
        run = mirrored(sessions_suite(tmp_path), tmp_path / "published.jsonl", "--mirror-port", port)
    sessions = all_published(run)
    seen = dissect_frames(tmp_path / "lo.pcap", port)
    assert sorted(map(readable, seen)) == sorted(shown(exchange) for exchange in sessions)
    # The server closes first, but for the connections of ordinary exchanges (RFC 6455 section 7.1.1).
    assert who_closed(tmp_path / "lo.pcap").count(str(port)) >= len(sessions)


def test_wireshark_decodes_pings_and_lost_sessions(tmp_path: Path) -> None:
    port = free_ports_in_a_row(1)
    with capture(port, tmp_path / "lo.pcap"), Mirror(port=port) as mirror:
        messages = (
            said("client", "ping", b"there?"), said("server", "pong", b"there?"), said("server", "ping"),
            said("client", "text", b"x"),
        )  # fmt: skip
        exchange = session(*messages)
        live = mirror.recorder.open(exchange)
        for message in messages:
            live.send(message)
        live.finish(exchange)
        assert mirror.counts.published == 1
    ((*frames,),) = dissect_frames(tmp_path / "lo.pcap", port)
    assert readable(frames) == shown(exchange)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_mitmproxy_shows_the_messages(mode: str, tmp_path: Path) -> None:
    echo = free_ports_in_a_row(2)
    options = ["--mirror-port", echo, "--mirror-proxy", f"http://127.0.0.1:{echo + 1}", "--mirror-proxy-mode", mode]
    with mitmdump(mode, echo + 1, echo, tmp_path):
        run = mirrored(sessions_suite(tmp_path), tmp_path / "published.jsonl", *options)
    sessions = all_published(run)
    seen = flows(tmp_path)
    assert len(seen) == len(run.exchanges)
    assert sorted(map(flow, sessions)) == sorted(one for one in seen if one.status == 101)


def test_pings_pass_mitmproxy(tmp_path: Path) -> None:
    echo = free_ports_in_a_row(2)
    exchange = session(
        said("client", "ping", b"there?"), said("server", "pong", b"there?"), said("server", "ping"),
        said("client", "pong"), said("client", "text", b"x"), said("server", "binary", b"\0" * 200_000),
    )  # fmt: skip
    with (
        mitmdump("reverse", echo + 1, echo, tmp_path),
        Mirror(port=echo, proxy=f"http://127.0.0.1:{echo + 1}") as mirror,
    ):
        mirror.recorder.record(exchange)
        assert mirror.counts.published == mirror.counts.made == 1, mirror.counts
    (seen,) = flows(tmp_path)
    assert seen.messages == ((True, True, b"x"), (False, False, b"\0" * 200_000))
    # No close frame: the connection was lost.
    assert seen.closed == (True, 1006, None)


def all_published(run: Run) -> list[Exchange]:
    assert run.counts.failed == run.counts.ignored == 0, run.output
    assert not run.counts.remarks
    sessions = [exchange for exchange in run.exchanges if exchange.response.status == 101]
    assert (len(sessions), len(run.exchanges) - len(sessions)) == (SESSIONS, OTHERS)
    return sessions


# What has to be seen --------------------------------------------------------------------------------------------------


def shown(exchange: Exchange) -> list[tuple[bool, int, bytes, int]]:
    return [
        (message.sender == "client", OPCODES[message.kind], message.data, message.code) for message in exchange.messages
    ]


def readable(frames: list[SeenFrame]) -> list[tuple[bool, int, bytes, int]]:
    """The messages of frames: by the client (which masks), the first one's opcode, the payload, the code."""
    messages: list[tuple[bool, int, bytes, int]] = []
    begun: dict[bool, int] = {}
    for frame in frames:
        opcode = frame.opcode if frame.opcode >= 8 else begun.setdefault(frame.masked, frame.opcode)
        assert opcode
        if frame.final:
            messages.append((frame.masked, opcode, frame.payload, frame.code))
            if frame.opcode < 8:
                del begun[frame.masked]
    return messages


def flow(exchange: Exchange) -> Flow:
    request, response = exchange.request, exchange.response
    *messages, first, second = exchange.messages
    assert first.kind == second.kind == "close"
    assert (first.data, first.code) == (second.data, second.code)
    return Flow(
        request.method.encode(),
        request.target.encode(),
        request.headers.raw,
        b"",
        101,
        b"Switching Protocols",
        response.headers.raw,
        b"",
        tuple((message.sender == "client", message.kind == "text", message.data) for message in messages),
        (first.sender == "client", first.code, first.data.decode()),
    )


def said(sender: str, kind: str, data: bytes = b"") -> WebSocketMessage:
    return WebSocketMessage(sender, kind, data, 0.0)  # type: ignore[arg-type]


def session(*messages: WebSocketMessage) -> Exchange:
    fields = (
        (b"Host", b"a"), (b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"), (b"Sec-WebSocket-Version", b"13"),
        (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
    )  # fmt: skip
    answer = (
        (b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"),
        (b"Sec-WebSocket-Accept", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
    )  # fmt: skip
    return Exchange(
        "id-1",
        Request("GET", "/", Headers(fields), (), "ws"),
        Response(101, "Switching Protocols", Headers(answer)),
        "asgi",
        0.0,
        0.0,
        messages=messages,
    )
