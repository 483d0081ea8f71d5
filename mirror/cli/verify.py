"""``mirror verify``: did the agent see everything?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain, count, repeat
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from mirror.cli.body import shown
from mirror.cli.progress import PATH, counted, keep_going, tell_skipped
from mirror.cli.redaction import Blanking, redactor
from mirror.exchange import Exchange
from mirror.store.capture import read
from mirror.store.reading import Reading
from mirror.verify.compare import Verdict, compare
from mirror.verify.seen import read_seen, tells_trailers

SHOWN = 50


@click.command()
@click.argument("capture", metavar="CAPTURE", type=PATH)
@click.option("--against", metavar="FILE", type=PATH, required=True, help="What the agent wrote: HAR, flows, pcap(ng).")
@click.option("--port", metavar="N", type=click.IntRange(1, 65535), help="Of a pcap, only connections with this port.")
@click.option("--ignore-header", "ignored", metavar="NAME", multiple=True, help="Do not compare this one; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
@click.option("--all", "show_all", is_flag=True, help=f"Tell every finding, not only {SHOWN} of a kind.")
@keep_going
def command(
    capture: Path,
    against: Path,
    port: int | None,
    ignored: tuple[str, ...],
    as_json: bool,
    show_all: bool,
    keep_going: bool,
) -> NoReturn:
    """Tell which exchanges of CAPTURE an agent missed, saw twice, or saw altered (and how).

    Exit status: 0 it saw them all, 1 it did not, 2 a file cannot be read, 3 there is nothing to compare.
    Values that redaction replaces in the capture are taken to be right, whatever they are.
    """
    reading = Reading(keep_going)
    passes = chain([reading], repeat(Reading(keep_going)))  # the capture is read twice, and what is skipped told once
    blank, blank_seen = redactor().blank, Blanking()
    names = frozenset(name.strip().lower().encode("latin-1", "replace") for name in (*ignored, "mirror-correlation-id"))
    with counted(f"{capture} against {against}") as tell:
        read_so_far = count(1)

        def told_of(exchanges: Iterator[Exchange]) -> Iterator[Exchange]:
            for exchange in exchanges:
                tell(next(read_so_far))
                yield exchange

        seen = map(blank_seen, told_of(read_seen(against, reading, port)))
        verdict = compare(
            lambda: map(blank, told_of(read(capture, next(passes)))), seen, names, tells_trailers(against)
        )
    verdict = msgspec.structs.replace(verdict, uncompared=blank_seen.unread)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(verdict)))
    else:
        told(verdict, against, show_all)
    tell_skipped(reading)
    if not verdict.published:
        click.echo(f"mirror: {capture} has no exchanges: there is nothing to compare", err=True)
        raise click.exceptions.Exit(3)
    raise click.exceptions.Exit(1 if verdict.findings else 0)


def told(verdict: Verdict, against: Path, show_all: bool) -> None:
    kinds = Counter(finding.kind for finding in verdict.findings)
    number_of: Counter[str] = Counter()
    for finding in verdict.findings:
        number_of[finding.kind] += 1
        if show_all or number_of[finding.kind] <= SHOWN:
            click.echo(shown(str(finding)))
    for kind, number in kinds.items():
        if not show_all and number > SHOWN:
            click.echo(f"... and {number - SHOWN} more {kind} (--all)")
    click.echo(
        f"published {verdict.published}, seen {verdict.seen}: missed {kinds['missed']}, twice {kinds['twice']}, "
        f"altered {kinds['altered']}" + (f"; {verdict.unknown} that nobody published" if verdict.unknown else "")
    )
    if verdict.uncompared:
        click.echo(f"{verdict.uncompared} with a body that redaction replaces whole: what it says was not compared")
    if verdict.published and not verdict.findings:
        click.echo(f"{against} shows every exchange once, and as it was published, as far as the two are compared.")
