"""``mirror merge``: several captures in one."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path
from sys import intern

import click
import msgspec

from mirror.cli.progress import PATH, counted, keep_going, many, tell_skipped
from mirror.cli.redaction import option as redact_option, redaction
from mirror.cli.target import TARGET, check_target
from mirror.exchange import Exchange
from mirror.store.capture import read, save
from mirror.store.reading import Reading

Key = tuple[object, ...]


@click.command()
@click.argument("sources", metavar="IN...", type=PATH, nargs=-1, required=True)
@click.option("-o", "--output", "target", metavar="OUT", type=TARGET, required=True, help="The capture to write.")
@redact_option
@keep_going
def command(sources: tuple[Path, ...], target: Path, redact: str, keep_going: bool) -> None:
    """Merge captures into one, by the times of their exchanges, each in its own order; .jsonl and .har may be mixed.

    An exchange that stands in several of them, by its correlation ID and its time, is written once,
    with the outcome of its test that any of them tells.
    """
    check_target(target, sources)
    reading = Reading(keep_going)
    clean = redaction(redact)
    with counted(f"{len(sources)} captures to {target}") as tell:
        number = save(target, clean.of(merged(sources, reading)), tell, clean.known(reading), clean.rules)
    tell_skipped(reading)
    click.echo(f"mirror: {many(number)} written to {target}", err=True)


def merged(sources: tuple[Path, ...], reading: Reading) -> Iterator[Exchange]:
    """The exchanges of all, one at a time: each capture stays in its order, that of its recording (or arrival).

    Of the copies of an exchange the first is taken, with the outcome of its test that any of them tells.
    """
    outcomes = told_outcomes(sources, Reading(reading.keep_going)) if len(sources) > 1 else {}
    seen: set[Key] = set()
    for exchange in heapq.merge(*(read(source, reading) for source in sources), key=lambda each: each.started):
        key = key_of(exchange)
        if key not in seen:
            seen.add(key)
            if exchange.outcome is None and key in outcomes:
                exchange = msgspec.structs.replace(exchange, outcome=outcomes[key])
            yield exchange


def told_outcomes(sources: tuple[Path, ...], reading: Reading) -> dict[Key, str]:
    """How the test of each exchange ended, where a capture says so: a copy may stand behind one that does not."""
    outcomes: dict[Key, str] = {}
    for source in sources:
        for exchange in read(source, reading):
            if exchange.outcome is not None:
                outcomes.setdefault(key_of(exchange), intern(exchange.outcome))
    return outcomes


def key_of(exchange: Exchange) -> Key:
    """What the copies of an exchange share."""
    key: Key = exchange.id, exchange.started
    if exchange.gateway == "http":  # of another tool's: the ID is its file's name and its place there
        key += exchange.request.method, exchange.request.url, exchange.response.status
    return key
