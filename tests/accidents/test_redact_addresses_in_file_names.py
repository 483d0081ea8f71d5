"""``alice@gmail.com.png`` was taken for the name of a picture alone."""

from __future__ import annotations

import json

import pytest
from factories import make_exchange, make_request

from mirror.redact.redactor import Redactor


def sent(name: str) -> str:
    part = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\nx\r\n--b--\r\n'
    form = [("Content-Type", "multipart/form-data; boundary=b"), ("X-File", name)]
    redactor = Redactor(key=b"k")
    exchange = make_exchange(make_request("POST", "/", part.encode(), headers=form))
    new = redactor.redact(exchange)
    assert redactor.redact(new) is new
    assert redactor.blank(new) == redactor.blank(exchange)
    of_json = make_request("POST", "/", json.dumps({"name": name}).encode(), headers=[("Content-Type", "text/json")])
    found = json.loads(redactor.redact(make_exchange(of_json)).request.body)["name"]
    assert f'filename="{found}"' in new.request.body.decode()
    assert new.request.headers["x-file"] == found
    return str(found)


@pytest.mark.parametrize("name", ["alice@gmail.com.png", "alice@shop.example.json", "a.b@c.co.uk.js.map"])
def test_an_address_before_a_files_ending(name: str) -> None:
    new = sent(name)
    assert name.partition("@")[0] not in new
    assert new.startswith("user-")
    assert new.rpartition(".")[2] == name.rpartition(".")[2]


@pytest.mark.parametrize(
    "name", ["icon@2x.png", "react@18.2.0.js", "bundle@next.min.js", "theme@dark.css", "messages@en.json"]
)
def test_the_name_of_a_file(name: str) -> None:
    assert sent(name) == name
