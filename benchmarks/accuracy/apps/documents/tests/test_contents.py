from uuid import uuid4

from .conftest import EDITOR, READER


def test_download(client, document):
    response = client.get(f"/documents/{document['id']}/content", headers=READER)
    assert response.content == b"Some notes"
    assert response.headers["content-type"].startswith("text/plain")


def test_download_pixels(client, upload):
    document = upload("dot.png", b"\x89PNG\r\n\x1a\n\x00\xff", "image/png").json()
    response = client.get(f"/documents/{document['id']}/content", headers=READER)
    assert response.content[:4] == b"\x89PNG"


def test_replace(client, document):
    url = f"/documents/{document['id']}/content"
    version = client.put(url, files={"file": b"Better notes"}, data={"comment": "Typos"}, headers=EDITOR).json()
    assert version["number"] == 2
    assert version["comment"] == "Typos"
    assert client.get(url, headers=READER).content == b"Better notes"
    assert client.get(url, params={"version": 1}, headers=READER).content == b"Some notes"
    assert client.get(url, params={"version": 7}, headers=READER).status_code == 404


def test_replace_silently(client, document):
    response = client.put(f"/documents/{document['id']}/content", files={"file": b"Other"}, headers=EDITOR)
    assert response.json()["comment"] is None


def test_replace_as_reader(client, document):
    response = client.put(f"/documents/{document['id']}/content", files={"file": b"Other"}, headers=READER)
    assert response.status_code == 403


def test_version(client, document):
    version = client.get(f"/documents/{document['id']}/versions/1", headers=READER).json()
    assert len(version["sha256"]) == 64
    assert client.get(f"/documents/{document['id']}/versions/2", headers=READER).status_code == 404
    assert client.get(f"/documents/{uuid4()}/versions/1", headers=READER).status_code == 404
    assert client.get(f"/documents/{document['id']}/versions/last", headers=READER).status_code == 422


def test_share(client, document):
    share = {"recipients": ["ann@mail.example"], "limit": 1}
    made = client.post(f"/documents/{document['id']}/shares", json=share, headers=EDITOR)
    assert made.status_code == 201
    assert client.get(made.json()["url"]).json()["downloads"] == 1
    assert client.get(made.json()["url"]).status_code == 410


def test_share_with_many(client, document):
    share = {"recipients": ["ann@mail.example", "bo@mail.example"], "message": "For you"}
    made = client.post(f"/documents/{document['id']}/shares", json=share, headers=EDITOR).json()
    assert made["limit"] is None
    assert client.get(f"/shared/{made['token']}").json()["recipients"][1] == "bo@mail.example"


def test_share_with_nobody_real(client, document):
    response = client.post(f"/documents/{document['id']}/shares", json={"recipients": ["ann"]}, headers=EDITOR)
    assert response.status_code == 422


def test_no_share(client):
    assert client.get("/shared/0123456789abcdef0123456789abcdef").status_code == 404


def test_hash(client):
    response = client.post("/hash", files={"file": b""})
    assert response.text.startswith("e3b0c442")
