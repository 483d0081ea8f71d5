"""Accident: ``file is required`` and ``data is required`` were taken for prose, though the refused body lacked what the
accepted one had; ``body is required`` for a request without a body."""

from __future__ import annotations

import pytest
from factories import make_headers
from learning import called, model
from msgspec.structs import replace

from mirror import Exchange
from mirror.openapi.document import openapi
from mirror.openapi.refusals import refused


def post(body: bytes, status: int, answer: bytes = b"{}") -> Exchange:
    return called("POST", "/a", "/a", answer, status, body)


def multipart(name: str, file: str = "") -> bytes:
    said = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    return f"--x\r\nContent-Disposition: {said}\r\n\r\na\r\n--x--\r\n".encode()


@pytest.mark.parametrize("name", ["data", "body", "token", "json", "title"])
def test_of_a_member_that_accepted_bodies_have(name: str) -> None:
    refusal = post(b'{"kind": "x"}', 400, b'{"message": "%s is required"}' % name.encode())
    components = model(refusal, post(b'{"%s": "x"}' % name.encode(), 201)).settled()
    (made,) = [each for each in openapi(components[""])["components"]["schemas"].values() if name in str(each)]
    assert made["required"] == [name]


@pytest.mark.parametrize("name", ["file", "upload"])
def test_of_a_file(name: str) -> None:
    media = make_headers(("Content-Type", "multipart/form-data; boundary=x"))
    seen = [
        replace(each, request=replace(each.request, headers=media))
        for each in (
            post(multipart("kind"), 400, b'{"message": "%s is required"}' % name.encode()),
            post(multipart(name, "a.txt"), 201),
        )
    ]
    (content,) = openapi(model(*seen).settled()[""])["paths"]["/a"]["post"]["requestBody"]["content"].values()
    assert content["schema"]["required"] == [name]


def test_of_nothing_that_accepted_bodies_have() -> None:
    refusal = post(b'{"kind": "x"}', 400, b'{"message": "data is required"}')
    document = openapi(model(refusal, post(b'{"kind": "y"}', 201)).settled()[""])
    assert "data" not in str(document["components"]["schemas"])
    assert "required" not in str(document["paths"]["/a"]["post"]["requestBody"]["content"])
    service = model(refusal).settled()[""]
    assert service.operations()["POST /a"].refusals == {}


def test_of_a_body_that_was_not_sent() -> None:
    (told,) = refused(400, {"message": "body is required"}, None, "POST").places
    assert (told.place, told.missing) == ("body", True)
