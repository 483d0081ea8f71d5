from uuid import uuid4

import pytest

from .conftest import ADDRESS


@pytest.fixture
def order(catalogue, place):
    return place((1, 2), (2, 1)).json()


def test_place(client, catalogue, place):
    response = place((1, 2), (5, 1))
    assert response.status_code == 201
    assert response.json()["total"] == 89.75
    assert response.json()["shipping"] is None
    assert client.get("/products/1").json()["stock"] == 8


def test_place_with_shipping_and_note(client, catalogue, auth):
    lines = [{"product_id": 1, "quantity": 1, "note": "A red one, please"}]
    response = client.post("/orders", json={"lines": lines, "shipping": ADDRESS}, headers=auth)
    assert response.json()["shipping"]["postcode"] == "LS1 4AP"


def test_coupon(catalogue, place):
    assert place((4, 2), coupon="WELCOME10").json()["discount"] == 6.45


def test_nothing_in_stock(catalogue, place):
    assert place((3, 1)).status_code == 409


def test_place_nothing(place):
    assert place().status_code == 422


def test_place_anonymous(client, catalogue):
    assert client.post("/orders", json={"lines": [{"product_id": 1, "quantity": 1}]}).status_code == 401


def test_my_orders(client, order, auth):
    assert [one["id"] for one in client.get("/orders", headers=auth).json()] == [order["id"]]
    assert client.get("/orders", params={"status": "shipped"}, headers=auth).json() == []
    assert client.get("/orders?status=lost", headers=auth).status_code == 422


def test_order(client, order, auth):
    assert client.get(f"/orders/{order['id']}", headers=auth).json() == order


def test_foreign_order(client, order, register):
    other = register("cy@shop.example", "Cy")
    assert client.get(f"/orders/{order['id']}", headers=other).status_code == 404


def test_no_order(client, auth):
    assert client.get(f"/orders/{uuid4()}", headers=auth).status_code == 404
    assert client.get("/orders/17", headers=auth).status_code == 422


CARD = {"method": "card", "number": "4111111111111111", "expires": "12/29", "holder": "Ann"}


@pytest.mark.parametrize(
    "payment",
    [
        CARD,
        {"method": "transfer", "iban": "DE89370400440532013000"},
        {"method": "transfer", "iban": "DE89370400440532013000", "bic": "COBADEFFXXX"},
        {"method": "voucher", "code": "GIFT-500"},
    ],
)
def test_pay(client, order, auth, payment):
    receipt = client.post(f"/orders/{order['id']}/payment", json=payment, headers=auth).json()
    assert receipt["method"] == payment["method"]
    paid = client.get(f"/orders/{order['id']}", headers=auth).json()
    assert paid["status"] == "paid"
    assert paid["paid_at"]


def test_pay_with_a_bad_voucher(client, order, auth):
    payment = {"method": "voucher", "code": "GIFT-1"}
    assert client.post(f"/orders/{order['id']}/payment", json=payment, headers=auth).status_code == 402


def test_pay_with_shells(client, order, auth):
    response = client.post(f"/orders/{order['id']}/payment", json={"method": "shells"}, headers=auth)
    assert response.status_code == 422
    assert response.json()["detail"][0]["type"] == "union_tag_invalid"


def test_pay_twice(client, order, auth):
    client.post(f"/orders/{order['id']}/payment", json=CARD, headers=auth)
    assert client.post(f"/orders/{order['id']}/payment", json=CARD, headers=auth).status_code == 409


def test_cancel(client, order, auth):
    assert client.post(f"/orders/{order['id']}/cancel", headers=auth).json()["status"] == "cancelled"


def test_cancel_with_a_reason(client, order, auth):
    response = client.post(f"/orders/{order['id']}/cancel", json={"reason": "Too slow"}, headers=auth)
    assert response.json()["status"] == "cancelled"


def test_cancel_nothing(client, auth):
    assert client.post(f"/orders/{uuid4()}/cancel", headers=auth).status_code == 404
