import pytest
from app import app, reset

KEY = {"X-Api-Key": "s3cr3t-keeper"}


@pytest.fixture
def client():
    reset()
    return app.test_client()


def add(client, **more):
    pet = {"name": "Tom", "species": "cat", "price": "12.50"} | more
    answer = client.post("/api/pets/", json=pet, headers=KEY)
    assert answer.status_code == 201, answer.json
    return answer.json


def test_add_and_show(client):
    pet = add(client)
    assert client.get(f"/api/pets/{pet['id']}").json == pet


def test_add_with_all(client):
    pet = add(
        client,
        name="Rex",
        species="dog",
        born="2025-06-01",
        weight=18.2,
        tags=["good", "loud"],
        category_id=1,
        vaccinations=[
            {"vaccine": "rabies", "given_on": "2025-12-01", "batch": None},
            {"vaccine": "flu", "given_on": "2026-01-09"},
        ],
    )
    assert pet["category"]["name"] == "Furry"


@pytest.mark.parametrize("bad", [{"species": "unicorn"}, {"price": "dear"}, {"born": "yesterday"}, {"weight": -1}])
def test_add_refused(client, bad):
    assert (
        client.post("/api/pets/", json={"name": "X", "species": "cat", "price": "1", **bad}, headers=KEY).status_code
        == 422
    )


def test_add_nothing(client):
    assert set(client.post("/api/pets/", json={}, headers=KEY).json["errors"]["json"]) == {"name", "species", "price"}


def test_add_without_key(client):
    answer = client.post("/api/pets/", json={"name": "Tom", "species": "cat", "price": "12.50"})
    assert answer.status_code == 401


def test_list(client):
    for number in range(12):
        add(client, name=f"Cat {number}", price=f"{number + 1}.00")
    add(client, name="Polly", species="parrot", price="99.00")
    assert len(client.get("/api/pets/").json) == 10
    assert len(client.get("/api/pets/?page=2").json) == 3
    assert len(client.get("/api/pets/?page=1&page_size=5").json) == 5
    assert len(client.get("/api/pets/?species=parrot").json) == 1
    assert len(client.get("/api/pets/?max_price=3.5").json) == 3
    assert len(client.get("/api/pets/?available=true").json) == 10
    assert client.get("/api/pets/?species=fish").status_code == 422


def test_change(client):
    pet = add(client)
    url = f"/api/pets/{pet['id']}"
    assert client.patch(url, json={"price": "9.99"}, headers=KEY).json["price"] == "9.99"
    assert client.patch(url, json={"name": "Thomas", "tags": ["old"]}, headers=KEY).status_code == 200
    assert client.patch(url, json={"name": "Thomas"}).status_code == 401
    assert client.patch("/api/pets/7d444840-9dc0-11d1-b245-5ffdce74fad2", json={}, headers=KEY).status_code == 404
    assert client.patch(url, json={"price": "free"}, headers=KEY).status_code == 422


def test_remove(client):
    pet = add(client)
    assert client.delete(f"/api/pets/{pet['id']}").status_code == 401
    assert client.delete(f"/api/pets/{pet['id']}", headers=KEY).status_code == 204
    assert client.get(f"/api/pets/{pet['id']}").status_code == 404


@pytest.fixture
def owner(client):
    return client.post("/api/owners/", json={"name": "Ann", "email": "ann@example.com"}).json


def test_owners(client, owner):
    assert client.post("/api/owners/", json={"name": "Ann", "email": "ann@example.com"}).status_code == 409
    bob = client.post(
        "/api/owners/",
        json={"name": "Bob", "email": "bob@example.com", "website": "https://bob.example.com/", "newsletter": True},
    )
    assert bob.status_code == 201
    assert len(client.get("/api/owners/").json) == 2


def test_owner_refused(client):
    assert client.post("/api/owners/", json={"name": "Ann", "email": "no"}).status_code == 422
    assert client.post("/api/owners/", json={"email": "eve@example.com"}).status_code == 422


def test_adoption(client, owner):
    pet = add(client)
    made = client.post("/api/adoptions/", json={"pet_id": pet["id"], "owner_id": owner["id"], "note": "Has a garden"})
    assert made.status_code == 201
    assert client.get(f"/api/adoptions/{made.json['id']}").json["fee"] == 30
    assert client.get("/api/adoptions/99").status_code == 404
    assert client.post("/api/adoptions/", json={"pet_id": pet["id"], "owner_id": owner["id"]}).status_code == 409
    assert len(client.get(f"/api/owners/{owner['id']}/pets").json) == 1
    assert client.get("/api/owners/77/pets").status_code == 404


def test_adoption_of_nobody(client, owner):
    body = {"pet_id": "7d444840-9dc0-11d1-b245-5ffdce74fad2", "owner_id": 1, "visit_at": "10:30:00"}
    assert client.post("/api/adoptions/", json=body).status_code == 404
    assert client.post("/api/adoptions/", json={"owner_id": 1}).status_code == 422


def test_adoption_at(client, owner):
    pet = add(client)
    body = {"pet_id": pet["id"], "owner_id": owner["id"], "visit_at": "10:30:00", "note": None}
    assert client.post("/api/adoptions/", json=body).json["note"] is None
