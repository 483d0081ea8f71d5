"""tcpdump on the loopback interface, and two readings of what it caught: raw bytes, and Wireshark's idea of them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from agents.programs import Program, find, missing

CAPTURED = re.compile(r"(\d+) packets? (captured|dropped by kernel)")
SETTLING = 10.0

PREFERENCES = {
    "http.desegment_headers": "TRUE",
    "http.desegment_body": "TRUE",
    "http.dechunk_body": "TRUE",
    "http.decompress_body": "FALSE",  # or the body is told decoded
    "tcp.desegment_tcp_streams": "TRUE",
    "tcp.reassemble_out_of_order": "TRUE",
    "tcp.check_checksum": "FALSE",  # nobody fills them in on the loopback interface
    "ip.check_checksum": "FALSE",
}


@contextmanager
def capture(port: int, path: Path) -> Iterator[None]:
    """Write every packet from or to a port to a file while the block lasts."""
    command = [find("tcpdump"), "-i", "lo", "-n", "-s", "0", "-B", "65536", "-U", "--immediate-mode"]
    if os.geteuid() == 0:
        command += ["-Z", "root"]  # or Debian's gives its rights up before it can write the file
    log = path.with_suffix(".log")
    with Program([*command, "-w", str(path), f"tcp port {port}"], log) as tcpdump:
        try:
            tcpdump.says("listening on")
        except AssertionError:
            if "permi" in tcpdump.output:
                missing("tcpdump may not capture here: run the tests as root, or give it the capability cap_net_raw")
            raise
        yield
        settle(path)
        assert tcpdump.stop(signal.SIGINT) == 0, tcpdump.output
        told = {what: int(number) for number, what in CAPTURED.findall(tcpdump.output)}
        assert told["captured"] > 0
        assert told["dropped by kernel"] == 0


def settle(path: Path) -> None:
    """Wait until the file does not grow any more."""
    end = time.monotonic() + SETTLING
    size = -1
    while size != (size := path.stat().st_size) and time.monotonic() < end:
        time.sleep(0.2)


def tshark(path: Path, *arguments: str) -> str:
    run = subprocess.run([find("tshark"), "-n", "-r", str(path), *arguments], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


# The raw bytes --------------------------------------------------------------------------------------------------------


def conversations(path: Path) -> list[tuple[bytes, bytes]]:
    """What was said and what was answered, turn by turn, connection by connection; nothing is known of HTTP here."""
    numbers = sorted(set(map(int, tshark(path, "-T", "fields", "-e", "tcp.stream").split())))
    follow = [word for number in numbers for word in ("-z", f"follow,tcp,raw,{number}")]
    found: list[tuple[bytes, bytes]] = []
    for block in tshark(path, "-q", *follow).split("=" * 67):
        if "Follow: tcp,raw" in block:
            found += turns(block)
    return found


def turns(block: str) -> list[tuple[bytes, bytes]]:
    """The lines of one connection in hexadecimal; what the server says begins with a tab."""
    spoken: list[tuple[bool, bytearray]] = []
    for line in block.splitlines():
        if re.fullmatch(r"\t?([0-9a-f]{2})+", line):
            answered, data = line.startswith("\t"), bytes.fromhex(line.strip())
            if not spoken or spoken[-1][0] != answered:
                spoken.append((answered, bytearray()))
            spoken[-1][1].extend(data)
    said = [bytes(data) for answered, data in spoken if not answered]
    answers = [bytes(data) for answered, data in spoken if answered]
    return list(zip(said, answers, strict=True))


# Wireshark's HTTP dissector -------------------------------------------------------------------------------------------


class Dissected(NamedTuple):
    """A message as the dissector tells it; ``start`` is (method, target) or (status, reason)."""

    start: tuple[bytes, bytes]
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def dissect(path: Path, port: int) -> list[tuple[Dissected, Dissected]]:
    """The requests and their responses, connection by connection."""
    options = [word for name, value in PREFERENCES.items() for word in ("-o", f"{name}:{value}")]
    text = tshark(path, "-d", f"tcp.port=={port},http", *options, "-Y", "http", "-T", "pdml")
    requests: dict[str, list[Dissected]] = {}
    responses: dict[str, list[Dissected]] = {}
    for packet in ElementTree.fromstring(text).iter("packet"):
        stream = show(packet, "tcp.stream")
        protocols = packet.findall("proto")
        for place, protocol in enumerate(protocols):
            if protocol.get("name") == "http":
                fields = values(protocol)
                # With a content coding the body does not stand with HTTP, but in a tree of its own behind it.
                beside = [value for other in protocols[place:] for value in values(other).get("data.data", [])]
                body = (fields.get("http.file_data") or beside or [b""])[0]
                if "http.request.method" in fields:
                    start = (fields["http.request.method"][0], fields["http.request.uri"][0])
                    message = Dissected(start, header_lines(fields.get("http.request.line", [])), body)
                    requests.setdefault(stream, []).append(message)
                else:
                    start = (fields["http.response.code"][0], fields.get("http.response.phrase", [b""])[0])
                    message = Dissected(start, header_lines(fields.get("http.response.line", [])), body)
                    responses.setdefault(stream, []).append(message)
    return [pair for stream in requests for pair in zip(requests[stream], responses[stream], strict=True)]


def show(packet: ElementTree.Element, name: str) -> str:
    field = packet.find(f".//field[@name='{name}']")
    assert field is not None
    return field.get("show", "")


def values(tree: ElementTree.Element) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for field in tree.iter("field"):
        value = field.get("value")
        if value is not None:
            found.setdefault(field.get("name", ""), []).append(bytes.fromhex(value))
    return found


def header_lines(lines: list[bytes]) -> tuple[tuple[bytes, bytes], ...]:
    pairs = (line.removesuffix(b"\r\n").split(b":", 1) for line in lines)
    return tuple((name, value.strip(b" \t")) for name, value in pairs)


# Wireshark's WebSocket dissector --------------------------------------------------------------------------------------


class SeenFrame(NamedTuple):
    """A frame as the dissector tells it; the payload of a message stands with its last frame."""

    masked: bool
    final: bool
    opcode: int
    length: int
    payload: bytes
    code: int


def dissect_frames(path: Path, port: int) -> list[list[SeenFrame]]:
    """The frames of each connection that has any, in their order."""
    options = [word for name, value in PREFERENCES.items() for word in ("-o", f"{name}:{value}")]
    text = tshark(path, "-d", f"tcp.port=={port},http", *options, "-Y", "websocket", "-T", "pdml")
    found: dict[str, list[SeenFrame]] = {}
    for packet in ElementTree.fromstring(text).iter("packet"):
        frames = found.setdefault(show(packet, "tcp.stream"), [])
        for protocol in packet:
            if protocol.get("name") == "websocket":
                frames.append(seen_frame(protocol))
            elif frames:  # the payload of a binary message is told by another dissector, behind
                for data in protocol.iter("field"):
                    if data.get("name") == "data.data":
                        frames[-1] = frames[-1]._replace(payload=bytes.fromhex(data.get("value", "")))
    return list(found.values())


def seen_frame(tree: ElementTree.Element) -> SeenFrame:
    told = {field.get("name", ""): field for field in tree.iter("field")}

    def number(*names: str) -> int:
        return next((int(told[name].get("show", ""), 0) for name in names if name in told), 0)

    payload = next(
        (
            bytes.fromhex(told[f"websocket.payload.{kind}"].get("value", ""))
            for kind in ("text", "close.reason", "ping", "pong")
            if f"websocket.payload.{kind}" in told
        ),
        b"",
    )
    length = number("websocket.payload_length_ext_64", "websocket.payload_length_ext_16", "websocket.payload_length")
    return SeenFrame(
        bool(number("websocket.mask")),
        bool(number("websocket.fin")),
        number("websocket.opcode"),
        length,
        payload,
        number("websocket.payload.close.status_code"),
    )


def who_closed(path: Path) -> list[str]:
    """The source port of the first FIN of each connection."""
    lines = tshark(path, "-Y", "tcp.flags.fin==1", "-T", "fields", "-e", "tcp.stream", "-e", "tcp.srcport").splitlines()
    first: dict[str, str] = {}
    for line in lines:
        stream, source = line.split()
        first.setdefault(stream, source)
    return list(first.values())
