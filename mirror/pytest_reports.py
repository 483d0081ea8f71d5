"""What pytest prints of tests, without secrets.

A report holds what the test had in its hands: the response it compared, the request it sent, what was printed. What
redaction knows to be secret in it, from the exchanges of the run and by its looks, becomes a placeholder. Only the text
changes, never an outcome; ``--mirror-redact none`` leaves the text alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from mirror.counts import describe
from mirror.history import weight

if TYPE_CHECKING:
    from mirror.exchange import Exchange
    from mirror.redact.redactor import Redactor
    from mirror.session import Mirror

# Reports are trees of a few levels; more than that is no report.
DEEPEST = 12

# What pytest puts in the place of the middle of a long value, and the least that is taken for a part of a secret.
CUT = "..."
LEAST = 4

# Bytes of bodies.
SMALL = 4096

# Where a failure is, is no secret, and is looked for by editors.
PLACES = frozenset({"path", "lineno", "fspath", "location", "nodeid"})


class Reports:
    """Cleans the reports of a mirrored run."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._learnt: set[str] = set()
        self._parts = Parts([])

    def clean(self, report: Any) -> None:
        """Replace what is secret in the texts of a report. Raises nothing."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what is imported now was not imported by the test
                redactor = self._mirror.redactor
                if redactor is not None:
                    self._learn(redactor)
                    self._rewrite(report, redactor)
        except Exception as error:
            report.sections = [*report.sections, ("mirror", f"secrets could not be replaced here: {describe(error)}")]

    def _learn(self, redactor: Redactor) -> None:
        """Have the secrets of all exchanges known, also of those that fixtures made before this test.

        Of the latter only the small ones: logging in takes no large body, and a thousand exchanges are to be read.
        Where captures are written, each exchange was redacted for them when it was recorded.
        """
        if self._mirror.captured:
            return
        for exchange in self._mirror.exchanges:
            self._learn_one(exchange, redactor)
        for exchange in self._mirror.history.all:
            if weight(exchange) <= SMALL:
                self._learn_one(exchange, redactor)

    def _learn_one(self, exchange: Exchange, redactor: Redactor) -> None:
        if exchange.id not in self._learnt:
            self._learnt.add(exchange.id)
            redactor.unnamed(exchange)  # the name is decided when the test is over

    def _rewrite(self, report: Any, redactor: Redactor) -> None:
        known = redactor.known
        if known != self._parts.secrets:
            self._parts = Parts(known)

        def change(text: str) -> str:
            return redactor.text(self._parts.without(text))

        report.longrepr = rewritten(report.longrepr, change)
        report.sections = [(name, change(content)) for name, content in report.sections]
        for name in ("wasxfail", "user_properties", "context"):
            if getattr(report, name, None):
                setattr(report, name, rewritten(getattr(report, name), change))


class Parts:
    """Finds what pytest has left of a secret where it cut a long value in two."""

    def __init__(self, secrets: list[str]) -> None:
        self.secrets = secrets
        self._by_begin: dict[str, list[str]] = {}
        self._by_end: dict[str, list[str]] = {}
        self._longest = 0

    def _learn(self) -> None:
        from mirror.redact.spelled import spellings  # few runs have a text that was cut

        for form in {form for secret in self.secrets for form in spellings(secret)}:
            if len(form) > LEAST:
                self._by_begin.setdefault(form[:LEAST], []).append(form)
                self._by_end.setdefault(form[-LEAST:], []).append(form)
                self._longest = max(self._longest, len(form))

    def without(self, text: str) -> str:
        """The text with stars in the place of such parts."""
        if CUT not in text or not self.secrets:
            return text
        if not self._longest:  # the first text that was cut
            self._learn()
        pieces = text.split(CUT)
        for place, piece in enumerate(pieces):
            if place < len(pieces) - 1:
                size = self._at_end(piece[-self._longest :])
                piece = piece[: len(piece) - size] + "*" * size
            if place:
                size = self._at_begin(piece[: self._longest])
                piece = "*" * size + piece[size:]
            pieces[place] = piece
        return CUT.join(pieces)

    def _at_end(self, piece: str) -> int:
        """How many characters at the end of a piece are the beginning of a secret."""
        for place in range(len(piece) - LEAST + 1):
            secrets = self._by_begin.get(piece[place : place + LEAST])
            if secrets and any(secret.startswith(piece[place:]) for secret in secrets):
                return len(piece) - place
        return 0

    def _at_begin(self, piece: str) -> int:
        """How many characters at the beginning of a piece are the end of a secret."""
        for size in range(len(piece), LEAST - 1, -1):
            secrets = self._by_end.get(piece[size - LEAST : size])
            if secrets and any(secret.endswith(piece[:size]) for secret in secrets):
                return size
        return 0


def rewritten(part: Any, change: Callable[[str], str], depth: int = 0) -> Any:
    """A part of a report with every text in it changed; objects are changed where they stand."""
    if isinstance(part, str):
        return change(part)
    if depth > DEEPEST:
        return part
    if type(part) is list:
        whole = together(part)
        if whole is not None:
            changed = change(whole)
            return part if changed == whole else changed.splitlines(True) if whole[-1] == "\n" else changed.split("\n")
        return [rewritten(each, change, depth + 1) for each in part]
    if type(part) is dict:
        return {name: rewritten(value, change, depth + 1) for name, value in part.items()}
    if type(part) is tuple:
        return tuple([rewritten(each, change, depth + 1) for each in part])
    # pytest's own values alone: what else a plugin has put there is not ours to walk.
    if type(part).__module__.startswith("_pytest."):
        for name in (*getattr(part, "__dict__", ()), *getattr(type(part), "__slots__", ())):
            if name not in PLACES and not name.startswith("__"):
                object.__setattr__(part, name, rewritten(getattr(part, name), change, depth + 1))
    return part


def together(part: list[Any]) -> str | None:
    """The text of which these are the lines, with or without their ends: a key has several. None where they are not."""
    if not part or not all(isinstance(each, str) for each in part):
        return None
    if all(each.endswith("\n") for each in part):
        return "".join(part)
    return None if any("\n" in each for each in part) else "\n".join(part)


def shows_passed(config: pytest.Config) -> bool:
    """Whether anybody writes what a test has printed that has passed: pytest itself, or a plugin that takes reports."""
    option = config.option
    if set("PA") & set(getattr(option, "reportchars", "")) or getattr(option, "xmlpath", None):
        return True
    takers = config.hook.pytest_runtest_logreport.get_hookimpls()
    return any(not home(taker.plugin).startswith(THOSE_THAT_DO_NOT) for taker in takers)


# pytest's own but those above, ourselves, and xdist with the name that it has in a worker.
THOSE_THAT_DO_NOT = ("_pytest.", "mirror.", "xdist.", "__channelexec__")


def home(plugin: Any) -> str:
    """The module of a plugin, which is a module, a class or an object."""
    return str(plugin.__name__ if isinstance(plugin, ModuleType) else getattr(plugin, "__module__", ""))


def outcome_of(report: pytest.TestReport, before: str) -> str:
    """How a test has ended by this phase of it: passed, failed, skipped, error, xfailed or xpassed."""
    if report.when != "call" and report.failed:
        return "error"
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    return before if report.passed else str(report.outcome)
