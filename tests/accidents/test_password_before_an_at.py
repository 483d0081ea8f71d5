"""The placeholder of a password in a URL, and the host behind it, were taken for an e-mail address."""

from __future__ import annotations

from factories import make_exchange, make_response

from mirror.redact.redactor import Redactor


def test_a_url_with_a_password_is_redacted_once() -> None:
    headers = [("Content-Type", "application/json")]
    exchange = make_exchange(None, make_response(200, b'{"at": "https://u:pw12@x.io/a"}', headers=headers))
    redactor = Redactor()
    once = redactor.redact(exchange)
    assert b"@x.io/a" in once.response.body
    assert b"pw12" not in once.response.body
    assert redactor.redact(once) is once
