import base64

import pytest
from app import app, reset
from fastapi.testclient import TestClient


@pytest.fixture
def client():
    reset()
    return TestClient(app)


def account(client, email="ann@example.com", password="correct horse", **more):
    assert client.post("/auth/register", json={"email": email, "password": password, **more}).status_code == 201
    answer = client.post("/auth/token", data={"username": email, "password": password})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
def ann(client):
    return account(client, full_name="Ann Smith")


@pytest.fixture
def bob(client):
    return account(client, "bob@example.com")


def chair(**more):
    return {"title": "A chair", "price": "25.50", "condition": "used", **more}


@pytest.fixture
def listing(client, ann):
    return client.post("/listings", json=chair(tags=["wood", "old"]), headers=ann).json()


def test_register_twice(client, ann):
    answer = client.post("/auth/register", json={"email": "ann@example.com", "password": "whatever it is"})
    assert answer.status_code == 409


def test_register_needs_email(client):
    assert client.post("/auth/register", json={"email": "nope", "password": "long enough"}).status_code == 422


def test_short_password(client):
    assert client.post("/auth/register", json={"email": "a@example.com", "password": "short"}).status_code == 422


def test_wrong_password(client, ann):
    assert client.post("/auth/token", data={"username": "ann@example.com", "password": "x"}).status_code == 400


def test_me(client, ann):
    me = client.get("/auth/me", headers=ann).json()
    assert me["full_name"] == "Ann Smith"
    assert me["last_ip"] == "10.1.2.3"


def test_me_anonymous(client):
    assert client.get("/auth/me").status_code == 401
    assert client.get("/auth/me", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_offer_full(client, ann):
    answer = client.post(
        "/listings",
        json=chair(
            title="A table",
            description="Oak, two metres",
            price=180,
            currency="GBP",
            size={"width": 200, "height": 75.5, "depth": 90},
            location={"lat": 48.2, "lon": 16.37},
            homepage="https://example.com/tables",
            attributes={"colour": "brown", "material": "oak"},
            pickup_from="09:30:00",
        ),
        headers=ann,
    )
    assert answer.status_code == 201
    assert answer.json()["size"]["unit"] == "cm"


def test_offer_attributes(client, ann):
    lamp = client.post("/listings", json=chair(title="A lamp", condition="new", attributes={"watt": "40"}), headers=ann)
    assert lamp.json()["attributes"] == {"watt": "40"}


@pytest.mark.parametrize("bad", [{"price": -1}, {"condition": "broken"}, {"title": "x"}, {"currency": "YEN"}])
def test_offer_invalid(client, ann, bad):
    assert client.post("/listings", json=chair(**bad), headers=ann).status_code == 422


def test_offer_missing(client, ann):
    assert client.post("/listings", json={"title": "A chair"}, headers=ann).status_code == 422


def test_offer_anonymous(client):
    assert client.post("/listings", json=chair()).status_code == 401


def test_search(client, ann):
    for number in range(12):
        client.post("/listings", json=chair(title=f"Chair {number}", price=10 + number), headers=ann)
    first = client.get("/listings").json()
    assert first["total"] == 12 and first["next"]
    assert len(client.get("/listings", params={"page": 2}).json()["items"]) == 2
    assert client.get("/listings", params={"size": 5, "page": 3}).json()["next"] is None
    assert client.get("/listings", params={"q": "chair 11"}).json()["total"] == 1
    assert client.get("/listings", params={"min_price": 15, "max_price": 17.5}).json()["total"] == 3
    assert client.get("/listings", params={"sort": "-price"}).json()["items"][0]["price"] == 21


def test_search_tags(client, listing):
    assert client.get("/listings", params={"tag": ["wood", "old"]}).json()["total"] == 1
    assert client.get("/listings", params={"tag": "steel"}).json()["total"] == 0
    assert client.get("/listings?condition=used").json()["total"] == 1


def test_search_refused(client):
    assert client.get("/listings?size=500").status_code == 422
    assert client.get("/listings?sort=colour").status_code == 422


def test_show(client, listing):
    answer = client.get(f"/listings/{listing['id']}")
    assert answer.json() == listing
    assert answer.headers["x-currency"] == "EUR"
    assert client.get("/listings/99").status_code == 404
    assert client.get("/listings/chair").status_code == 422


def test_change(client, listing, ann, bob):
    url = f"/listings/{listing['id']}"
    assert client.patch(url, json={"price": 20}, headers=ann).json()["updated_at"]
    assert client.patch(url, json={"title": "A better chair", "tags": []}, headers=ann).status_code == 200
    assert client.patch(url, json={"price": 1}, headers=bob).status_code == 403
    assert client.patch("/listings/99", json={"price": 1}, headers=bob).status_code == 404


def test_remove(client, listing, ann, bob):
    url = f"/listings/{listing['id']}"
    assert client.delete(url, headers=bob).status_code == 403
    assert client.delete(url, headers=ann).status_code == 204
    assert client.delete(url, headers=ann).status_code == 404


def test_pictures(client, listing, ann):
    url = f"/listings/{listing['id']}/pictures"
    made = client.post(url, files={"file": ("a.png", b"\x89PNG\r\n\x1a\n....", "image/png")}, headers=ann)
    assert made.status_code == 201
    again = client.post(url, files={"file": ("b.png", b"\x89PNG", "image/png")}, data={"caption": "Back"}, headers=ann)
    assert client.get(f"{url}/{again.json()['id']}").content == b"\x89PNG"
    assert client.post(url, files={"file": ("a.txt", b"hello", "text/plain")}, headers=ann).status_code == 415
    assert client.post(url, headers=ann).status_code == 422


def test_favourite(client, listing, bob):
    assert client.put(f"/listings/{listing['id']}/favourite", headers=bob).json() == {"count": 1}


def buy(client, who, listing, payment, **more):
    return client.post(
        "/orders", json={"lines": [{"listing_id": listing["id"]}], "payment": payment, **more}, headers=who
    )


def test_orders(client, listing, bob):
    card = buy(
        client, bob, listing, {"kind": "card", "number": "4111111111111111", "expires": "12/29"}, note="Ring twice"
    )
    assert card.json()["status"] == "paid"
    wire = buy(client, bob, listing, {"kind": "transfer", "iban": "AT611904300234573201"})
    assert wire.json()["status"] == "pending"
    voucher = buy(client, bob, listing, {"kind": "voucher", "codes": ["SPRING"]})
    assert voucher.status_code == 201
    assert len(client.get("/orders", headers=bob).json()) == 3
    assert len(client.get("/orders", params={"status": ["paid"]}, headers=bob).json()) == 2
    assert client.get("/orders?since=2026-01-01", headers=bob).status_code == 200
    assert client.get(f"/orders/{card.json()['id']}", headers=bob).json() == card.json()


def test_order_refused(client, listing, bob):
    assert client.post("/orders", json={"lines": []}, headers=bob).status_code == 422
    assert buy(client, bob, listing, {"kind": "cash"}).status_code == 422
    assert buy(client, bob, {"id": 77}, {"kind": "voucher", "codes": []}).status_code == 404


def test_cancel(client, listing, bob):
    made = buy(client, bob, listing, {"kind": "transfer", "iban": "AT611904300234573201", "reference": "chair"}).json()
    assert client.post(f"/orders/{made['id']}/cancel", headers=bob).json()["status"] == "cancelled"
    assert client.post(f"/orders/{made['id']}/cancel", headers=bob).status_code == 409
    assert client.post("/orders/00000000-0000-0000-0000-000000000000/cancel", headers=bob).status_code == 404


def test_signature(client, listing, bob):
    made = buy(client, bob, listing, {"kind": "voucher", "codes": ["A", "B"]}).json()
    data = base64.b64encode(b"a scribble on the courier's tablet").decode()
    url = f"/orders/{made['id']}/signature"
    assert client.put(url, json={"data": data, "signed_by": "Bob"}).status_code == 204
    assert client.get(url).json()["data"].strip() == data


def test_stats(client, listing):
    assert client.get("/stats").status_code in (401, 403)
    assert client.get("/stats", headers={"X-Partner-Key": "wrong"}).status_code == 403
    assert client.get("/stats", headers={"X-Partner-Key": "p-1234"}).json() == {"used": {"offers": 1, "pictures": 0}}


def test_rates(client):
    assert set(client.get("/rates").json()) == {"USD", "GBP", "CHF", "JPY"}
    assert client.get("/rates?symbols=USD,GBP").json() == {"USD": 1.09, "GBP": 0.86}


def test_health(client):
    assert client.get("/health").json() == {"status": "ok"}


def test_nothing(client):
    assert client.get("/nowhere").status_code == 404
