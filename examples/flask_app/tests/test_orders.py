from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop.store import Product, Store


def test_a_cart_adds_up(client: FlaskClient, store: Store, ada: dict[str, str], teapot: Product) -> None:
    cup = store.add_product("Cup", price_cents=500, stock=12)
    client.put(f"/cart/{teapot.id}", json={"quantity": 1}, headers=ada)
    client.put(f"/cart/{cup.id}", json={"quantity": 6}, headers=ada)
    client.put(f"/cart/{cup.id}", json={"quantity": 4}, headers=ada)
    assert client.get("/cart", headers=ada).get_json() == {
        "lines": [{"product_id": 1, "quantity": 1}, {"product_id": 2, "quantity": 4}],
        "total_cents": 2450 + 4 * 500,
    }


def test_a_cart_belongs_to_one_user(
    client: FlaskClient, ada: dict[str, str], bob: dict[str, str], teapot: Product
) -> None:
    client.put(f"/cart/{teapot.id}", json={"quantity": 1}, headers=ada)
    assert client.get("/cart", headers=bob).get_json()["lines"] == []


def test_a_cart_needs_a_login(client: FlaskClient) -> None:
    assert client.get("/cart").status_code == 401


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "1", None])
def test_a_quantity_is_a_positive_number(
    client: FlaskClient, ada: dict[str, str], teapot: Product, quantity: object
) -> None:
    response = client.put(f"/cart/{teapot.id}", json={"quantity": quantity}, headers=ada)
    assert response.status_code == 422
    assert response.get_json()["fields"] == {"quantity": "must be a whole number, 1 or more"}


def test_there_must_be_enough_in_stock(client: FlaskClient, ada: dict[str, str], teapot: Product) -> None:
    response = client.put(f"/cart/{teapot.id}", json={"quantity": 4}, headers=ada)
    assert response.status_code == 409
    assert response.get_json()["detail"] == "Only 3 left."


def test_taking_something_out_twice_is_fine(client: FlaskClient, ada: dict[str, str], teapot: Product) -> None:
    client.put(f"/cart/{teapot.id}", json={"quantity": 1}, headers=ada)
    assert [client.delete(f"/cart/{teapot.id}", headers=ada).status_code for _ in range(2)] == [204, 204]
    assert client.get("/cart", headers=ada).get_json()["total_cents"] == 0


def test_a_withdrawn_product_leaves_the_carts(
    client: FlaskClient, ada: dict[str, str], staff: dict[str, str], teapot: Product
) -> None:
    client.put(f"/cart/{teapot.id}", json={"quantity": 1}, headers=ada)
    client.delete(f"/products/{teapot.id}", headers=staff)
    assert client.get("/cart", headers=ada).get_json() == {"lines": [], "total_cents": 0}


def test_an_order_empties_the_cart_and_the_shelf(client: FlaskClient, ada: dict[str, str], teapot: Product) -> None:
    client.put(f"/cart/{teapot.id}", json={"quantity": 2}, headers=ada)
    response = client.post("/orders", headers=ada)
    assert response.status_code == 201
    order = response.get_json()
    assert response.location == f"/orders/{UUID(order['id'])}"
    assert order["total_cents"] == 4900
    assert teapot.stock == 1
    assert client.get("/cart", headers=ada).get_json()["lines"] == []
    assert client.get(response.location, headers=ada).get_json() == order


def test_an_empty_cart_is_no_order(client: FlaskClient, ada: dict[str, str]) -> None:
    response = client.post("/orders", headers=ada)
    assert response.status_code == 409
    assert response.get_json()["detail"] == "The cart is empty."


def test_the_last_teapot_is_sold_once(
    client: FlaskClient, ada: dict[str, str], bob: dict[str, str], teapot: Product
) -> None:
    for customer in (ada, bob):
        client.put(f"/cart/{teapot.id}", json={"quantity": 3}, headers=customer)
    assert client.post("/orders", headers=ada).status_code == 201
    late = client.post("/orders", headers=bob)
    assert late.status_code == 409
    assert late.get_json()["detail"] == "Sold out in the meantime: Teapot."
    assert teapot.stock == 0


def test_orders_are_private(client: FlaskClient, ada: dict[str, str], bob: dict[str, str], teapot: Product) -> None:
    client.put(f"/cart/{teapot.id}", json={"quantity": 1}, headers=ada)
    location = client.post("/orders", headers=ada).location
    assert client.get(location, headers=bob).status_code == 404
    assert client.get("/orders", headers=bob).get_json() == {"items": []}
    assert len(client.get("/orders", headers=ada).get_json()["items"]) == 1


@pytest.mark.parametrize("order_id", ["11111111-2222-4333-8444-555555555555", "17", "not-a-uuid"])
def test_unknown_orders(client: FlaskClient, ada: dict[str, str], order_id: str) -> None:
    assert client.get(f"/orders/{order_id}", headers=ada).status_code == 404


def test_a_failed_charge_costs_nothing(
    app: Flask, client: FlaskClient, ada: dict[str, str], teapot: Product, caplog: pytest.LogCaptureFixture
) -> None:
    def unreachable(_user_id: int, _total_cents: int) -> None:
        raise ConnectionError("payments.example timed out")

    app.config["CHARGE"] = unreachable
    client.put(f"/cart/{teapot.id}", json={"quantity": 1}, headers=ada)
    response = client.post("/orders", headers=ada)
    assert response.status_code == 500
    assert response.get_json() == {
        "error": "internal server error",
        "detail": "The payment could not be made; nothing was charged.",
    }
    assert "payments.example timed out" in caplog.text
    assert teapot.stock == 3
    assert client.get("/cart", headers=ada).get_json()["total_cents"] == 2450


def broken(_user_id: int, _total_cents: int) -> None:
    raise ZeroDivisionError("a bug in the payment module")


def test_a_bug_is_shown_to_the_developer(app: Flask, client: FlaskClient, ada: dict[str, str], teapot: Product) -> None:
    app.config["CHARGE"] = broken
    client.put(f"/cart/{teapot.id}", json={"quantity": 1}, headers=ada)
    with pytest.raises(ZeroDivisionError, match="a bug in the payment module"):
        client.post("/orders", headers=ada)


def test_a_bug_is_hidden_from_customers(app: Flask, client: FlaskClient, ada: dict[str, str], teapot: Product) -> None:
    app.config.update(CHARGE=broken, PROPAGATE_EXCEPTIONS=False)
    client.put(f"/cart/{teapot.id}", json={"quantity": 1}, headers=ada)
    response = client.post("/orders", headers=ada)
    assert response.status_code == 500
    assert response.get_json()["error"] == "internal server error"
    assert "payment module" not in response.text
