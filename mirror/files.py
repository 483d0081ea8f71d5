"""The files of a run: captures, and documents that are learned."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from mirror.config import DOCUMENTS, Settings
from mirror.store.capture import Store, open_store
from mirror.store.captures import Captures, Cleaner


def open_files(settings: Settings, redactor: Cleaner | None) -> Captures:
    """All files of the settings as one sink."""
    redacted = "" if redactor is None else redactor.digest
    return Captures(settings.files, redactor, partial(open_file, settings=settings, redacted=redacted))


def open_file(path: Path, settings: Settings, redacted: str) -> Store:
    """A file that takes the exchanges of a run, by its name; ``redacted`` by those rules. Raises CaptureError or
    DocumentError."""
    if path.suffix.lower() in DOCUMENTS:
        from mirror.openapi.document import Style
        from mirror.openapi.sink import DocumentStore

        style = Style(
            unexercised=settings.openapi_unexercised,
            evidence=settings.openapi_evidence,
            examples=settings.openapi_examples,
        )
        return DocumentStore(path, style)
    return open_store(path, redacted)
