"""Accident: responses dropped unread were recorded each two frames deeper on the stack, and in reverse order."""

from __future__ import annotations

from flask import Flask, Response

from mirror import Mirror


def test_any_number_of_dropped_responses_is_recorded_in_order() -> None:
    app = Flask(__name__)
    app.add_url_rule("/<int:number>", view_func=lambda number: Response(str(part) for part in (number, "more")))
    app.add_url_rule("/", "home", view_func=lambda: "here")
    client = app.test_client()
    with Mirror(history=None) as mirror:
        for number in range(1500):
            client.get(f"/{number}")
        client.get("/")
        assert [exchange.request.target for exchange in mirror.exchanges] == [f"/{n}" for n in range(1500)] + ["/"]
        assert mirror.counts.published == 1501
