"""The rules of redaction that a user adds: ``[tool.mirror.redact]``.

    [tool.mirror.redact]
    keys = ["iban_hash", "x-internal-*"]        # names whose values are secret
    patterns = ["ACME-[0-9]{8}"]                # regular expressions; what they match is secret
    detectors = ["shop.redaction:find_vouchers"]
    allow.keys = ["token_bucket"]               # names whose values are never looked at
    allow.values = ["support@shop.example", "test-*"]
    allow.paths = ["catalog.*.contact"]         # places: names of keys joined by dots

Values only: nothing is compiled for use and no detector is imported here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from mirror.errors import ConfigError


class Rules(msgspec.Struct, frozen=True):
    """What is secret besides what mirror knows, and what is not.

    ``keys`` and ``allow_keys`` are names as globs (``*``, ``?``), compared without regard to case and to what joins
    their words; ``patterns`` are regular expressions; ``allow_values`` are globs for whole values; ``allow_paths`` are
    globs over places (``customer.contact.email``: names of JSON keys, XML elements, or a form's field, joined by dots;
    list positions are left out; a field of a header section is ``headers.NAME``, one of a query ``query.NAME``).
    ``detectors`` are ``package.module:function``: a function that takes a string and returns pairs ``(start, end)`` or
    triples ``(start, end, kind)`` of what is secret in it.
    """

    keys: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    allow_keys: tuple[str, ...] = ()
    allow_values: tuple[str, ...] = ()
    allow_paths: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same rules, by whatever they find; empty where a detector may find anything."""
        return "" if self.detectors else sha256(msgspec.json.encode(self)).hexdigest()[:16]

    @classmethod
    def from_table(cls, table: Mapping[str, Any], where: str) -> Rules:
        """The rules in a table of pyproject.toml; ``where`` names it in errors. Raises ConfigError."""
        if not isinstance(table, Mapping):
            raise ConfigError(f"{where}: write a table with {', '.join(LISTS)} and allow")
        unknown = [name for name in table if name not in (*LISTS, "allow")]
        if unknown:
            raise ConfigError(f"{where} {unknown[0]}: no such rule; there are {', '.join([*LISTS, 'allow', 'where'])}")
        allow = table.get("allow", {})
        if not isinstance(allow, Mapping) or set(allow) - set(ALLOWED):
            raise ConfigError(f"{where} allow {allow!r}: write a table with lists called {', '.join(ALLOWED)}")
        lists = {name: strings(table.get(name, ()), f"{where} {name}") for name in LISTS}
        for pattern in lists["patterns"]:
            check(pattern, f"{where} patterns")
        for name in lists["detectors"]:
            if not re.fullmatch(r"[\w.]+:\w+", name):
                raise ConfigError(f"{where} detectors {name!r}: write package.module:function")
        allowed = {f"allow_{name}": strings(allow.get(name, ()), f"{where} allow.{name}") for name in ALLOWED}
        return cls(**lists, **allowed)


PERMITTED = "permitted"
"""The kind of what is told of a value that is no secret because of where it stands (``allow.paths``)."""

DEFAULT = Rules()
LISTS = ("keys", "patterns", "detectors")
ALLOWED = ("keys", "values", "paths")


def strings(value: Any, where: str) -> tuple[str, ...]:
    """A list of strings that say something. Raises ConfigError."""
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one for one in value):
        raise ConfigError(f"{where} {value!r}: write a list of strings")
    return tuple(value)


def check(pattern: str, where: str) -> None:
    """Raises ConfigError for what is no regular expression, or one that matches nothing at all."""
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ConfigError(f"{where} {pattern!r}: not a regular expression: {error}") from None
    if compiled.match(""):
        raise ConfigError(f"{where} {pattern!r}: it matches the empty string, and so every value")
