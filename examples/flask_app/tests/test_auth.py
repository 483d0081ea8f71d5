import pytest
from flask.testing import FlaskClient

ADA = {"email": "ada@mail.example", "password": "correct horse"}


def test_registering_makes_an_ordinary_account(client: FlaskClient) -> None:
    response = client.post("/auth/register", json=ADA)
    assert response.status_code == 201
    assert response.get_json() == {"id": 1, "email": "ada@mail.example", "is_staff": False}


def test_registering_reports_every_problem_at_once(client: FlaskClient) -> None:
    response = client.post("/auth/register", json={"email": "ada", "password": "short"})
    assert response.status_code == 422
    assert response.get_json() == {
        "error": "validation failed",
        "fields": {"email": "must be an e-mail address", "password": "must have at least 8 characters"},
    }


def test_an_address_has_one_account_whatever_its_case(client: FlaskClient) -> None:
    client.post("/auth/register", json=ADA)
    response = client.post("/auth/register", json=ADA | {"email": "ADA@mail.example"})
    assert response.status_code == 409
    assert response.get_json()["error"] == "conflict"


def test_a_token_identifies_its_owner(client: FlaskClient, ada: dict[str, str], bob: dict[str, str]) -> None:
    assert client.get("/auth/me", headers=ada).get_json()["email"] == "ada@mail.example"
    assert client.get("/auth/me", headers=bob).get_json()["email"] == "bob@mail.example"


@pytest.mark.usefixtures("ada")
def test_a_wrong_password_gets_no_token(client: FlaskClient) -> None:
    response = client.post("/auth/token", json=ADA | {"password": "wrong horse"})
    assert response.status_code == 401
    assert "access_token" not in response.get_json()


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}])
def test_without_a_good_token_the_door_stays_shut(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.get("/auth/me", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.get_json() == {"error": "unauthorized", "detail": "Log in first."}


def test_a_revoked_token_is_worthless(client: FlaskClient, ada: dict[str, str]) -> None:
    response = client.delete("/auth/token", headers=ada)
    assert response.status_code == 204
    assert response.data == b""
    assert client.get("/auth/me", headers=ada).status_code == 401


def test_a_body_that_is_not_json_is_refused(client: FlaskClient) -> None:
    malformed = client.post("/auth/token", data="{", content_type="application/json")
    assert malformed.status_code == 400
    assert malformed.get_json()["error"] == "bad request"
    assert client.post("/auth/token", data={"email": "ada"}).status_code == 415
    assert client.post("/auth/token", json=["ada"]).get_json()["detail"] == "Send a JSON object."
