"""A list of files (``list[UploadFile]``) was one file in the document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import fastapi
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
