from .conftest import ANN


def codes(response):
    return [room["code"] for room in response.json()["data"]]


def test_no_rooms(client):
    assert client.get("rooms").json() == {"data": [], "cursor": None, "total": 0}


def test_rooms(client, rooms):
    assert codes(client.get("rooms")) == ["A-101", "A-102", "B-7"]


def test_rooms_with(client, rooms):
    assert codes(client.get("rooms?equipment=video&equipment=projector")) == ["A-102"]
    assert codes(client.get("rooms", params={"equipment": "whiteboard"})) == ["A-101"]
    assert client.get("rooms?equipment=piano").status_code == 422


def test_rooms_for(client, rooms):
    assert codes(client.get("rooms?seats=4")) == ["A-101", "A-102"]
    assert codes(client.get("rooms?seats=4&max_rate=20.5")) == ["A-101"]
    assert client.get("rooms?seats=0").status_code == 422


def test_pages_of_rooms(client, rooms):
    first = client.get("rooms?limit=2").json()
    assert first["cursor"] == "2"
    assert codes(client.get("rooms", params={"limit": 2, "cursor": first["cursor"]})) == ["B-7"]


def test_room(client, rooms):
    response = client.get("rooms/B-7")
    assert response.headers["etag"] == '"1"'
    assert response.json()["hours"]["fri"]["closes"] == "13:30:00"
    assert client.get("rooms/A-101").json()["hours"] is None


def test_no_room(client):
    response = client.get("rooms/Z-1")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_replace(client, rooms):
    room = {"name": "Turing", "seats": 6}
    response = client.put("rooms/A-101", json=room, auth=ANN, headers={"If-Match": '"1"'})
    assert response.json()["revision"] == 2
    assert client.put("rooms/A-101", json=room, auth=ANN, headers={"If-Match": '"1"'}).status_code == 412


def test_replace_by_nobody(client):
    assert client.put("rooms/A-101", json={"name": "Turing", "seats": 6}).status_code == 401
    assert client.put("rooms/A-101", json={"name": "Turing", "seats": 6}, auth=("ann", "x")).status_code == 401


def test_replace_by_nonsense(client):
    response = client.put("rooms/A-101", json={"name": "Turing", "seats": 0, "equipment": ["piano"]}, auth=ANN)
    assert {error["loc"][1] for error in response.json()["detail"]} == {"seats", "equipment"}


def test_close(client, rooms):
    assert client.delete("rooms/B-7", auth=ANN).status_code == 204
    assert client.delete("rooms/B-7", auth=ANN).status_code == 404


def test_close_a_booked_room(client, book):
    book()
    assert client.delete("rooms/A-101", auth=ANN).json()["title"] == "This room is booked"


def test_free(client, book):
    book(begin=10, end=12)
    slots = client.get("rooms/A-101/free", params={"day": "2026-06-02"}).json()
    assert len(slots) == 6
    assert slots[0]["starts_at"] == "2026-06-02T09:00:00Z"


def test_free_for_longer(client, rooms):
    response = client.get("rooms/A-101/free?day=2026-06-02&minutes=90", headers={"X-Time-Zone": "Europe/Paris"})
    assert len(response.json()) == 8


def test_free_when(client, rooms):
    assert client.get("rooms/A-101/free").status_code == 422
    assert client.get("rooms/A-101/free?day=someday").status_code == 422


def test_ping(client):
    assert client.get("http://testserver/ping").status_code == 204
