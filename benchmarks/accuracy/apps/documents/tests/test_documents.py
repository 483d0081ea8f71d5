from uuid import uuid4

import pytest

from .conftest import EDITOR, READER


def test_upload(upload):
    response = upload()
    assert response.status_code == 201
    document = response.json()
    assert document["title"] == "notes.txt"
    assert document["importance"] == 2
    assert document["versions"][0]["size"] == 10


def test_upload_with_all(upload):
    response = upload(
        "plan.pdf", b"%PDF-1.7", "application/pdf", title="The plan", importance=3, expires_on="2027-01-31",
        labels=["plans", "2027"], folder="work/plans",
    )  # fmt: skip
    assert response.json()["labels"] == ["plans", "2027"]
    assert response.json()["expires_on"] == "2027-01-31"


def test_upload_too_much(upload):
    response = upload(content=b"x" * 100_001)
    assert response.status_code == 413
    assert response.json()["field"] == "file"


def test_upload_nothing(client):
    assert client.post("/documents", data={"folder": "inbox"}, headers=EDITOR).status_code == 422


def test_upload_nonsense(upload):
    assert upload(importance=9).status_code == 422
    assert upload(expires_on="soon").status_code == 422


@pytest.mark.parametrize(("headers", "status"), [({}, 401), ({"X-API-Key": "guess"}, 401), (READER, 403)])
def test_upload_without_rights(upload, headers, status):
    assert upload(headers=headers).status_code == status


def test_list(client, upload):
    upload(folder="work/a", labels=["x", "y"])
    upload(folder="work/b", labels=["y"], importance=3)
    upload()
    assert len(client.get("/documents", headers=READER).json()) == 3
    assert len(client.get("/documents?folder=work", headers=READER).json()) == 2
    assert len(client.get("/documents?label=x&label=z", headers=READER).json()) == 1
    assert len(client.get("/documents?label=y", headers=READER).json()) == 2
    assert len(client.get("/documents", params={"importance": 3}, headers=READER).json()) == 1


def test_list_in_french(client):
    response = client.get("/documents", headers={**READER, "Accept-Language": "fr"})
    assert response.headers["Content-Language"] == "fr"
    assert response.json() == []


def test_list_without_key(client):
    assert client.get("/documents").json()["code"] == "unauthenticated"


def test_list_by_a_wrong_importance(client):
    assert client.get("/documents?importance=urgent", headers=READER).status_code == 422


def test_get(client, document):
    assert client.get(f"/documents/{document['id']}", headers=READER).json() == document


def test_get_nothing(client):
    assert client.get(f"/documents/{uuid4()}", headers=READER).status_code == 404
    assert client.get("/documents/1", headers=READER).status_code == 422


def test_rename(client, document):
    response = client.patch(f"/documents/{document['id']}", data={"title": "Renamed"}, headers=EDITOR)
    assert response.json()["title"] == "Renamed"


def test_move(client, document):
    response = client.patch(f"/documents/{document['id']}", data={"folder": "archive"}, headers=EDITOR)
    assert response.json()["folder"] == "archive"


def test_rename_as_reader(client, document):
    assert client.patch(f"/documents/{document['id']}", data={"title": "X"}, headers=READER).status_code == 403


def test_delete(client, document):
    assert client.delete(f"/documents/{document['id']}", headers=EDITOR).status_code == 204
    assert client.delete(f"/documents/{document['id']}", headers=EDITOR).status_code == 404


def test_usage(client, upload):
    upload()
    upload("a.csv", b"1,2", "text/csv")
    usage = client.get("/usage", params={"api_key": "key-of-reader-1f0c"}).json()
    assert usage == {"documents": 2, "bytes": 13, "by_type": {"text/plain": 1, "text/csv": 1}}


def test_usage_without_key(client):
    assert client.get("/usage").status_code == 401


def test_tree(client, upload):
    assert client.get("/tree", headers=READER).json() == {"name": "", "documents": 0, "subfolders": []}
    upload(folder="work/plans")
    upload(folder="work")
    tree = client.get("/tree", headers=READER).json()
    assert tree["subfolders"][0]["subfolders"][0] == {"name": "plans", "documents": 1, "subfolders": []}
