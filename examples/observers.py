"""Who watches the echo port in the demo: observers that know nothing of mirror.

``Tcpdump`` captures the packets of the loopback interface and has tshark read them; it needs both programs and the
right to capture. ``Tee`` needs nothing: it is a TCP relay that writes down every byte that passes, and mirror publishes
through it (``--mirror-proxy``).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple, Protocol, Self


class Seen(NamedTuple):
    """One exchange as an observer saw it; sizes are bytes of whole messages' bodies."""

    method: str
    target: str
    host: str
    status: str


class Observer(Protocol):
    name: str

    def options(self) -> list[str]:
        """What pytest has to be told so that the traffic passes here."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...

    def seen(self) -> list[Seen]:
        """What passed, once the observer has left."""


class Tcpdump:
    """Packets on the loopback interface."""

    name = "tcpdump"

    def __init__(self, port: int) -> None:
        self.port = port
        self._folder = tempfile.TemporaryDirectory()
        self._capture = Path(self._folder.name, "echo.pcap")

    @staticmethod
    def available() -> bool:
        if not (shutil.which("tcpdump") and shutil.which("tshark")):
            return False
        probe = subprocess.run(["tcpdump", "-i", "lo", "-c", "1", "-w", os.devnull, "--version"], capture_output=True)
        return probe.returncode == 0 and os.geteuid() == 0

    def options(self) -> list[str]:
        return ["--mirror-port", str(self.port)]

    def __enter__(self) -> Self:
        command = ["tcpdump", "-i", "lo", "-n", "-s", "0", "-B", "65536", "-U", "--immediate-mode", "-Z", "root"]
        command += ["-w", str(self._capture), f"tcp port {self.port}"]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if "listening on" in line:
                return self
        raise SystemExit("tcpdump did not start")

    def __exit__(self, *exception: object) -> None:
        size = -1
        while size != (size := self._capture.stat().st_size if self._capture.exists() else 0):
            time.sleep(0.2)
        self._process.terminate()
        self._process.communicate()

    def seen(self) -> list[Seen]:
        fields = ["frame.number", "http.request.method", "http.request.uri", "http.host"]
        fields += ["http.response.code", "http.request_in"]
        command = ["tshark", "-n", "-r", str(self._capture), "-d", f"tcp.port=={self.port},http", "-Y", "http"]
        command += ["-T", "fields", *(word for field in fields for word in ("-e", field))]
        rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        requests: dict[str, tuple[str, str, str]] = {}
        answers: dict[str, str] = {}
        for row in rows:
            frame, method, target, host, status, request = (row.split("\t") + [""] * 6)[:6]
            if method:
                requests[frame] = (method, target, host)
            elif status:
                answers[request] = status
        self._folder.cleanup()
        return [Seen(*request, answers.get(frame, "?")) for frame, request in requests.items()]


class Tee:
    """A relay between mirror and the echo: one connection for each exchange, both directions written down."""

    name = "a raw TCP tee"

    def __init__(self, port: int) -> None:
        self.port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._streams: list[tuple[bytearray, bytearray]] = []

    def options(self) -> list[str]:
        own = self._listener.getsockname()[1]
        return ["--mirror-port", str(self.port), "--mirror-proxy", f"http://127.0.0.1:{own}"]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            stream = (bytearray(), bytearray())
            self._streams.append(stream)
            threading.Thread(target=self._relay, args=(client, *stream), daemon=True).start()

    def _relay(self, client: socket.socket, forth: bytearray, back: bytearray) -> None:
        try:
            with client, socket.create_connection(("127.0.0.1", self.port)) as echo:
                other = threading.Thread(target=copy, args=(echo, client, back), daemon=True)
                other.start()
                copy(client, echo, forth)
                other.join()
        except OSError:
            pass  # mirror looks whether anybody is here before the echo is open

    def seen(self) -> list[Seen]:
        return [read(bytes(forth), bytes(back)) for forth, back in self._streams if forth]


def copy(source: socket.socket, target: socket.socket, into: bytearray) -> None:
    try:
        while data := source.recv(65536):
            into += data
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side has gone


def read(request: bytes, response: bytes) -> Seen:
    head = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    fields = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
    return Seen(method, target, fields.get("host", ""), response[9:12].decode("latin-1"))
