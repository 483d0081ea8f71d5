"""``mirror show``: the exchanges of a capture, for a person."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import click

from mirror.cli.body import shown
from mirror.cli.progress import PATH, keep_going, many, tell_skipped
from mirror.exchange import Exchange, WebSocketMessage
from mirror.headers import Headers
from mirror.readable import pretty
from mirror.store.capture import read
from mirror.store.reading import Reading

# What a capture can hold (mirror.store.record), 9xx included.
STATUS = re.compile(r"[1-9]([0-9][0-9]|xx)", re.IGNORECASE)
LONGEST = 10_000  # characters of a body that a terminal is given
COLOURS = {1: "cyan", 2: "green", 3: "cyan", 4: "yellow", 5: "red"}


def statuses(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if STATUS.fullmatch(value) is None:
            raise click.BadParameter(f"{value!r}: write a status such as 404, or a class such as 4xx")
    return tuple(value.lower() for value in values)


@click.command()
@click.argument("capture", metavar="CAPTURE", type=PATH)
@click.argument("which", metavar="[NUMBER|ID]", required=False)
@click.option("--path", "paths", metavar="GLOB", multiple=True, help="Only such paths, as '/orders/*'; repeatable.")
@click.option("--method", "methods", metavar="NAME", multiple=True, help="Only this method; repeatable.")
@click.option(
    "--status", "codes", metavar="CODE", multiple=True, callback=statuses, help="Only 404 or 4xx; repeatable."
)
@click.option("--test", "tests", metavar="TEXT", multiple=True, help="Only tests with this in their ID; repeatable.")
@keep_going
def command(
    capture: Path,
    which: str | None,
    paths: tuple[str, ...],
    methods: tuple[str, ...],
    codes: tuple[str, ...],
    tests: tuple[str, ...],
    keep_going: bool,
) -> None:
    """Show the exchanges of a capture (.jsonl or .har), a line each; or one of them in full.

    NUMBER is the first column of the list, ID an exchange's correlation ID. Filters are for the list.
    """
    if which is not None and (paths or methods or codes or tests):
        raise click.UsageError(f"{which} names one exchange: leave the filters out, or leave {which} out for a list")
    reading = Reading(keep_going)
    kept = Filter(paths, tuple(name.upper() for name in methods), codes, tests)
    exchanges = enumerate(read(capture, reading), 1)
    if which is not None:
        one = next((each for number, each in exchanges if which in (str(number), each.id)), None)
        if one is None:
            raise click.UsageError(f"{capture} has no exchange {which}: 'mirror show {capture}' lists those it has")
        click.echo("\n".join(in_full(one, LONGEST if sys.stdout.isatty() else None)))
    else:
        found = listed(((number, each) for number, each in exchanges if kept(each)))
        relative = [path for path in paths if path[:1] not in ("/", "*", "?", "[")]
        if not found and relative:
            click.echo(f"mirror: a path begins with /: --path '/{relative[0]}', or '*{relative[0]}*'", err=True)
    tell_skipped(reading)


class Filter(NamedTuple):
    """Whether an exchange is wanted: one of each kind has to match, where there are any of that kind."""

    paths: tuple[str, ...]
    methods: tuple[str, ...]
    codes: tuple[str, ...]
    tests: tuple[str, ...]

    def __call__(self, exchange: Exchange) -> bool:
        path = unquote(exchange.request.path)
        status = str(exchange.response.status)
        return (
            (not self.paths or any(fnmatchcase(path, glob) for glob in self.paths))
            and (not self.methods or exchange.request.method in self.methods)
            and (not self.codes or any(status.startswith(code.rstrip("x")) for code in self.codes))
            and (not self.tests or any(text in (exchange.test or "") for text in self.tests))
        )


def listed(exchanges: Iterator[tuple[int, Exchange]]) -> int:
    """The table, and how many lines it has. Each is printed when it is known, so that a long one can be left at any
    time."""
    terminal = sys.stdout.isatty()
    room = max(shutil.get_terminal_size().columns - 34, 30) if terminal else None
    number_of = 0
    for number, exchange in exchanges:
        if not number_of:
            click.echo(f"{'#':>6} {'status':>6} {'ms':>8}  {'method':<7} target  (test)")
        number_of += 1
        status = exchange.response.status
        target = exchange.request.target
        test = f"  ({exchange.test}{f', {exchange.outcome}' if exchange.outcome else ''})" if exchange.test else ""
        what = shown(target + test)
        if room is not None and len(what) > room:
            what = what[: room - 3] + "..."
        code = click.style(f"{status:>6}", fg=COLOURS.get(status // 100))
        click.echo(f"{number:>6} {code} {exchange.elapsed * 1e3:>8.1f}  {shown(exchange.request.method):<7} {what}")
    click.echo(many(number_of), err=True)
    return number_of


def in_full(exchange: Exchange, longest: int | None = None) -> Iterator[str]:
    """Everything that is known of one exchange, line by line; of each body and message at most so many characters."""
    request, response = exchange.request, exchange.response
    yield shown(f"exchange  {exchange.id}  ({exchange.gateway})")
    yield f"started   {date_time(exchange.started)}"
    yield f"elapsed   {exchange.elapsed * 1e3:.3f} ms"
    if exchange.route is not None:
        yield shown(f"route     {exchange.route.template}  {exchange.route.endpoint}")
        if exchange.route.doc:
            yield f"          {shown(exchange.route.doc.strip().partition(chr(10))[0])}"
    if exchange.test is not None:
        yield shown(f"test      {exchange.test}" + (f"  {exchange.outcome}" if exchange.outcome else ""))
    if exchange.error is not None:
        yield f"error     {shown(exchange.error)}"
    yield ""
    yield shown(f"{request.method} {request.target} HTTP/1.1")
    yield from section(request.headers)
    yield from shown_body(request.body, request.headers, longest)
    yield ""
    yield shown(f"HTTP/1.1 {response.status} {response.reason}")
    yield from section(response.headers)
    yield from shown_body(response.body, response.headers, longest)
    if response.trailers.raw:
        yield ""
        yield from section(response.trailers)
    if not response.complete:
        yield "(the response was not complete)"
    if exchange.messages:
        yield ""
        for message in exchange.messages:
            yield shown_message(message, exchange.started, longest)


def date_time(seconds: float) -> str:
    """A time that a capture holds; it may be none that a calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} (no date)"


def section(headers: Headers) -> Iterator[str]:
    for name, value in headers:
        yield shown(f"{name}: {value}")


def shown_body(body: bytes, headers: Headers, longest: int | None) -> Iterator[str]:
    if body:
        yield ""
        yield from cut(shown(pretty(body, headers), "\n\t"), longest).split("\n")


def shown_message(message: WebSocketMessage, started: float, longest: int | None) -> str:
    arrow = "->" if message.sender == "client" else "<-"
    is_text = message.kind in ("text", "close")
    data = message.data.decode("utf-8", "backslashreplace") if is_text else text_in(message.data)
    code = f" {message.code}" if message.code else ""
    return f"{(message.time - started) * 1e3:>10.1f} ms {arrow} {message.kind}{code} {cut(shown(data), longest)}"


def text_in(data: bytes) -> str:
    """The text that a binary message holds (JSON, say); in hexadecimal where it holds none."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data.hex(" ", 4)
    return text if all(c.isprintable() or c in "\t\r\n" for c in text) else data.hex(" ", 4)


def cut(text: str, longest: int | None) -> str:
    """The text, or its beginning and how all of it can be seen."""
    if longest is None or len(text) <= longest:
        return text
    more = len(text) - longest
    return f"{text[:longest]}\n... and {more} more characters: '| less' or '> FILE' behind it has them all"
