"""The file that a verb writes: here, and none of those that it reads."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from mirror.store.remote import URL, Remote


class Target(click.Path):
    """A path. A URL is refused: as a path it would be a folder called ``http:``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and "://" in value and URL.match(value):
            self.fail(f"{Remote(value)} is a URL: name a file, and copy it there", param, ctx)
        return super().convert(value, param, ctx)


TARGET = Target(path_type=Path, readable=False)


def check_target(target: Path, sources: Iterable[Path]) -> None:
    """Raises UsageError where what is read would be written over."""
    for source in sources:
        with suppress(OSError, ValueError):  # what is not there is told by whoever reads or writes it
            if target.samefile(source):
                raise click.UsageError(f"{target} is read, and would be written over: name another file to write")
