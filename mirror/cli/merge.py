"""``mirror merge``: several captures in one."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path

import click

from mirror.cli.progress import PATH, counted, keep_going, tell_skipped
from mirror.cli.redaction import option as redact_option, redaction
from mirror.exchange import Exchange
from mirror.store.capture import read, save
from mirror.store.reading import Reading


@click.command()
@click.argument("sources", metavar="IN...", type=PATH, nargs=-1, required=True)
@click.option("-o", "--output", "target", metavar="OUT", type=PATH, required=True, help="The capture to write.")
@redact_option
@keep_going
def command(sources: tuple[Path, ...], target: Path, redact: str, keep_going: bool) -> None:
    """Merge captures into one, by the times of their exchanges, each in its own order; .jsonl and .har may be mixed.

    An exchange that stands in several of them, by its correlation ID and its time, is written once.
    """
    reading = Reading(keep_going)
    clean = redaction(redact)
    with counted(f"{len(sources)} captures to {target}") as tell:
        number = save(target, clean.of(merged(sources, reading)), tell, clean.known(reading))
    tell_skipped(reading)
    click.echo(f"{number} exchanges written to {target}", err=True)


def merged(sources: tuple[Path, ...], reading: Reading) -> Iterator[Exchange]:
    """The exchanges of all, one at a time: each capture stays in its order, that of its recording (or arrival)."""
    seen: set[tuple[object, ...]] = set()
    for exchange in heapq.merge(*(read(source, reading) for source in sources), key=lambda each: each.started):
        key: tuple[object, ...] = exchange.id, exchange.started
        if exchange.gateway == "http":  # of another tool's: the ID is its file's name and its place there
            key += exchange.request.method, exchange.request.url, exchange.response.status
        if key not in seen:
            seen.add(key)
            yield exchange
