import app as telemetry
import pytest
from fastapi.testclient import TestClient

BERLIN = {"latitude": 52.52, "longitude": 13.405}
QUITO = {"latitude": -0.18, "longitude": -78.47, "altitude": 2850.5}


@pytest.fixture
def client():
    telemetry.state.__init__()
    return TestClient(telemetry.app)


@pytest.fixture
def register(client):
    def register(serial, model="T-1000", location=BERLIN, **more):
        return client.post("/devices", json={"serial": serial, "model": model, "location": location, **more})

    return register


@pytest.fixture
def devices(register):
    register("AB000001", labels={"floor": "2", "room": "lab"}, address="10.0.4.7")
    register("AB000002", "H-20", QUITO, interval=15)
    register("CD000007", "H-20")


@pytest.fixture
def readings(client, devices):
    batches = [
        {
            "device": "AB000001",
            "readings": [
                {"at": "2026-03-01T10:00:00Z", "values": {"temperature": 20.5, "humidity": 41.2}, "battery": 98},
                {"at": "2026-03-01T10:01:00Z", "values": {"temperature": 21.25, "humidity": 40.9}, "battery": 97},
                {"at": "2026-03-01T10:02:00+00:00", "values": {"temperature": 24.75}},
            ],
        },
        {"device": "AB000002", "readings": [{"at": "2026-03-01T10:00:30Z", "values": {"pressure": 1013.2}}]},
    ]
    return client.post("/readings", json=batches)
