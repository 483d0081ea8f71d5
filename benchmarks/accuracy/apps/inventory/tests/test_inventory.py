import pytest


def test_login(client):
    assert client.post("/api/login", data={"user": "ann", "pin": 2468}).json == {"name": "ann", "admin": False}
    assert client.post("/api/login", data={"user": "root", "pin": 2468}).json["admin"] is True


def test_login_with_a_wrong_pin(client):
    assert client.post("/api/login", data={"user": "ann", "pin": 1234}).status_code == 401


def test_nothing(client):
    assert client.get("/api/items").json == {"items": [], "count": 0}


def test_create_and_replace(user):
    assert user.put("/api/items/BX-100", json={"name": "Box"}).status_code == 201
    response = user.put("/api/items/BX-100", json={"name": "Big box", "quantity": 4})
    assert response.status_code == 200
    assert response.json["quantity"] == 4


def test_create_without_name(user):
    assert user.put("/api/items/BX-100", json={"quantity": 1}).status_code == 400


def test_create_as_a_stranger(client):
    assert client.put("/api/items/BX-100", json={"name": "Box"}).status_code == 401


def test_list(stocked):
    assert stocked.get("/api/items").json["count"] == 3


@pytest.mark.parametrize(("query", "number"), [("q=ta", 1), ("q=nothing", 0), ("below=10", 2), ("below=1&q=acid", 1)])
def test_search(stocked, query, number):
    assert stocked.get(f"/api/items?{query}").json["count"] == number


def test_get(stocked):
    assert stocked.get("/api/items/BX-100").json["weight"] == 0.35
    assert stocked.get("/api/items/TP-7").json["weight"] is None
    assert stocked.get("/api/items/XX-0").status_code == 404


def test_delete(stocked):
    assert stocked.delete("/api/items/TP-7").status_code == 204
    assert stocked.get("/api/items/TP-7").status_code == 404


def test_delete_as_a_stranger(client):
    assert client.delete("/api/items/TP-7").status_code == 401


def test_move(stocked):
    response = stocked.post("/api/items/BX-100/movements", json={"delta": -5})
    assert response.status_code == 201
    assert response.json["reason"] == "sale"
    assert stocked.get("/api/items/BX-100").json["quantity"] == 35


@pytest.mark.parametrize("reason", ["purchase", "sale", "loss"])
def test_move_for_a_reason(stocked, reason):
    assert stocked.post("/api/items/BX-100/movements", json={"delta": 1, "reason": reason}).json["reason"] == reason


def test_move_too_much(stocked):
    assert stocked.post("/api/items/TP-7/movements", json={"delta": -5}).status_code == 409
    assert stocked.post("/api/items/NO-7/movements", json={"delta": -5}).status_code == 404


def test_move_as_a_stranger(client):
    assert client.post("/api/items/TP-7/movements", json={"delta": 1}).status_code == 401


def test_movement(stocked):
    stocked.post("/api/items/TP-7/movements", json={"delta": -1, "reason": "loss"})
    stocked.post("/api/items/TP-7/movements", json={"delta": 8, "reason": "purchase"})
    assert stocked.get("/api/movements/2").json["delta"] == 8
    assert stocked.get("/api/movements/3").status_code == 404
    assert stocked.get("/api/movements/last").status_code == 404


def test_report(stocked):
    response = stocked.get("/api/report.csv")
    assert response.mimetype == "text/csv"
    assert b"TP-7,3" in response.data
