"""``--redact`` of the verbs that write files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from mirror.config import pyproject
from mirror.exchange import Exchange, KnownRoute
from mirror.redact.bodies import WHOLE
from mirror.redact.redactor import Redactor
from mirror.redact.rules import DEFAULT, Rules
from mirror.store.naming import redacted
from mirror.store.reading import Reading

option = click.option(
    "--redact",
    type=click.Choice(["store", "none"]),
    default="store",
    show_default=True,
    help="Replace secrets in what is written, or write it as it was read. [tool.mirror.redact] has the rules.",
)


class Redaction:
    """What is done to what is read before it is written: to exchanges, and to routes."""

    def __init__(self, redactor: Redactor | None) -> None:
        self._redactor = redactor

    def of(self, exchanges: Iterable[Exchange]) -> Iterable[Exchange]:
        return exchanges if self._redactor is None else redacted(exchanges, self._redactor)

    @property
    def rules(self) -> str:
        """Which rules these are, as readers of the capture are told."""
        return "" if self._redactor is None else self._redactor.digest

    def known(self, reading: Reading) -> Iterator[tuple[KnownRoute, ...]]:
        """The routes of each application that a reading has come across; to be asked for when it is over."""
        for routes in reading.known:
            yield routes if self._redactor is None else tuple(map(self._redactor.known_route, routes))


def redaction(where: str, key: bytes | None = None) -> Redaction:
    """What ``--redact`` says; ``key`` makes the placeholders the same in every run. Raises ConfigError."""
    return Redaction(None if where == "none" else redactor(key))


class Blanking:
    """Makes exchanges of different runs comparable: every secret and every placeholder becomes its kind alone.

    ``unread`` counts the exchanges with a body that cannot be walked, so that nothing of it is left to compare.
    """

    def __init__(self) -> None:
        self.unread = 0
        self._unwalked = False
        self._redactor = Redactor(rules(), blank=True, found=self._note)

    def __call__(self, exchange: Exchange) -> Exchange:
        self._unwalked = False
        new = self._redactor.redact(exchange)
        self.unread += self._unwalked
        return new

    def _note(self, kind: str, text: str, place: str) -> None:
        self._unwalked |= kind == WHOLE


def redactor(key: bytes | None = None) -> Redactor:
    """One for the verb that runs; at its end it is told what went wrong."""
    made = Redactor(rules(), key)
    click.get_current_context().call_on_close(lambda: tell_failures(made.failures))
    return made


def tell_failures(number: int) -> None:
    if number:
        click.echo(f"mirror: {number} values replaced whole, because a detector raised on them", err=True)


def rules() -> Rules:
    """Those of the current folder's pyproject.toml. Raises ConfigError."""
    found: Rules = pyproject(Path.cwd()).values.get("rules") or DEFAULT
    if found.detectors:
        find_detectors(str(Path.cwd()))
    return found


def find_detectors(here: str) -> None:
    """Detectors stand beside the tests, which find them there; the path of an installed script lacks that folder."""
    if here not in sys.path:
        sys.path.append(here)
