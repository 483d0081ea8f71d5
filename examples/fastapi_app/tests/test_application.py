import csv
import io

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from library import Settings, create_app
from library.dependencies import Synopses, get_synopses
from library.store import Book, Store


def test_the_opening_stock_is_loaded_at_startup() -> None:
    application = create_app(Settings(opening_stock=(("9780141439587", "Emma", "Jane Austen"),)))
    assert TestClient(application).get("/books/").json()["total"] == 0
    with TestClient(application) as client:
        assert [book["title"] for book in client.get("/books/").json()["items"]] == ["Emma"]


def test_tokens_end_with_the_application(application: FastAPI, store: Store) -> None:
    with TestClient(application) as client:
        client.post("/members/", json={"name": "ada", "password": "correct horse"})
        client.post("/members/token", data={"username": "ada", "password": "correct horse"})
        assert len(store.tokens) == 1
    assert store.tokens == {}


def test_two_applications_share_nothing(client: TestClient, emma: Book) -> None:
    assert client.get(f"/books/{emma.id}").status_code == 200
    assert TestClient(create_app()).get(f"/books/{emma.id}").status_code == 404


def test_the_hall_remembers_a_language(client: TestClient) -> None:
    assert client.get("/").text == "Welcome"
    response = client.get("/language/fr")
    assert [earlier.status_code for earlier in response.history] == [303]
    assert response.text == "Bienvenue à la bibliothèque"
    assert client.cookies["language"] == "fr"
    client.cookies.clear()
    client.cookies.set("language", "xx")
    assert client.get("/").text == "Welcome"


def test_an_unknown_language_sets_no_cookie(client: TestClient) -> None:
    response = client.get("/language/xx")
    assert response.status_code == 404
    assert response.json() == {"detail": "Choose one of en, fr, ja"}
    assert "Set-Cookie" not in response.headers


def test_an_isbn_leads_to_its_book(client: TestClient, emma: Book) -> None:
    response = client.get(f"/isbn/{emma.isbn}", follow_redirects=False)
    assert (response.status_code, response.headers["Location"]) == (301, f"/books/{emma.id}")
    assert client.get(f"/isbn/{emma.isbn}").json()["title"] == "Emma"
    assert client.get("/isbn/0000000000000").status_code == 404


def test_the_news_are_server_sent_events(client: TestClient, store: Store, emma: Book) -> None:
    store.remove_book(emma)
    response = client.get("/news")
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response.text == (
        'retry: 15000\n\nid: 1\nevent: added\ndata: {"book_id": 1}\n\nid: 2\nevent: removed\ndata: {"book_id": 1}\n\n'
    )


def test_the_news_go_on_where_they_stopped(client: TestClient, store: Store, emma: Book) -> None:
    store.remove_book(emma)
    with client.stream("GET", "/news", headers={"Last-Event-ID": "1"}) as response:
        lines = [line for line in response.iter_lines() if line.startswith("event:")]
    assert lines == ["event: removed"]


def test_reports_are_an_application_of_their_own(client: TestClient, librarian: dict[str, str], emma: Book) -> None:
    client.delete(f"/books/{emma.id}", headers=librarian)
    assert client.get("/reports/activity").json() == {"added": 1, "removed": 1}
    assert client.get("/reports/openapi.json").json()["info"]["title"] == "Library reports"
    assert client.get("/reports/books/").status_code == 404


def test_the_export_is_csv(client: TestClient, store: Store, emma: Book) -> None:
    store.add_book("9780199535521", 'Odes, "Book I"', "Horace")
    response = client.get("/reports/books.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Content-Length" not in response.headers
    assert list(csv.reader(io.StringIO(response.text))) == [
        ["isbn", "title", "author"],
        [emma.isbn, emma.title, emma.author],
        ["9780199535521", 'Odes, "Book I"', "Horace"],
    ]


def test_a_synopsis_comes_from_the_publisher(application: FastAPI, client: TestClient, emma: Book) -> None:
    assert client.get(f"/books/{emma.id}/synopsis").status_code == 404
    application.dependency_overrides[get_synopses] = lambda: {emma.isbn: "Matchmaking goes wrong."}.get
    assert client.get(f"/books/{emma.id}/synopsis").json() == {"isbn": emma.isbn, "synopsis": "Matchmaking goes wrong."}


def failing_synopses(error: Exception) -> Synopses:
    def fail(_isbn: str) -> str | None:
        raise error

    return fail


def test_an_unreachable_publisher_is_a_500(
    application: FastAPI, client: TestClient, emma: Book, caplog: pytest.LogCaptureFixture
) -> None:
    application.dependency_overrides[get_synopses] = lambda: failing_synopses(
        ConnectionError("publisher.example timed out")
    )
    response = client.get(f"/books/{emma.id}/synopsis")
    assert response.status_code == 500
    assert response.json() == {"detail": "The publisher does not answer"}
    assert "GET /books/1/synopsis failed: publisher.example timed out" in caplog.text


def test_a_bug_is_shown_to_the_developer_and_hidden_from_readers(application: FastAPI, emma: Book) -> None:
    application.dependency_overrides[get_synopses] = lambda: failing_synopses(ZeroDivisionError("a bug"))
    with pytest.raises(ZeroDivisionError, match="a bug"):
        TestClient(application).get(f"/books/{emma.id}/synopsis")

    response = TestClient(application, raise_server_exceptions=False).get(f"/books/{emma.id}/synopsis")
    assert response.status_code == 500
    assert response.json() == {"detail": "Something went wrong"}


def test_the_documentation_names_every_tag(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    tags = {tag for operations in paths.values() for operation in operations.values() for tag in operation["tags"]}
    assert tags == {"hall", "books", "members", "loans"}
    assert paths["/books/{book_id}"]["get"]["summary"] == "Show Book"
