"""What stood between < and > was taken for a tag, of which nobody looked at the name: ``<alice@shop.example>`` and
``<Bearer ...>`` stayed in every carrier. And text that was no markup was escaped again at each level."""

from __future__ import annotations

import json

import pytest
from factories import make_exchange, make_response

from mirror.redact.redactor import Redactor

SECRETS = [
    "<alice@shop.example>",
    "</alice@shop.example>",
    "</a alice@shop.example>",
    "<!alice@shop.example>",
    "<user:alice@shop.example>",
    "<User alice@shop.example>",
    "<Order 4111111111111111>",
    "<Bearer Zq8xYt7Kp2Lm9Nv4Rw>",
    "<https://u:pass123x@x.example/>",
    "<https://x.example/?token=Sabcdef123456>",
    "<password=hunter2000>",
    "<input disabled password=hunter2000>",
    "<+491701234567>",
    "<4111111111111111>",
    "<1 alice@shop.example>",
    "<p>a</p><alice@shop.example>",
    "Alice <alice@shop.example>",
    "<npm_IafR8tyXAiUibm3UsqoG96WSdoLoRVtb53Wz>",
    "</npm_IafR8tyXAiUibm3UsqoG96WSdoLoRVtb53Wz>",
    "<p>1 < 2, says alice@shop.example</p>",
]
PARTS = "alice 4111111111111111 Zq8xYt7Kp2Lm9Nv4Rw pass123x Sabcdef123456 hunter2000 491701234567 IafR8".split()


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/json"])
@pytest.mark.parametrize("text", SECRETS)
def test_are_found(text: str, kind: str) -> None:
    said = json.dumps({"note": text}) if kind == "application/json" else text
    exchange = make_exchange(None, make_response(200, said.encode(), headers=[("Content-Type", kind)]))
    redactor = Redactor()
    once = redactor.redact(exchange)
    new = once.response.body.decode()
    assert new != said
    assert not any(part in new for part in PARTS)
    assert "&" not in new
    assert [each for each in new if each in "<>/"] == [each for each in said if each in "<>/"]
    assert redactor.redact(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b>",
        "<input disabled value='x'>",
        "<!DOCTYPE html><p>1 < 2 &amp; 3</p>",
        "<>",
        "< a >",
        "a <b",
        "<?x?>",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Redactor().text(text) == text
