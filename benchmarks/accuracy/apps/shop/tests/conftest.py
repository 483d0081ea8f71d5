import app as shop
import pytest
from fastapi.testclient import TestClient

ADDRESS = {"street": "Elm Street 4", "city": "Leeds", "postcode": "LS1 4AP", "country": "GB"}


@pytest.fixture(autouse=True)
def fresh_state():
    shop.state.__init__()


@pytest.fixture
def client():
    return TestClient(shop.app)


@pytest.fixture
def register(client):
    def register(email="ann@shop.example", name="Ann", **more):
        response = client.post("/customers", json={"email": email, "name": name, "password": "correct horse", **more})
        assert response.status_code == 201
        token = client.post("/login", json={"email": email, "password": "correct horse"}).json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    return register


@pytest.fixture
def auth(register):
    return register()


@pytest.fixture
def add(client, auth):
    def add(name="Hammer", price=19.9, category="tools", stock=10, **more):
        product = {"name": name, "price": price, "category": category, "stock": stock, **more}
        response = client.post("/products", json=product, headers=auth)
        assert response.status_code == 201
        return response.json()

    return add


@pytest.fixture
def catalogue(add):
    return [
        add("Hammer", 19.9, tags=["steel", "hand"]),
        add("Saw", 24.5, tags=["steel"], description="For wood"),
        add("Rake", 15, "garden", stock=0),
        add("Spade", 32.25, "garden", dimensions={"width": 20.5, "height": 120, "depth": 8.25}),
        add("Pan", 49.95, "kitchen", picture="https://img.example/pan.png"),
    ]


@pytest.fixture
def place(client, auth):
    def place(*lines, headers=None, **more):
        body = {"lines": [{"product_id": product, "quantity": quantity} for product, quantity in lines], **more}
        return client.post("/orders", json=body, headers=headers or auth)

    return place
