import pytest

from .conftest import VET


def test_owner(client, owner):
    assert client.get(f"/v1/owners/{owner['id']}").json["phone"] is None
    assert client.get("/v1/owners/17").status_code == 404


def test_owner_with_phone(client):
    owner = {"name": "Bo", "email": "bo@mail.example", "phone": "+44 20 7946 0000"}
    assert client.post("/v1/owners", json=owner, headers=VET).json["phone"].startswith("+44")


def test_owner_nonsense(client):
    response = client.post("/v1/owners", json={"name": "", "email": "bo"}, headers=VET)
    assert response.status_code == 422
    assert set(response.json["detail"]["json"]) == {"name", "email"}


def test_owner_without_token(client):
    assert client.post("/v1/owners", json={"name": "Bo", "email": "bo@mail.example"}).status_code == 401


def test_add(add):
    response = add()
    assert response.status_code == 201
    assert response.json["owner"]["name"] == "Ann"
    assert response.json["weight"] is None


def test_add_with_all(add):
    animal = add("Rex", "dog", born="2020-02-29", weight=12.75).json
    assert animal["born"] == "2020-02-29"


@pytest.mark.parametrize("wrong", [{"species": "dragon"}, {"weight": 0}, {"born": "long ago"}])
def test_add_nonsense(add, wrong):
    assert add(**wrong).status_code == 422


def test_add_without_owner(add):
    assert add(owner_id=99).status_code == 409


def test_add_without_token(add):
    assert add(headers={}).status_code == 401
    assert add(headers={"Authorization": "Bearer wrong"}).status_code == 401


@pytest.fixture
def three(add):
    add()
    add("Rex", "dog", weight=20.5)
    add("Bella", "horse", born="2015-05-01")


@pytest.mark.parametrize(
    ("query", "total"), [("", 3), ("species=dog", 1), ("species=other", 0), ("owner_id=1", 3), ("chipped=true", 0)]
)
def test_list(client, three, query, total):
    assert client.get(f"/v1/animals?{query}").json["total"] == total


def test_pages(client, three):
    assert client.get("/v1/animals?page=2").json == {"animals": [], "total": 3}


def test_list_nonsense(client):
    assert client.get("/v1/animals?species=dragon").status_code == 422


def test_get(client, three):
    assert client.get("/v1/animals/3").json["born"] == "2015-05-01"
    assert client.get("/v1/animals/4").status_code == 404


CHIP = {"chip": "0b7dd1f5-6ad9-4a7c-8f1e-0c5a3f0c7d11"}


def test_chip(client, three):
    assert client.put("/v1/animals/1/chip", json=CHIP, headers=VET).json["chipped"] is True
    assert client.put("/v1/animals/9/chip", json=CHIP, headers=VET).status_code == 404
    assert client.put("/v1/animals/1/chip", json={"chip": "x"}, headers=VET).status_code == 422
    assert client.put("/v1/animals/1/chip", json=CHIP).status_code == 401


def test_visits(client, three):
    treatments = [{"code": "VAC", "price": 35.5}, {"code": "CHK", "price": 20.25, "note": "All well"}]
    visit = {"reason": "Check", "treatments": treatments}
    made = client.post("/v1/animals/2/visits", json=visit, headers=VET)
    assert made.status_code == 201
    assert made.json["total"] == 55.75
    client.post("/v1/animals/2/visits", json={"reason": "Bite", "urgent": True}, headers=VET)
    assert [one["urgent"] for one in client.get("/v1/animals/2/visits").json] == [False, True]
    assert client.get("/v1/animals/1/visits").json == []


def test_visit_without_reason(client, three):
    assert client.post("/v1/animals/2/visits", json={}, headers=VET).status_code == 422
    assert client.post("/v1/animals/8/visits", json={"reason": "X"}, headers=VET).status_code == 404


def test_remove(client, three):
    assert client.delete("/v1/animals/1", headers=VET).status_code == 204
    assert client.delete("/v1/animals/1").status_code == 401
