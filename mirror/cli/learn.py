"""``mirror learn``: an OpenAPI document from captures."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from mirror.cli.learning import Learned, Plan, learned_here
from mirror.cli.progress import counted, keep_going, many, tell_skipped
from mirror.cli.redaction import option as redact_option, tell_failures
from mirror.cli.target import TARGET, check_target
from mirror.errors import LearnError
from mirror.openapi.document import Style
from mirror.openapi.evidence import GraphQL
from mirror.openapi.explain import explain
from mirror.openapi.graphql_schema import sdl
from mirror.openapi.info import info_of
from mirror.openapi.merging import copy, merge_into
from mirror.openapi.model import DIVISIONS, Service
from mirror.openapi.output import form_of, pruned_where, save, save_text, text_of
from mirror.openapi.uncalled import uncalled_operations
from mirror.store.remote import Source, sources


@click.command()
@click.argument("captures", metavar="CAPTURE...", nargs=-1, required=True)
@click.option(
    "-o", "--output", metavar="FILE", type=TARGET, help="The document: .yaml, .yml or .json; - for a terminal."
)
@click.option("--update", is_flag=True, help="Keep what people have written in FILE; tell what contradicts it.")
@click.option("--prune", metavar="NAME", multiple=True, help="With --update, take this out, by its name; repeatable.")
@click.option("--openapi-version", type=click.Choice(["3.1", "3.0"]), help="3.1; with --update that of FILE.")
@click.option("--title", help="info.title; without it the application's, the part's that --split makes, or API.")
@click.option("--api-version", metavar="TEXT", help="info.version; without it the application's, or 0.0.0.")
@click.option("--server", "servers", metavar="URL", multiple=True, help="Where the service runs; repeatable.")
@click.option("--split", type=click.Choice(sorted(DIVISIONS)), help="One document for each host, or folder of tests.")
@click.option(
    "--sdl",
    metavar="FILE",
    type=TARGET,
    help="Also write the GraphQL schema that calls have shown.",
)
@click.option("--no-evidence", is_flag=True, help="Leave out x-mirror: the samples and tests a fact stands on.")
@click.option("--no-examples", is_flag=True, help="Leave out examples.")
@click.option("--no-unexercised", is_flag=True, help="Leave out the routes and members that no test has shown.")
@click.option("--no-models", is_flag=True, help="Nothing that the framework's models declare: what was seen alone.")
@click.option("--explain", "question", metavar="FACT", help="What it stands on: 'GET /orders/{order_id} 200 #/total'.")
@click.option(
    "--engine", type=click.Choice(["serial", "dask"]), default="serial", show_default=True, help="Who learns."
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="With --engine dask: whose workers; else processes on this machine."
)
@redact_option
@keep_going
def command(**options: Any) -> int:
    """Learn an OpenAPI document from captures: .jsonl or .har, of mirror's or of any other tool.

    CAPTURE is a path, a URL that fsspec knows (s3://bucket/run.jsonl), or a pattern of either ('captures/*.jsonl').
    With --engine dask many captures are learned from at once; the document is the same.

    FILE is written whole or not at all; with --split the name of each part is added to its name.

    Exit status: 0 written, 1 what people have written in FILE is contradicted (--update), 2 something could not be read
    or written, 3 no call of an operation in the captures.
    """
    output: Path | None = options["output"]
    question: str | None = options["question"]
    if output is None and question is None:
        raise click.UsageError("where to? -o openapi.yaml (or ask about a fact: --explain)")
    if output is not None and str(output) != "-":
        form_of(output)
    if options["prune"] and not options["update"]:
        raise click.UsageError("--prune takes something out of a document that is there: add --update")
    if options["update"] and str(output) == "-":
        raise click.UsageError("--update keeps what stands in a file: name it with -o")
    if options["scheduler"] is not None and options["engine"] != "dask":
        raise click.UsageError("--scheduler is for --engine dask")
    plan = Plan.of(options["split"], options["redact"], options["keep_going"])
    captures = sources(options["captures"])
    read = [capture for capture in captures if isinstance(capture, Path)]
    for target in filter(None, (output, options["sdl"])):
        check_target(target, read)
    if options["sdl"] is not None and options["sdl"] == output:
        raise click.UsageError(f"{output} cannot be both the document and the schema: name another file for one")
    found = learned(captures, plan, options["engine"], options["scheduler"])
    tell_skipped(found)
    tell_failures(found.failures)
    judged = {name: service.judged() for name, service in sorted(found.model.settled().items())}
    services = {name: service for name, service in judged.items() if service.count}
    if not services:
        click.echo("mirror: the captures hold no call of an operation: there is nothing to learn from", err=True)
        return 3
    if question is not None:
        click.echo("\n".join(explained(services.values(), question)))
    if options["sdl"] is not None:
        write_sdl(options["sdl"], services.values())
    contradicted = 0
    if output is not None:
        files = paths(services, output)
        prune = (
            pruned_where(files.values(), options["prune"])
            if len(files) > 1
            else dict.fromkeys(files.values(), options["prune"])
        )
        for number, (name, path) in enumerate(files.items()):
            if number and str(output) == "-":
                click.echo("---")  # the next document of the stream
            contradicted += write(services[name], name, path, options | {"prune": prune.get(path, ())})
    return 1 if contradicted else 0


def learned(captures: Sequence[Source], plan: Plan, engine: str, scheduler: str | None) -> Learned:
    if engine == "serial":
        with counted("learn") as tell:
            return learned_here(captures, plan, tell)
    from mirror.cli.dask_engine import learned_by_dask

    with counted("learn", f"of {len(captures)} captures", every=1) as tell:
        return learned_by_dask(captures, plan, scheduler, tell)


def write_sdl(path: Path, services: Iterable[Service]) -> None:
    calls: dict[str, GraphQL] = {}
    for service in services:
        for operation in service.operations().values():
            merge_into(calls, {name: copy(call) for name, call in operation.graphql.items()})
    if not calls:
        click.echo(f"mirror: there is no GraphQL in the captures: {path} is not written", err=True)
        return
    if str(path) == "-":
        print_whole(sdl(calls))
    else:
        save_text(path, sdl(calls))


def explained(services: Iterable[Service], question: str) -> list[str]:
    """What the parts that have seen a fact say of it. Raises LearnError where none has."""
    lines: list[str] = []
    unseen: LearnError | None = None
    for service in services:
        try:
            lines += explain(service, question)
        except LearnError as error:
            unseen = error
    if unseen is not None and not lines:
        raise unseen
    return lines


def paths(names: Iterable[str], output: Path) -> dict[str, Path]:
    """The file of each part: ``output`` with the part's name added to its own, each another one."""
    if str(output) == "-":
        return dict.fromkeys(names, output)
    found: dict[str, Path] = {}
    for name in names:
        part = re.sub(r"[^\w.-]+", "-", name).strip("-.")
        stem = f"{output.stem}-{part}" if part else output.stem
        path, number = output.with_stem(stem), 2
        while path in found.values():
            path, number = output.with_stem(f"{stem}-{number}"), number + 1
        found[name] = path
    return found


def print_whole(text: str) -> None:
    """Print a document, or raise OSError. Where standard output is not buffered (PYTHONUNBUFFERED), what its last write
    had no room for would be lost without a word."""
    sys.stdout.flush()
    if not hasattr(sys.stdout, "buffer"):  # a text in memory, of whoever calls this from Python
        sys.stdout.write(text)
        return
    out = io.BufferedWriter(sys.stdout.buffer)
    out.write(text.encode())
    out.flush()
    out.detach()


def write(service: Service, name: str, path: Path, options: dict[str, Any]) -> int:
    """Write one document, and say what is in it; returns how often it contradicts people. Raises DocumentError."""
    style = Style(
        title=options["title"] or info_of(service.known).title or name,
        version=options["api_version"] or "",
        servers=options["servers"],
        evidence=not options["no_evidence"],
        examples=not options["no_examples"],
        unexercised=not options["no_unexercised"],
        models=not options["no_models"],
    )
    if str(path) == "-":
        print_whole(text_of(service, style, options["openapi_version"], "yaml"))
        return 0
    updated = save(path, service, style, options["openapi_version"], updating=options["update"], prune=options["prune"])
    operations = service.operations()
    click.echo(f"mirror: {path}: {many(len(operations), 'operation')} from {many(service.count)}", err=True)
    uncalled = sum(1 for _ in uncalled_operations(service.known, operations))
    if uncalled:
        said = "listed, marked" if style.unexercised else "left out"
        click.echo(f"mirror:   {many(uncalled, 'route')} that no test called: {said}", err=True)
    for reason, number in sorted(service.skipped.items()):
        click.echo(f"mirror:   left out {number}: {reason}", err=True)
    if options["update"]:
        # Of a path its operations come back.
        back = {name: [new for new in updated.added if name in (new, new.partition(" ")[2])] for name in updated.pruned}
        anew = {new for news in back.values() for new in news}
        told = (
            ("added", [each for each in updated.added if each not in anew]),
            ("changed", updated.changed),
            ("pruned", [each for each in back if not back[each]]),
            ("pruned, and learned anew:", [each for each in back if back[each]]),
        )
        for what, names in told:
            for each in names:
                click.echo(f"mirror:   {what} {each}", err=True)
    for conflict in updated.conflicts:
        click.echo(str(conflict))
    return len(updated.conflicts)
