from .conftest import ANN, BO


def test_book(book):
    response = book()
    assert response.status_code == 201
    assert response.json()["cost"] == 12.5
    assert response.json()["state"] == "confirmed"


def test_book_for_nothing(book):
    assert book("B-7").json()["cost"] is None


def test_book_with_guests(book):
    guests = [{"name": "Cy", "email": "cy@mail.example"}, {"name": "Di", "vegetarian": True}]
    booking = book(guests=guests, catering="lunch", notes="By the window").json()
    assert booking["guests"][0]["vegetarian"] is False
    assert booking["guests"][1]["email"] is None


def test_too_many_guests(book):
    assert book("B-7", guests=[{"name": name} for name in "abc"]).json()["detail"] == "Cellar has 2 seats"


def test_repeat(book):
    weekly = book(repeat={"every": "week", "weekdays": [1, 3], "until": "2026-12-31"}).json()
    assert weekly["repeat"]["weekdays"] == [1, 3]
    assert book(day=3, repeat={"every": "day", "times": 5}).json()["repeat"] == {"every": "day", "times": 5}


def test_taken(book):
    book()
    assert book(auth=BO).status_code == 409


def test_waiting(book):
    book()
    assert book(auth=BO, headers={"Prefer": "wait"}).json()["state"] == "waiting"


def test_dry_run(client, book):
    assert book(params={"dry_run": True}).status_code == 201
    assert client.get("bookings", auth=ANN).json()["total"] == 0


def test_book_backwards(book):
    assert book(begin=12, end=11).status_code == 422


def test_book_incompletely(client):
    response = client.post("bookings", json={"room": "A-101", "catering": "dinner"}, auth=ANN)
    assert len(response.json()["detail"]) == 4


def test_book_nowhere(book):
    assert book("Z-99").status_code == 404


def test_book_by_nobody(book):
    assert book(auth=None).status_code == 401


def test_bookings(client, book):
    book()
    book(day=4)
    book(day=5, auth=BO)
    assert client.get("bookings", auth=ANN).json()["total"] == 2
    assert client.get("bookings?order=desc", auth=ANN).json()["data"][0]["number"] == 1001
    params = {"from": "2026-06-03T00:00:00Z", "to": "2026-06-30T00:00:00Z"}
    assert client.get("bookings", params=params, auth=ANN).json()["total"] == 1


def test_bookings_by_state(client, book):
    number = book().json()["number"]
    client.delete(f"bookings/{number}", auth=ANN)
    assert client.get("bookings?state=cancelled&state=waiting", auth=ANN).json()["total"] == 1
    assert client.get("bookings?state=confirmed", auth=ANN).json()["total"] == 0
    assert client.get("bookings?state=lost", auth=ANN).status_code == 422
    assert client.get("bookings").status_code == 401


def test_booking(client, book):
    made = book().json()
    assert client.get(f"bookings/{made['number']}", auth=ANN).json() == made
    assert client.get("bookings/1", auth=ANN).status_code == 404
    assert client.get("bookings/first", auth=ANN).status_code == 422


def test_change(client, book):
    url = f"bookings/{book(notes='Old').json()['number']}"
    assert client.patch(url, json={"title": "Another"}, auth=ANN).json()["title"] == "Another"
    assert client.patch(url, json={"catering": "coffee"}, auth=ANN).json()["catering"] == "coffee"
    assert client.patch(url, json={"notes": None}, auth=ANN).json()["notes"] is None
    changed = client.patch(url, json={"ends_at": "2026-06-02T13:00:00Z", "guests": [{"name": "Ed"}]}, auth=ANN)
    assert changed.json()["guests"][0]["name"] == "Ed"


def test_change_nothing_of_mine(client, book):
    url = f"bookings/{book().json()['number']}"
    assert client.patch(url, json={"title": "Mine"}, auth=BO).status_code == 403
    assert client.patch(url, json={"catering": "dinner"}, auth=ANN).status_code == 422
    assert client.patch("bookings/1", json={}, auth=ANN).status_code == 404


def test_cancel(client, book):
    url = f"bookings/{book().json()['number']}"
    assert client.delete(url, params={"notify": False}, auth=ANN).json()["state"] == "cancelled"
    assert client.delete("bookings/1", auth=ANN).status_code == 404


def test_guests(client, book):
    number = book(guests=[{"name": "Cy", "email": "cy@mail.example"}]).json()["number"]
    assert client.get(f"bookings/{number}/guests/0", auth=ANN).json()["email"] == "cy@mail.example"
    assert client.get(f"bookings/{number}/guests/1", auth=ANN).status_code == 404
    invited = client.put(f"bookings/{number}/guests", json=[{"name": "Di"}, {"name": "Ed"}], auth=ANN)
    assert len(invited.json()) == 2
    assert client.put(f"bookings/{number}/guests", json={"name": "Di"}, auth=ANN).status_code == 422


def test_calendar(client, book):
    book()
    book(day=30, room="B-7")
    assert client.get("calendar/2026/6").json() == {"2026-06-02": [1000], "2026-06-30": [1001]}
    assert client.get("calendar/2026/7").json() == {}
    assert client.get("calendar/2026/13").status_code == 404
