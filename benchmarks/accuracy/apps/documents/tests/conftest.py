import app as documents
import pytest
from fastapi.testclient import TestClient

READER = {"X-API-Key": "key-of-reader-1f0c"}
EDITOR = {"X-API-Key": "key-of-editor-77ab"}


@pytest.fixture
def client():
    documents.state.__init__()
    return TestClient(documents.app)


@pytest.fixture
def upload(client):
    def upload(name="notes.txt", content=b"Some notes", media="text/plain", headers=EDITOR, **fields):
        fields.setdefault("folder", "inbox")
        return client.post("/documents", files={"file": (name, content, media)}, data=fields, headers=headers)

    return upload


@pytest.fixture
def document(upload):
    return upload().json()
