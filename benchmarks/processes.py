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
FOREIGN = {"starlette": 1.0, "fastapi": 1.0, "flask": 3.0}

START_TURNS = 20
EXAMPLE_TURNS = 5
FOREIGN_TURNS = 5
# Seconds after which no other turn begins, of those that only inform.
ENOUGH = 15.0
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
    """What mirror's plugin, installed and off, adds to the start of pytest: against ``-p no:mirror``.

    A run of one empty test, alternating whole processes; no plugin but pytest's own and mirror's. What is judged is
    the processor time, since all that a plugin does at the start is work; wall time is beside it. What ``--mirror``
    adds to the same run stands in the second row, unjudged.
    """
    if "mirror" not in plugins():
        raise NotMeasurable("mirror is not installed in this environment, only importable")
    command = pytest_command()
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        Path(directory, "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        without = partial(run, [*command, "-p", "no:mirror"], Path(directory))
        off = take_turns(START_TURNS, without, partial(run, command, Path(directory)))
        on = take_turns(START_TURNS // 2, without, partial(run, [*command, "--mirror"], Path(directory)), ENOUGH)
    yield added("pytest start with the plugin installed and off: added", off, 5)
    yield added("pytest start with --mirror: added", on, None)


def added(what: str, turns: Sequence[Turn], target: float | None) -> Row:
    """The row of a start: the milliseconds that mirror adds."""
    processor = [(turn.with_mirror.processor - turn.without.processor) * 1e3 for turn in turns]
    wall = statistics.median((turn.with_mirror.wall - turn.without.wall) * 1e3 for turn in turns)
    return Row(
        what,
        statistics.median(processor),
        target,
        " ms",
        digits=1,
        spread=quartiles(processor),
        beside=f"wall time {wall:.1f} ms",
        median=describe(turns),
    )


def suites(options: Options) -> Iterator[Row]:
    """Share of a real suite's wall time: whole pytest processes, alternating with and without ``--mirror``.

    The suites of examples/ stand in, and are not judged: they are short, and a process is noisy. ``--suites DIR`` (the
    directory of ``foreign_suites.py --work DIR``) measures starlette's, fastapi's and flask's own suites in the
    environments there, and judges those.
    """
    for name in EXAMPLES:
        command = pytest_command("anyio")
        directory = CHECKOUT / "examples" / name
        turns = take_turns(
            EXAMPLE_TURNS,
            partial(run, command, directory),
            partial(run, [*command, "--mirror"], directory),
            ENOUGH,
        )
        yield share(f"share of the suite of examples/{name}", turns, None)
    if options.suites is None:
        return
    for suite in foreign_suites.SUITES:
        if suite.name in FOREIGN and (options.suites / suite.name / "venv").exists():
            turns = foreign_turns(suite, options.suites)
            yield share(f"share of the suite of {suite.name} {suite.version}", turns, FOREIGN[suite.name])


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


def foreign_turns(suite: foreign_suites.Suite, work: Path) -> list[Turn]:
    place = foreign_suites.Place(work.resolve() / suite.name)
    place.results.mkdir(exist_ok=True)
    environment = foreign_suites.suite_environment(suite)

    def once(*arguments: str) -> Cost:
        foreign_suites.unpack(suite, place)
        command = foreign_suites.pytest_command(suite, place, place.results / "benchmark.xml", arguments)
        return run(command, place.tree, environment, accepted=foreign_suites.COMPLETE)

    return take_turns(FOREIGN_TURNS, once, lambda: once(*foreign_suites.MIRROR_ARGUMENTS))


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
