"""The main job: the unmodified suites of the example applications, mirrored, and what an observer saw of it."""

from __future__ import annotations

import argparse
import re
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

from observers import Observer, Seen, Tcpdump, Tee

HERE = Path(__file__).parent
SUMMARY = re.compile(r"^mirror: made (\d+) = published (\d+) \+ failed (\d+) \+ ignored (\d+)", re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observer", choices=["tcpdump", "tee"], help="who watches (default: tcpdump where it may)")
    parser.add_argument("--rows", type=int, default=12, help="exchanges shown for each application (default: 12)")
    arguments = parser.parse_args()
    packets = arguments.observer == "tcpdump" or (arguments.observer is None and Tcpdump.available())
    if arguments.observer is None and not packets:
        print("(tcpdump and tshark are not here, or may not capture: a raw TCP tee watches instead)\n")
    complete = True
    for example in ("flask_app", "fastapi_app"):
        port = free_port()
        complete &= show(example, Tcpdump(port) if packets else Tee(port), arguments.rows)
    return 0 if complete else 1


def show(example: str, observer: Observer, rows: int) -> bool:
    """Run one suite under the observer; whether it passed and every exchange was seen."""
    command = ["pytest", "--mirror", *observer.options()]
    print(f"=== examples/{example}, its own tests, unmodified:\n$ {' '.join(command)}", flush=True)
    with observer:
        run = subprocess.run(
            [sys.executable, "-m", *command, "-p", "no:cacheprovider"],
            cwd=HERE / example,
            capture_output=True,
            text=True,
        )
    for line in run.stdout.splitlines():
        if line.startswith("mirror:") or re.search(r"\d (passed|failed|error)", line):
            print(line.strip("= "))
    if run.returncode:
        print(run.stdout[-4000:], run.stderr[-2000:], sep="\n")
        return False
    seen = observer.seen()
    summary = SUMMARY.search(run.stdout)
    published = int(summary[2]) if summary else -1
    print(f"\n--- what {observer.name} saw on the echo port: {len(seen)} exchanges")
    for exchange in seen[:rows]:
        print(line_of(exchange))
    if len(seen) > rows:
        print(f"  ... and {len(seen) - rows} more: {tally(seen)}")
    verdict = "the same" if len(seen) == published else "NOT the same"
    print(f"\nmirror published {published}, {observer.name} saw {len(seen)}: {verdict}\n")
    return len(seen) == published


def line_of(exchange: Seen) -> str:
    target = exchange.target if len(exchange.target) <= 50 else exchange.target[:47] + "..."
    return f"  {exchange.method:7} {target:50} {exchange.host:18} {exchange.status}"


def tally(seen: list[Seen]) -> str:
    statuses = Counter(exchange.status for exchange in seen)
    return ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
