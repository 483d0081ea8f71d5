"""What the operating system says of this process: the independent witness of what mirror claims (Linux)."""

from __future__ import annotations

import os
import socket
import struct
import sys
from pathlib import Path

from report import NotMeasurable

# Where tcpi_bytes_received stands in the kernel's struct tcp_info (since Linux 4.1).
BYTES_RECEIVED = struct.Struct("128xQ")
TIME_WAIT = "06"


def require_linux() -> None:
    """Raises NotMeasurable elsewhere."""
    if not sys.platform.startswith("linux"):
        raise NotMeasurable("this reads /proc, which Linux alone has")


def resident() -> int:
    """Bytes of memory that this process has in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def descriptors() -> int:
    """How many files and sockets this process has open."""
    return len(os.listdir("/proc/self/fd")) - 1  # the one that lists them


def time_wait(port: int) -> int:
    """How many closed connections from or to a port the kernel still remembers."""
    hexadecimal = f":{port:04X}"
    found = 0
    with open("/proc/net/tcp", encoding="ascii") as table:
        for line in table:
            _, local, remote, state = line.split()[:4]
            if state == TIME_WAIT and (local.endswith(hexadecimal) or remote.endswith(hexadecimal)):
                found += 1
    return found


def bytes_received(port: int) -> int:
    """How many bytes have arrived at either end of this process's connections to a port of its own."""
    total = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            if not os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                continue
            copy = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue  # closed meanwhile
        with copy:
            try:
                ends = (copy.getsockname(), copy.getpeername())
            except OSError:
                continue  # not connected
            if copy.type == socket.SOCK_STREAM and any(end[1:2] == (port,) for end in ends if isinstance(end, tuple)):
                total += BYTES_RECEIVED.unpack_from(copy.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192))[0]
    return total


def most_resident() -> int:
    """The largest resident size (KiB) that this process had; ``ru_maxrss`` begins with that of the process which
    started it (proc_pid_status(5))."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1])
