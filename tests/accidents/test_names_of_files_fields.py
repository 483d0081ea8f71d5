"""The name of a multipart field stayed as it was where a file was in it: an e-mail address is a name as well."""

from __future__ import annotations

from factories import make_exchange, make_request

from mirror.redact.redactor import Redactor


def test_are_looked_at() -> None:
    head = b'Content-Disposition: form-data; name="joan@shop.example"; filename="a.png"\r\nContent-Type: image/png'
    body = b"--b\r\n" + head + b"\r\n\r\nxyz\r\n--b--\r\n"
    exchange = make_exchange(
        make_request("POST", "/", body, headers=[("Content-Type", "multipart/form-data; boundary=b")])
    )
    redactor = Redactor()
    once = redactor.redact(exchange)
    assert b"joan" not in once.request.body
    assert b'; filename="a.png"' in once.request.body
    assert redactor.redact(once) == once
