"""A list of files (``list[UploadFile]``, or several under one name) was one file in the document."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated

import fastapi
import flask
import yaml
from fastapi.testclient import TestClient

from mirror import Mirror


def test_are_a_list(tmp_path: Path) -> None:
    app = fastapi.FastAPI()

    @app.post("/photos")
    def photos(
        files: Annotated[list[fastapi.UploadFile], fastapi.File()], one: Annotated[bytes, fastapi.File()]
    ) -> int:
        return len(files)

    with Mirror(openapi=[tmp_path / "a.yaml"]):
        for number in (1, 2):
            sent = [("files", ("a.png", b"x", "image/png"))] * number
            assert TestClient(app).post("/photos", files=[*sent, ("one", ("b", b"y"))]).json() == number
    made = yaml.safe_load((tmp_path / "a.yaml").read_text())
    content = made["paths"]["/photos"]["post"]["requestBody"]["content"]["multipart/form-data"]
    file = {"type": "string", "format": "binary"}
    assert content["schema"]["properties"] == {"files": {"type": "array", "items": file}, "one": file}


def test_that_no_model_declares_are_a_list_where_a_request_had_them(tmp_path: Path) -> None:
    app = flask.Flask("album")

    @app.post("/upload")
    def upload() -> dict[str, int]:
        return {"n": len(flask.request.files.getlist("photos"))}

    with Mirror(openapi=[tmp_path / "a.yaml"]):
        for number in (2, 1):
            photos = [(io.BytesIO(b"x"), "a.png") for _ in range(number)]
            sent = {"photos": photos, "one": (io.BytesIO(b"y"), "b"), "named[]": (io.BytesIO(b"z"), "c")}
            assert app.test_client().post("/upload", data=sent).json == {"n": number}
    made = yaml.safe_load((tmp_path / "a.yaml").read_text())
    content = made["paths"]["/upload"]["post"]["requestBody"]["content"]["multipart/form-data"]
    file = {"type": "string", "format": "binary"}
    several = {"type": "array", "items": file}
    assert content["schema"]["properties"] == {"named[]": several, "one": file, "photos": several}
