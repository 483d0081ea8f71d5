"""What mirror costs a whole pytest process, and what it takes to start and stop one.

A process cannot be interleaved in blocks. Whole processes take turns, and what is compared are the two of one turn.
Their wall time is what a user waits for and what the targets are about; it takes in whatever else the machine does, so
the processor time, which does not, stands beside it.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple

import foreign_suites
from blocks import duration, quartiles
from report import NotMeasurable, Options, Row

from mirror import Mirror

CHECKOUT = Path(__file__).resolve().parent.parent

EXAMPLES = ("flask_app", "fastapi_app")
# Percent of the wall time, mirrored and captured.
FOREIGN = {"starlette": (1.0, 5.0), "fastapi": (1.0, 5.0), "flask": (3.0, 12.0)}
CAPTURED = {
    "": ["--mirror"],
    ", with a redacted capture": ["--mirror", f"--mirror-capture={tempfile.gettempdir()}/mirror-benchmark.jsonl"],
}
# The suite that is run with two workers, which hand over to a hub, and the share that this may take.
PARALLEL = "fastapi_app"
PARALLEL_SHARE = 3.0
PARALLEL_TURNS = 9

START_TURNS = 12
EXAMPLE_TURNS = 5
FOREIGN_TURNS = 5
# Seconds after which no other turn begins, of those that only inform.
ENOUGH = 4.0
LIVES = 40


class Cost(NamedTuple):
    """Seconds that a process took: on the clock, and of the processors."""

    wall: float
    processor: float


class Turn(NamedTuple):
    """Two processes, one after the other."""

    without: Cost
    with_mirror: Cost


def pytest_start(_: Options) -> Iterator[Row]:
    """What mirror's plugin, installed and off, adds to the start of pytest.

    Whole processes with and without the plugin differ by less than two of the same kind do, by far. So what is judged
    is taken inside of pytest's own start, in a new process each time: importing the plugin as pytest does, registering
    it, and the hooks that are then called. Whole processes, against ``-p no:mirror``, stand beside it: a run of one
    empty test, no plugin but pytest's own and mirror's. What ``--mirror`` adds to that run is the second row, unjudged.
    """
    if "mirror" not in plugins():
        raise NotMeasurable("mirror is not installed in this environment, only importable")
    command = pytest_command()
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        Path(directory, "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        Path(directory, "loading.py").write_text(LOADING, encoding="utf-8")
        without = partial(run, [*command, "-p", "no:mirror"], Path(directory))
        off = take_turns(START_TURNS, without, partial(run, command, Path(directory)), ENOUGH)
        on = take_turns(START_TURNS, without, partial(run, [*command, "--mirror"], Path(directory)), ENOUGH)
        timed = [*command, "-p", "no:mirror", "-p", "loading", "-s"]
        loads = [loading(timed, Path(directory)) for _ in range(START_TURNS)]
    yield Row(
        "pytest start with the plugin installed and off: added",
        statistics.median(loads),
        5,
        " ms",
        digits=1,
        spread=quartiles(loads),
        beside=f"whole processes {added(off):.1f} ms",
        median=describe(off),
    )
    yield Row("pytest start with --mirror: added", added(on), None, " ms", digits=1, median=describe(on))


# A plugin that stands for pytest's loading of mirror's and says how many milliseconds that took.
LOADING = """
import importlib
import sys
import time


def pytest_configure(config):
    begin = time.perf_counter()
    config.pluginmanager.register(importlib.import_module("mirror.pytest_plugin"), "timed")
    print("loading:", (time.perf_counter() - begin) * 1e3, file=sys.__stdout__)
"""


def loading(command: Sequence[str], directory: Path) -> float:
    """Milliseconds that loading the plugin takes in one process."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [".", os.environ.get("PYTHONPATH")]))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    output = subprocess.run(
        command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    ).stdout
    return float(output.partition("loading:")[2].split()[0])


def added(turns: Sequence[Turn]) -> float:
    """The milliseconds of wall time that mirror adds: a median of differences."""
    return statistics.median((turn.with_mirror.wall - turn.without.wall) * 1e3 for turn in turns)


def suites(options: Options) -> Iterator[Row]:
    """Share of a real suite's wall time: whole pytest processes, alternating with and without ``--mirror``.

    With ``--mirror`` alone, and with a redacted capture on disk as well. The suites of examples/ stand in, and are not
    judged: they are short, and a process is noisy. One of them is run with the workers of pytest-xdist as well, and
    judged, start and all; look at the processor time beside it. ``--suites DIR`` (the directory of
    ``foreign_suites.py --work DIR``) measures starlette's, fastapi's and flask's own suites in the environments there,
    and judges those.
    """
    for name in EXAMPLES:
        command = pytest_command("anyio")
        directory = CHECKOUT / "examples" / name
        for kept, arguments in CAPTURED.items():
            turns = take_turns(
                EXAMPLE_TURNS,
                partial(run, command, directory),
                partial(run, [*command, *arguments], directory),
                ENOUGH / 2,
            )
            yield share(f"share of the suite of examples/{name}{kept}", turns, None)
    if "xdist" in plugins():
        command = [*pytest_command("anyio", "xdist"), "-n2"]
        directory = CHECKOUT / "examples" / PARALLEL
        turns = take_turns(
            PARALLEL_TURNS,
            partial(run, command, directory),
            partial(run, [*command, "--mirror"], directory),
            10 * ENOUGH,
        )
        yield share(f"share of the suite of examples/{PARALLEL} under pytest -n 2, with the hub", turns, PARALLEL_SHARE)
    if options.suites is None:
        return
    for suite in foreign_suites.SUITES:
        if suite.name in FOREIGN and (options.suites / suite.name / "venv").exists():
            for target, (kept, arguments) in zip(FOREIGN[suite.name], CAPTURED.items(), strict=True):
                turns = foreign_turns(suite, options.suites, arguments[1:])
                yield share(f"share of the suite of {suite.name} {suite.version}{kept}", turns, target)


def share(what: str, turns: Sequence[Turn], target: float | None) -> Row:
    """The row of a suite: what part of its wall time with mirror goes to mirroring, in percent."""
    shares = [100 * (turn.with_mirror.wall - turn.without.wall) / turn.with_mirror.wall for turn in turns]
    processor = statistics.median(
        100 * (turn.with_mirror.processor - turn.without.processor) / turn.with_mirror.processor for turn in turns
    )
    return Row(
        what,
        statistics.median(shares),
        target,
        " %",
        digits=1,
        spread=quartiles(shares),
        beside=f"processor time {processor:.1f} %",
        median=describe(turns),
    )


def foreign_turns(suite: foreign_suites.Suite, work: Path, more: Sequence[str] = ()) -> list[Turn]:
    place = foreign_suites.Place(work.resolve() / suite.name)
    place.results.mkdir(exist_ok=True)
    environment = foreign_suites.suite_environment(suite)

    def once(*arguments: str) -> Cost:
        foreign_suites.unpack(suite, place)
        command = foreign_suites.pytest_command(suite, place, place.results / "benchmark.xml", arguments)
        return run(command, place.tree, environment, accepted=foreign_suites.COMPLETE)

    return take_turns(FOREIGN_TURNS, once, lambda: once(*foreign_suites.MIRROR_ARGUMENTS, *more))


def life(_: Options) -> Iterator[Row]:
    """Starting and stopping a Mirror, with Flask's, Starlette's and httpx's clients to attach to."""
    with contextlib.suppress(ImportError):
        import werkzeug.test  # noqa: F401
    starts: list[float] = []
    stops: list[float] = []
    for _turn in range(LIVES):
        mirror = Mirror()
        begin = time.perf_counter()
        mirror.start()
        middle = time.perf_counter()
        mirror.close()
        starts.append((middle - begin) * 1e3)
        stops.append((time.perf_counter() - middle) * 1e3)
    for what, times in (("start", starts), ("stop", stops)):
        yield Row(f"{what} of a Mirror", statistics.median(times), 50, " ms", spread=quartiles(times))


def plugins() -> set[str]:
    """The names of the pytest plugins that are installed here."""
    return {point.name for point in entry_points(group="pytest11")}


def pytest_command(*wanted: str) -> list[str]:
    """pytest with mirror's plugin and those that are wanted; others would only add their own noise."""
    off = [argument for name in sorted(plugins() - {"mirror", *wanted}) for argument in ("-p", f"no:{name}")]
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *off]


def take_turns(
    turns: int, without: Callable[[], Cost], with_mirror: Callable[[], Cost], enough: float = math.inf
) -> list[Turn]:
    """Run both so many times, now the one first and now the other, after a run of each to warm the disk's cache.

    After ``enough`` seconds no other turn begins.
    """
    without()
    with_mirror()
    taken: list[Turn] = []
    begin = time.perf_counter()
    for number in range(turns):
        if number % 2:
            second = with_mirror()
            taken.append(Turn(without(), second))
        else:
            taken.append(Turn(without(), with_mirror()))
        if time.perf_counter() - begin > enough:
            break
    return taken


def run(
    command: Sequence[str],
    directory: Path,
    environment: Mapping[str, str] | None = None,
    accepted: Sequence[int] = (0,),
) -> Cost:
    """Run a command to its end. Raises RuntimeError where its exit status is none of ``accepted``.

    It may keep its bytecode, as it may on a user's machine: else every start would compile mirror anew.
    """
    variables = dict(os.environ if environment is None else environment)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as output:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.perf_counter()
        status = subprocess.run(
            command, cwd=directory, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        ).returncode
        wall = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if status not in accepted:
            output.seek(0)
            tail = output.read()[-2000:].decode("utf-8", "replace")
            raise RuntimeError(f"{' '.join(command[1:])} exited with {status}:\n{tail}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, processor)


def describe(turns: Sequence[Turn]) -> str:
    without = statistics.median(turn.without.wall for turn in turns)
    with_mirror = statistics.median(turn.with_mirror.wall for turn in turns)
    return f"without {duration(without)}, with {duration(with_mirror)}"
