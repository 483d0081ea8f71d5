"""A forward proxy that passes the absolute form on was told that no exchange is waiting (RFC 9112 section 3.2.2)."""

from __future__ import annotations

from observer import Tee
from werkzeug.test import Client
from werkzeug.wrappers import Response

from mirror import Mirror


def test_the_absolute_form_finds_its_response() -> None:
    with Tee() as tee, Mirror(proxy=tee.url, proxy_mode="forward") as mirror:
        tee.forward_to(mirror.port)
        Client(Response("ok")).get("/a?x=1")
        Client(Response("ok")).get("/")
    assert mirror.counts.published == 2, mirror.counts
