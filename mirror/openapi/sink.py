"""The document of a run: a file that is learned while the tests go on, and written at their end."""

from __future__ import annotations

import threading
from pathlib import Path

from mirror.exchange import Exchange, KnownRoute
from mirror.openapi.document import Style
from mirror.openapi.model import Model, Service
from mirror.openapi.output import form_of, save
from mirror.openapi.uncalled import uncalled_operations


class DocumentStore:
    """Learns from each exchange, and brings what was learned into ``path`` when it is closed; ``notes`` then say that
    there was nothing, or how many routes no test has called, and what contradicts what people have written there.

    It is used like a capture file (see mirror.store.captures), so it sees exchanges redacted. Raises DocumentError for
    a name that is no document's.
    """

    def __init__(self, path: Path, style: Style = Style()) -> None:  # noqa: B008 (it is frozen)
        form_of(path)
        self._style = style
        self.path = path.absolute()  # a test may change the directory
        self._lock = threading.Lock()
        self._model: Model | None = Model()
        self.notes: list[str] = []

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        with self._lock:
            if self._model is not None:
                # At once: a test's time limit that interrupts it costs this exchange, and not those of a batch.
                self._model.add(exchange)
        return ()

    def tell(self, test: str, outcome: str) -> None:
        """How a test ended says nothing about the service."""

    def know(self, routes: tuple[KnownRoute, ...]) -> None:
        """The routes of an application, called or not."""
        with self._lock:
            if self._model is not None:
                self._model.know(routes)

    def close(self) -> None:
        """Write the document. May be called twice. Raises DocumentError."""
        with self._lock:
            model, self._model = self._model, None
        if model is not None:
            service = model.settled().get("", Service()).judged()
            if not service.count and not service.known:
                self.notes = ["no test has called an operation: there is nothing to write"]
                return
            updated = save(self.path, service, self._style, updating=True)
            uncalled = sum(1 for _ in uncalled_operations(service.known, service.operations()))
            self.notes = [f"{uncalled} route{'s' * (uncalled != 1)} that no test called"] if uncalled else []
            self.notes += [f"contradicted: {conflict}" for conflict in updated.conflicts]

    def abandon(self) -> None:
        """In a forked child: the document is the parent's."""
        self._model = None
        self._lock = threading.Lock()
