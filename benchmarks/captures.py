"""What keeping exchanges costs: written as JSONL against the naive HAR, and in memory while a file is converted."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path

from blocks import Variant, measure
from publishing import DIFFERENT, har_entry, make_exchange
from report import Options, Row

from mirror import Exchange
from mirror.redact.redactor import Redactor
from mirror.store.capture import save
from mirror.store.jsonl import JsonlStore

# Exchanges that are written in one block: as many as an ordinary suite makes.
SUITE = 1000
CONVERTED = 10_000
MILLION = 1_000_000

HERE = Path(__file__).parent
PEAK = """
import sys
from pathlib import Path
from kernel import most_resident
from mirror.store.capture import read, save
number = save(Path(sys.argv[2]), read(Path(sys.argv[1])))
print(number, most_resident())
"""


def jsonl(_: Options) -> Iterator[Row]:
    """The same exchanges as JSONL, one by one as they come, / as one HAR through json.dump; files, 1,000 exchanges."""
    exchanges = [make_exchange(number % DIFFERENT, 200) for number in range(SUITE)]
    redactor = Redactor()
    with tempfile.TemporaryDirectory() as folder:
        timings = measure(
            [
                Variant("HAR", lambda: one_har(Path(folder, "naive.har"), exchanges), calls=3, uncounted=1),
                Variant("JSONL", lambda: as_jsonl(Path(folder, "a.jsonl"), exchanges), calls=3, uncounted=1),
                Variant(
                    "redacted JSONL",
                    lambda: as_jsonl(Path(folder, "b.jsonl"), exchanges, redactor.redact),
                    calls=3,
                    uncounted=1,
                ),
            ],
            seconds=5,
            rounds=12,
        )
    ratio = timings.ratio("JSONL", "HAR")
    yield Row("written as JSONL / as one HAR by json.dump", ratio.value, 0.2, spread=ratio.spread, median=str(timings))
    ratio = timings.ratio("redacted JSONL", "HAR")
    yield Row("redacted and written as JSONL / the same HAR", ratio.value, None, spread=ratio.spread)


def one_har(path: Path, exchanges: Sequence[Exchange]) -> None:
    with path.open("w", encoding="utf-8") as file:
        creator = {"name": "naive", "version": "1"}
        json.dump({"log": {"version": "1.2", "creator": creator, "entries": list(map(har_entry, exchanges))}}, file)


def as_jsonl(
    path: Path, exchanges: Sequence[Exchange], change: Callable[[Exchange], Exchange] = lambda exchange: exchange
) -> None:
    store = JsonlStore(path)
    for exchange in exchanges:
        store.write(change(exchange))
    store.close()


def conversion(options: Options) -> Iterator[Row]:
    """Memory of a conversion, JSONL to HAR and back: 10,000 exchanges (a million with --million) against 1,000."""
    number = MILLION if options.million else CONVERTED
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.jsonl"), Path(folder, "large.jsonl")
        made = [make_exchange(each, 200) for each in range(DIFFERENT)]
        save(small, made[:1000])
        turn = cycle(made)
        save(large, (next(turn) for _ in range(number)))
        for what, suffix in (("JSONL to HAR", "har"), ("HAR to JSONL", "jsonl")):
            few, _ = peak(small, small.with_suffix(f".out.{suffix}"))
            many, seconds = peak(large, large.with_suffix(f".out.{suffix}"))
            yield Row(
                f"{what}, {number:,} exchanges: memory beyond that of 1,000",
                (many - few) / 1024,
                8,
                " MB",
                digits=1,
                beside=f"{seconds / number * 1e6:.0f} us each",
            )
            small, large = small.with_suffix(f".out.{suffix}"), large.with_suffix(f".out.{suffix}")


def peak(source: Path, target: Path) -> tuple[int, float]:
    """The largest resident size (KiB) of a process that converts a file, and the seconds it takes."""
    begin = time.perf_counter()
    said = subprocess.run(
        [sys.executable, "-c", PEAK, str(source), str(target)],
        capture_output=True, text=True, check=True, cwd=HERE,
    ).stdout  # fmt: skip
    return int(said.split()[1]), time.perf_counter() - begin
