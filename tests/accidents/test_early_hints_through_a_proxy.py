"""After an interim response of the proxy, the final one could not be read any more: "readline of closed file".

``http.client.HTTPResponse`` closes its file when it is collected, and both responses read from the same one.
"""

from __future__ import annotations

from observer import Tee
from werkzeug.test import Client
from werkzeug.wrappers import Response

from mirror import Mirror


def test_the_response_after_early_hints_is_read() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    with Tee(lambda data: hints + data) as tee, Mirror(proxy=tee.url) as mirror:
        tee.forward_to(mirror.port)
        Client(Response("ok")).get("/")
    assert mirror.counts.published == 1, mirror.counts
