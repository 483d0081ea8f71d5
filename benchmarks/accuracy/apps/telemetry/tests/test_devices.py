def test_health(client):
    assert client.get("/health").json()["checks"] == {"storage": True, "queue": True}


def test_register(register):
    response = register("AB000001")
    assert response.status_code == 201
    assert response.json()["interval"] == 60
    assert response.json()["last_seen"] is None


def test_register_with_all(register):
    device = register("AB000003", address="192.168.1.20", labels={"room": "attic"}, interval=5).json()
    assert device["address"] == "192.168.1.20"
    assert device["labels"] == {"room": "attic"}


def test_register_twice(register, devices):
    assert register("AB000001").status_code == 409


def test_register_nonsense(register):
    assert register("1").status_code == 422
    assert register("AB000001", location={"latitude": 120, "longitude": 0}).status_code == 422
    assert register("AB000001", address="here").status_code == 422


def test_devices(client, devices):
    assert len(client.get("/devices").json()) == 3
    assert [one["serial"] for one in client.get("/devices?model=H-20").json()] == ["AB000002", "CD000007"]


def test_devices_online(client, readings):
    assert len(client.get("/devices?online=true").json()) == 2
    assert len(client.get("/devices?online=false").json()) == 1


def test_devices_near(client, devices):
    assert len(client.get("/devices", params={"near": "52.5,13.4"}).json()) == 2
    assert len(client.get("/devices", params={"near": "52.5,13.4", "radius": 0.001}).json()) == 0


def test_device(client, devices):
    assert client.get("/devices/AB000002").json()["location"]["altitude"] == 2850.5


def test_no_device(client):
    assert client.get("/devices/ZZ999999").status_code == 404


def test_forget(client, devices):
    assert client.delete("/devices/CD000007").status_code == 204
    assert client.delete("/devices/CD000007").status_code == 404


def test_configure(client, devices):
    response = client.put("/devices/AB000001/configuration", json={"mode": "eco", "leds": False, "gain": 1.5})
    assert response.json()["configuration"]["gain"] == 1.5


def test_configure_with_a_list(client, devices):
    assert client.put("/devices/AB000001/configuration", json=[1]).status_code == 422


def test_configure_nothing(client):
    assert client.put("/devices/AB000001/configuration", json={}).status_code == 404
