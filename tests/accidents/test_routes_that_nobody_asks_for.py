"""Each process of a hub read the routes and the models of every application it met, wherever they went: a suite that
makes an application for each test took 6 % longer under ``pytest -n 2``, for a hub that had no use for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from mirror import Mirror
from mirror.adapters import known
from mirror.exchange import KnownRoute


@contextmanager
def joined(hub_of: Mirror) -> Iterator[Mirror]:
    with hub_of:
        hub = hub_of.open_hub()
        with Mirror(hub=hub.address.url) as mirror:
            yield mirror


def call_an_application() -> None:
    app = Flask("shop")
    app.add_url_rule("/orders/<int:order_id>", "order", lambda order_id: str(order_id))
    app.add_url_rule("/about", "about", lambda: "about")
    assert app.test_client().get("/about").status_code == 200


def test_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object, **__: object) -> list[KnownRoute]:
        raise AssertionError("the routes were read")

    monkeypatch.setattr(known, "flask_routes", read)
    with joined(Mirror()) as mirror:
        call_an_application()
        counts = mirror.counts
    assert (counts.made, counts.published, dict(counts.remarks)) == (1, 1, {})


def test_are_handed_over_where_they_are_asked_for(tmp_path: Path) -> None:
    capture = tmp_path / "run.jsonl"
    with joined(Mirror(capture=[capture])):
        call_an_application()
    assert "/orders/<int:order_id>" in capture.read_text()
