"""``mirror serve``: an echo and a hub that stand alone, for as many test processes as there are."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from socket import gethostname
from urllib.parse import urlsplit

import click

from mirror.cli.body import shown
from mirror.cli.progress import many
from mirror.cli.redaction import rules
from mirror.config import Settings
from mirror.errors import CaptureError, MirrorError
from mirror.session import Mirror
from mirror.summary import summary, without_secrets

EVERYWHERE = ("0.0.0.0", "::")


@click.command()
@click.option("--port", metavar="N", default="0", help="Echo port, for agents to watch (default: a free one).")
@click.option("--host", metavar="H", default="127.0.0.1", show_default=True, help="Address that both listen on.")
@click.option("--hub-port", metavar="N", default=0, type=click.IntRange(0, 65535), help="Port of the hub (the same).")
@click.option(
    "--token",
    metavar="T",
    envvar="MIRROR_HUB_TOKEN",
    help="What test processes have to say, instead of a random one; others on this machine can see it among the "
    "arguments, but not in the variable MIRROR_HUB_TOKEN.",
)
@click.option("--proxy", metavar="URL", help="Publish through a proxy, http://HOST:PORT.")
@click.option("--proxy-mode", metavar="MODE", default="reverse", show_default=True, help="reverse or forward.")
@click.option("--correlation-header", metavar="NAME", help="Send each exchange's ID in a header field of that name.")
@click.option("--capture", metavar="PATH", multiple=True, help="Write every exchange to a .jsonl or .har; repeatable.")
@click.option(
    "--redact", metavar="WHAT", default="store", show_default=True, help="store (files), all (wire too), none."
)
def command(
    port: str,
    host: str,
    hub_port: int,
    token: str | None,
    proxy: str | None,
    proxy_mode: str,
    correlation_header: str | None,
    capture: tuple[str, ...],
    redact: str,
) -> None:
    """Run an echo that several test processes publish to, until Ctrl-C.

    Prints the echo's URL and the line to set for the tests, which then publish here:

    \b
        $ mirror serve --port 8900
        echo http://127.0.0.1:8900
        MIRROR_HUB=http://TOKEN@127.0.0.1:40123
        $ MIRROR_HUB=http://TOKEN@127.0.0.1:40123 pytest --mirror     (elsewhere, as often as you like)

    At its end it prints what became of the exchanges. Exit status: 0, or 2 where it cannot start.
    """
    with own_words():
        settings = Settings(
            port=port,  # type: ignore[arg-type]
            host=host,
            proxy=proxy,
            proxy_mode=proxy_mode,  # type: ignore[arg-type]
            correlation_header=correlation_header,
            capture=capture,
            redact=redact,  # type: ignore[arg-type]
            rules=rules(),
            history=0,
        )
    # Before there is a thread: each has the mask of the one that starts it, and none of them shall be interrupted.
    ends = hold_back()
    with own_words():
        mirror = Mirror(settings, attach=False).start()
    try:
        for problem in mirror.missing_captures:
            raise CaptureError(problem)
        with own_words():
            hub = mirror.open_hub(host, hub_port, token)
        click.echo(f"echo {mirror.url}")
        click.echo(f"MIRROR_HUB={hub.address.url}")
        if host in EVERYWHERE:
            elsewhere = hub.address._replace(host="HOST")
            click.echo(
                "mirror: from other machines and containers: the echo is http://HOST:"
                f"{urlsplit(mirror.url).port}, and the line to set is MIRROR_HUB={elsewhere.url}, with the name or "
                f"address of this machine there as HOST (here it is called {gethostname()})",
                err=True,
            )
        sys.stdout.flush()
        signal.sigwait(ends)
    finally:
        mirror.close()
    for line in summary(without_secrets(mirror.counts, mirror.cleaned), mirror.url):
        click.echo(line)
    for reason, number in hub.refusals.most_common():
        click.echo(f"  refused {number}: {mirror.cleaned(reason)}")
    for name, number in hub.vanished:
        click.echo(shown(f"  {name} vanished: {many(number)} handed over; what else it had made is not known"))
    sys.stdout.flush()


def hold_back() -> set[signal.Signals]:
    """What ends it (Ctrl-C, a polite kill, the end of its terminal) waits from now on until it is asked for.

    Whoever supervises it may say so several times and in several ways: what comes later is not asked for, and the
    process ends by itself.
    """
    ends = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:  # nohup
        ends.remove(signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    return ends


@contextmanager
def own_words() -> Iterator[None]:
    """An error of pytest's options or of a program's settings, with the options of this verb in their place."""
    try:
        yield
    except MirrorError as error:
        text = re.sub(r"^(\w+)= (?=')", lambda found: f"--{found[1].replace('_', '-')} ", str(error))
        raise type(error)(text.replace("--mirror-", "--")) from None
