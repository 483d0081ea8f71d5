import pytest
from fastapi.testclient import TestClient


def test_joining_tells_nothing_about_the_password(client: TestClient) -> None:
    response = client.post("/members/", json={"name": "ada", "password": "correct horse"})
    assert response.status_code == 201
    assert response.json() == {"id": 1, "name": "ada", "is_librarian": False}


@pytest.mark.usefixtures("ada")
def test_a_name_belongs_to_one_member(client: TestClient) -> None:
    response = client.post("/members/", json={"name": "ada", "password": "another horse"})
    assert response.status_code == 409
    assert response.json() == {"detail": "This name is taken"}


def test_joining_reports_every_problem_at_once(client: TestClient) -> None:
    response = client.post("/members/", json={"name": "Ada!", "password": "short"})
    assert response.status_code == 422
    assert [problem["loc"][-1] for problem in response.json()["detail"]] == ["name", "password"]


def test_a_token_identifies_its_owner(
    client: TestClient, ada: dict[str, str], bob: dict[str, str], librarian: dict[str, str]
) -> None:
    owners = [client.get("/members/me", headers=headers).json() for headers in (ada, bob, librarian)]
    assert [(owner["name"], owner["is_librarian"]) for owner in owners] == [
        ("ada", False),
        ("bob", False),
        ("hypatia", True),
    ]


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(("name", "password"), [("ada", "wrong horse"), ("nobody", "correct horse")])
def test_a_failed_login(client: TestClient, name: str, password: str) -> None:
    response = client.post("/members/token", data={"username": name, "password": password})
    assert response.status_code == 401
    assert response.json() == {"detail": "Unknown name or wrong password"}


def test_a_login_needs_a_form(client: TestClient) -> None:
    response = client.post("/members/token", json={"username": "ada", "password": "correct horse"})
    assert response.status_code == 422


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}])
def test_without_a_good_token_the_door_stays_shut(client: TestClient, headers: dict[str, str]) -> None:
    response = client.get("/members/me", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_logging_out_makes_the_token_worthless(client: TestClient, ada: dict[str, str]) -> None:
    response = client.delete("/members/token", headers=ada)
    assert (response.status_code, response.content) == (204, b"")
    assert client.get("/members/me", headers=ada).status_code == 401
