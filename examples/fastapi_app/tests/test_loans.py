from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from library.dependencies import get_today
from library.store import Book, Store


@pytest.fixture
def new_year(application: FastAPI) -> None:
    """Let it be New Year's Day 2026."""
    application.dependency_overrides[get_today] = lambda: date(2026, 1, 1)


@pytest.mark.usefixtures("new_year")
def test_a_loan_lasts_three_weeks(client: TestClient, ada: dict[str, str], emma: Book) -> None:
    response = client.post("/loans/", json={"book_id": emma.id}, headers=ada)
    assert response.status_code == 201
    loan = response.json()
    assert loan == {"id": loan["id"], "book_id": 1, "due": "2026-01-22"}
    assert response.headers["Location"] == f"/loans/{loan['id']}"
    assert client.get(response.headers["Location"], headers=ada).json() == loan


@pytest.mark.usefixtures("new_year")
def test_a_letter_follows_in_the_background(client: TestClient, store: Store, ada: dict[str, str], emma: Book) -> None:
    client.post("/loans/", json={"book_id": emma.id}, headers=ada)
    assert store.letters == ["Dear ada, please return 'Emma' by 2026-01-22."]


def test_a_book_is_lent_to_one_member(client: TestClient, ada: dict[str, str], bob: dict[str, str], emma: Book) -> None:
    assert client.post("/loans/", json={"book_id": emma.id}, headers=ada).status_code == 201
    assert client.get(f"/books/{emma.id}").json()["available"] is False
    response = client.post("/loans/", json={"book_id": emma.id}, headers=bob)
    assert response.status_code == 409
    assert response.json() == {"detail": "This book is lent"}


def test_a_returned_book_is_available_again(client: TestClient, ada: dict[str, str], emma: Book) -> None:
    loan = client.post("/loans/", json={"book_id": emma.id}, headers=ada).headers["Location"]
    response = client.delete(loan, headers=ada)
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(f"/books/{emma.id}").json()["available"] is True
    assert client.delete(loan, headers=ada).status_code == 404


def test_a_lent_book_is_not_removed(
    client: TestClient, ada: dict[str, str], librarian: dict[str, str], emma: Book
) -> None:
    client.post("/loans/", json={"book_id": emma.id}, headers=ada)
    assert client.delete(f"/books/{emma.id}", headers=librarian).status_code == 409
    assert client.get(f"/books/{emma.id}").status_code == 200


def test_loans_are_private(client: TestClient, ada: dict[str, str], bob: dict[str, str], emma: Book) -> None:
    loan = client.post("/loans/", json={"book_id": emma.id}, headers=ada).headers["Location"]
    assert client.get(loan, headers=bob).status_code == 404
    assert client.get("/loans/", headers=bob).json() == []
    assert [entry["book_id"] for entry in client.get("/loans/", headers=ada).json()] == [1]


@pytest.mark.parametrize("loan_id", ["11111111-2222-4333-8444-555555555555", "17", "not-a-uuid"])
def test_unknown_loans(client: TestClient, ada: dict[str, str], loan_id: str) -> None:
    assert client.get(f"/loans/{loan_id}", headers=ada).status_code == 404


def test_a_book_that_does_not_exist_is_not_lent(client: TestClient, store: Store, ada: dict[str, str]) -> None:
    response = client.post("/loans/", json={"book_id": 99}, headers=ada)
    assert response.status_code == 404
    assert store.loans == {}


def test_borrowing_needs_a_token(client: TestClient, emma: Book) -> None:
    assert client.post("/loans/", json={"book_id": emma.id}).status_code == 401
    assert emma.available
