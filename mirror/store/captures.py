"""The capture files of a run, as one sink."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from mirror.counts import describe
from mirror.errors import CaptureError, MirrorError
from mirror.exchange import Exchange, KnownRoute
from mirror.store import naming
from mirror.store.capture import Store, open_store


class Cleaner(naming.Cleaner, Protocol):
    """Takes out secrets: of exchanges, of the names of their tests, of routes."""

    def name(self, text: str) -> str: ...

    def known_route(self, route: KnownRoute) -> KnownRoute: ...

    @property
    def failures(self) -> int: ...

    @property
    def digest(self) -> str: ...


class Captures:
    """Writes each exchange to every file, redacted once for all of them. Exchanges of a test whose name may hold a
    secret are written when the test is over (see mirror.store.naming); ``lost`` is called with the reason where one of
    them could not be then.

    A file that cannot be had or written costs the run nothing but that file: each exchange that is missing in it is
    counted as lost, with the reason (``missing`` tells which cannot be had). Nothing is raised but from ``write``,
    whose caller counts.
    """

    def __init__(
        self, paths: Iterable[str], redactor: Cleaner | None, open_store: Callable[[Path], Store] = open_store
    ) -> None:
        self._redactor = redactor
        self._naming = None if redactor is None else naming.Naming(redactor)
        self.lost: Callable[[str], None] = self._missed
        self._stores: list[Store] = []
        self.missing: list[str] = []
        self.remarks: list[str] = []
        self.notes: dict[Path, list[str]] = {}
        self._closed = False
        # A file may be named twice, in two ways.
        for path in {Path(os.path.abspath(path)): Path(path) for path in paths}.values():
            try:
                self._stores.append(open_store(path))
            except MirrorError as error:
                self.missing.append(str(error))

    @property
    def paths(self) -> list[Path]:
        """The files that are written."""
        return [store.path for store in self._stores]

    def write(self, exchange: Exchange) -> Sequence[str]:
        """Write one exchange. Raises CaptureError that names each file that lacks it, after the others."""
        if self._closed:
            raise CaptureError("made after the captures were finished")
        ready = [exchange] if self._naming is None else self._naming.take(exchange)
        losses = list(self.missing)
        for each in ready:
            losses += self._store(each)
        if losses:
            raise CaptureError("; ".join(losses))
        return ()

    def _store(self, exchange: Exchange) -> list[str]:
        """Write one to every file; returns why it is missing in some."""
        losses = []
        for store in self._stores:
            try:
                store.write(exchange)
            except Exception as error:
                losses.append(failure(store.path, error))
        return losses

    def _write_held(self, held: Iterable[Exchange]) -> None:
        for exchange in held:
            losses = self._store(exchange)
            if losses and not self.missing:  # else it has been lost already
                self.lost("; ".join(losses))

    def _missed(self, loss: str) -> None:
        self.remarks.append(loss)

    def tell(self, test: str, outcome: str) -> list[str]:
        """Write how a test ended; returns what could not be written."""
        problems = []
        if self._redactor is not None and self._naming is not None:
            self._write_held(self._naming.release(test))
            test = self._redactor.name(test)  # as it stands in the exchanges
        for store in self._stores:
            try:
                store.tell(test, outcome)
            except (OSError, CaptureError) as error:
                problems.append(f"an outcome is missing in a capture: {failure(store.path, error)}")
        return problems

    def know(self, routes: tuple[KnownRoute, ...]) -> list[str]:
        """Write the routes of an application; returns what could not be written."""
        problems = []
        if self._redactor is not None:
            routes = tuple(map(self._redactor.known_route, routes))
        for store in self._stores:
            try:
                store.know(routes)
            except (OSError, CaptureError) as error:
                problems.append(f"the routes of an application are missing in a capture: {failure(store.path, error)}")
        return problems

    def close(self) -> list[str]:
        """Finish the files; returns what went wrong; ``remarks`` and ``notes`` (by file) then say what is worth it. May
        be called twice."""
        problems: list[str] = []
        if not self._closed and self._naming is not None:
            self._write_held(self._naming.rest())
        if not self._closed and self._redactor is not None and (failures := self._redactor.failures):
            self.remarks.append(f"redaction: {failures} values replaced whole, because a detector raised on them")
        self._closed = True
        while self._stores:
            store = self._stores.pop()
            try:
                store.close()
                self.remarks += getattr(store, "remarks", ())
                if notes := getattr(store, "notes", ()):
                    self.notes[store.path] = list(notes)
            except Exception as error:  # a run must end as its tests did, whatever is wrong with one exchange
                problems.append(failure(store.path, error))
        return problems

    def abandon(self) -> None:
        """In a forked child: the files are the parent's."""
        self._closed = True
        while self._stores:
            self._stores.pop().abandon()


def failure(path: Path, error: Exception) -> str:
    """What went wrong with a file, in words that begin with its path."""
    if isinstance(error, MirrorError):
        return str(error)
    return f"{path} cannot be written: {getattr(error, 'strerror', None) or describe(error)}"
