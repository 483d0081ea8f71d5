"""``mirror scan``: are there secrets in these files?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from mirror.cli.body import shown
from mirror.cli.progress import counted
from mirror.cli.redaction import rules as own_rules
from mirror.errors import CaptureError
from mirror.redact.redactor import Redactor
from mirror.redact.rules import DEFAULT, Rules
from mirror.redact.scan import Finding, Found, ScanError, Scanner, as_row
from mirror.store.capture import read
from mirror.store.reading import Reading


@click.command(name="scan")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each finding, one on a line.")
@click.option(
    "--no-rules", is_flag=True, help="Do not read [tool.mirror.redact] of the current folder's pyproject.toml."
)
def command(paths: tuple[Path, ...], as_json: bool, no_rules: bool) -> int:
    """Look for secrets in files, and in all files below folders.

    Captures (.jsonl, .har), logs, documents, settings: each is walked as redaction would walk it, captures exchange by
    exchange as well, with their compressed and encoded bodies read. A finding says where it is and what kind it is,
    never the secret itself, at most its first two characters. Placeholders are no findings.

    Exit status: 0 nothing found, 1 findings, 2 a path could not be read.
    """
    rules = DEFAULT if no_rules else own_rules()
    found = unread = files = 0
    tell: Callable[[int], None]

    def begin(_: Path) -> None:
        nonlocal files
        files += 1
        tell(files)

    scanner = Scanner(rules, begin, lambda path: in_exchanges(path, rules))
    for path in paths:
        findings = scanner.find(path)
        try:
            while True:
                with counted("scan", "files", 10) as tell:  # between two findings: they are lines of their own
                    finding = next(findings, None)
                if finding is None:
                    break
                found += 1
                click.echo(json.dumps(as_row(finding)) if as_json else line(finding))
        except ScanError as error:
            unread += 1
            click.echo(f"mirror: {error}", err=True)
    if found and not as_json:
        click.echo(f"mirror: {found} secret{'s' if found > 1 else ''} found", err=True)
    return 2 if unread else 1 if found else 0


def in_exchanges(path: Path, rules: Rules) -> Iterator[Found]:
    """What redaction finds in the exchanges of a capture; nothing where the file is none."""
    if path.suffix.lower() not in (".jsonl", ".har"):
        return
    found: list[Found] = []
    told: set[tuple[str, str]] = set()
    redactor = Redactor(rules, found=lambda *one: found.append(one))
    try:
        for number, exchange in enumerate(read(path, Reading(keep_going=True)), start=1):
            redactor.redact(exchange)
            for kind, value, place in found:
                if (kind, value) not in told:
                    told.add((kind, value))
                    yield kind, value, ".".join(filter(None, (f"exchange {number}", place)))
            found.clear()
    except CaptureError:  # other JSON lines, or an archive that is cut short: its text has been looked at
        return


def line(finding: Finding) -> str:
    where = f"{finding.path}:{finding.line}:" if finding.line else f"{finding.path}:"
    place = f" {finding.place}" if finding.place else ""
    hint = f" ({finding.hint}...)" if finding.hint else ""
    return shown(f"{where}{place} {finding.kind}{hint}")
