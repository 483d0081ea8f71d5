def names(response):
    return [product["name"] for product in response.json()["items"]]


def test_empty(client):
    assert client.get("/products").json() == {"items": [], "total": 0, "page": 1, "size": 20, "next": None}


def test_search(client, catalogue):
    assert names(client.get("/products", params={"q": "sa"})) == ["Saw"]


def test_category(client, catalogue):
    assert names(client.get("/products?category=garden")) == ["Rake", "Spade"]


def test_unknown_category(client):
    assert client.get("/products?category=cars").status_code == 422


def test_price_range(client, catalogue):
    assert names(client.get("/products", params={"min_price": 19.5, "max_price": 30})) == ["Hammer", "Saw"]


def test_tags(client, catalogue):
    assert names(client.get("/products?tag=steel&tag=hand")) == ["Hammer"]
    assert names(client.get("/products?tag=steel")) == ["Hammer", "Saw"]


def test_in_stock(client, catalogue):
    assert "Rake" not in names(client.get("/products", params={"in_stock": True}))


def test_sort(client, catalogue):
    assert names(client.get("/products?sort=-price"))[0] == "Pan"
    assert names(client.get("/products?sort=price"))[0] == "Rake"


def test_pages(client, catalogue):
    first = client.get("/products", params={"page": 1, "size": 2}).json()
    assert first["next"] == 2
    assert client.get("/products", params={"page": 3, "size": 2}).json()["next"] is None


def test_page_zero(client):
    assert client.get("/products?page=0").status_code == 422


def test_add(client, add):
    product = add("Trowel", 7.5, "garden", description=None, tags=["hand"])
    assert product["id"] == 1
    assert product["discontinued"] is False


def test_add_least(client, auth):
    response = client.post("/products", json={"name": "Nail", "price": 1, "category": "tools"}, headers=auth)
    assert response.json()["stock"] == 0


def test_add_anonymous(client):
    assert client.post("/products", json={"name": "Nail", "price": 1, "category": "tools"}).status_code == 401


def test_add_nonsense(client, auth):
    response = client.post("/products", json={"name": "x", "price": -1, "category": "cars"}, headers=auth)
    assert response.status_code == 422
    assert len(response.json()["detail"]) == 3


def test_featured(client, catalogue):
    assert [product["name"] for product in client.get("/products/featured").json()] == ["Pan", "Spade", "Saw"]


def test_product(client, catalogue):
    assert client.get("/products/4").json()["dimensions"] == {"width": 20.5, "height": 120, "depth": 8.25}
    assert client.get("/products/1").json()["dimensions"] is None


def test_flat_product(client, add):
    poster = add("Poster", 5, "kitchen", dimensions={"width": 60, "height": 90})["id"]
    assert client.get(f"/products/{poster}").json()["dimensions"]["depth"] is None


def test_no_product(client):
    assert client.get("/products/99").json() == {"detail": "No such product"}


def test_product_that_is_no_number(client):
    assert client.get("/products/hammer").status_code == 422


def test_restock(client, catalogue, auth):
    assert client.patch("/products/3/stock", json={"amount": 5}, headers=auth).json()["stock"] == 5


def test_restock_nothing(client, auth):
    assert client.patch("/products/3/stock", json={"amount": 5}, headers=auth).status_code == 404
    assert client.patch("/products/3/stock", json={"amount": "many"}, headers=auth).status_code == 422


def test_discontinue(client, catalogue, auth):
    assert client.delete("/products/2", headers=auth).status_code == 204
    assert "Saw" not in names(client.get("/products"))
    assert client.get("/products/2").json()["discontinued"] is True


def test_discontinue_anonymous(client, catalogue):
    assert client.delete("/products/2").status_code == 401
