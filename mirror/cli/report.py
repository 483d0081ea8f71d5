"""``mirror report``: captures as a page to look at."""

from __future__ import annotations

from hashlib import blake2b
from itertools import count
from pathlib import Path

import click

from mirror.cli.progress import PATH, counted, keep_going, many, tell_skipped
from mirror.cli.redaction import option as redact_option, redaction
from mirror.report.collection import BODY, MOST, Collection, Limits
from mirror.report.page import save
from mirror.store.capture import read
from mirror.store.reading import Reading, opened

LARGE = 100_000_000
"""Bytes of a page that browsers take long to show."""


@click.command()
@click.argument("captures", metavar="CAPTURE...", type=PATH, nargs=-1, required=True)
@click.option("-o", "--output", metavar="FILE", type=PATH, required=True, help="The page, such as report.html.")
@click.option("--title", help="What the page is called; without it as the application is, or API.")
@click.option(
    "--body", metavar="NUMBER", type=click.IntRange(0), default=BODY, show_default=True,
    help="Characters of each body that are kept.",
)  # fmt: skip
@click.option(
    "--most", metavar="NUMBER", type=click.IntRange(0), default=MOST, show_default=True,
    help="Exchanges kept of an operation with the same status; all are counted.",
)  # fmt: skip
@redact_option
@keep_going
def command(
    captures: tuple[Path, ...], output: Path, title: str | None, body: int, most: int, redact: str, keep_going: bool
) -> int:
    """Make a page of captures: .jsonl or .har, of mirror's or of any other tool.

    The page is one file that needs no network: the operations with their parameters, schemas and examples, the tests
    that exercise them, and every exchange behind a click. The same captures give the same bytes. FILE is written whole
    or not at all, readable by its owner alone, as captures are.

    Exit status: 0 written, 2 something could not be read or written, 3 no exchange in the captures.
    """
    if output.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"{output}: a page is called .html")
    reading = Reading(keep_going)
    collection = Collection(Limits(body, most))
    clean = redaction(redact, key_of(captures))
    number = count(1)
    with counted("report") as tell:
        for capture in captures:
            for exchange in clean.of(read(capture, reading)):
                collection.add(exchange)
                tell(next(number))
    for routes in clean.known(reading):
        collection.know(routes)
    tell_skipped(reading)
    if not collection.count:
        click.echo("mirror: the captures hold no exchange: there is nothing to show", err=True)
        return 3
    size = save(output, collection, title)
    click.echo(f"mirror: {output}: {many(collection.count)}, {in_words(size)}", err=True)
    if size > LARGE:
        click.echo("mirror: that is much for a browser; --body 2000 or --most 100 make it smaller", err=True)
    return 0


def key_of(captures: tuple[Path, ...]) -> bytes:
    """The key of the placeholders: made of the captures themselves, so that the same ones give the same page, and
    nobody without them can try out what stood there."""
    digest = blake2b(digest_size=32)
    for capture in captures:
        with opened(capture) as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.digest()


def in_words(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.1f} kB"
