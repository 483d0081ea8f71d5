"""Measure what mirror promises about speed and size, and say what it is and what it may be.

    python benchmarks/run.py                  everything, in under three minutes; exit status 1 where a target is missed
    python benchmarks/run.py --only flask     one case; repeatable; --list names them
    python benchmarks/run.py --write          also write the table to benchmarks/RESULTS.md

Run it in an environment that has mirror and its dev group, on a machine that has little else to do. Every figure that
can be is a ratio of two things measured side by side in one run (see blocks.py), so that it means the same on any
machine; "half of the rounds" is the range in which the middle half of the single rounds' ratios lay, and tells how far
the figure can be trusted. "beside it" is what other ways to the same end give, above all the naive one (naive.py).
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import calls
import captures
import growth
import learning
import processes
import publishing
import timeliness
from report import Case, NotMeasurable, Options, Row, markdown_table, plain_table

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"

CASES = (
    Case("flask", calls.flask_call),
    Case("flask-kinds", calls.flask_kinds),
    Case("starlette", calls.starlette_call),
    Case("threads", calls.threads),
    Case("publishing", publishing.publishing),
    Case("har", publishing.har),
    Case("jsonl", captures.jsonl),
    Case("conversion", captures.conversion),
    Case("learning", learning.learning),
    Case("timeliness", timeliness.timeliness),
    Case("growth", growth.growth),
    Case("life", processes.life),
    Case("pytest-start", processes.pytest_start),
    Case("suites", processes.suites),
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    if options.list:
        for case in CASES:
            print(f"{case.name:14}{case.doc}")
        return 0
    # The naive way asks the environment for proxies; loopback is not to go through one.
    os.environ["NO_PROXY"] = "127.0.0.1,localhost"
    chosen = [case for case in CASES if not options.only or case.name in options.only]
    begin = time.perf_counter()
    rows, unmeasured = measure_all(chosen, Options(options.million, options.suites))
    seconds = time.perf_counter() - begin
    missed = [row.what for row in rows if row.missed]
    verdict = f"missed: {'; '.join(missed)}" if missed else "every target met"
    print(f"\n{plain_table(rows)}\n\n{environment()}\n{verdict} ({seconds:.0f} s)")
    if options.write:
        RESULTS.write_text(document(chosen, rows, unmeasured, verdict), encoding="utf-8")
        print(f"written: {RESULTS.name}", file=sys.stderr)
    return 1 if missed else 0


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [case.name for case in CASES]
    parser.add_argument("--only", metavar="NAME", action="append", choices=names, help="measure this case; repeatable")
    parser.add_argument("--list", action="store_true", help="say what the cases are and exit")
    parser.add_argument("--write", action="store_true", help=f"write the table to benchmarks/{RESULTS.name} too")
    parser.add_argument("--million", action="store_true", help="measure growth over a million exchanges")
    parser.add_argument(
        "--suites", metavar="DIR", type=Path, help="judge the suites that foreign_suites.py --work DIR has prepared"
    )
    options = parser.parse_args(arguments)
    if options.suites is not None and not options.suites.is_dir():
        parser.error(f"--suites {options.suites}: no such directory (foreign_suites.py --work makes it)")
    if options.write and options.only:
        parser.error(f"--write with --only would leave a part of the table in {RESULTS.name}")
    return options


def measure_all(cases: Sequence[Case], options: Options) -> tuple[list[Row], list[str]]:
    """The rows of all cases, and what could not be measured here."""
    rows: list[Row] = []
    unmeasured: list[str] = []
    for case in cases:
        print(f"{case.name}: {case.doc}", flush=True)
        begin = time.perf_counter()
        try:
            for row in case.run(options):
                rows.append(row)
                _, figure, spread, target, verdict, *_ = row.cells()
                said = [figure, f"({spread})" if spread else "", f"target {target}: {verdict}" if target else ""]
                print(f"    {row.what}: {' '.join(filter(None, said))}", flush=True)
        except NotMeasurable as reason:
            unmeasured.append(f"{case.name}: not measured: {reason}")
            print(f"    not measured: {reason}", flush=True)
        print(f"    {time.perf_counter() - begin:.0f} s", flush=True)
    return rows, unmeasured


def environment() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("Werkzeug", "Flask", "starlette", "requests"))
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors{load}; {packages}"


def document(cases: Sequence[Case], rows: Sequence[Row], unmeasured: Sequence[str], verdict: str) -> str:
    """The same as Markdown."""
    parts = [
        "# What mirror costs",
        "Written by `python benchmarks/run.py --write`; see there, and in the modules beside it, how it is measured.",
        f"{environment()}.",
        markdown_table(rows),
        f"{verdict[0].upper()}{verdict[1:]}.",
        *unmeasured,
        "\n".join(f"* **{case.name}**: {case.doc}" for case in cases),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
