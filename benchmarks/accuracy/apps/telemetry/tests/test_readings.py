import json

import pytest


def test_ingest(readings):
    assert readings.status_code == 202
    assert readings.json() == {"accepted": 4, "rejected": 0, "errors": []}


def test_ingest_through_a_gateway(client, devices):
    batch = {"device": "CD000007", "readings": []}
    assert client.post("/readings", json=[batch], headers={"X-Gateway": "gw-3"}).json()["accepted"] == 0


def test_ingest_unknown(client):
    response = client.post("/readings", json=[{"device": "XX000000", "readings": []}])
    assert response.json()["errors"] == ["unknown device XX000000"]


def test_ingest_nothing(client):
    assert client.post("/readings", json=[]).json()["accepted"] == 0


@pytest.mark.parametrize(
    "reading", [{"values": {}}, {"at": "now", "values": {}}, {"at": "2026-03-01T10:00:00", "values": {}}]
)
def test_ingest_nonsense(client, reading):
    assert client.post("/readings", json=[{"device": "AB000001", "readings": [reading]}]).status_code == 422


def test_readings(client, readings):
    found = client.get("/devices/AB000001/readings").json()
    assert [one["battery"] for one in found] == [98, 97, None]


def test_readings_between(client, readings):
    params = {"begin": "2026-03-01T10:01:00Z", "end": "2026-03-01T10:02:00Z"}
    assert len(client.get("/devices/AB000001/readings", params=params).json()) == 1


def test_readings_of_a_metric(client, readings):
    found = client.get("/devices/AB000001/readings", params={"metric": ["humidity", "pressure"]}).json()
    assert found[0]["values"] == {"humidity": 41.2}
    assert found[2]["values"] == {}


def test_readings_limit(client, readings):
    assert len(client.get("/devices/AB000001/readings?limit=2").json()) == 2
    assert client.get("/devices/AB000001/readings?limit=0").status_code == 422


def test_readings_of_nothing(client):
    assert client.get("/devices/AB000001/readings").status_code == 404


def test_series(client, readings):
    series = client.get("/devices/AB000001/series/humidity").json()
    assert [value for _, value in series] == [41.2, 40.9]
    assert client.get("/devices/AB000002/series/pressure").json()[0][1] == 1013.2
    assert client.get("/devices/AB000002/series/humidity").json() == []


def test_report(client, readings):
    metrics = client.get("/devices/AB000001/report").json()["metrics"]
    assert metrics["temperature"]["count"] == 3
    assert client.get("/devices/AB000002/report").json()["metrics"]["pressure"]["deviation"] is None


def test_empty_report(client, devices):
    report = client.get("/devices/CD000007/report", params={"window": "PT1H"}).json()
    assert report == {"device": "CD000007", "begin": None, "end": None, "metrics": {}}


def test_report_of_nothing(client):
    assert client.get("/devices/CD000007/report").status_code == 404


def test_export(client, readings):
    assert client.get("/devices/AB000001/export").text.startswith("at;values\n")
    assert client.get("/devices/AB000001/export?separator=,").text.startswith("at,values\n")


def test_stream(client, readings):
    lines = client.get("/stream/AB000001").text.splitlines()
    assert json.loads(lines[2])["values"] == {"temperature": 24.75}


def test_rules(client):
    assert client.put("/rules/7", json={"metric": "temperature", "above": 24.5}).json()["level"] == "warning"
    client.put("/rules/8", json={"metric": "humidity", "below": 10.5, "level": "critical"})
    assert set(client.get("/rules").json()) == {"7", "8"}


def test_bad_rule(client):
    assert client.put("/rules/7", json={"metric": "temperature", "level": "awful"}).status_code == 422
    assert client.put("/rules/x", json={"metric": "temperature"}).status_code == 422


@pytest.fixture
def alarm(client):
    client.put("/rules/1", json={"metric": "temperature", "above": 21.0, "level": "critical"})
    client.put("/rules/2", json={"metric": "pressure", "below": 1020.5})


def test_alerts(client, alarm, readings):
    assert [alert["value"] for alert in client.get("/alerts").json()] == [21.25, 24.75, 1013.2]
    assert len(client.get("/alerts?level=critical").json()) == 2
    assert client.get("/alerts", params={"level": "info"}).json() == []
    assert client.get("/alerts?level=loud").status_code == 422


def test_acknowledge(client, alarm, readings):
    assert client.post("/alerts/1/acknowledge").json()["acknowledged"] is True
    assert len(client.get("/alerts?acknowledged=false").json()) == 2
    assert client.post("/alerts/99/acknowledge").status_code == 404
