import app as clinic
import pytest

VET = {"Authorization": "Bearer vet-token-9b21"}


@pytest.fixture
def client():
    clinic.owners.clear()
    clinic.animals.clear()
    clinic.visits.clear()
    return clinic.app.test_client()


@pytest.fixture
def owner(client):
    return client.post("/v1/owners", json={"name": "Ann", "email": "ann@mail.example"}, headers=VET).json


@pytest.fixture
def add(client, owner):
    def add(name="Felix", species="cat", headers=VET, **more):
        animal = {"name": name, "species": species, "owner_id": owner["id"], **more}
        return client.post("/v1/animals", json=animal, headers=headers)

    return add
