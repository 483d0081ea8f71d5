import pytest


@pytest.fixture
def author(client, clerk):
    return client.post("/api/authors/", json={"name": "Inger Christensen", "born": "1935-01-16"}, headers=clerk).json[
        "id"
    ]


@pytest.fixture
def book(client, clerk, author):
    said = {"title": "alfabet", "isbn": "9788702000000", "author": author, "price": "18.00", "genre": "poetry"}
    return client.post("/api/books/", json=said, headers=clerk).json["id"]


def test_authors(client, clerk, author):
    more = client.post("/api/authors/", json={"name": "Anon", "website": "https://anon.example.org/"}, headers=clerk)
    assert more.status_code == 201
    assert more.json["born"] is None
    assert client.get("/api/authors/").json["count"] == 2
    assert client.get(f"/api/authors/{author}/").json["name"] == "Inger Christensen"
    assert client.get("/api/authors/9999/").status_code == 404


def test_author_refused(client, clerk):
    assert client.post("/api/authors/", json={}, headers=clerk).status_code == 400
    assert client.post("/api/authors/", json={"name": "A", "born": "long ago"}, headers=clerk).status_code == 400
    assert client.post("/api/authors/", json={"name": "A"}).status_code == 401


def test_author_changed(client, clerk, author):
    assert client.patch(f"/api/authors/{author}/", json={"born": None}, headers=clerk).json["born"] is None
    assert client.put(f"/api/authors/{author}/", json={"name": "I. C."}, headers=clerk).status_code == 200
    assert client.delete(f"/api/authors/{author}/", headers=clerk).status_code == 204


def test_books(client, clerk, author, book):
    for number in range(7):
        said = {
            "title": f"Volume {number}",
            "isbn": f"97887020001{number:02}",
            "author": author,
            "price": 5 + number,
            "pages": 100 + number,
        }
        assert client.post("/api/books/", json=said, headers=clerk).status_code == 201
    first = client.get("/api/books/").json
    assert first["count"] == 8 and first["next"]
    assert client.get("/api/books/?limit=3&offset=6").json["next"] is None
    assert client.get("/api/books/?genre=poetry").json["count"] == 1
    assert client.get(f"/api/books/?author={author}").json["count"] == 8
    assert client.get("/api/books/?lent=true").json["count"] == 0


def test_book(client, book):
    assert client.get(f"/api/books/{book}/").json["author_name"] == "Inger Christensen"
    assert client.get("/api/books/12345/").status_code == 404


@pytest.mark.parametrize("bad", [{"genre": "comic"}, {"price": "much"}, {"pages": -3}, {"author": 999}, {"title": ""}])
def test_book_refused(client, clerk, author, bad):
    said = {"title": "T", "isbn": "1", "author": author, "price": "1.00"} | bad
    assert client.post("/api/books/", json=said, headers=clerk).status_code == 400


def test_book_without_all(client, clerk):
    assert set(client.post("/api/books/", json={}, headers=clerk).json) == {"title", "isbn", "author", "price"}


def test_loans(client, clerk, book):
    assert client.get("/api/loans/").status_code == 401
    made = client.post(
        "/api/loans/", json={"book": book, "reader_email": "zoe@example.com", "due": "2026-05-01"}, headers=clerk
    )
    assert made.status_code == 201
    assert client.post("/api/loans/", json={"book": book, "reader_email": "zoe"}, headers=clerk).status_code == 400
    assert client.get("/api/loans/", headers=clerk).json["results"] == [made.json]
    assert client.get(f"/api/loans/{made.json['id']}/", headers=clerk).status_code == 200
    assert client.post(f"/api/books/{book}/give_back/", headers=clerk).json["is_lent"] is False
    assert client.post(f"/api/books/{book}/give_back/", headers=clerk).status_code == 409
    assert client.post(f"/api/books/{book}/give_back/").status_code == 401
