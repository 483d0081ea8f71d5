"""The cart of a user and the orders made from it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, jsonify, url_for
from flask.typing import ResponseReturnValue

from shop.auth import require_user
from shop.errors import ValidationError
from shop.payload import json_object
from shop.products import find_product
from shop.store import Order, User, get_store

blueprint = Blueprint("orders", __name__)


def approve_every_charge(user_id: int, total_cents: int) -> None:
    """Stand in for a payment provider. A real one, given as config["CHARGE"], may raise ConnectionError."""


def cart_json(user: User) -> dict[str, Any]:
    lines = [{"product_id": product_id, "quantity": quantity} for product_id, quantity in user.cart.items()]
    total = sum(find_product(product_id).price_cents * quantity for product_id, quantity in user.cart.items())
    return {"lines": lines, "total_cents": total}


def order_json(order: Order) -> dict[str, Any]:
    return {"id": str(order.id), "lines": order.lines, "total_cents": order.total_cents}


@blueprint.get("/cart")
def show_cart() -> ResponseReturnValue:
    """What the user is about to buy, at the prices of today."""
    return jsonify(cart_json(require_user()))


@blueprint.put("/cart/<int:product_id>")
def put_in_cart(product_id: int) -> ResponseReturnValue:
    """Set (not add) a quantity, so that a client may repeat the request without harm."""
    user = require_user()
    product = find_product(product_id)
    quantity = json_object().get("quantity")
    if type(quantity) is not int or quantity < 1:
        raise ValidationError({"quantity": "must be a whole number, 1 or more"})
    if quantity > product.stock:
        abort(409, f"Only {product.stock} left.")
    user.cart[product.id] = quantity
    return jsonify(cart_json(user))


@blueprint.delete("/cart/<int:product_id>")
def take_out_of_cart(product_id: int) -> ResponseReturnValue:
    """Also fine when the product was not in the cart: it is not there afterwards."""
    require_user().cart.pop(product_id, None)
    return "", 204


@blueprint.post("/orders")
def create_order() -> ResponseReturnValue:
    """Charge the user and turn the cart into an order; when the charge fails, cart and stock stay as they were."""
    user = require_user()
    if not user.cart:
        abort(409, "The cart is empty.")
    sold_out = [
        find_product(product_id).name
        for product_id, quantity in user.cart.items()
        if find_product(product_id).stock < quantity
    ]
    if sold_out:
        abort(409, f"Sold out in the meantime: {', '.join(sold_out)}.")
    cart = cart_json(user)
    current_app.config["CHARGE"](user.id, cart["total_cents"])
    for line in cart["lines"]:
        find_product(line["product_id"]).stock -= line["quantity"]
    user.cart.clear()
    order = get_store().add_order(user, cart["lines"], cart["total_cents"])
    return jsonify(order_json(order)), 201, {"Location": url_for("orders.show_order", order_id=order.id)}


@blueprint.get("/orders")
def list_orders() -> ResponseReturnValue:
    """The orders of the user, and of nobody else."""
    user = require_user()
    return jsonify(items=[order_json(order) for order in get_store().orders.values() if order.user_id == user.id])


@blueprint.get("/orders/<uuid:order_id>")
def show_order(order_id: UUID) -> ResponseReturnValue:
    """One order. Other people's orders are 'not found' rather than 'forbidden': even their existence is private."""
    user = require_user()
    order = get_store().orders.get(order_id)
    if order is None or order.user_id != user.id:
        abort(404, "There is no such order.")
    return jsonify(order_json(order))
