"""Captures that are elsewhere: named by URLs that ``fsspec`` knows (``s3://``, ``gs://``, ``https://``, ``memory://``).

A ``Remote`` stands where readers take a path: it has a name, and can be opened. Nothing of fsspec is loaded before a
URL is used.
"""

from __future__ import annotations

import glob
import io
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from mirror.errors import CaptureError

EXTRA = "pip install 'mirror-http[dask]'"
URL = re.compile(r"[a-z][a-z0-9+.-]*(?:::|://)", re.IGNORECASE)
MAGIC = re.compile(r"[*?\[]")
USER = re.compile(r"//[^/@]*@")


class Remote:
    """A file behind a URL. Shown without the user and password that may be in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        web = url.startswith(("http://", "https://"))
        self._name = PurePosixPath(urlsplit(url).path if web else url)

    def __str__(self) -> str:
        return USER.sub("//", self.url)

    @property
    def suffix(self) -> str:
        return self._name.suffix

    @property
    def stem(self) -> str:
        return self._name.stem

    def open(self, buffer: int) -> BinaryIO:
        """The file, to be read from its beginning. Raises CaptureError."""
        system, path = system_of(self)
        try:
            return io.BufferedReader(system.open(path, "rb"), buffer)
        except Exception as error:  # each kind of storage has its own
            raise CaptureError(f"{self} cannot be read: {reason(error)}") from None


Source = Path | Remote
"""Where a capture is."""


def sources(names: Iterable[str]) -> list[Source]:
    """The files that paths, URLs and patterns (``*``, ``**``, ``?``, ``[a-z]``) name; those of a pattern by their
    names. Raises CaptureError for a pattern that matches nothing."""
    found: list[Source] = []
    for name in names:
        if URL.match(name):
            found += matching_urls(Remote(name)) if "*" in name else [Remote(name)]
        elif MAGIC.search(name) and not Path(name).exists():
            paths = [Path(path) for path in sorted(glob.glob(name, recursive=True))]
            found += [path for path in paths if path.is_file()] or nothing(name)
        else:
            found.append(Path(name))
    return found


def matching_urls(pattern: Remote) -> list[Source]:
    system, path = system_of(pattern)
    try:
        return [Remote(system.unstrip_protocol(each)) for each in sorted(system.glob(path))] or nothing(str(pattern))
    except CaptureError:
        raise
    except Exception as error:  # each kind of storage has its own
        raise CaptureError(f"{pattern} cannot be listed: {reason(error)}") from None


def nothing(pattern: str) -> list[Source]:
    raise CaptureError(f"{pattern}: no file has such a name")


def system_of(remote: Remote) -> tuple[Any, str]:
    """The file system of a URL, and the path in it. Raises CaptureError."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise CaptureError(f"{remote} cannot be read: a URL needs fsspec: {EXTRA}") from None
    try:
        system, path = url_to_fs(remote.url)
    except ImportError as error:  # it says which package that storage needs
        raise CaptureError(f"{remote} cannot be read: {reason(error)}; pip install it") from None
    except Exception as error:  # each kind of storage has its own
        raise CaptureError(f"{remote} cannot be read: {reason(error)}") from None
    return system, path


def reason(error: Exception) -> str:
    """An error of a storage in one line."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return str(error).partition("\n")[0] or type(error).__name__
