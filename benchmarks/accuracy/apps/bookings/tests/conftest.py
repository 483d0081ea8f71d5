import app as bookings
import pytest
from fastapi.testclient import TestClient

ANN, BO = ("ann", "letmein"), ("bo", "letmein")


@pytest.fixture
def client():
    bookings.state.__init__()
    return TestClient(bookings.app, base_url="http://testserver/api/v2")


@pytest.fixture
def rooms(client):
    def put(code, **room):
        assert client.put(f"rooms/{code}", json=room, auth=ANN).status_code == 200

    put("A-101", name="Turing", seats=4, equipment=["whiteboard"], hourly_rate=12.5)
    put("A-102", name="Hopper", seats=20, floor=1, equipment=["projector", "video"], hourly_rate=40, step_free=True)
    week = {"mon": {"opens": "08:00:00", "closes": "18:00:00"}, "fri": {"opens": "08:00:00", "closes": "13:30:00"}}
    put("B-7", name="Cellar", seats=2, floor=-1, hours=week)


@pytest.fixture
def book(client, rooms):
    def book(room="A-101", day=2, begin=10, end=11, auth=ANN, headers=None, params=None, **more):
        body = {
            "room": room,
            "title": "A meeting",
            "starts_at": f"2026-06-{day:02}T{begin:02}:00:00Z",
            "ends_at": f"2026-06-{day:02}T{end:02}:00:00Z",
            **more,
        }
        return client.post("bookings", json=body, auth=auth, headers=headers, params=params)

    return book
