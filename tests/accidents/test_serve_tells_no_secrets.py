"""Accident: ``mirror serve`` printed the reasons for losses as its test processes had told them."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

from factories import make_exchange

from mirror import Counts, Mirror
from mirror.summary import summary, without_secrets


class Broken:
    def write(self, exchange: Any) -> tuple[str, ...]:
        raise ValueError("no mailbox ada@lovelace.example.net")


def test_the_summary_of_serve() -> None:
    serve = [sys.executable, "-m", "mirror", "serve"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            process.stdout.readline()
            hub = process.stdout.readline().strip().removeprefix("MIRROR_HUB=")
            with Mirror(hub=hub, attach=False, sinks=[Broken()], on_loss=lambda loss: None) as mirror:
                mirror.recorder.record(make_exchange())
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    assert "failed 1: ValueError: no mailbox user-" in output
    assert "ada@lovelace" not in output


def test_reasons_that_are_one_when_they_are_clean() -> None:
    counts = Counts(3, 0, 3, 0, {"of a": 1, "of b": 2}, {}, {"redaction: of a": 1})
    told = summary(without_secrets(counts, lambda reason: reason[:3] + "x"))
    assert told[1:] == ["  failed 3: of x", "  mended 1: redaction: of a"]
