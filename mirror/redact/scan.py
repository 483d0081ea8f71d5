"""Looking for secrets in files: captures, logs, documents, whatever lies in a folder.

A file is read as what it is (JSON, JSON lines, XML, HTML, CSV, YAML and other text) and walked as redaction would
walk it; what redaction would replace is a finding. Placeholders are none. A finding never holds the secret, at most
its first two characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from mirror.errors import MirrorError
from mirror.redact.described import is_description, names_of_values
from mirror.redact.inner import Unreadable
from mirror.redact.json_text import rewrite
from mirror.redact.lines import rewrite_csv
from mirror.redact.markup import rewrite_markup
from mirror.redact.placeholders import Placeholders, holds_placeholder, is_placeholder
from mirror.redact.rules import DEFAULT, PERMITTED, Rules
from mirror.redact.values import Values
from mirror.redact.verdict import covers

LONGEST = 256 * 1024 * 1024
"""Bytes of a file that is read as one value; longer ones are read line by line, and a longer line in pieces."""
PIECE = 16 * 1024 * 1024

SKIPPED = frozenset(
    {".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".tox", ".mypy_cache", ".ruff_cache"}
)
NAMED = re.compile(r"(?:-\s++|export\s++)?[\"']?([A-Za-z_][\w.-]*+)[\"']?\s*+[:=]\s++(?![|>&*!]?\Z)")
QUOTED = re.compile(r"([\"'])(.*)\1\s*(?:#.*)?")
PUBLIC = frozenset({"8a477f597d28d172789f06886806bc55"})  # of CACHEDIR.TAG (bford.info/cachedir), in every cache
WHOLE = frozenset({".json", ".har", ".xml", ".html", ".htm", ".csv", ".tsv", ".geojson", ".ipynb"})


class ScanError(MirrorError):
    """A path that cannot be read; the message names it and the reason."""


Found = tuple[str, str, str]
"""Kind, value and place of a secret."""


class Finding(msgspec.Struct, frozen=True):
    """A secret in a file.

    ``line`` counts from 1; it is 0 where the secret stands encoded in the file, so that no line shows it. ``place`` are
    the names above the value, joined by dots (``log.entries.request.headers``); empty in plain text. ``hint`` are its
    first two characters, none of a short one.
    """

    path: str
    line: int
    place: str
    kind: str
    hint: str


class Scanner:
    """Scans files by the rules of a project. Raises ConfigError as Redactor does.

    ``begin`` is called with each file before it is read. ``decoded`` gives what is found in the parts of a file that it
    holds encoded (compressed bodies in a capture); what was found in its text as well is told once.
    """

    def __init__(
        self,
        rules: Rules = DEFAULT,
        begin: Callable[[Path], None] = lambda _: None,
        decoded: Callable[[Path], Iterable[Found]] = lambda _: (),
    ) -> None:
        self._begin = begin
        self._decoded = decoded
        self._found: list[Found] = []
        self._told: set[str] = set()
        self._permitted: set[str] = set()
        self._values = Values(rules, Placeholders(), lambda *found: self._found.append(found))

    def find(self, path: Path) -> Iterator[Finding]:
        """The findings in a file, or in all files below a folder, links and what is no ordinary file left out.

        Raises ScanError where a path cannot be read.
        """
        if "\0" not in str(path) and path.is_dir():
            try:
                inside = sorted(path.iterdir())
            except OSError as error:
                raise ScanError(f"{path}: {error.strerror or error}") from None
            for one in inside:
                if one.name not in SKIPPED and not one.is_symlink() and (one.is_dir() or one.is_file()):
                    yield from self.find(one)
        elif "\0" in str(path):
            raise ScanError(f"{str(path)!r}: a path has no null character")
        elif path.exists() and not path.is_file():
            raise ScanError(f"{path} is no ordinary file: copy what it gives into one")
        else:
            self._begin(path)
            decoded = list(self._decoded(path))
            # What the rules permit in its place they cannot know in the file's text, where all places are others.
            self._told, self._permitted = set(), {value for kind, value, _ in decoded if kind == PERMITTED}
            yield from self._find_in(path)
            for kind, value, place in decoded:
                if value and not (value in self._told or value in self._permitted or is_placeholder(value)):
                    self._told.add(value)
                    yield Finding(str(path), 0, place, kind, hint(value))

    def _find_in(self, path: Path) -> Iterator[Finding]:
        try:
            with path.open("rb") as file:
                if path.suffix.lower() in WHOLE and path.stat().st_size <= LONGEST:
                    text = file.read().decode("utf-8-sig", "surrogateescape")
                    found = self._walked(text, path.suffix.lower())
                    if found is not None:
                        yield from self._report(found, path, 1, text)
                        return
                    file.seek(0)
                line, whole = 0, True
                block: list[str] = []
                while raw := file.readline(PIECE):
                    line += whole
                    whole = raw.endswith(b"\n")
                    text = raw.decode("utf-8", "surrogateescape")
                    if block or "-----BEGIN" in text:  # a key stands on several lines
                        block.append(text)
                        if "-----END" not in text and len(block) < 200:
                            continue
                        text, block = "".join(block), []
                        yield from self._report(self._line(text), path, line - text.count("\n") + 1, text)
                        continue
                    yield from self._report(self._line(text), path, line, text)
                if block:
                    text = "".join(block)
                    yield from self._report(self._line(text), path, line - text.count("\n") + 1, text)
        except OSError as error:
            raise ScanError(f"{path}: {error.strerror or error}") from None

    def _walked(self, text: str, suffix: str) -> list[Found] | None:
        """What is found in a whole file, or None where it is not what its name says."""
        self._found = []
        self._values.begin()
        try:
            if suffix in (".csv", ".tsv"):
                rewrite_csv(text, self._values)
            elif suffix in (".xml", ".html", ".htm"):
                rewrite_markup(text, self._values)
            else:
                rewrite(text, self._values)
        except (Unreadable, ValueError, RecursionError):
            return None
        return self._found

    def _line(self, text: str) -> list[Found]:
        """What is found in a line: a JSON value, a setting of YAML or of an environment file, or text."""
        self._found = []
        self._values.begin()
        stripped = text.strip()
        if stripped[:1] in ("{", "[") and stripped[-1:] in ("}", "]"):
            try:
                rewrite(stripped, self._values)
                return self._found
            except (Unreadable, ValueError, RecursionError):
                self._found = []
                self._values.begin()
        setting = NAMED.match(stripped) if len(stripped) < 4096 and "\n" not in stripped else None
        if setting:
            key = self._values.key(setting[1])
            rest = stripped[setting.end() :]
            quoted = QUOTED.fullmatch(rest)
            value = quoted[2] if quoted else re.split(r"\s#", rest)[0].strip()
            # What stands there is often code: a call, a variable, a reference.
            if (
                key
                and covers(key, value)
                and (quoted or re.fullmatch(r"[^\s(){}\[\]$<>,;]+", value))
                and not key.opaque
                and not holds_placeholder(value)
            ) and not self._values.allows(value):
                self._values.begin(setting[1])
                self._values.secret(key.kind, value)
                return self._found
        try:
            self._values.prose(text)
        except Exception:  # a detector of the user's: redaction would replace all of it
            self._found.append(("unread", stripped, ""))
        return self._found

    def _report(self, found: list[Found], path: Path, first: int, text: str) -> Iterator[Finding]:
        """Findings with the lines in which they stand, as far as they stand there as they are."""
        position = 0
        described = is_description(text)
        for kind, value, place in tuple(found):
            if is_placeholder(value) or value in self._permitted or kind == PERMITTED:
                continue
            if value in PUBLIC or (described and self._is_structure(value, place)):
                continue
            self._told.add(value)
            start = text.find(value, position) if value else -1
            if start < 0 and value:
                start = text.find(value)
            position = max(position, start)
            yield Finding(str(path), first + text.count("\n", 0, position), place, kind, hint(value))

    def _is_structure(self, value: str, place: str) -> bool:
        """Whether only names of a description that are none of values tell that a value of it is secret."""
        names = names_of_values(place)
        return names is not None and not any(map(self._values.key, names)) and self._values.string(value) == value


def hint(value: str) -> str:
    return value[:2] if len(value) >= 8 else ""


def find(path: Path | str, rules: Rules = DEFAULT) -> Iterator[Finding]:
    """The secrets in a file, or in all files below a folder. Raises ScanError, and ConfigError for the rules."""
    yield from Scanner(rules).find(Path(path))


def as_row(finding: Finding) -> dict[str, Any]:
    """A finding for ``--json``."""
    return msgspec.structs.asdict(finding)
