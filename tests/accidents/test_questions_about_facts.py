"""Accident: ``--explain`` knew no security and no path as it was called, and said ``1 samples``."""

from __future__ import annotations

from learning import called, model

from mirror.openapi.explain import explain


def test_what_a_security_stands_on_and_the_path_that_was_called() -> None:
    seen = [
        called("GET", "/bookings/7", "/bookings/{n}"),
        called("GET", "/bookings/me", "/bookings/me", status=401),
    ]
    service = model(*seen).settled()[""]
    assert explain(service, "GET /bookings/8")[0] == "GET /bookings/{n}: 1 sample"
    assert explain(service, "GET /bookings/8?page=1 path n")[0].startswith(
        "GET /bookings/{n} path n, accepted: in 1 of 1"
    )
    assert explain(service, "GET /bookings/me security") == [
        "GET /bookings/me security, without credentials: 0 accepted, 1 denied (401, 403), 0 answered otherwise"
    ]
