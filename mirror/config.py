"""The settings, where they come from, and which source wins.

For every setting: command-line option, then environment (``MIRROR_PORT``), then pytest's ini file (``mirror_port``),
then ``[tool.mirror]`` of pyproject.toml (``port``), then the default. Decided here alone. A value that cannot be used
is a ConfigError that names the setting, the source and what would do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import unquote

from mirror.address import parse_proxy
from mirror.errors import ConfigError
from mirror.pyproject import tool_mirror
from mirror.redact.rules import DEFAULT, Rules

if TYPE_CHECKING:
    from mirror.exchange import Exchange, KnownRoute

DEFAULT_HEADER = "Mirror-Correlation-Id"
DOCUMENTS = (".yaml", ".yml", ".json")
ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


@dataclass(frozen=True)
class Settings:
    """What a mirror is told.

    port                echo port, 0 for a free one
    host                address that the echo listens on
    proxy               ``http://host:port`` to publish through, or None
    proxy_mode          ``reverse`` or ``forward``
    include, exclude    globs over the decoded path; no include means every path
    correlation_header  name of the header field that carries the exchange's ID, or None to send none
    strict              losses fail the run
    capture             files that every exchange is written to: ``.jsonl`` or ``.har``
    openapi             documents that are learned: ``.yaml`` or ``.json``
    openapi_unexercised whether those list the routes that no test called, marked
    openapi_evidence    whether they say on what a fact stands (``x-mirror``)
    openapi_examples    whether they have examples
    redact              what is redacted: ``store`` (files; default), ``all`` (the wire as well) or ``none``
    rules               what is secret besides, and what is not: ``[tool.mirror.redact]``
    hub                 ``http://TOKEN@HOST:PORT`` of a hub to publish through instead of an echo of one's own, or None
    history             how many exchanges ``mirror.exchanges`` remembers; None for all
    """

    port: int = 0
    host: str = "127.0.0.1"
    proxy: str | None = None
    proxy_mode: Literal["reverse", "forward"] = "reverse"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    correlation_header: str | None = None
    strict: bool = False
    capture: tuple[str, ...] = ()
    openapi: tuple[str, ...] = ()
    openapi_unexercised: bool = True
    openapi_evidence: bool = True
    openapi_examples: bool = True
    redact: Literal["store", "all", "none"] = "store"
    rules: Rules = DEFAULT
    hub: str | None = field(default=None, repr=False)  # it holds a token
    history: int | None = 1000

    @property
    def files(self) -> tuple[str, ...]:
        """All files that take the exchanges of the run."""
        return (*self.capture, *self.openapi)

    def __post_init__(self) -> None:
        for option in OPTIONS:
            # A frozen value is written once, here: "8900" becomes 8900, one glob becomes a tuple of one.
            object.__setattr__(self, option.name, option.parse(getattr(self, option.name), f"{option.name}="))
        if self.proxy is None and self.proxy_mode != "reverse":
            raise ConfigError(
                f"proxy mode {self.proxy_mode!r} without a proxy: name it with --mirror-proxy http://HOST:PORT"
            )
        if not isinstance(self.rules, Rules):
            raise ConfigError(f"rules={self.rules!r}: give mirror.redact.rules.Rules, or Rules.from_table(...)")
        if self.hub is not None:
            for name, is_default in (
                ("port", not self.port), ("proxy", self.proxy is None), ("host", self.host == "127.0.0.1"),
                ("correlation_header", self.correlation_header is None), ("redact=all", self.redact != "all"),
            ):  # fmt: skip
                if not is_default:
                    raise ConfigError(
                        f"{name} together with a hub (MIRROR_HUB): the echo is the hub's; give it to 'mirror serve' "
                        "or do without the hub"
                    )
        if self.history is not None and (not isinstance(self.history, int) or self.history < 0):
            raise ConfigError(f"history={self.history!r}: a number of exchanges, or None for all of them")


class Source(NamedTuple):
    """One place that settings come from: ``label`` says how a setting is written there (``--mirror-{}``)."""

    label: str
    values: Mapping[str, Any]

    def where(self, option: Option) -> str:
        name = option.name if "_" in self.label or "[" in self.label else option.name.replace("_", "-")
        return self.label.format(name.upper() if self.label.startswith("MIRROR") else name)


def port(value: Any, where: str) -> int:
    number = int(value) if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,6}\s*", value) else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 65535:
        raise ConfigError(f"{where} {value!r}: a port is a number from 0 (a free one) to 65535")
    return number


def host(value: Any, where: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9._:%-]+", value):
        raise ConfigError(f"{where} {value!r}: an address to listen on, such as 127.0.0.1 or ::1")
    return value


def proxy(value: Any, where: str) -> str | None:
    if value is None or value == "":
        return None

    try:
        parse_proxy(str(value))
    except ConfigError as error:
        raise ConfigError(f"{where} {value!r}: {error}") from None
    return str(value)


def proxy_mode(value: Any, where: str) -> str:
    if value not in ("reverse", "forward"):
        raise ConfigError(f"{where} {value!r}: write reverse or forward")
    return str(value)


def globs(value: Any, where: str) -> tuple[str, ...]:
    if value is not None and not isinstance(value, str | list | tuple):
        raise ConfigError(f"{where} {value!r}: write a glob such as /api/*, or a list of them")
    patterns = tuple(value.split()) if isinstance(value, str) else tuple(value or ())
    for pattern in patterns:
        if not isinstance(pattern, str) or pattern[:1] not in ("/", "*", "?", "["):
            raise ConfigError(f"{where} {pattern!r}: a glob matches a whole path, so it begins with / or *")
        if re.search(r"\[(?![!]?+\]?+[^\]]*\])", pattern):
            raise ConfigError(f"{where} {pattern!r}: the bracket is not closed")
    return patterns


def header_name(value: Any, where: str) -> str | None:
    word = value.strip().lower() if isinstance(value, str) else value
    if word is None or word is False or word in OFF:
        return None
    if word is True or word in ON:
        return DEFAULT_HEADER
    if not isinstance(value, str) or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", value):
        raise ConfigError(f"{where} {value!r}: the name of a header field, such as {DEFAULT_HEADER}")
    if value.lower() in RESERVED:
        raise ConfigError(f"{where} {value!r}: that field has a meaning of its own; choose another name")
    return value


RESERVED = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "content-type", "trailer", "upgrade"}
)


def switch(value: Any, where: str) -> bool:
    word = value.strip().lower() if isinstance(value, str) else None
    if word in ON or word in OFF:
        return word in ON
    if not isinstance(value, bool):
        raise ConfigError(f"{where} {value!r}: write true or false")
    return value


def paths(value: Any, where: str, suffixes: tuple[str, ...], what: str) -> tuple[str, ...]:
    if value is not None and not isinstance(value, str | list | tuple):
        raise ConfigError(f"{where} {value!r}: write the path of a file, or a list of them")
    found = (value,) if isinstance(value, str) else tuple(map(str, value or ()))
    for path in found:
        if not path.lower().endswith(suffixes):
            raise ConfigError(f"{where} {path!r}: {what}")
        if os.path.isdir(path):
            raise ConfigError(f"{where} {path!r}: this is a directory: name a file in it")
    return found


def captures(value: Any, where: str) -> tuple[str, ...]:
    return paths(value, where, (".jsonl", ".har"), "a capture is called .jsonl (mirror's own) or .har")


def documents(value: Any, where: str) -> tuple[str, ...]:
    return paths(value, where, DOCUMENTS, "a document is called .yaml, .yml or .json")


def redact(value: Any, where: str) -> str:
    if value not in ("store", "all", "none"):
        raise ConfigError(f"{where} {value!r}: write store (files), all (the wire as well) or none")
    return str(value)


HUB = re.compile(r"http://[!-~]+@(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}/?")


def hub(value: Any, where: str) -> str | None:
    if value is None or value == "":
        return None
    # The value holds a token, so the message does not repeat it.
    if not isinstance(value, str) or not HUB.fullmatch(value):
        raise ConfigError(f"{where}: write http://TOKEN@HOST:PORT, as 'mirror serve' prints it")
    return value


class Option(NamedTuple):
    """A setting, and how a value of it is read: ``parse(value, where)`` returns it or raises ConfigError."""

    name: str
    parse: Callable[[Any, str], Any]


OPTIONS: tuple[Option, ...] = (
    Option("port", port),
    Option("host", host),
    Option("proxy", proxy),
    Option("proxy_mode", proxy_mode),
    Option("include", globs),
    Option("exclude", globs),
    Option("correlation_header", header_name),
    Option("strict", switch),
    Option("capture", captures),
    Option("openapi", documents),
    Option("openapi_unexercised", switch),
    Option("openapi_evidence", switch),
    Option("openapi_examples", switch),
    Option("redact", redact),
    Option("hub", hub),
)


def resolve(sources: Iterable[Source]) -> Settings:
    """The settings of the first source that has each of them. Raises ConfigError."""
    sources = list(sources)
    values: dict[str, Any] = {}
    for option in OPTIONS:
        for source in sources:
            value = source.values.get(option.name)
            if value is not None and value != [] and value != "":
                values[option.name] = option.parse(value, source.where(option))
                break
    # Rules are a table, so they come from a table; the first that has any.
    values |= next(({"rules": source.values["rules"]} for source in sources if source.values.get("rules")), {})
    return Settings(**values)


def environment(environ: Mapping[str, str] = os.environ) -> Source:
    """``MIRROR_PORT`` and so on."""
    found = {option.name: environ.get(f"MIRROR_{option.name.upper()}") for option in OPTIONS}
    return Source("MIRROR_{}", found)


def pyproject(folder: Path) -> Source:
    """``[tool.mirror]`` of the pyproject.toml in a folder. Raises ConfigError where it cannot be read.

    ``redact`` is a string (``"store"``) or a table: rules, and the string under the name ``where``.
    """
    path = folder / "pyproject.toml"
    label = f"{path.name} [tool.mirror] {{}}"
    known = {option.name: option for option in OPTIONS}
    values: dict[str, Any] = {}
    for key, value in tool_mirror(path).items():
        name = key.replace("-", "_")
        if name not in known and name != "mirror":
            raise ConfigError(f"{path} [tool.mirror] {key}: no such setting; there are {', '.join(['mirror', *known])}")
        values[name] = value
    if isinstance(values.get("redact"), dict):
        rules = dict(values["redact"])
        values["redact"] = rules.pop("where", None)
        if values["redact"] is not None:
            values["redact"] = redact(values["redact"], f"{path.name} [tool.mirror.redact] where")
        values["rules"] = Rules.from_table(rules, f"{path.name} [tool.mirror.redact]")
    return Source(label, values)


def path_filter(settings: Settings) -> Callable[[Exchange | KnownRoute], str | None] | None:
    """A function that tells why an exchange is not mirrored, or None where it is; no function where all are. A route is
    judged by its template."""
    if not settings.include and not settings.exclude:
        return None
    include = [re.compile(translate(glob)) for glob in settings.include]
    exclude = [re.compile(translate(glob)) for glob in settings.exclude]

    def ignore(what: Exchange | KnownRoute) -> str | None:
        path = unquote(getattr(what, "template", None) or what.request.path)  # type: ignore[union-attr]
        if include and not any(glob.match(path) for glob in include):
            return "not included"
        if any(glob.match(path) for glob in exclude):
            return "excluded"
        return None

    return ignore
