"""Accident: from Python 3.12 on a fork of a process with threads warns, so that with -W error the echo's thread broke a
test that forks."""

from __future__ import annotations

import os
import threading
import warnings

from flask import Flask
from forks import status_of

from mirror import Mirror


def test_a_fork_while_mirroring_warns_of_nothing_and_the_echo_goes_on() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "here")
    alone = threading.active_count() == 1
    with Mirror() as mirror:
        with warnings.catch_warnings():
            warnings.simplefilter("error" if alone else "ignore")
            child = os.fork()
            if child == 0:
                os._exit(0 if app.test_client().get("/").data == b"here" else 1)
        assert status_of(child) == 0
        assert app.test_client().get("/").data == b"here"
        assert (mirror.counts.made, mirror.counts.published) == (1, 1)
        assert any(thread.name == "mirror-echo" for thread in threading.enumerate())
