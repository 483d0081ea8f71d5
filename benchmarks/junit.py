"""Compare the outcomes of two pytest runs, test by test, from their JUnit XML files.

A test's key is its class name and its name without the bracketed part that parametrizing adds, because that part may
differ between two runs of the same suite (object addresses, times, ports). The outcomes of all the test cases under
one key are compared as a multiset, so that no test case can appear, vanish or change its outcome unseen.

An expected failure (``xfail``) is told apart from a skip, although JUnit XML calls both *skipped*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed")

Outcomes = Mapping[str, Counter[str]]


@dataclass(frozen=True)
class Difference:
    """A test whose outcomes are not the same in two runs; an empty counter where a run does not have it."""

    test: str
    before: Counter[str]
    after: Counter[str]

    def __str__(self) -> str:
        return f"{self.test}: {describe(self.before)} -> {describe(self.after)}"


def read_outcomes(path: Path) -> dict[str, Counter[str]]:
    """The outcomes of every test in a JUnit XML file, by the test's key."""
    outcomes: dict[str, Counter[str]] = {}
    report = ElementTree.parse(path)
    for case in report.getroot().iter("testcase"):
        outcomes.setdefault(case_key(case), Counter())[case_outcome(case)] += 1
    return outcomes


def case_key(case: ElementTree.Element) -> str:
    name = case.get("name", "").partition("[")[0]
    return f"{case.get('classname', '')}::{name}"


def case_outcome(case: ElementTree.Element) -> str:
    """The worst that a test case reports: one that fails and then errs in its teardown counts as an error."""
    if case.find("error") is not None:
        return "error"
    if case.find("failure") is not None:
        return "failed"
    skipped = case.find("skipped")
    if skipped is None:
        return "passed"
    return "xfailed" if skipped.get("type") == "pytest.xfail" else "skipped"


def compare(before: Outcomes, after: Outcomes) -> list[Difference]:
    """Every test whose outcomes differ, in the order of their keys."""
    none: Counter[str] = Counter()
    pairs = ((test, before.get(test, none), after.get(test, none)) for test in sorted(before.keys() | after.keys()))
    return [Difference(test, old, new) for test, old, new in pairs if old != new]


def totals(outcomes: Outcomes) -> Counter[str]:
    """How many test cases had each outcome."""
    total: Counter[str] = Counter()
    for counter in outcomes.values():
        total.update(counter)
    return total


def describe(counter: Counter[str]) -> str:
    """``3 passed, 1 failed``, or ``absent``."""
    return ", ".join(f"{counter[outcome]} {outcome}" for outcome in OUTCOMES if counter[outcome]) or "absent"
