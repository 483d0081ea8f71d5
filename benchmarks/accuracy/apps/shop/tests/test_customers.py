from .conftest import ADDRESS


def test_register(client):
    response = client.post("/customers", json={"email": "bo@shop.example", "name": "Bo", "password": "12345678"})
    assert response.status_code == 201
    assert response.json()["address"] is None
    assert "password" not in response.json()


def test_register_with_address(client):
    customer = {"email": "bo@shop.example", "name": "Bo", "password": "12345678", "address": ADDRESS}
    assert client.post("/customers", json=customer).json()["address"]["city"] == "Leeds"


def test_register_twice(client, auth):
    response = client.post("/customers", json={"email": "ann@shop.example", "name": "A", "password": "12345678"})
    assert response.status_code == 409


def test_register_invalid(client):
    response = client.post("/customers", json={"email": "nobody", "name": "Bo", "password": "123"})
    assert response.status_code == 422
    assert {error["loc"][-1] for error in response.json()["detail"]} == {"email", "password"}


def test_login_wrong_password(client, auth):
    response = client.post("/login", json={"email": "ann@shop.example", "password": "wrong horse"})
    assert response.status_code == 401


def test_login_token_type(client, auth):
    response = client.post("/login", json={"email": "ann@shop.example", "password": "correct horse"})
    assert response.json()["token_type"] == "bearer"
    assert response.json()["expires_in"] == 3600


def test_me(client, auth):
    assert client.get("/customers/me", headers=auth).json()["name"] == "Ann"


def test_me_anonymous(client):
    assert client.get("/customers/me").status_code == 401


def test_move(client, auth):
    response = client.put("/customers/me/address", json=ADDRESS, headers=auth)
    assert response.json()["address"] == ADDRESS


def test_move_to_a_long_country(client, auth):
    response = client.put("/customers/me/address", json={**ADDRESS, "country": "Britain"}, headers=auth)
    assert response.status_code == 422
