"""A document on its way into a file: which file, which version, and what people have written there before."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal

from mirror.errors import DocumentError
from mirror.openapi.document import Style, openapi
from mirror.openapi.model import Service
from mirror.openapi.pruning import holders
from mirror.openapi.reading import is_url, read as read_document
from mirror.openapi.templates import base_of
from mirror.openapi.update import Updated, update
from mirror.openapi.values_seen import ValuesSeen
from mirror.openapi.version30 import downgrade
from mirror.openapi.writing import Form
from mirror.whole import alone, is_special, written_whole

Version = Literal["3.1", "3.0"]
# As a text says it, at a glance: reading it costs much, and a wrong guess is an error that says so.
OLD = re.compile(r"""(?:^|[{,]\s*)["']?openapi["']?\s*:\s*["']?3\.0\b""", re.MULTILINE)
FORMS: dict[str, Form] = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}


def form_of(path: Path) -> Form:
    """The form of a document, by its file's name. Raises DocumentError for any other."""
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise DocumentError(f"{path}: a document is called .yaml, .yml or .json")
    return form


def text_of(service: Service, style: Style, version: Version | None, form: Form) -> str:
    """The text of a service's document, as it is where there was none before. Raises DocumentError."""
    return brought_into("", service, style, version, form=form).text


def save(
    path: Path,
    service: Service,
    style: Style,
    version: Version | None = None,
    *,
    updating: bool = False,
    prune: Collection[str] = (),
) -> Updated:
    """Write a service's document, whole or not at all; where ``updating``, what people have written in the file stays.
    Without a ``version`` it is the file's, or 3.1.

    Returns what came of it. Raises DocumentError.
    """
    form = form_of(path)
    with alone(path):
        existing = read(path) if updating else ""
        updated = brought_into(existing, service, style, version, prune=prune, name=str(path), form=form)
        if updated.text != existing:
            save_text(path, updated.text)
    return updated


def pruned_where(paths: Collection[Path], names: Collection[str]) -> dict[Path, list[str]]:
    """Which of several documents has which of the names to prune. Raises DocumentError for one that none has."""
    if not names:
        return {}
    texts = {path: read(path) for path in paths}
    documents = {str(path): read_document(text, str(path)) if text.strip() else {} for path, text in texts.items()}
    return {Path(path): found for path, found in holders(documents, names).items()}


def save_text(path: Path, text: str) -> None:
    """Write a file, whole or not at all. Raises DocumentError."""
    try:
        with written_whole(path, private=False) as new:
            new.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise DocumentError(f"{path} cannot be written: {error.strerror or error}; name another file") from None


def brought_into(
    existing: str,
    service: Service,
    style: Style,
    version: Version | None,
    *,
    prune: Collection[str] = (),
    name: str = "the document",
    form: Form = "yaml",
) -> Updated:
    for url in style.servers:
        if not is_url(url):
            raise DocumentError(f"the server {url!r} is no URL: name it as in https://api.example.com/v1")
    document = openapi(service, style)
    if not existing.strip():  # else the servers there say what paths are below (mirror.openapi.joining)
        document["paths"] = below(base_of(document), document["paths"])
    version = version or ("3.0" if OLD.search(existing) else "3.1")
    learned = document if version == "3.1" else downgrade(document)
    return update(existing, learned, prune=prune, name=name, form=form, shown=ValuesSeen(service.operations))


def below(base: str, paths: dict[str, Any]) -> dict[str, Any]:
    """Path items by their paths below that of the servers; one that is not there, or would be another's, stays."""
    short = {path: path.removeprefix(base) if path.startswith(f"{base}/") else path for path in paths}
    found: dict[str, Any] = {}
    for path, item in paths.items():
        found[path if short[path] != path and short[path] in paths else short[path]] = item
    return dict(sorted(found.items()))


def read(path: Path) -> str:
    """The text of a document, empty where there is no such file. Raises DocumentError."""
    if is_special(path):
        raise DocumentError(f"{path} is no ordinary file: name another")
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path}: invalid UTF-8 at byte {error.start}: save it as UTF-8") from None
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from None
