"""The main job: the unmodified suites of the example applications, mirrored; what an observer saw of it, and what
mirror has learned."""

from __future__ import annotations

import argparse
import random
import re
import socket
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from observers import Observer, Seen, Tcpdump, Tee
from ruamel.yaml import YAML

HERE = Path(__file__).parent
SUMMARY = re.compile(r"^mirror: made (\d+) = published (\d+) \+ failed (\d+) \+ ignored (\d+)", re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observer", choices=["tcpdump", "tee"], help="who watches (default: tcpdump where it may)")
    parser.add_argument("--rows", type=int, default=12, help="exchanges and operations shown of each (default: 12)")
    parser.add_argument(
        "--output", type=Path, default=Path("learned"), help="folder of the documents (default: learned)"
    )
    arguments = parser.parse_args()
    packets = arguments.observer == "tcpdump" or (arguments.observer is None and Tcpdump.available())
    if arguments.observer is None and not packets:
        print("(tcpdump and tshark are not here, or may not capture: a raw TCP tee watches instead)\n")
    complete = True
    for example in ("flask_app", "fastapi_app"):
        port = free_port()
        document = arguments.output / f"{example}.yaml"
        document.unlink(missing_ok=True)  # mirror would bring what it learns into the one that is there
        complete &= show(example, Tcpdump(port) if packets else Tee(port), document, arguments.rows)
    return 0 if complete else 1


def show(example: str, observer: Observer, document: Path, rows: int) -> bool:
    """Run one suite under the observer; whether it passed and every exchange was seen."""
    command = ["pytest", "--mirror", *observer.options(), f"--mirror-openapi={document.absolute()}"]
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
    learned = operations(YAML(typ="safe").load(document))
    print(f"--- what mirror learned, {document}: {len(learned)} operations")
    print("\n".join(learned[:rows]))
    if len(learned) > rows:
        print(f"  ... and {len(learned) - rows} more")
    print()
    return len(seen) == published


def operations(document: dict[str, Any]) -> list[str]:
    return [
        f"  {method.upper():7} {path:50} {' '.join(operation['responses'])}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "responses" in operation
    ]


def line_of(exchange: Seen) -> str:
    target = exchange.target if len(exchange.target) <= 50 else exchange.target[:47] + "..."
    return f"  {exchange.method:7} {target:50} {exchange.host:18} {exchange.status}"


def tally(seen: list[Seen]) -> str:
    statuses = Counter(exchange.status for exchange in seen)
    return ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))


def free_port() -> int:
    """A port that is free, and not one of those that systems give to whoever asks for any: it has to be free still when
    the suite asks for it."""
    for port in random.sample(range(20_000, 30_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise SystemExit("a hundred ports between 20000 and 30000 were tried on 127.0.0.1, and none is free")


if __name__ == "__main__":
    sys.exit(main())
