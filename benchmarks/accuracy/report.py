"""Verdicts as tables: applications x learners, and groups x learners."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks.accuracy.facts import GROUPS, NAMES
from benchmarks.accuracy.judge import Group, mean, share
from benchmarks.accuracy.learners import CannotRun, Learner

if TYPE_CHECKING:
    from benchmarks.accuracy.run import Result

COARSE = (
    "templates",
    "operations",
    "parameters",
    "request properties",
    "response properties",
    "statuses",
    "content types",
    "security",
)
"""The groups that say what there is, and not what it is like."""

Pick = Callable[["Result"], "dict[str, Group]"]


def strict(result: Result) -> dict[str, Group]:
    assert result.verdict is not None
    return result.verdict.groups


def shown(result: Result) -> dict[str, Group]:
    assert result.verdict is not None
    return result.verdict.shown


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def learners(results: Sequence[Result]) -> list[Learner]:
    return list(dict.fromkeys(result.learner for result in results))


def rows(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def pooled(results: Sequence[Result], learner: Learner, pick: Pick) -> dict[str, list[int]] | None:
    """Right, missed and wrong facts of a learner, by group, over all applications that it could learn from."""
    judged = [result for result in results if result.learner is learner and result.verdict is not None]
    if not judged:
        return None
    counts = {name: [0, 0, 0] for name in (*GROUPS, NAMES)}
    for result in judged:
        for name, group in pick(result).items():
            for place, facts in enumerate((group.right, group.missed, group.wrong)):
                counts[name][place] += len(facts)
    return counts


def f1(counts: Sequence[int]) -> float | None:
    right, missed, wrong = counts
    return share(2 * right, 2 * right + missed + wrong)


def pooled_mean(counts: dict[str, list[int]] | None, groups: Sequence[str] = GROUPS) -> float | None:
    if counts is None:
        return None
    scores = [score for name in groups if (score := f1(counts[name])) is not None]
    return sum(scores) / len(scores) if scores else None


def routed(results: Sequence[Result]) -> list[Result]:
    """Those of applications whose routes mirror knows: that is what was wanted of the first two columns."""
    return [result for result in results if result.app.is_routed]


def table(results: Sequence[Result], pick: Pick = strict) -> str:
    """The mean F1 of the groups for each application and learner."""
    chosen = learners(results)
    apps = list(dict.fromkeys(result.app for result in results))
    body = []
    for app in apps:
        cells = []
        for learner in chosen:
            result = next(one for one in results if one.app is app and one.learner is learner)
            cells.append("cannot run" if result.verdict is None else number(mean(pick(result))))
        body.append([f"{app.name} ({app.framework}){', held out' if app.held_out else ''}", *cells])
    whole = [number(pooled_mean(pooled(results, learner, pick))) for learner in chosen]
    body.append(["**all, mean of the groups**", *(f"**{cell}**" for cell in whole)])
    known = routed(results)
    if len(known) < len(results):
        means = [number(pooled_mean(pooled(known, learner, pick))) for learner in chosen]
        body.append(["all whose routes mirror knows", *means])
    coarse = [number(pooled_mean(pooled(results, learner, pick), COARSE)) for learner in chosen]
    body.append([f"all, mean of {', '.join(COARSE)} alone", *coarse])
    return rows(["application", *(learner.name for learner in chosen)], body)


def samples(results: Sequence[Result]) -> str:
    """How many samples are valid by the schemas that were learned from them."""
    chosen = learners(results)
    body = []
    for app in dict.fromkeys(result.app for result in results):
        found = [one for learner in chosen for one in results if one.app is app and one.learner is learner]
        cells = [f"{one.validity.valid} of {one.validity.samples}" if one.validity else "cannot run" for one in found]
        body.append([app.name, *cells])
    whole = []
    for learner in chosen:
        known = [one.validity for one in results if one.learner is learner and one.validity]
        whole.append(number(share(sum(one.valid for one in known), sum(one.samples for one in known))))
    body.append(["**all**", *(f"**{cell}**" for cell in whole)])
    return rows(["application", *(learner.name for learner in chosen)], body)


def by_group(results: Sequence[Result], pick: Pick = strict) -> str:
    """F1 of each group over all applications."""
    chosen = learners(results)
    counts = [pooled(results, learner, pick) for learner in chosen]
    body = []
    for name in (*GROUPS, NAMES):
        known = [one for one in counts if one is not None]
        facts = max((one[name][0] + one[name][1] for one in known), default=0)
        cells = ["cannot run" if one is None else number(f1(one[name])) for one in counts]
        body.append([f"{name}{' (not in the mean)' if name == NAMES else ''}", str(facts), *cells])
    return rows(["group", "facts", *(learner.name for learner in chosen)], body)


def precision_and_recall(results: Sequence[Result]) -> str:
    chosen = learners(results)
    counts = [pooled(results, learner, strict) for learner in chosen]
    body = []
    for name in (*GROUPS, NAMES):
        cells = []
        for one in counts:
            if one is None:
                cells.append("cannot run")
                continue
            right, missed, wrong = one[name]
            cells.append(f"{number(share(right, right + wrong))} / {number(share(right, right + missed))}")
        body.append([name, *cells])
    return rows(["group", *(learner.name for learner in chosen)], body)


def versions() -> str:
    names = ("fastapi", "pydantic", "starlette", "flask", "flask-smorest", "apispec", "apiflask", "marshmallow")
    return f"Python {platform.python_version()}; " + ", ".join(f"{name} {version(name)}" for name in names)


def version_of(learner: Learner) -> str:
    try:
        return learner.version()
    except CannotRun as error:
        return f"cannot run: {error}"


def document(results: Sequence[Result]) -> str:
    """All of it, as Markdown."""
    tools = [f"* **{one.name}** {version_of(one)}: {one.tuning}." for one in learners(results)]
    failures = [
        f"* {result.learner.name} on {result.app.name}: {result.reason}" for result in results if result.verdict is None
    ]
    known = routed(results)
    parts = [
        "# How right the learned documents are",
        "Written by `python -m benchmarks.accuracy.run --write`. Each application declares its own OpenAPI document; "
        "its ordinary test suite is run under `pytest --mirror --mirror-capture`, each learner learns from that "
        "capture, and one judge (judge.py, which says what counts as right, wrong and missed) compares what was "
        "learned with what is declared, for the operations that were exercised. mirror's own captures hold the routes, "
        "and what FastAPI, flask-smorest and APIFlask know of the models. Of applications of these the first column "
        "is told by the application a part of what is asked for, as the declared document is: it says how well what "
        "is declared and what was seen are brought together, and is not to be compared with the others. The second "
        "says how well mirror learns from the routes and the exchanges, the third from values alone, as the peers "
        "do: they all get the same archive. Held out: not looked at while the learner was improved (which means "
        "little where the models are known).",
        "Wanted were, with routes known, 0.99 in the mean, 1.00 for templates and statuses, 0.97 for parameters, 0.99 "
        "for properties, types and `required`; from values alone 0.95 in the mean and 0.92 for templates.",
        f"{versions()}.",
        "## By application",
        "The mean F1 of the groups. The last lines pool the facts of all applications that a learner could learn from.",
        table(results),
        "## By group",
        "F1 over all applications; how many facts there are to be learned.",
        by_group(results),
        *(["The same over those whose routes mirror knows.", by_group(known)] if len(known) < len(results) else []),
        "## Precision and recall",
        precision_and_recall(results),
        "## Of what was shown",
        "The same, where what no exchange shows is not asked for (a parameter never sent, a member or a null never "
        "there), and what all samples are in keeping with is not held against a learner (`required` of what is always "
        "there). The difference to the tables above is what the test suites do not show. (A fact that a learner knows "
        "and nobody showed counts for it here too: that is so of the first column only.)",
        table(results, shown),
        by_group(results, shown),
        "## Samples that are valid by what was learned from them",
        "JSON bodies of responses and of accepted requests (see validity.py); not a part of the means.",
        samples(results),
        "## The learners",
        "\n".join(tools),
    ]
    if failures:
        parts += ["Could not run:", "\n".join(failures)]
    return "\n\n".join(parts) + "\n"
