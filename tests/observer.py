"""Independent observers of the echo port: what they see is judged without any code of mirror's.

Packets   reads the loopback interface (AF_PACKET) and puts each connection's segments together by sequence number, as
          a packet sniffer does. Needs Linux and the right to open such a socket (root, or CAP_NET_RAW).
Tee       a TCP forwarder that keeps what passes: it stands where a proxy stands (``Mirror(proxy=tee.url)``).

Both give a list of Streams: the bytes of each connection, in both directions. ``messages()`` parses them with h11.
"""

from __future__ import annotations

import ctypes
import re
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import h11

Fields = tuple[tuple[bytes, bytes], ...]


@dataclass
class Stream:
    """One connection: ``sent`` by the client to the echo, ``received`` from it.

    ``turns`` are the pieces of both in the order in which they came, each with whether the client sent it.
    """

    sent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)
    turns: list[tuple[bool, bytes]] = field(default_factory=list)


class Message(NamedTuple):
    """A request (``method``, ``target``) and its response as they stood on the wire.

    Field values are without the blanks around them (RFC 9112 section 5.1). ``chunks`` is None where the chunked coding
    was not used.
    """

    method: bytes
    target: bytes
    headers: Fields
    body: bytes
    chunks: tuple[bytes, ...] | None
    status: int
    reason: bytes
    response_headers: Fields
    response_body: bytes
    response_chunks: tuple[bytes, ...] | None
    trailers: Fields


class Packets:
    """Watches a TCP port on the loopback interface while its ``with`` block lasts.

    The kernel queues a loopback packet to this socket before its receiver can have it. So there is no thread and no
    waiting: when a call that used the port has returned, its packets are here to be read.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: list[Stream] = []
        self._open: dict[int, Stream] = {}
        self._next: dict[tuple[int, bool], int] = {}

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, 33, 512 * 1024 * 1024)  # SO_RCVBUFFORCE: nothing may be dropped
            attach_filter(self._socket, self.port)
            self._socket.bind(("lo", 0x0800))
        except BaseException:
            self._socket.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def streams(self) -> list[Stream]:
        """The connections seen so far, in the order in which they were opened."""
        while True:
            try:
                packet, address = self._socket.recvfrom(1 << 17, socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            if address[2] != socket.PACKET_OUTGOING:  # each loopback packet is seen going out and coming in
                self._take(packet)
        _, dropped = struct.unpack("II", self._socket.getsockopt(263, 6, 8))  # SOL_PACKET, PACKET_STATISTICS
        assert dropped == 0, f"the kernel dropped {dropped} packets"
        return [stream for stream in self._streams if stream.sent or stream.received]

    def _take(self, packet: bytes) -> None:
        (total,) = struct.unpack_from("!H", packet, 2)
        start = (packet[0] & 15) * 4
        source, target, sequence = struct.unpack_from("!HHI", packet, start)
        data = packet[start + (packet[start + 12] >> 4) * 4 : total]
        upwards = target == self.port
        client = source if upwards else target
        if packet[start + 13] & 2:  # SYN: a new connection, perhaps on a port that an old one had
            self._next[client, upwards] = (sequence + 1) & 0xFFFFFFFF
            if upwards:
                self._streams.append(Stream())
                self._open[client] = self._streams[-1]
        elif data:
            if client not in self._open:  # it was opened before the watch began
                self._streams.append(Stream())
                self._open[client] = self._streams[-1]
            expected = self._next.get((client, upwards), sequence)
            repeated = (expected - sequence) & 0xFFFFFFFF  # bytes of a retransmission that were here before
            assert repeated < 1 << 31, "a segment is missing on the loopback interface"
            data = data[repeated:]
            self._next[client, upwards] = (expected + len(data)) & 0xFFFFFFFF
            stream = self._open[client]
            (stream.sent if upwards else stream.received).extend(data)
            stream.turns.append((upwards, data))


def attach_filter(sock: socket.socket, port: int) -> None:
    """Have the kernel pass TCP packets from or to a port only (a classic BPF program over the IPv4 header)."""
    program = [
        (0x30, 0, 0, 9),  # the protocol
        (0x15, 0, 6, 6),  # TCP? else reject
        (0xB1, 0, 0, 0),  # X = length of the IP header
        (0x48, 0, 0, 0),  # source port
        (0x15, 2, 0, port),
        (0x48, 0, 0, 2),  # target port
        (0x15, 0, 1, port),
        (0x06, 0, 0, 0xFFFFFFFF),  # accept
        (0x06, 0, 0, 0),  # reject
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    sock.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HL", len(program), ctypes.addressof(code)))  # SO_ATTACH_FILTER


def why_no_packets() -> str | None:
    """Why packets cannot be watched here, or None where they can."""
    if not hasattr(socket, "AF_PACKET"):
        return "AF_PACKET is Linux's"
    try:
        with Packets(1):
            return None
    except OSError as error:
        return f"this user may not watch packets ({error.strerror})"


class Tee:
    """Listens on a port of its own and forwards each connection to the port given to ``forward_to``.

    ``alter(data)`` may change what comes back from there (a proxy that rewrites); what is kept is what the echo said.
    """

    def __init__(self, alter: Callable[[bytes], bytes] = bytes) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._streams: list[Stream] = []
        self._threads: list[threading.Thread] = []
        self._target = 0
        self._alter = alter

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def forward_to(self, port: int) -> None:
        self._target = port

    def streams(self) -> list[Stream]:
        """The connections that carried anything (a probe carries nothing)."""
        return [stream for stream in self._streams if stream.sent or stream.received]

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _spawn(self, work: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            stream = Stream()
            self._streams.append(stream)
            self._spawn(self._forward, client, stream)

    def _forward(self, client: socket.socket, stream: Stream) -> None:
        """Forward until either end is closed. What passes is kept before it is passed on."""
        first = client.recv(1 << 16)
        with client:
            if not first:
                return
            with socket.create_connection(("127.0.0.1", self._target)) as echo:
                stream.sent += first
                stream.turns.append((True, first))
                echo.sendall(first)
                while True:
                    for ready in select.select([client, echo], [], [])[0]:
                        try:
                            data = ready.recv(1 << 16)
                            if not data:
                                return
                            stream.turns.append((ready is client, data))
                            if ready is client:
                                stream.sent += data
                                echo.sendall(data)
                            else:
                                stream.received += data
                                client.sendall(self._alter(data))
                        except OSError:  # one end went away while the other spoke
                            return


# From bytes to messages ---------------------------------------------------------------------------------------------


def messages(stream: Stream) -> list[Message]:
    """The exchanges of one connection. Raises where its bytes are anything else than HTTP/1.1 messages."""
    found: list[Message] = []
    sent, received = bytes(stream.sent), bytes(stream.received)
    while sent:
        method, target, headers, body, chunks, _, sent = read_request(sent)
        if (b"expect", b"100-continue") in [(name.lower(), value) for name, value in headers]:
            received = received.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
        status, reason, fields, answer, answer_chunks, trailers, received = read_response(received, method)
        found.append(
            Message(method, target, headers, body, chunks, status, reason, fields, answer, answer_chunks, trailers)
        )
        says_close = any(
            name.lower() == b"connection" and value.lower() == b"close" for name, value in headers + fields
        )
        assert not (says_close and (sent or received)), "something follows on a connection that was said to be closed"
    assert not received, f"the echo said more than it was asked: {received[:200]!r}"
    return found


Parsed = tuple[Any, Any, Fields, bytes, tuple[bytes, ...] | None, Fields, bytes]


def read_request(data: bytes) -> Parsed:
    """(method, target, fields, body, chunks, trailers, what follows)"""
    if refused_by_h11(data):
        return read_strictly(data, lambda line: line.rsplit(b" ", 1)[0].split(b" ", 1))
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 24)
    return read_events(connection, data, lambda event: (event.method, event.target))


def read_response(data: bytes, method: bytes) -> Parsed:
    """(status, reason, fields, body, chunks, trailers, what follows)"""
    # h11 takes a 1xx for an interim response and waits for the final one; here a test's application gave it as the
    # final one. And what follows the head of a 2xx to CONNECT is a tunnel to h11, whereas our application was called
    # like any other and has answered with a body.
    if re.match(rb"HTTP/1.1 1", data) or method == b"CONNECT" or refused_by_h11(data, method == b"HEAD"):
        return read_strictly(data, lambda line: (int(line[9:12]), line[13:]), method)
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 24)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "h")]))
    connection.send(h11.EndOfMessage())
    return read_events(connection, data, lambda event: (event.status_code, event.reason))


def read_events(connection: h11.Connection, data: bytes, start: Callable[[Any], tuple[Any, Any]]) -> Parsed:
    connection.receive_data(data)
    head: Any = connection.next_event()
    assert isinstance(head, h11.Request | h11.Response), head
    chunks: list[bytearray] = []
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        assert isinstance(event, h11.Data), f"the message is not complete: {event}"
        if event.chunk_start or not chunks:
            chunks.append(bytearray())
        chunks[-1] += event.data
    body = b"".join(chunks)
    chunked = any(name == b"transfer-encoding" for name, _ in head.headers)
    return (
        *start(head),
        tuple(head.headers.raw_items()),
        body,
        tuple(map(bytes, chunks)) if chunked else None,
        tuple(event.headers.raw_items()),
        connection.trailing_data[0],
    )


def refused_by_h11(data: bytes, without_body: bool = False) -> bool:
    """Whether a head is one of those that h11 refuses, although they can be told apart and read.

    * a request without a Host field, or with two (mirror sends what the client sent);
    * VT and FF inside of a value, which RFC 9110 section 5.5 lets a recipient keep;
    * contradicting lengths and codings on a response to HEAD and the like, which ends with its head whatever they say.
    """
    head = data.partition(b"\r\n\r\n")[0].lower()
    lengths = set(re.findall(rb"\r\ncontent-length:[ \t]*([^\r]*)", head))
    dubious = (
        len(lengths) > 1
        or not all(re.fullmatch(rb"[0-9]{1,20}", length) for length in lengths)
        or b"\r\ntransfer-encoding:" in head
    )
    return (
        b"\v" in head
        or b"\f" in head
        or (not head.startswith(b"http/") and head.count(b"\r\nhost:") != 1)
        or ((without_body or re.match(rb"http/1.1 (204|304)", head) is not None) and dubious)
    )


FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\0\r\n]*?)[ \t]*")


def read_strictly(data: bytes, start: Callable[[bytes], Any], method: bytes | None = None) -> Parsed:
    """RFC 9112 sections 2 to 7 in their strict reading. ``method`` is that of the request where this is a response."""
    head, end, rest = data.partition(b"\r\n\r\n")
    assert end, f"the head has no end: {data[:200]!r}"
    line, *lines = head.split(b"\r\n")
    assert re.fullmatch(rb"HTTP/1\.1 [1-9][0-9][0-9] [^\0\r\n]*|[^\s:]+ [\x21-\x7e]+ HTTP/1\.1", line), line
    fields = tuple(map(read_field, lines))
    lengths = [value for name, value in fields if name.lower() == b"content-length"]
    codings = [value for name, value in fields if name.lower() == b"transfer-encoding"]
    first, second = start(line)
    if method is not None and (first < 200 or first in (204, 304) or method == b"HEAD"):
        return first, second, fields, b"", None, (), rest
    assert len(lengths) + len(codings) <= 1, "framed twice"
    if codings:
        assert codings[0].lower() == b"chunked"
        chunks, trailers, rest = read_chunks(rest)
        return first, second, fields, b"".join(chunks), chunks, trailers, rest
    assert lengths or method is None, "the response would end with the connection"
    size = int(lengths[0]) if lengths else 0
    assert len(rest) >= size, "the body is not complete"
    return first, second, fields, rest[:size], None, (), rest[size:]


def read_field(line: bytes) -> tuple[bytes, bytes]:
    found = FIELD.fullmatch(line)
    assert found, f"no header field: {line!r}"
    return found[1], found[2]


def read_chunks(data: bytes) -> tuple[tuple[bytes, ...], Fields, bytes]:
    chunks: list[bytes] = []
    while True:
        line, _, data = data.partition(b"\r\n")
        size = int(line, 16)
        if size == 0:
            trailers: Iterator[bytes] = iter(())
            if not data.startswith(b"\r\n"):
                section, _, data = data.partition(b"\r\n\r\n")
                trailers = iter(section.split(b"\r\n"))
            else:
                data = data[2:]
            return tuple(chunks), tuple(map(read_field, trailers)), data
        assert data[size : size + 2] == b"\r\n", "a chunk of another size than it says"
        chunks.append(data[:size])
        data = data[size + 2 :]


# The judgement -------------------------------------------------------------------------------------------------------


def assert_says(message: Message, exchange: Any, mended: bool = False, added: Fields = ()) -> None:
    """The wire says what the exchange says, and nothing else but the fields ``added`` to the request.

    Framing: fields that tell the truth about the body stand as they were exchanged. Where there are none, one is added
    at the end (Content-Length for a request with a body, the chunked coding for a response). Where they do not tell
    the truth (``mended``), all other fields stand as they were, in their order.
    """
    request, response = exchange.request, exchange.response
    assert message.method.decode("latin-1") == request.method
    assert message.target.decode("latin-1") == request.target
    assert message.body == request.body
    assert message.status == response.status
    assert message.reason.decode("latin-1") == response.reason
    empty = request.method == "HEAD" or response.status < 200 or response.status in (204, 304)
    assert message.response_body == (b"" if empty else response.body)
    assert message.trailers == (() if empty else stripped(response.trailers.raw))
    # Boundaries: a chunk on the wire is a chunk exchanged; an empty one would end the body.
    for on_wire, exchanged in (message.chunks, request.chunks), (message.response_chunks, response.chunks):
        assert on_wire is None or on_wire == tuple(filter(None, exchanged))
    if not empty and not framing(response.headers.raw):
        assert message.response_chunks is not None

    length = ((b"Content-Length", b"%d" % len(request.body)),) if request.body else ()
    assert_fields(message.headers, (*request.headers.raw, *added), length, mended, before=len(added))
    assert_fields(
        message.response_headers, response.headers.raw, () if empty else ((b"Transfer-Encoding", b"chunked"),), mended
    )


def assert_fields(on_wire: Fields, said: Fields, frame: Fields, mended: bool, before: int = 0) -> None:
    if mended:
        assert unframed(on_wire) == unframed(stripped(said))
    elif framing(said):
        assert on_wire == stripped(said)
    else:
        place = len(said) - before
        assert on_wire == (*stripped(said[:place]), *frame, *stripped(said[place:]))


def stripped(fields: Fields) -> Fields:
    """Without the blanks around values, which are no part of them."""
    return tuple((name, value.strip(b" \t")) for name, value in fields)


def framing(fields: Fields) -> Fields:
    return tuple(pair for pair in fields if pair[0].lower() in (b"content-length", b"transfer-encoding"))


def unframed(fields: Fields) -> Fields:
    return tuple(pair for pair in fields if pair not in framing(fields))
