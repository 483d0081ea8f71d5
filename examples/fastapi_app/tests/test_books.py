from typing import Any

import pytest
from fastapi.testclient import TestClient

from library import Settings, create_app
from library.store import Book, Store

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PERSUASION = {"isbn": "9780141439686", "title": "Persuasion", "author": "Jane Austen"}


def test_a_librarian_adds_books(client: TestClient, librarian: dict[str, str]) -> None:
    response = client.post("/books/", json=PERSUASION, headers=librarian)
    assert response.status_code == 201
    assert response.headers["Location"] == "/books/1"
    assert response.json() == PERSUASION | {"id": 1, "available": True, "has_cover": False}
    assert client.get("/books/1").json() == response.json()


def test_members_do_not_add_books(client: TestClient, store: Store, ada: dict[str, str]) -> None:
    response = client.post("/books/", json=PERSUASION, headers=ada)
    assert response.status_code == 403
    assert response.json() == {"detail": "Only librarians may do that"}
    assert store.books == {}


def test_an_isbn_is_filed_once(client: TestClient, librarian: dict[str, str]) -> None:
    answers = [client.post("/books/", json=PERSUASION, headers=librarian) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"isbn": "12345"}, "isbn", "string_pattern_mismatch"),
        ({"isbn": "9780141439687"}, "isbn", "value_error"),
        ({"title": "   "}, "title", "string_too_short"),
        ({"author": None}, "author", "string_type"),
        ({"colour": "red"}, "colour", "extra_forbidden"),
    ],
)
def test_the_fields_of_a_book_are_checked(
    client: TestClient, librarian: dict[str, str], change: dict[str, Any], field: str, problem: str
) -> None:
    response = client.post("/books/", json=PERSUASION | change, headers=librarian)
    assert response.status_code == 422
    [detail] = response.json()["detail"]
    assert (detail["loc"], detail["type"]) == (["body", field], problem)


def test_a_body_that_is_not_json(client: TestClient, librarian: dict[str, str]) -> None:
    headers = librarian | {"Content-Type": "application/json"}
    response = client.post("/books/", content=b'{"isbn": ', headers=headers)
    assert response.status_code == 422
    assert response.json()["detail"][0]["type"] == "json_invalid"


def test_a_title_is_corrected(client: TestClient, librarian: dict[str, str], emma: Book) -> None:
    response = client.patch(f"/books/{emma.id}", json={"title": "Emma: a novel ☕"}, headers=librarian)
    assert response.json()["title"] == "Emma: a novel ☕"
    assert response.json()["author"] == "Jane Austen"
    assert emma.title == "Emma: a novel ☕"


def test_a_removed_book_is_gone(client: TestClient, librarian: dict[str, str], emma: Book) -> None:
    response = client.delete(f"/books/{emma.id}", headers=librarian)
    assert (response.status_code, response.content) == (204, b"")
    missing = client.get(f"/books/{emma.id}")
    assert missing.status_code == 404
    assert missing.json() == {"detail": "There is no book 1"}


def test_an_identifier_is_a_number(client: TestClient) -> None:
    response = client.get("/books/emma")
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["path", "book_id"]


def test_pages_follow_one_another(client: TestClient, store: Store) -> None:
    store.add_book(**PERSUASION)
    for number in range(7):
        store.add_book(f"{number:013}", f"Volume {number}", "Ovid")

    titles = []
    response = client.get("/books/", params={"author": "ovid", "limit": 3})
    while True:
        titles += [book["title"] for book in response.json()["items"]]
        assert response.json()["total"] == 7
        if "next" not in response.links:
            break
        response = client.get(response.links["next"]["url"])
    assert titles == [f"Volume {number}" for number in range(7)]


@pytest.mark.parametrize("query", ["offset=-1", "limit=0", "limit=51", "limit=many"])
def test_nonsense_pages_are_refused(client: TestClient, query: str) -> None:
    response = client.get(f"/books/?{query}")
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["query", query.partition("=")[0]]


def test_a_missing_trailing_slash_is_added(client: TestClient) -> None:
    response = client.get("/books?limit=5", follow_redirects=False)
    assert response.status_code == 307
    assert response.headers["Location"] == "http://testserver/books/?limit=5"
    assert client.get("/books?limit=5").json()["limit"] == 5


def test_an_unchanged_book_is_not_sent_again(client: TestClient, emma: Book) -> None:
    etag = client.get(f"/books/{emma.id}").headers["ETag"]
    again = client.get(f"/books/{emma.id}", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)

    emma.available = False
    changed = client.get(f"/books/{emma.id}", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.json()["available"] is False


def test_head_has_the_headers_and_no_body(client: TestClient, emma: Book) -> None:
    got = client.get(f"/books/{emma.id}")
    head = client.head(f"/books/{emma.id}")
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(got.content))
    assert head.headers["ETag"] == got.headers["ETag"]


def test_a_method_that_is_not_offered(client: TestClient) -> None:
    response = client.put("/books/", json=PERSUASION)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_cover_comes_back_byte_for_byte(client: TestClient, librarian: dict[str, str], emma: Book) -> None:
    files = {"cover": ("emma.png", PNG, "image/png")}
    response = client.put(f"/books/{emma.id}/cover", files=files, data={"credit": "Élodie"}, headers=librarian)
    assert response.json() == {"filename": "emma.png", "size": len(PNG), "credit": "Élodie"}
    assert client.get(f"/books/{emma.id}").json()["has_cover"] is True

    cover = client.get(f"/books/{emma.id}/cover")
    assert cover.headers["Content-Type"] == "image/png"
    assert cover.content == PNG


def test_a_cover_is_not_believed_on_its_word(client: TestClient, librarian: dict[str, str], emma: Book) -> None:
    files = {"cover": ("emma.png", b"#!/bin/sh\n", "image/png")}
    assert client.put(f"/books/{emma.id}/cover", files=files, headers=librarian).status_code == 415
    assert client.get(f"/books/{emma.id}/cover").status_code == 404


def test_a_form_without_a_cover(client: TestClient, librarian: dict[str, str], emma: Book) -> None:
    response = client.put(f"/books/{emma.id}/cover", data={"credit": "nobody"}, headers=librarian)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "cover"]


def test_a_cover_may_not_be_huge() -> None:
    application = create_app(Settings(librarians=frozenset({"hypatia"}), password_rounds=1, largest_cover=100))
    book = application.state.store.add_book(**PERSUASION)
    with TestClient(application) as client:
        client.post("/members/", json={"name": "hypatia", "password": "correct horse"})
        login = client.post("/members/token", data={"username": "hypatia", "password": "correct horse"})
        headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
        response = client.put(f"/books/{book.id}/cover", files={"cover": ("c.png", PNG, "image/png")}, headers=headers)
    assert response.status_code == 413
    assert response.json() == {"detail": "A cover has at most 100 bytes"}
