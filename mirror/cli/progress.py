"""What the verbs share: how far they have come, and what they could not read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

import click

T = TypeVar("T")


class Skipped(Protocol):
    """What was not read: how much, and the first of it in words."""

    @property
    def skipped(self) -> int: ...

    @property
    def problems(self) -> list[str]: ...


EVERY = 1000  # exchanges between two changes of what the terminal shows

PATH = click.Path(path_type=Path, readable=False)  # who reads it says better why it cannot be read


def keep_going(command: Callable[..., T]) -> Callable[..., T]:
    """The option of the verbs that read captures."""
    return click.option("--keep-going", is_flag=True, help="Skip what cannot be read, and count it.")(command)


def many(number: int, what: str = "exchange") -> str:
    """``1 exchange``, ``2 exchanges``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


@contextmanager
def counted(what: str, unit: str = "exchanges", every: int = EVERY) -> Iterator[Callable[[int], None]]:
    """A function to call with the number done so far; shows it on a terminal, and nothing anywhere else."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(what) as status:

        def tell(number: int) -> None:
            if number % every == 0:
                status.update(f"{what}: {number:,} {unit}")

        yield tell


def tell_skipped(reading: Skipped) -> None:
    """Say what was not read."""
    for problem in reading.problems:
        click.echo(f"mirror: {problem}", err=True)
    if reading.skipped:
        click.echo(f"mirror: {reading.skipped} skipped", err=True)
