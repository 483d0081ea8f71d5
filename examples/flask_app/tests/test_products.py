import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop import create_app
from shop.store import Product, Store

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def test_a_new_shop_is_empty(client: FlaskClient) -> None:
    response = client.get("/products/")
    assert response.get_json() == {"items": [], "page": 1, "per_page": 10, "total": 0}


def test_two_applications_share_nothing(client: FlaskClient, teapot: Product) -> None:
    other = create_app({"TESTING": True}).test_client()
    assert client.get(f"/products/{teapot.id}").status_code == 200
    assert other.get(f"/products/{teapot.id}").status_code == 404


def test_the_staff_adds_products(client: FlaskClient, staff: dict[str, str]) -> None:
    response = client.post("/products/", json={"name": "Crème brûlée 🍮", "price_cents": 480}, headers=staff)
    assert response.status_code == 201
    assert response.location == "/products/1"
    assert client.get(response.location).get_json() == {
        "id": 1,
        "name": "Crème brûlée 🍮",
        "price_cents": 480,
        "display_price": "€4.80",
        "stock": 0,
        "has_picture": False,
    }


def test_customers_do_not_add_products(client: FlaskClient, store: Store, ada: dict[str, str]) -> None:
    response = client.post("/products/", json={"name": "Teapot", "price_cents": 1}, headers=ada)
    assert response.status_code == 403
    assert response.get_json() == {"error": "forbidden", "detail": "Only the staff may do that."}
    assert store.products == {}


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        ({}, {"name": "is required", "price_cents": "is required"}),
        ({"name": " ", "price_cents": 1}, {"name": "must be a text that is not empty"}),
        ({"name": "Teapot", "price_cents": -1}, {"price_cents": "must be a whole number, 0 or more"}),
        ({"name": "Teapot", "price_cents": True}, {"price_cents": "must be a whole number, 0 or more"}),
        ({"name": "Teapot", "price_cents": 1, "colour": "red"}, {"colour": "unknown field"}),
    ],
)
def test_the_fields_of_a_product_are_checked(
    client: FlaskClient, staff: dict[str, str], payload: dict[str, Any], fields: dict[str, str]
) -> None:
    response = client.post("/products/", json=payload, headers=staff)
    assert response.status_code == 422
    assert response.get_json() == {"error": "validation failed", "fields": fields}


def test_a_change_leaves_the_other_fields_alone(client: FlaskClient, staff: dict[str, str], teapot: Product) -> None:
    response = client.patch(f"/products/{teapot.id}", json={"price_cents": 1999}, headers=staff)
    assert response.status_code == 200
    assert (teapot.name, teapot.price_cents, teapot.stock) == ("Teapot", 1999, 3)


def test_a_deleted_product_is_gone(client: FlaskClient, staff: dict[str, str], teapot: Product) -> None:
    response = client.delete(f"/products/{teapot.id}", headers=staff)
    assert (response.status_code, response.data) == (204, b"")
    missing = client.get(f"/products/{teapot.id}")
    assert missing.status_code == 404
    assert missing.get_json() == {"error": "not found", "detail": "There is no product 1."}


def test_an_identifier_is_a_number(client: FlaskClient) -> None:
    assert client.get("/products/teapot").status_code == 404


def test_a_method_that_is_not_offered(client: FlaskClient, teapot: Product) -> None:
    response = client.post(f"/products/{teapot.id}")
    assert response.status_code == 405
    assert {"GET", "HEAD", "PATCH", "DELETE"} <= set(response.headers["Allow"].split(", "))


def test_pages_follow_one_another(client: FlaskClient, store: Store) -> None:
    for number in range(1, 8):
        store.add_product(f"Cup {number}", price_cents=300)
    store.add_product("Saucer", price_cents=200)

    names = []
    response = client.get("/products/?q=cup&per_page=3")
    while True:
        names += [item["name"] for item in response.get_json()["items"]]
        assert response.get_json()["total"] == 7
        if "Link" not in response.headers:
            break
        response = client.get(response.headers["Link"].partition(">")[0].removeprefix("<"))
    assert names == [f"Cup {number}" for number in range(1, 8)]


@pytest.mark.parametrize("query", ["page=0", "page=two", "per_page=51", "per_page=-1"])
def test_nonsense_pages_are_refused(client: FlaskClient, query: str) -> None:
    response = client.get(f"/products/?{query}")
    assert response.status_code == 400
    assert response.get_json()["detail"].startswith(query.partition("=")[0])


def test_an_unchanged_product_is_not_sent_again(client: FlaskClient, teapot: Product) -> None:
    first = client.get(f"/products/{teapot.id}")
    again = client.get(f"/products/{teapot.id}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]

    teapot.stock = 2
    changed = client.get(f"/products/{teapot.id}", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.get_json()["stock"] == 2


def test_head_has_the_headers_and_no_body(client: FlaskClient, teapot: Product) -> None:
    got = client.get(f"/products/{teapot.id}")
    head = client.head(f"/products/{teapot.id}")
    assert head.data == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.content_length == len(got.data)


def test_a_missing_trailing_slash_is_added(client: FlaskClient) -> None:
    response = client.get("/products?page=1", follow_redirects=True)
    assert response.history[0].status_code == 308
    assert response.request.url == "http://localhost/products/?page=1"
    assert response.get_json()["total"] == 0


def test_links_to_the_former_shop_still_work(client: FlaskClient, teapot: Product) -> None:
    assert client.get(f"/item.php?id={teapot.id}").status_code == 301
    assert client.get(f"/item.php?id={teapot.id}", follow_redirects=True).get_json()["name"] == "Teapot"
    assert client.get("/item.php?id=99").status_code == 404


def test_a_picture_comes_back_byte_for_byte(client: FlaskClient, staff: dict[str, str], teapot: Product) -> None:
    form = {"picture": (io.BytesIO(PNG), "teapot.png", "image/png"), "caption": "Émail bleu"}
    response = client.put(f"/products/{teapot.id}/picture", data=form, headers=staff)
    assert response.get_json() == {"filename": "teapot.png", "size": len(PNG), "caption": "Émail bleu"}

    picture = client.get(f"/products/{teapot.id}/picture")
    assert picture.mimetype == "image/png"
    assert picture.data == PNG
    part = client.get(f"/products/{teapot.id}/picture", headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.data) == (206, PNG[:8])


def test_a_picture_is_not_believed_on_its_word(client: FlaskClient, staff: dict[str, str], teapot: Product) -> None:
    disguised = {"picture": (io.BytesIO(b"#!/bin/sh\n"), "teapot.png", "image/png")}
    assert client.put(f"/products/{teapot.id}/picture", data=disguised, headers=staff).status_code == 415
    assert client.get(f"/products/{teapot.id}/picture").status_code == 404


def test_a_form_without_a_picture(client: FlaskClient, staff: dict[str, str], teapot: Product) -> None:
    response = client.put(f"/products/{teapot.id}/picture", data={"caption": "none"}, headers=staff)
    assert response.status_code == 422
    assert response.get_json()["fields"] == {"picture": "is required"}


def test_a_picture_may_not_be_huge(app: Flask, client: FlaskClient, staff: dict[str, str], teapot: Product) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100
    form = {"picture": (io.BytesIO(PNG), "teapot.png", "image/png")}
    assert client.put(f"/products/{teapot.id}/picture", data=form, headers=staff).status_code == 413
    assert teapot.picture is None


def test_the_export_is_streamed_csv(client: FlaskClient, store: Store, teapot: Product) -> None:
    store.add_product('Cup, "large"', price_cents=500, stock=12)
    response = client.get("/products/export.csv")
    assert response.is_streamed
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename=products.csv"
    assert list(csv.reader(io.StringIO(response.text))) == [
        ["id", "name", "price_cents", "stock"],
        [str(teapot.id), "Teapot", "2450", "3"],
        ["2", 'Cup, "large"', "500", "12"],
    ]
