"""``mirror convert``: a capture in the other format."""

from __future__ import annotations

from pathlib import Path

import click

from mirror.cli.progress import PATH, counted, keep_going, many, tell_skipped
from mirror.cli.redaction import option as redact_option, redaction
from mirror.cli.target import TARGET, check_target
from mirror.store.capture import read, save
from mirror.store.reading import Reading


@click.command()
@click.argument("source", metavar="IN", type=PATH)
@click.argument("target", metavar="OUT", type=TARGET)
@redact_option
@keep_going
def command(source: Path, target: Path, redact: str, keep_going: bool) -> None:
    """Convert a capture: IN is a .jsonl or a .har (of mirror's or of any other tool), OUT is named .jsonl or .har.

    OUT is another file than IN, written whole or not at all, and redacted like every file of mirror's. It takes
    constant memory.
    """
    check_target(target, [source])
    reading = Reading(keep_going)
    clean = redaction(redact)
    with counted(f"{source} to {target}") as tell:
        number = save(target, clean.of(read(source, reading)), tell, clean.known(reading), clean.rules)
    tell_skipped(reading)
    click.echo(f"mirror: {many(number)} written to {target}", err=True)
