"""What a benchmark found, as rows of a table for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COLUMNS: Final = ("what", "measured", "half of the rounds", "target", "verdict", "beside it", "median")


@dataclass(frozen=True)
class Row:
    """One figure. ``target`` is the most that it may be; without one the row informs and judges nothing.

    ``unit`` stands behind the figures (none behind a ratio), ``digits`` are those behind the point. ``spread`` holds
    the quartiles of the rounds, ``beside`` what other ways give, ``median`` what the figure is made of.
    """

    what: str
    measured: float
    target: float | None = None
    unit: str = ""
    digits: int = 2
    spread: tuple[float, float] | None = None
    beside: str = ""
    median: str = ""

    @property
    def missed(self) -> bool:
        return self.target is not None and self.measured > self.target

    @property
    def verdict(self) -> str:
        if self.target is None:
            return "-"
        return "missed" if self.missed else "ok"

    def cells(self) -> tuple[str, ...]:
        spread = "" if self.spread is None else f"{self._figure(self.spread[0])} to {self._figure(self.spread[1])}"
        target = "" if self.target is None else f"{self.target:g}{self.unit}"
        return (self.what, self._figure(self.measured), spread, target, self.verdict, self.beside, self.median)

    def _figure(self, value: float) -> str:
        return f"{value:.{self.digits}f}{self.unit}"


class NotMeasurable(Exception):
    """This machine lacks what a case needs; says what."""


@dataclass(frozen=True)
class Options:
    """What the command line asks of the cases."""

    million: bool = False
    suites: Path | None = None


@dataclass(frozen=True)
class Case:
    """A function that measures. The first paragraph of its docstring says what."""

    name: str
    run: Callable[[Options], Iterable[Row]]

    @property
    def doc(self) -> str:
        return " ".join((self.run.__doc__ or "").partition("\n\n")[0].split())


def plain_table(rows: Sequence[Row]) -> str:
    """For a terminal: columns side by side."""
    lines = [COLUMNS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def markdown_table(rows: Sequence[Row]) -> str:
    lines = [COLUMNS, ("---",) * len(COLUMNS), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
