"""``mirror``: the verbs, each loaded when it is called.

Exit status: 0 clean, 1 findings, 2 usage or unreadable input, 3 not enough evidence to say, 130 interrupted. What a
program reads goes to standard output, what a person is told on the way to standard error.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from io import TextIOWrapper

import click

from mirror.errors import MirrorError

# Each is ``mirror.cli.<verb>``, whose ``command`` it is; with what it says of itself in the list.
VERBS = {
    "convert": "Convert a capture: JSONL to HAR, HAR to JSONL.",
    "learn": "Learn an OpenAPI document from captures.",
    "merge": "Merge captures into one.",
    "report": "Make a page to look at of captures.",
    "scan": "Look for secrets in files; exit status 1 where there are any.",
    "serve": "Run an echo server that several test processes publish to.",
    "show": "Show the exchanges of a capture.",
    "verify": "Tell what an agent missed, saw twice or saw altered.",
}


class Verbs(click.Group):
    """A group of commands that are imported when they are wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"mirror.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mirror-http", prog_name="mirror")
def mirror() -> None:
    """In-process tests as real HTTP: what was captured of them, and what can be made of it."""


def main(arguments: list[str] | None = None) -> None:
    """Run a verb, and end the process with its exit status."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 - closed by whoever started us
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # names of files and tests may hold what is no text
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is half written is taken away
    try:
        status = mirror.main(arguments, prog_name="mirror", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:  # Ctrl-C
        sys.stderr.write("mirror: interrupted\n")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except MirrorError as error:
        sys.stderr.write(f"mirror: {error}\n")
        sys.exit(2)
    except BrokenPipeError:  # whoever read our output has read enough
        silence()
        sys.exit(0)
    except OSError as error:
        silence()
        what = error.filename or "standard output"
        sys.stderr.write(f"mirror: {what} cannot be {'used' if error.filename else 'written'}: {error.strerror}\n")
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)


def silence() -> None:
    """What is still to be written to standard output can go nowhere; the interpreter would try again at its end."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
