"""Measure how right the documents are that mirror and others learn, and publish it.

    python -m benchmarks.accuracy.run                       all applications, all learners
    python -m benchmarks.accuracy.run --own                 without those that have to be downloaded
    python -m benchmarks.accuracy.run --app shop --tool mirror --explain    what was missed and what was wrong
    python -m benchmarks.accuracy.run --write               also write the tables to benchmarks/accuracy/RESULTS.md
    python -m benchmarks.accuracy.run --judge DECLARED LEARNED CAPTURE      documents of anybody's

Each application (see apps) declares its own document and has an ordinary test suite that knows nothing of mirror. The
suite is run under ``pytest --mirror --mirror-capture``; the learners get the capture, the judge (judge.py) compares
what they say with what is declared. Run it in an environment with mirror and its dependency groups dev and accuracy.
The applications that are marked as held out are not looked at by whoever improves the learner: ``--explain`` says
nothing of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.accuracy.apps import APPS, OWN, App
from benchmarks.accuracy.judge import Group, Verdict, judge
from benchmarks.accuracy.learners import LEARNERS, CannotRun, Capture, Learner, bare, empty, load, run
from benchmarks.accuracy.report import document, table
from benchmarks.accuracy.validity import Validity, validity
from mirror.store.capture import read

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"


class Result(NamedTuple):
    """What came of a learner on an application: a verdict, or why there is none."""

    app: App
    learner: Learner
    verdict: Verdict | None
    validity: Validity | None = None
    reason: str = ""


def declared(app: App, work: Path) -> dict[str, Any]:
    code = f"import {app.imported}, json; print(json.dumps({app.declared}, default=str))"
    return json.loads(run([sys.executable, "-W", "ignore", "-c", code], app.folder(work)))  # type: ignore[no-any-return]


def captured(app: App, work: Path) -> tuple[Path, Path]:
    """Run the suite under mirror: its capture, and the bare archive."""
    folder = empty(work / app.name)
    jsonl, har = folder / "capture.jsonl", folder / "capture.har"
    command = [sys.executable, "-m", "pytest", "-q", "-W", "ignore", "-p", "no:randomly", "-p", "no:cacheprovider"]
    # The cards and keys of a test suite are nobody's, and redaction is not what is measured.
    command += ["--mirror", "--mirror-capture", str(jsonl), "--mirror-capture", str(har), "--mirror-redact", "none"]
    run([*command, app.suite], app.folder(work))
    archive = json.loads(har.read_text("utf-8"))
    har.write_text(json.dumps(bare(archive)), "utf-8")
    return jsonl, har


def measure(apps: Sequence[App], learners: Sequence[Learner], work: Path, reuse: bool) -> list[Result]:
    """``reuse``: the captures and the documents of others that stand in ``work`` are judged as they are."""
    results = []
    for app in apps:
        folder = work / app.name
        folder.mkdir(parents=True, exist_ok=True)
        kept = reuse and (folder / "capture.har").exists()
        jsonl, har = captured(app, work) if not kept else (folder / "capture.jsonl", folder / "capture.har")
        truth = declared(app, work)
        (folder / "declared.json").write_text(json.dumps(truth, indent=1))
        exchanges = list(read(jsonl))
        for learner in learners:
            place = folder / learner.name.replace(", ", "-").replace(" ", "-")
            done = place / "learned.json"
            try:
                if reuse and done.exists() and not learner.name.startswith("mirror"):
                    learned = load(done)
                else:
                    learned = learner.learn(Capture(jsonl, har, empty(place)))
                    done.write_text(json.dumps(learned))
                verdict = judge(truth, learned, exchanges)
                result = Result(app, learner, verdict, validity(truth, learned, exchanges))
            except CannotRun as error:
                result = Result(app, learner, None, reason=str(error))
            results.append(result)
            print(f"{app.name:12}{learner.name:24}{told(result)}", flush=True)
    return results


def told(result: Result) -> str:
    if result.verdict is None or result.validity is None:
        return f"cannot run: {result.reason}"
    valid, samples, first = result.validity
    means = f"{result.verdict.mean:.3f} (shown: {result.verdict.shown_mean:.3f})"
    ours = first and result.learner.name.startswith("mirror") and not result.app.held_out
    return f"{means}, {valid} of {samples} samples valid{f', not {first}' if ours else ''}"


def explain(groups: dict[str, Group]) -> str:
    """Each fact that was missed or wrong."""
    lines = []
    for name, group in groups.items():
        if group.f1 is not None:
            lines.append(f"{name}: {group.f1:.3f} ({len(group.right)} right)")
        lines += sorted(f"    missed  {fact}" for fact in group.missed)
        lines += sorted(f"    wrong   {fact}" for fact in group.wrong)
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--app", action="append", choices=[app.name for app in APPS], help="this one; repeatable")
    parser.add_argument("--tool", action="append", choices=[one.name for one in LEARNERS], help="this one; repeatable")
    parser.add_argument("--explain", action="store_true", help="say what was missed and what was wrong (held out: not)")
    parser.add_argument("--shown", action="store_true", help="explain by the milder count: what can be learned at all")
    parser.add_argument("--own", action="store_true", help="only the applications that stand here")
    parser.add_argument("--write", action="store_true", help=f"write the tables to {RESULTS.name}")
    parser.add_argument("--work", type=Path, help="keep captures and documents in this folder")
    parser.add_argument("--reuse", action="store_true", help="do again only what mirror does; the rest is in --work")
    parser.add_argument("--judge", nargs=3, type=Path, metavar=("DECLARED", "LEARNED", "CAPTURE"))
    options = parser.parse_args(arguments)
    if options.judge:
        truth, learned, capture = options.judge
        exchanges = list(read(capture))
        verdict = judge(load(truth), load(learned), exchanges)
        print(explain(verdict.shown if options.shown else verdict.groups))
        print(f"mean {verdict.mean:.3f}, of what was shown {verdict.shown_mean:.3f}")
        print(f"samples: {validity(load(truth), load(learned), exchanges)}")
        return 0
    if options.write and (options.app or options.tool or options.own):
        parser.error(f"--write with --app, --tool or --own would leave a part of the tables in {RESULTS.name}")
    apps = [app for app in (OWN if options.own else APPS) if not options.app or app.name in options.app]
    learners = [learner for learner in LEARNERS if not options.tool or learner.name in options.tool]
    with tempfile.TemporaryDirectory() as temporary:
        results = measure(apps, learners, (options.work or Path(temporary)).resolve(), options.reuse)
    print(f"\n{table(results)}")
    for result in results:
        if options.explain and result.verdict is not None and not result.app.held_out:
            print(f"\n{result.app.name}, {result.learner.name}")
            print(explain(result.verdict.shown if options.shown else result.verdict.groups))
    if options.write:
        RESULTS.write_text(document(results), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
