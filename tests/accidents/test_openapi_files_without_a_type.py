"""Accident: where no file of a multipart form had a Content-Type, its example could not be written, nor the
document."""

from __future__ import annotations

from learning import called, model

from mirror.openapi.document import openapi

FORM = b"""--b\r
Content-Disposition: form-data; name="note"\r
\r
hello\r
--b\r
Content-Disposition: form-data; name="photo"; filename="a.bin"\r
\r
\x00\x01\r
--b--\r
"""


def test_its_example_says_that_it_is_a_file() -> None:
    seen = [called("POST", "/u", "/u", sent=FORM, media="multipart/form-data; boundary=b") for _ in range(2)]
    document = openapi(model(*seen).settled()[""])
    (body,) = document["paths"]["/u"]["post"]["requestBody"]["content"].values()
    assert {example["value"]["photo"] for example in body["examples"].values()} == {"(file)"}
