import app as warehouse
import pytest


@pytest.fixture
def client():
    warehouse.items.clear()
    warehouse.movements.clear()
    return warehouse.app.test_client()


@pytest.fixture
def user(client):
    client.post("/api/login", data={"user": "ann", "pin": "2468"})
    return client


@pytest.fixture
def stocked(user):
    user.put("/api/items/BX-100", json={"name": "Box", "quantity": 40, "weight": 0.35})
    user.put("/api/items/TP-7", json={"name": "Tape", "quantity": 3, "bin": "C4", "weight": None})
    user.put("/api/items/AC-1", json={"name": "Acid", "hazardous": True, "weight": 12.5, "bin": None})
    return user
