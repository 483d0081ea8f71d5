"""Accident: what a user's on_loss raised came out of the client call."""

from __future__ import annotations

from flask import Flask

from mirror import Exchange, Mirror


class Full:
    def write(self, exchange: Exchange) -> tuple[str, ...]:
        raise OSError("disk full")


def test_a_raising_on_loss_is_a_remark() -> None:
    def on_loss(loss: str) -> None:
        raise RuntimeError(loss)

    with Mirror(sinks=[Full()], on_loss=on_loss) as mirror:
        assert Flask(__name__).test_client().get("/").status_code == 404
        assert mirror.counts.failed == 1
        assert list(mirror.counts.remarks) == ["on_loss raised RuntimeError: OSError: disk full"]
