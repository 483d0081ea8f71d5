"""mitmproxy between mirror and the echo: how it is run, and what its flow file holds."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
from agents.programs import Program, find
from agents.suite import environment

HERE = Path(__file__).parent
Fields = tuple[tuple[bytes, bytes], ...]


@contextmanager
def mitmdump(mode: str, port: int, echo: int, folder: Path) -> Iterator[None]:
    """A proxy on a port that writes ``flows`` and ``flows.har`` into the folder when the block ends."""
    settings = {
        "confdir": folder / "mitmproxy",  # its certificates; not the user's
        "hardump": folder / "flows.har",
        "keep_host_header": "true",  # in reverse mode: the application's Host, not the echo's
        "connection_strategy": "lazy",  # no connection to the echo before there is a request for it
        "http2": "false",
        "flow_detail": 0,
    }
    way = f"reverse:http://127.0.0.1:{echo}" if mode == "reverse" else "regular"
    command = [find("mitmdump"), "--mode", way, "--listen-host", "127.0.0.1", "-p", str(port)]
    command += ["-w", str(folder / "flows"), *(f"--set={name}={value}" for name, value in settings.items())]
    with Program(command, folder / "mitmdump.log", environment=environment()) as program:
        program.listens(port)
        yield
        assert program.stop(signal.SIGINT) == 0, program.output


class Flow(NamedTuple):
    """An exchange; of a WebSocket session the messages as well (by the client? a text?), and who closed it how."""

    method: bytes
    target: bytes
    headers: Fields
    body: bytes
    status: int
    reason: bytes
    response_headers: Fields
    response_body: bytes
    messages: tuple[tuple[bool, bool, bytes], ...] = ()
    closed: tuple[bool, int, str | None] | None = None


def flows(folder: Path) -> list[Flow]:
    """What the flow file holds, in the order in which it was seen."""
    python = Path(find("mitmdump")).with_name("python")
    command = [str(python), "-I", str(HERE / "read_flows.py"), str(folder / "flows")]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    return [msgspec.json.decode(line, type=Flow) for line in printed.splitlines()]
