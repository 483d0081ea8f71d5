import app as blog
import pytest
from fastapi.testclient import TestClient


@pytest.fixture
def client():
    blog.state.__init__()
    with TestClient(blog.app) as client:
        yield client


@pytest.fixture
def ada(client):
    client.post("/session", data={"handle": "ada", "password": "open sesame"})
    return client


@pytest.fixture
def write(ada):
    def write(title, body="Some words. " * 5, **more):
        return ada.post("/posts", json={"title": title, "body": body, **more})

    return write


@pytest.fixture
def posts(write):
    write("Hello, world!", tags=["meta"])
    write("On engines", "Steam " * 450, tags=["engines", "history"])
    write("Notes on notes", tags=["history"], cover={"url": "https://img.example/n.jpg", "alt": "A note"})
    write("Unfinished business", publish=False)
