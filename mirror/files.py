"""The files of a run: captures, and documents that are learned."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from mirror.config import DOCUMENTS
from mirror.store.capture import Store, open_store
from mirror.store.captures import Captures, Cleaner


def open_files(paths: Iterable[str], redactor: Cleaner | None, unexercised: bool = True) -> Captures:
    """All of them as one sink. ``unexercised`` is whether documents list the routes that no test called."""
    redacted = "" if redactor is None else redactor.digest
    return Captures(paths, redactor, partial(open_file, unexercised=unexercised, redacted=redacted))


def open_file(path: Path, unexercised: bool, redacted: str) -> Store:
    """A file that takes the exchanges of a run, by its name; ``redacted`` by those rules. Raises CaptureError or
    DocumentError."""
    if path.suffix.lower() in DOCUMENTS:
        from mirror.openapi.document import Style
        from mirror.openapi.sink import DocumentStore

        return DocumentStore(path, Style(unexercised=unexercised))
    return open_store(path, redacted)
