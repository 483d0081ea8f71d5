"""The catalogue: everybody may look, the staff may change it."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from shop.auth import require_staff
from shop.errors import ValidationError
from shop.payload import json_object, query_number
from shop.store import Picture, Product, get_store

blueprint = Blueprint("products", __name__)

CURRENCY_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
PICTURE_TYPES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
LARGEST_PAGE = 50


def find_product(product_id: int) -> Product:
    product = get_store().products.get(product_id)
    if product is None:
        abort(404, f"There is no product {product_id}.")
    return product


def as_json(product: Product) -> dict[str, Any]:
    symbol = CURRENCY_SYMBOLS.get(request.cookies.get("currency", "EUR"), "€")
    return {
        "id": product.id,
        "name": product.name,
        "price_cents": product.price_cents,
        "display_price": f"{symbol}{product.price_cents / 100:.2f}",
        "stock": product.stock,
        "has_picture": product.picture is not None,
    }


def validated(payload: dict[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """Check the fields of a product all at once, so that a client can correct all of them at once."""
    problems = dict.fromkeys(payload.keys() - {"name", "price_cents", "stock"}, "unknown field")
    if not partial:
        problems |= {name: "is required" for name in ("name", "price_cents") if name not in payload}
    if "name" in payload and not (isinstance(payload["name"], str) and payload["name"].strip()):
        problems["name"] = "must be a text that is not empty"
    for name in ("price_cents", "stock"):
        if name in payload and (type(payload[name]) is not int or payload[name] < 0):
            problems[name] = "must be a whole number, 0 or more"
    if problems:
        raise ValidationError(problems)
    return payload


@blueprint.get("/products/")
def list_products() -> ResponseReturnValue:
    """One page of the catalogue, optionally only the names that contain `q`, with a Link to the next page."""
    page = query_number("page", default=1, largest=10_000)
    per_page = query_number("per_page", default=10, largest=LARGEST_PAGE)
    wanted = request.args.get("q", "")
    found = [product for product in get_store().products.values() if wanted.lower() in product.name.lower()]
    first = (page - 1) * per_page
    items = [as_json(product) for product in found[first : first + per_page]]
    response = jsonify(items=items, page=page, per_page=per_page, total=len(found))
    if first + per_page < len(found):
        arguments = urlencode(request.args.to_dict() | {"page": page + 1})
        response.headers["Link"] = f'<{url_for("products.list_products")}?{arguments}>; rel="next"'
    return response


@blueprint.post("/products/")
def create_product() -> ResponseReturnValue:
    """Add a product and say where it is."""
    require_staff()
    product = get_store().add_product(**validated(json_object()))
    location = url_for("products.show_product", product_id=product.id)
    return jsonify(as_json(product)), 201, {"Location": location}


@blueprint.get("/products/<int:product_id>")
def show_product(product_id: int) -> ResponseReturnValue:
    """One product, with an ETag so that shop windows polling it mostly get an empty 304."""
    response = jsonify(as_json(find_product(product_id)))
    response.vary.add("Cookie")
    response.add_etag()
    return response.make_conditional(request)


@blueprint.patch("/products/<int:product_id>")
def change_product(product_id: int) -> ResponseReturnValue:
    """Change only the fields that were sent."""
    require_staff()
    product = find_product(product_id)
    for name, value in validated(json_object(), partial=True).items():
        setattr(product, name, value)
    return jsonify(as_json(product))


@blueprint.delete("/products/<int:product_id>")
def delete_product(product_id: int) -> ResponseReturnValue:
    """Take a product out of the catalogue; orders already made keep their own copy of its price."""
    require_staff()
    get_store().remove_product(find_product(product_id))
    return "", 204


@blueprint.put("/products/<int:product_id>/picture")
def upload_picture(product_id: int) -> ResponseReturnValue:
    """Store the `picture` of a multipart form after a look at its first bytes: names and types are only claims."""
    require_staff()
    product = find_product(product_id)
    upload = request.files.get("picture")
    if upload is None:
        raise ValidationError({"picture": "is required"})
    content = upload.read()
    signature = PICTURE_TYPES.get(upload.mimetype)
    if signature is None or not content.startswith(signature):
        abort(415, "Send a PNG or a JPEG picture.")
    product.picture = Picture(content, upload.mimetype, upload.filename or "picture")
    return jsonify(filename=product.picture.filename, size=len(content), caption=request.form.get("caption", ""))


@blueprint.get("/products/<int:product_id>/picture")
def download_picture(product_id: int) -> ResponseReturnValue:
    """The picture, byte for byte; send_file also answers Range requests."""
    picture = find_product(product_id).picture
    if picture is None:
        abort(404, "This product has no picture.")
    return send_file(
        io.BytesIO(picture.content), mimetype=picture.media_type, download_name=picture.filename, conditional=True
    )


@blueprint.get("/products/export.csv")
def export_products() -> ResponseReturnValue:
    """The whole catalogue, row by row: it may be long, so it is never built in memory."""
    products = iter(list(get_store().products.values()))

    def rows() -> Iterator[str]:
        yield "id,name,price_cents,stock\r\n"
        for product in products:
            line = io.StringIO()
            csv.writer(line).writerow([product.id, product.name, product.price_cents, product.stock])
            yield line.getvalue()

    disposition = {"Content-Disposition": "attachment; filename=products.csv"}
    return Response(rows(), mimetype="text/csv", headers=disposition)


@blueprint.get("/item.php")
def legacy_product() -> ResponseReturnValue:
    """Links to the former shop are still out there: /item.php?id=3."""
    product = find_product(request.args.get("id", default=0, type=int))
    return redirect(url_for("products.show_product", product_id=product.id), code=301)
