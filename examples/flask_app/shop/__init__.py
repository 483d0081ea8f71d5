"""A small shop: create_app() builds one application with its own, empty, in-memory store."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from shop import account, auth, errors, orders, products
from shop.orders import approve_every_charge
from shop.store import Store


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Build an application. Nothing is shared between two of them, so every test may have its own."""
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY="only-good-for-development",
        MAX_CONTENT_LENGTH=256 * 1024,
        PASSWORD_HASH_METHOD="scrypt",
        STAFF_EMAILS=frozenset(),
        CHARGE=approve_every_charge,
    )
    app.config.update(config or {})
    app.extensions["shop"] = Store()

    errors.register(app)
    for module in (account, auth, orders, products):
        app.register_blueprint(module.blueprint)
    return app
